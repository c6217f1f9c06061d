//! What was known of a day in time, where the status is known by a later day: what was recorded
//! too late may tell otherwise, and what it changed says so.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::{Answer, Item, Rule};
use record::records::event_day;
use record::{Approval, Day, Event, Record, Records, Version, slots};

use crate::at::{At, STAY};
use crate::evidence::IN_TIME;
use crate::five::{self, Words};
use crate::kept::{self, SaidAt};
use crate::outcome::Says;
use crate::rules::built_for;
use crate::rules::reviewed::is_minuted;
use crate::status::{Base, each_once};
use crate::step::{Steps, Word};
use crate::view::Evidence;

/// What every question said of the day asked about, as known by another.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownThen {
    /// By the end of which day that was.
    pub day: Day,
    /// Its word along time, by the question's name.
    pub words: BTreeMap<String, Steps<Word>>,
    /// The first day of the AI management system, as known then.
    pub aims_start: Day,
}

impl KnownThen {
    /// Returns the same from what every question was answered from the records known then.
    pub fn of(said: SaidAt, day: Day, aims_start: Day) -> Self {
        let words = said.into_iter().map(|(id, said)| (id, said.words));
        Self {
            day,
            words: words.collect(),
            aims_start,
        }
    }
}

/// Returns by which day everything about a day is recorded in time, by what was declared of that
/// as known on the day itself.
pub fn in_time(known: &Records, about: Day) -> Day {
    about.plus_days(At::new(known, about, about, about).tolerance())
}

/// An entry recorded since, and whether it came late or takes back what was known.
struct Since {
    entry: Evidence,
    is_late: bool,
    /// Whether it undid what was done to a record, and is on none that is read.
    undoes: bool,
}

/// Most entries that are named of those that changed an answer.
const NAMED: usize = 10;

impl Base<'_> {
    /// Returns what is said of an answer that was another as known in time: the entries recorded
    /// later that may have changed it, and what it was.
    pub(crate) fn known_otherwise(
        &self,
        answer: &Answer,
        words: Words,
    ) -> Option<(Vec<Evidence>, String)> {
        let differs = |then: &KnownThen| self.words_then(answer, then) != words;
        let asked = five::asked(answer);
        let (then, found) = self.otherwise_than(&asked, differs)?;
        let words = self.words_then(answer, then);
        let was = match (words.in_hand, words.holds) {
            ("yes", "yes") => "in hand, and held",
            ("yes", "no") => "in hand, and did not hold",
            ("yes", _) => "in hand, and it was not known whether it held",
            ("no", _) => "not in hand",
            _ => "not due",
        };
        let undone = self.undone_of(&answer.id, &asked, then.day);
        // What was taken back comes first, as it is what the answer rested on.
        let taken_back = undone.iter().flat_map(|one| one.entries.iter().cloned());
        let found = each_once(taken_back.chain(found));
        let which = match found.len() {
            0 => "",
            n if n <= NAMED => "; those that may have done so are among the evidence",
            _ => "; the first of those that may have done so are among the evidence",
        };
        let mut said = format!(
            "As known on {} it was {was}; later records tell otherwise{which}.",
            then.day.in_words()
        );
        let named = undone.iter().take(NAMED);
        named.for_each(|one| said.push_str(&format!(" {}", one.said)));
        Some((found.into_iter().take(NAMED).collect(), said))
    }

    /// Returns the last day by which something was known otherwise, with the entries since on what is
    /// read. What was recorded in time changes an answer and needs no mark.
    fn otherwise_than(
        &self,
        asked: &[String],
        differs: impl Fn(&KnownThen) -> bool,
    ) -> Option<(&KnownThen, Vec<Evidence>)> {
        let (on_the_day, in_time) = self.q.then.split_first()?;
        let found = |then: &KnownThen| self.recorded_after(asked, then.day);
        let only = |found: Vec<Since>| {
            let on_read = found.into_iter().filter(|one| !one.undoes);
            on_read.map(|one| one.entry).collect()
        };
        if let Some(then) = in_time.iter().find(|then| differs(then)) {
            return Some((then, only(found(then))));
        }
        let then = Some(on_the_day).filter(|then| differs(then))?;
        let mut late_since = found(then);
        // What nothing at hand explains, systems did: they may be very many, and are not. Whether that
        // was in time is then not to be seen, and it is said in any case.
        let by_systems = late_since.is_empty() && self.reads_many(asked);
        late_since.retain(|one| one.is_late);
        (by_systems || !late_since.is_empty()).then(|| (then, only(late_since)))
    }

    /// Returns the kinds that questions read, and that of which one is asked of each record.
    pub(crate) fn kinds_read(&self, asked: &[String]) -> BTreeSet<&'static str> {
        let inquiries = kept::inquiries(self.q.catalogue);
        let these = inquiries
            .iter()
            .filter(|one| asked.iter().any(|id| id == one.id()));
        let read = these.flat_map(|one| one.touched_by().iter().copied().chain(one.each()));
        read.collect()
    }

    fn reads_many(&self, asked: &[String]) -> bool {
        self.kinds_read(asked).contains(kept::MANY)
    }

    fn words_then(&self, answer: &Answer, then: &KnownThen) -> Words {
        if self.q.about < then.aims_start {
            return Words::NOT_DUE;
        }
        let said = then.words.iter().map(|(id, words)| (id.as_str(), words));
        let steps = five::steps(answer, &said.collect());
        let words = steps.on(self.q.about);
        words.map_or(Words::NO, |(_, words)| *words)
    }

    /// Returns the sentence that a requirement had another verdict as known in time.
    pub(crate) fn verdict_otherwise(
        &self,
        (item, rules): (&Item, &[&Rule]),
        verdict: &str,
    ) -> Option<String> {
        let was = |then: &KnownThen| {
            let on = |rule: &Rule| {
                let words = then.words.get(&rule.id)?.on(self.q.about);
                Some(words.map_or(Says::Absent, |(_, word)| word.says))
            };
            match self.q.about < then.aims_start {
                true => "not_due",
                false => Self::verdict_by(item, rules, on),
            }
        };
        let asked = rules.iter().filter(|rule| built_for(rule, &item.id));
        let asked: Vec<String> = asked.map(|rule| rule.id.clone()).collect();
        let (then, _) = self.otherwise_than(&asked, |then| was(then) != verdict)?;
        let was = was(then).replace('_', " ");
        Some(format!("As known on {} it was {was}.", then.day.in_words()))
    }

    /// Returns the entries recorded after a day that tell of the one asked about, on records of the
    /// kinds that questions read: the first of them. The records of kinds that may be very many
    /// are not asked.
    fn recorded_after(&self, asked: &[String], day: Day) -> Vec<Since> {
        let mut found: Vec<Since> = self
            .kinds_read(asked)
            .into_iter()
            .filter(|kind| *kind != kept::MANY)
            .flat_map(|kind| self.q.records.of_kind(kind))
            .flat_map(|record| self.changed_after(record, day))
            .collect();
        let undone = self.undone(asked, day).into_iter();
        found.extend(undone.flat_map(|one| one.entries).map(|entry| Since {
            entry,
            is_late: true,
            undoes: true,
        }));
        found.sort_by_key(|one| (one.entry.seq, one.entry.id));
        found
    }

    fn changed_after(&self, record: &Record, day: Day) -> Vec<Since> {
        let about = self.q.about;
        let since = |event: &Event| event.recorded_on > day;
        let told = |entry: Evidence, takes_back: bool| Since {
            is_late: takes_back || entry.provenance != IN_TIME,
            undoes: false,
            entry,
        };
        let of_version = |version: &Version| {
            let mut found = Vec::new();
            // A review is of the day of its last sitting, which its meetings tell.
            let sat = slots::last_sitting(version.body(), self.q.records);
            let on = sat.map_or(told_of(&version.put), |sat| sat.min(told_of(&version.put)));
            let again =
                self.tells_again(record, version, day) || puts_stay_right(record, version, day);
            if since(&version.put) && (again || on <= about) {
                found.push(told(self.evidence(version, Some(on)), again));
            }
            let acts = version.acts.iter();
            let acts = acts.filter(|(_, event)| event.id != version.put.id);
            for (act, event) in acts.filter(|(_, event)| since(event)) {
                let tells_of = first_told(act, event);
                if tells_of <= about {
                    let done = self.done_as(&act.name, (version, event), tells_of);
                    // Nobody had decided it on the day.
                    found.push(told(done, about < act.decided_on));
                }
            }
            for event in version.moves.iter().filter(|event| since(event)) {
                // What is told again takes back what was told before.
                let mut before = version.moved(&event.name);
                let again = before.next().is_some_and(|first| first.seq < event.seq);
                let on = told_of(event);
                if again || on <= about {
                    found.push(told(self.done(version, event, on), again));
                }
            }
            // What was entered in error is out on every day.
            if let Some(event) = version.withdrawn.as_ref().filter(|event| since(event)) {
                let done = self.done(version, event, event.facts.effective_on);
                found.push(told(done, true));
            }
            found
        };
        record.versions.iter().flat_map(of_version).collect()
    }

    /// Returns whether a version tells again of what was over, and told by an earlier one, by the end of
    /// a day. One that tells of a later day, as of a meeting that sat once more, tells something new,
    /// unless it takes away what was told of the day asked about.
    fn tells_again(&self, record: &Record, version: &Version, day: Day) -> bool {
        let known = record
            .versions
            .iter()
            .filter(|before| before.number() < version.number() && before.put.recorded_on <= day);
        let now = self.told_done(version);
        let mut over = known.filter(|before| is_told(before));
        over.any(|before| {
            let on = self.told_done(before);
            let on = on.filter(|on| *on <= before.put.recorded_on && *on <= self.q.about);
            let again = |on: Day| now.is_none_or(|now| now <= on);
            on.is_some_and(|on| again(on) || self.takes_away(before, version))
        })
    }

    /// Returns whether a version of what was done later leaves nothing about the day of what the one
    /// before it told: it stands in its place on days before that on which it was done, or no longer
    /// says that a meeting sat.
    fn takes_away(&self, before: &Version, version: &Version) -> bool {
        let about = self.q.about;
        let sat = slots::sittings(version.body());
        let mut had_sat = slots::sittings(before.body()).into_iter();
        let is_gone = had_sat.any(|on| on <= about && !sat.contains(&on));
        let in_place = version.put.facts.effective_on <= about;
        is_gone || done_once(version).is_some_and(|done| in_place && about < done)
    }

    /// Returns the last day on which what a version tells of was done, where it tells of what was done
    /// once: it met, or what its facts name a day of.
    fn told_done(&self, version: &Version) -> Option<Day> {
        let sat = slots::last_sitting(version.body(), self.q.records);
        let met = sat.or_else(|| slots::sittings(version.body()).into_iter().max());
        met.or_else(|| done_once(version))
    }
}

/// Returns the day that the facts of a version name of what was done once.
fn done_once(version: &Version) -> Option<Day> {
    let mut done = DONE.iter().filter_map(|pointer| version.put.day(pointer));
    done.next()
}

/// Returns whether a version puts right the first day of somebody, or a last day, that a version of the
/// same day told by the end of a day.
fn puts_stay_right(record: &Record, version: &Version, day: Day) -> bool {
    let (first, last) = (STAY.first, STAY.last);
    let (from, tells) = (version.put.facts.effective_on, &version.put);
    let known = record
        .versions
        .iter()
        .filter(|before| before.number() < version.number() && before.put.recorded_on <= day);
    let mut replaced = known.filter(|before| from <= before.put.facts.effective_on);
    replaced.any(|before| {
        let left = before.put.day(last);
        tells.day(first) != before.put.day(first) || left.is_some() && tells.day(last) != left
    })
}

/// Returns whether a version tells of what was done: of one that met, in its minutes. Those are typed
/// up after it is on record that it met.
fn is_told(version: &Version) -> bool {
    slots::sittings(version.body()).is_empty() || is_minuted(version)
}

/// Where the facts of a record name the day of what was done once.
const DONE: [&str; 2] = ["/assessed_on", "/attested_on"];

/// Where the facts of a record or a move say on which day that was which they tell of.
const TOLD: [&str; 6] = [
    "/on",
    "/last_day",
    "/left_on",
    "/decided_on",
    "/assessed_on",
    "/attested_on",
];

/// Returns the first day that an act tells of: the one on which it was decided, or the last day before
/// it that it leaves to what it ends.
fn first_told(act: &Approval, event: &Event) -> Day {
    let last = event_day(act, event, "/last_day").filter(|_| act.name == "end");
    last.map_or(act.decided_on, |last| last.min(act.decided_on))
}

/// Returns the first day that an entry tells of: the one it claims, or one of its facts.
fn told_of(event: &Event) -> Day {
    let body = &event.facts.body;
    let stated = TOLD.iter().filter_map(|pointer| event.day(pointer));
    let sat = slots::sittings(body).into_iter();
    stated.chain(sat).fold(event.facts.effective_on, Day::min)
}
