//! What is kept of the rules: every question asked of the records, its timelines, and what
//! the records say about one day.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use catalogue::{Answer, Catalogue, Rule};
use record::approve::WITHDRAW;
use record::{Act, Approval, Day, Event, Record, Records, Version};
use serde_json::Value;
use uuid::Uuid;

use crate::answering::Answering;
use crate::at::At;
use crate::five;
use crate::outcome::{Outcome, Says, timeline};
use crate::rules::{self, APPROVAL, Built, CHECK, Of, Subject, risk};
use crate::sentence::Param;
use crate::step::{Steps, Tally, Word};

/// The kind that may have very many records.
pub(crate) const MANY: &str = "ai_system";

/// The question of the systems that are due for assessment, beside the rules: 8.2 and 8.2.o.
pub(crate) const SHORT: &str = "8.2+8.2.o";

/// The question of which systems the newest assessment counts for, beside the rules.
pub(crate) const COUNTING: &str = "8.2:counting";

/// The question whether each unit's list of systems is attested: the rule's own.
pub(crate) const ATTESTED: &str = "4.3-c";

/// The question whether what each assessment promised came about: the rule's own.
pub(crate) const PROMISED: &str = "8.2.p";

/// The question which systems await a decision on scope: the rule's own.
pub(crate) const AWAITING: &str = "4.3-b.o";

/// The questions that are asked of each slot of the management review: the rules' own.
const OF_SLOTS: [&str; 3] = ["9.3-a.o", "9.3-b", "9.3-c"];

/// The question whether the review that answers would withstand an auditor.
pub(crate) const REVIEW: &str = "holds:management_review";

/// Returns the question whether one of the five could be handed over.
pub(crate) fn in_hand(answer: &str) -> String {
    format!("in_hand:{answer}")
}

/// Returns the question of a flag beside a rule, by its cause.
pub(crate) fn flag(rule: &str, cause: &str) -> String {
    format!("flag:{rule}:{cause}")
}

/// A question that is asked of the records: a rule, a flag beside one, or a part of the five
/// answers.
#[derive(Debug)]
pub struct Inquiry<'c> {
    id: String,
    of: Of,
    touched_by: &'static [&'static str],
    what: What<'c>,
}

#[derive(Debug)]
enum What<'c> {
    Rule(&'c Rule, Built),
    InHand(&'c Answer),
    Review(&'c Catalogue),
    Short(&'c Rule, &'c Rule),
    Counting(&'c Rule),
}

/// A stretch of days with one outcome for one subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// Its first day.
    pub from: Day,
    /// The first day after it; `None` where nothing but a new entry ends it.
    pub until: Option<Day>,
    /// The first day of the unbroken stretch in which the word is the same.
    pub since: Day,
    /// What is said on each of its days; of another breach than that of the days before, with its
    /// own first day.
    pub outcome: Outcome,
}

/// Returns every question, the rules that are built first, then the flags beside rules.
pub fn inquiries(catalogue: &Catalogue) -> Vec<Inquiry<'_>> {
    let rules = catalogue.rules.iter().filter_map(|rule| {
        let built = rules::built(&rule.id)?;
        Some(Inquiry {
            id: rule.id.clone(),
            of: built.of,
            touched_by: built.touched_by,
            what: What::Rule(rule, built),
        })
    });
    let flags = catalogue.rules.iter().flat_map(|rule| {
        let flags = rules::flags(&rule.id).into_iter();
        flags.map(move |(cause, built)| Inquiry {
            id: flag(&rule.id, cause),
            of: built.of,
            touched_by: built.touched_by,
            what: What::Rule(rule, built),
        })
    });
    let hands = catalogue.five.iter().map(|answer| Inquiry {
        id: in_hand(&answer.id),
        of: Of::Whole,
        touched_by: five::touched_by(&answer.id),
        what: What::InHand(answer),
    });
    let review = Inquiry {
        id: REVIEW.to_owned(),
        of: Of::Whole,
        touched_by: rules::REVIEWED,
        what: What::Review(catalogue),
    };
    let short = catalogue
        .rule("8.2")
        .zip(catalogue.rule("8.2.o"))
        .map(|(kept, renewed)| Inquiry {
            id: SHORT.to_owned(),
            of: Of::Each(MANY),
            touched_by: risk::READS_OF_SYSTEM,
            what: What::Short(kept, renewed),
        });
    let counting = catalogue.rule("8.2").map(|rule| Inquiry {
        id: COUNTING.to_owned(),
        of: Of::Each(MANY),
        touched_by: risk::READS_OF_SYSTEM,
        what: What::Counting(rule),
    });
    let questions = rules.chain(flags).chain(hands).chain([review]);
    questions.chain(short).chain(counting).collect()
}

impl<'c> Inquiry<'c> {
    /// Returns its name: the rule's id for a rule.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns whether what it says of its subjects stands in the finding of a rule.
    pub fn tells(&self, rule: &str) -> bool {
        self.rule().is_some_and(|asked| asked.id == rule)
    }

    /// Returns the rule in whose finding it stands, where it does in one.
    pub(crate) fn rule(&self) -> Option<&'c Rule> {
        match self.what {
            What::Rule(rule, _) => Some(rule),
            What::InHand(_) | What::Review(_) | What::Short(..) | What::Counting(_) => None,
        }
    }

    /// Returns the kinds whose entries can change an answer to it.
    pub(crate) fn touched_by(&self) -> &'static [&'static str] {
        self.touched_by
    }

    /// Returns whether it is asked of each record of a kind that may have very many.
    pub fn of_each(&self, kind: &str) -> bool {
        matches!(self.of, Of::Each(of) if of == kind)
    }

    /// Returns the kind of which it is asked of each record, where it is.
    pub(crate) fn each(&self) -> Option<&'static str> {
        match self.of {
            Of::Each(kind) => Some(kind),
            Of::Whole | Of::Approved | Of::Intervals | Of::Named(_) => None,
        }
    }

    /// Returns whether a subject of it may be none any more by another entry: a slot of a series
    /// that is declared otherwise.
    pub fn may_lose_subjects(&self) -> bool {
        OF_SLOTS.contains(&self.id.as_str())
    }

    /// Returns its subjects, from the records known.
    pub fn subjects(&self, at: &At<'_>) -> Vec<Subject> {
        self.of.subjects(at)
    }

    /// Returns whether a subject is one of its subjects.
    pub(crate) fn is_asked_of(&self, at: &At<'_>, subject: &Subject) -> bool {
        match (self.of, subject) {
            (Of::Each(kind), Subject::Record(id)) => {
                let record = at.records.get(*id);
                record.is_some_and(|record| &*record.kind == kind)
            }
            _ => self.subjects(at).contains(subject),
        }
    }

    /// Returns its timeline for a subject; days on which the subject is none of its are left
    /// out.
    pub fn stretches(&self, at: &At<'_>, subject: &Subject) -> Vec<Stretch> {
        let spans = timeline(at, |at| self.evaluate(at, subject));
        let ends = spans.iter().skip(1).map(|span| Some(span.from));
        let ends: Vec<Option<Day>> = ends.chain([None]).collect();
        // A slot that was missed stays missed once that is no more than a flag.
        let goes_on = |before: Says, now: Says| {
            let is_slot = matches!(subject, Subject::Slot(..));
            before == now || is_slot && (before, now) == (Says::Fails, Says::Remark)
        };
        let mut last: Option<(Says, Day)> = None;
        let mut breach: Option<(String, Day)> = None;
        spans
            .into_iter()
            .zip(ends)
            .filter_map(|(span, until)| {
                let says = span.outcome.says;
                let before = last.filter(|(before, _)| goes_on(*before, says));
                let since = before.map_or(span.from, |(_, since)| since);
                last = Some((says, since));
                let of = self.breach(&span.outcome);
                let began = breach
                    .take()
                    .filter(|(one, _)| before.is_some() && *one == of);
                let began = began.map_or(span.from, |(_, began)| began);
                let outcome = match since < began {
                    true => span.outcome.beginning(began),
                    false => span.outcome,
                };
                breach = Some((of, began));
                (says != Says::Absent).then_some(Stretch {
                    from: span.from,
                    until,
                    since,
                    outcome,
                })
            })
            .collect()
    }

    /// Returns which breach of its rule an outcome is; what is no rule tells of none.
    pub(crate) fn breach(&self, outcome: &Outcome) -> String {
        match &self.what {
            What::Rule(rule, _) => outcome.breach(rule),
            What::InHand(_) | What::Review(_) | What::Short(..) | What::Counting(_) => {
                String::new()
            }
        }
    }

    fn evaluate(&self, at: &At<'_>, subject: &Subject) -> Outcome {
        match &self.what {
            What::Rule(rule, built) => (built.evaluate)(at, rule, subject),
            What::InHand(answer) => five::in_hand(at, &answer.id),
            What::Review(catalogue) => five::review_holds(at, catalogue),
            What::Short(kept, renewed) => risk::short(at, (kept, renewed), subject),
            What::Counting(rule) => risk::counts(at, rule, subject),
        }
    }

    /// Returns the number by which a subject stands among the first that are named: of the day since
    /// when, or when it falls due; and of that of its assessment, where the newest comes first.
    pub fn sort(&self, stretch: &Stretch) -> Option<i64> {
        let day = |name: &str| match stretch.outcome.params.get(name) {
            Some(Param::Day(day)) => Some(day.number()),
            _ => None,
        };
        match self.id.as_str() {
            SHORT => day("due"),
            COUNTING => day("on").map(|on| -on),
            AWAITING if stretch.outcome.says == Says::NotDue => day("due"),
            _ => Some(stretch.since.number()),
        }
    }

    /// Returns whether an entry that touches these kinds can change an answer to it.
    pub fn touched(&self, kinds: &BTreeSet<Arc<str>>) -> bool {
        self.touched_by.iter().any(|kind| kinds.contains(*kind))
    }
}

/// Returns the kinds that an entry touches: its own, and those of what it approves or, being
/// withdrawn, no longer does; and that it touches approvals at all.
pub fn kinds_touched(records: &Records, event: &Event) -> BTreeSet<Arc<str>> {
    let mut kinds = BTreeSet::from([event.kind.clone()]);
    if event.act == Act::Check {
        kinds.insert(CHECK.into());
    }
    let withdrawn = withdrawn(records, event);
    let mut touched = acts_touched(records, event).peekable();
    if touched.peek().is_some() || withdrawn.is_some_and(|version| !version.acts.is_empty()) {
        kinds.insert(APPROVAL.into());
    }
    kinds.extend(touched.filter_map(|act| Some(records.get(act.of.id)?.kind.clone())));
    kinds
}

/// Returns the version that an entry withdraws.
fn withdrawn<'r>(records: &'r Records, event: &Event) -> Option<&'r Version> {
    let record = records.get(event.id);
    let record = record.filter(|_| &*event.name == WITHDRAW);
    record.and_then(|record| record.version(event.version))
}

/// Returns what an entry approves or, withdrawing it, takes back.
fn acts_touched<'r>(
    records: &'r Records,
    event: &'r Event,
) -> impl Iterator<Item = &'r Approval> + use<'r> {
    let moves = withdrawn(records, event).map_or(&[][..], |version| &version.moves);
    let voided = moves.iter().flat_map(|event| &event.facts.acts);
    event.facts.acts.iter().chain(voided)
}

/// Returns the systems that an assessment is of, in this entry or a version before it; and those of
/// an assessment that the entry acts on.
pub fn systems_touched(records: &Records, event: &Event) -> Vec<Uuid> {
    let acted_on = acts_touched(records, event).map(|act| act.of.id);
    let found: BTreeSet<Uuid> = acted_on.chain([event.id]).collect();
    let found = found.into_iter().filter_map(|id| records.get(id));
    let assessments = found.filter(|record| &*record.kind == ASSESSMENT);
    let bodies = assessments.flat_map(|record| record.versions.iter().map(Version::body));
    let own = (&*event.kind == ASSESSMENT).then_some(&event.facts.body);
    bodies
        .chain(own)
        .flat_map(|body| crate::at::list(body, "/systems"))
        .filter_map(|cite| crate::at::id(cite, "/id"))
        .collect()
}

const ASSESSMENT: &str = "risk_assessment";

/// Returns the systems that decide whether an attestation counts: those it names as missing, by
/// their place, and those it names as gone, by their stage.
pub fn systems_attested(records: &Records) -> BTreeSet<Uuid> {
    let attestations = records.of_kind("attestation");
    let bodies = attestations.flat_map(|record| record.versions.iter().map(Version::body));
    let named = |body| {
        let missing = crate::at::list(body, "/missing").iter();
        let missing = missing.filter_map(|missing| crate::at::id(missing, "/system"));
        let gone = crate::at::list(body, "/gone").iter();
        missing.chain(gone.filter_map(crate::at::id_of))
    };
    bodies.flat_map(named).collect()
}

/// The fields of a system that rules read. Two versions that agree in them, and follow one
/// another in effect, are one to every rule.
const READ_OF_SYSTEM: [&str; 10] = [
    "unit",
    "origin",
    "roles",
    "stage",
    "scope",
    "purpose",
    "purpose_is_description",
    "impact",
    "significant_change",
    "changed_on",
];

/// Returns what rules read of a version of a system.
fn read(event: &Event) -> ([&Value; READ_OF_SYSTEM.len()], bool) {
    let body = &event.facts.body;
    let read = READ_OF_SYSTEM.map(|field| body.get(field).unwrap_or(&Value::Null));
    // A departure is a person's.
    let by_person = body.get("scope").is_some() && event.facts.by.is_some();
    (read, by_person)
}

/// Returns what rules read of a version of a system, as text to be compared.
pub fn read_of_system(event: &Event) -> String {
    serde_json::to_string(&read(event)).unwrap_or_default()
}

/// Returns the standing versions of a system at which something changes to a rule, in order.
pub(crate) fn changes(record: &Record) -> Arc<[&Version]> {
    let mut changes: Vec<&Version> = Vec::new();
    let mut before: Option<&Event> = None;
    for version in record.standing() {
        if !before.is_some_and(|before| says_the_same(before, &version.put)) {
            changes.push(version);
        }
        before = Some(&version.put);
    }
    changes.into()
}

/// Returns whether a version of a system says to every rule what the one before says, and takes
/// effect no earlier.
fn says_the_same(before: &Event, now: &Event) -> bool {
    let (a, b) = (&before.facts, &now.facts);
    // Most are the same in all, which is told soonest.
    a.effective_on <= b.effective_on
        && ((a.by == b.by && a.body == b.body) || read(before) == read(now))
}

/// Returns the last day that timelines are kept to, for what was recorded on a day: the end
/// of the next year. A series of slots has no end of its own.
pub fn horizon(recorded_on: Day) -> Day {
    let year = recorded_on.0.year().saturating_add(1);
    jiff::civil::Date::new(year, 12, 31).map_or(recorded_on, Day)
}

/// What one question was answered about a day.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RuleAt {
    /// The word along time, of all subjects together.
    pub words: Steps<Word>,
    /// How many subjects it says what of.
    pub tally: Tally,
    /// The subjects that fail, are remarked on or are open, in this order, then since when;
    /// where they may be many, the first of each.
    pub first: Vec<(Subject, Day, Outcome)>,
}

/// What every question was answered about a day, by its name.
pub type SaidAt = BTreeMap<String, RuleAt>;

/// How many subjects of each word are named, where they may be many.
pub const SUBJECTS_SHOWN: usize = 20;

/// The words whose subjects are named, in this order.
pub const NAMED: [Says; 3] = [Says::Fails, Says::Remark, Says::Unknown];

/// Returns the words whose subjects are named for a question.
pub fn named(asked: &Inquiry<'_>) -> &'static [Says] {
    match asked.id.as_str() {
        SHORT => &[Says::Fails, Says::Holds],
        COUNTING => &[Says::Holds],
        // An attestation that is current is what the answer rests on.
        ATTESTED => &[
            Says::Fails,
            Says::Remark,
            Says::Unknown,
            Says::Holds,
            Says::NotDue,
        ],
        // Those that await a decision: the first of them is the first to be overdue.
        AWAITING => &[Says::Fails, Says::Remark, Says::Unknown, Says::NotDue],
        _ => &NAMED,
    }
}

/// Answers every question about `at.day`, from the records alone.
pub fn said_at(at: &At<'_>, catalogue: &Catalogue, all_of: Option<&str>) -> SaidAt {
    let mut answering = Answering::new(catalogue, all_of);
    for asked in inquiries(catalogue) {
        for subject in asked.subjects(at) {
            answering.add(at, &asked, &subject);
        }
    }
    answering.finish(at.day)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A version of a system as a test makes it: a day and a stage, and whether it was withdrawn.
    type Made = (u8, &'static str, bool);

    fn system(versions: &[Made]) -> Records {
        let mut records = Records::default();
        let id = Uuid::from_u128(1);
        let event = |version: usize, act, name: &str, facts: Value| Event {
            seq: records.size,
            recorded_at: 0,
            recorded_on: Day::numbered(0).expect("a day"),
            act,
            kind: MANY.into(),
            id,
            version: u32::try_from(version + 1).unwrap(),
            name: name.into(),
            refs: Vec::new(),
            facts: Arc::new(serde_json::from_value(facts).unwrap()),
        };
        let puts = versions.iter().enumerate().map(|(number, (on, stage, _))| {
            let on = Day::numbered(i64::from(*on));
            let facts = json!({"effective_on": on, "body": {"stage": stage, "supplier": on}});
            event(number, Act::Put, "", facts)
        });
        let withdrawn = versions.iter().enumerate().filter(|(_, made)| made.2);
        let facts = json!({"effective_on": Day::numbered(0)});
        let moves = withdrawn.map(|(number, _)| event(number, Act::Move, WITHDRAW, facts.clone()));
        let events: Vec<Event> = puts.chain(moves).collect();
        events.into_iter().for_each(|event| records.add(event));
        records
    }

    /// Returns the stage on each of some days, by those versions alone.
    fn stages<'a>(versions: impl Iterator<Item = &'a Version>) -> Vec<Option<&'a Value>> {
        let versions: Vec<&Version> = versions.collect();
        let on = |day: i64| {
            let mut newest_first = versions.iter().rev();
            let counting = newest_first
                .find(|version| Some(version.put.facts.effective_on) <= Day::numbered(day));
            counting.and_then(|version| version.body().get("stage"))
        };
        (0..5).map(on).collect()
    }

    #[test]
    fn what_a_system_says_on_any_day_it_says_by_its_changes() {
        let mut each = Vec::new();
        for on in 1..4 {
            for stage in ["pilot", "live"] {
                each.extend([false, true].map(|withdrawn| (on, stage, withdrawn)));
            }
        }
        let (mut kept, mut passed_over) = (0, 0);
        for all in 0..each.len().pow(4) {
            let place = |turn: u32| each[all / each.len().pow(turn) % each.len()];
            let versions = [0, 1, 2, 3].map(place);
            let records = system(&versions);
            let record = records.get(Uuid::from_u128(1)).unwrap();
            let changes = changes(record);
            let meant = stages(record.standing());
            assert_eq!(stages(changes.iter().copied()), meant, "{versions:?}");
            kept += changes.len();
            passed_over += record.standing().count() - changes.len();
        }
        assert!(passed_over > 5_000, "{passed_over} of {kept}");
    }

    #[test]
    fn a_version_is_passed_over_that_says_the_same_and_takes_effect_no_earlier() {
        let cases: [(&[Made], &[u32]); 5] = [
            (&[(1, "live", false), (2, "live", false)], &[1]),
            (&[(2, "live", false), (1, "live", false)], &[1, 2]),
            (&[(1, "live", false), (2, "pilot", false)], &[1, 2]),
            (&[(1, "live", true), (2, "live", false)], &[2]),
            (
                &[(1, "live", false), (2, "pilot", true), (3, "live", false)],
                &[1],
            ),
        ];
        for (versions, numbers) in cases {
            let records = system(versions);
            let changes = changes(records.get(Uuid::from_u128(1)).unwrap());
            let found: Vec<u32> = changes.iter().map(|version| version.number()).collect();
            assert_eq!(found, numbers, "{versions:?}");
        }
    }
}
