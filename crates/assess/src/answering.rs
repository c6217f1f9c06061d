//! Answers put together subject by subject, so that records which may be very many need not be
//! at hand together.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use catalogue::Catalogue;
use record::Day;

use crate::at::At;
use crate::kept::{self, Inquiry, MANY, RuleAt, SUBJECTS_SHOWN, SaidAt, Stretch};
use crate::outcome::Says;
use crate::rules::Subject;
use crate::step::Tallies;

/// What the questions were answered of the subjects so far. In whatever order they are added,
/// it comes to the same.
#[derive(Debug)]
pub struct Answering(BTreeMap<String, Answered>);

/// A place among those that are named: by what they are sorted by, then the subject.
type Place = (bool, Option<i64>, Subject);

#[derive(Debug)]
struct Answered {
    tallies: Tallies,
    /// The first subjects of each word that is named.
    first: BTreeMap<Reverse<Says>, BTreeMap<Place, Stretch>>,
    /// How many of each word are named.
    limit: usize,
}

impl Answering {
    /// Returns no answers yet; of `all_of` every subject will be named.
    pub fn new(catalogue: &Catalogue, all_of: Option<&str>) -> Self {
        let answered = kept::inquiries(catalogue).into_iter().map(|asked| {
            let few = asked.of_each(MANY) && !all_of.is_some_and(|rule| asked.tells(rule));
            let none = Answered {
                tallies: Tallies::default(),
                first: BTreeMap::new(),
                limit: if few { SUBJECTS_SHOWN } else { usize::MAX },
            };
            (asked.id().to_owned(), none)
        });
        Self(answered.collect())
    }

    /// Adds what a question is answered of a subject along time, as known from `at.records`.
    pub fn add(&mut self, at: &At<'_>, asked: &Inquiry<'_>, subject: &Subject) {
        let Some(answered) = self.0.get_mut(asked.id()) else {
            return;
        };
        for stretch in asked.stretches(at, subject) {
            let says = stretch.outcome.says;
            let days = (stretch.from, stretch.until);
            answered.tallies.count(days, says, 1);
            let there = stretch.from <= at.day && stretch.until.is_none_or(|day| at.day < day);
            if there && kept::named(asked).contains(&says) {
                let by = asked.sort(&stretch);
                answered.name(says, (by.is_none(), by, subject.clone()), stretch);
            }
        }
    }

    /// Adds what was answered of other subjects.
    pub fn join(&mut self, other: Self) {
        for (id, answered) in other.0 {
            let Some(here) = self.0.get_mut(&id) else {
                continue;
            };
            here.tallies.join(&answered.tallies);
            for (Reverse(says), first) in answered.first {
                for (place, stretch) in first {
                    here.name(says, place, stretch);
                }
            }
        }
    }

    /// Returns what every question is answered about a day: the one of the readings added.
    pub fn finish(self, day: Day) -> SaidAt {
        let answers = self.0.into_iter().map(|(id, answered)| {
            let first = answered.first.into_values().flatten();
            let first = first.map(|((_, _, subject), one)| (subject, one.since, one.outcome));
            let answer = RuleAt {
                words: answered.tallies.words(),
                tally: answered.tallies.on(day),
                first: first.collect(),
            };
            (id, answer)
        });
        answers.collect()
    }
}

impl Answered {
    fn name(&mut self, says: Says, place: Place, stretch: Stretch) {
        let first = self.first.entry(Reverse(says)).or_default();
        first.insert(place, stretch);
        if first.len() > self.limit {
            first.pop_last();
        }
    }
}
