//! What the rules said when dispositions were recorded: asked of all of them in one pass over the
//! entries, as each is about the records as known then.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use catalogue::Rule;
use record::{Day, Event, Records};
use uuid::Uuid;

use crate::at::At;
use crate::kept::{self, Inquiry, MANY, Stretch};
use crate::outcome::Outcome;
use crate::rules::Subject;
use crate::status::{Base, failing, failures};

/// By rule, subject and the entry of a disposition: since when the rule failed about the day of that, as
/// known when it was recorded, and by which breach.
pub(crate) type Stood<'a> = HashMap<(&'a str, &'a Subject, u64), Vec<(Day, String)>>;

/// What is asked of one disposition: of which day, and of which rules and subjects.
#[derive(Debug)]
struct Asked<'a> {
    on: Day,
    of: BTreeSet<(&'a str, &'a Subject)>,
}

impl<'a> Base<'a> {
    /// Returns whether the failure of a rule that fails was there, about the day of a disposition,
    /// as known when that was recorded: by the same breach, since the same day. Of systems, which may
    /// be very many and are not all at hand, it is taken to have been.
    pub(crate) fn was_there(
        &self,
        (rule, subject): (&Rule, &Subject),
        (since, outcome): (Day, &Outcome),
        said: &Event,
    ) -> bool {
        if self.is_taken_to_have_stood(rule, subject) {
            return true;
        }
        let stood = self.disposed.stood.get_or_init(|| self.stood());
        let stood = stood.get(&(rule.id.as_str(), subject, said.seq));
        let mut stood = stood.into_iter().flatten();
        stood.any(|(day, breach)| *day == since && *breach == outcome.breach(rule))
    }

    /// A rule that fails by one breach alone fails by it.
    fn is_taken_to_have_stood(&self, rule: &Rule, subject: &Subject) -> bool {
        let of_many = |id: &Uuid| {
            let record = self.q.records.get(*id);
            record.is_none_or(|record| &*record.kind == MANY)
        };
        rule.breaches.is_empty() || matches!(subject, Subject::Record(id) if of_many(id))
    }

    /// Asks of every disposition that may stand beside a failure that is named. The records grow from one
    /// to the next, in order of recording.
    fn stood(&self) -> Stood<'a> {
        let inquiries = kept::inquiries(self.q.catalogue);
        let asked = self.asked(&inquiries);
        let last = asked.last_key_value().map(|(seq, _)| *seq);
        let events = last.map(|last| governing(self.q.records, last));
        let mut events = events.into_iter().flatten().peekable();
        let (mut known, mut stood) = (Records::default(), Stood::new());
        for (seq, Asked { on, of }) in asked {
            while let Some(event) = events.next_if(|event| event.seq <= seq) {
                known.add(event.clone());
            }
            let at = At::new(&known, self.q.aims_start, on, self.at.horizon.max(on));
            for (rule, subject) in of {
                let told = inquiries.iter().filter(|one| one.tells(rule));
                let told = told.filter(|one| one.is_asked_of(&at, subject));
                let failed = told.flat_map(|one| failed_on(one, &at, subject));
                stood.insert((rule, subject, seq), failed.collect());
            }
        }
        stood
    }

    /// Returns what is to be asked, by the entries of the dispositions in order of recording.
    fn asked(&self, inquiries: &[Inquiry<'a>]) -> BTreeMap<u64, Asked<'a>> {
        let mut asked: BTreeMap<u64, Asked<'a>> = BTreeMap::new();
        for (rule, said) in inquiries.iter().filter_map(|one| {
            let said: Option<&'a kept::RuleAt> = self.said.get(one.id());
            one.rule().zip(said)
        }) {
            let named = failures(said).into_iter().take(self.subjects_shown(rule));
            let named = named.filter(|(subject, ..)| !self.is_taken_to_have_stood(rule, subject));
            for (subject, since, outcome) in named {
                for version in self.said_of((rule, said), subject, (*since, outcome)) {
                    let (seq, on) = (version.put.seq, version.put.facts.effective_on);
                    let asked = asked.entry(seq).or_insert_with(|| Asked {
                        on,
                        of: BTreeSet::new(),
                    });
                    asked.of.insert((&rule.id, subject));
                }
            }
        }
        asked
    }
}

/// Returns since when a question is answered badly of a subject about the day, and by which breach.
fn failed_on(asked: &Inquiry<'_>, at: &At<'_>, subject: &Subject) -> Vec<(Day, String)> {
    let on_the_day =
        |one: &Stretch| one.from <= at.day && one.until.is_none_or(|until| at.day < until);
    let stretches = asked.stretches(at, subject).into_iter();
    let there = stretches.filter(|one| on_the_day(one) && failing(one.outcome.says));
    there
        .map(|one| (one.since, asked.breach(&one.outcome)))
        .collect()
}

/// Returns the entries up to one, in order of recording; of systems none.
fn governing(records: &Records, last: u64) -> Vec<&Event> {
    let governing = records.all().filter(|record| &*record.kind != MANY);
    let versions = governing.flat_map(|record| &record.versions);
    let of_versions = versions.flat_map(|version| {
        let moves = version.moves.iter().chain(&version.withdrawn);
        let moves = moves.chain(version.acts.iter().map(|(_, event)| event));
        [&version.put]
            .into_iter()
            .chain(moves.map(|event| &**event))
    });
    let begin = records.begin.iter().map(|(_, event)| event);
    let all = of_versions.chain(&records.checks).chain(begin);
    let mut events: Vec<&Event> = all.filter(|event| event.seq <= last).collect();
    events.sort_by_key(|event| event.seq);
    // What approves a version is an entry of its own as well.
    events.dedup_by_key(|event| event.seq);
    events
}
