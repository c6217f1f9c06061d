//! The rules: each names its subjects and says, of one subject on one day, whether it holds.

pub mod acceptance;
pub mod actions;
pub mod added;
pub mod astray;
pub mod attendance;
pub(crate) mod attestation;
pub mod attested;
pub(crate) mod confirmed;
pub mod delegation;
pub mod documents;
pub mod effect;
pub mod inputs;
pub mod intervals;
pub mod ledger;
pub(crate) mod lowered;
pub mod owner;
pub mod policy;
mod rescinded;
pub mod review;
pub(crate) mod review_by;
pub mod reviewed;
pub mod risk;
pub mod scope;
pub mod since_appointed;
pub mod since_scope;
pub mod slots;
pub mod stage;
pub(crate) mod stretched;
pub mod system;

use std::sync::Arc;

use catalogue::Rule;
use record::put_right::standing_moves;
use record::records::Approved;
use record::{Approval, Day, Event, Quorum, Version};
use uuid::Uuid;

use self::stretched::{Changed, Missed, with_first};
use crate::at::{At, stated};
use crate::outcome::Outcome;
use crate::sentence::Param;

/// What a rule is asked about: a record, or a short name such as a unit's or a duty's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The organisation as a whole.
    Whole,
    /// A record.
    Record(Uuid),
    /// A short name, such as a unit's.
    Named(String),
    /// A responsibility of 5.3.
    Duty(&'static str),
    /// What an interval is declared for.
    Interval(&'static str),
    /// A slot of a series: the declaration, and the slot's first day as declared.
    Slot(Uuid, Day),
}

impl Subject {
    /// Returns how a sentence names it.
    pub fn param(&self) -> Param {
        match self {
            Self::Whole => Param::Word("the organisation".to_owned()),
            Self::Record(id) => Param::Record(*id),
            Self::Named(name) => Param::Named(name.clone()),
            Self::Duty(duty) => Param::Word(owner::in_words(duty).to_owned()),
            Self::Interval(thing) => Param::Word(intervals::in_words(thing).to_owned()),
            Self::Slot(_, first) => Param::Word(format!("the slot from {}", first.in_words())),
        }
    }

    /// Returns its id as JSON carries it.
    pub fn id(&self) -> String {
        match self {
            Self::Whole => String::new(),
            Self::Record(id) => id.to_string(),
            Self::Named(name) => name.clone(),
            Self::Duty(name) | Self::Interval(name) => (*name).to_owned(),
            Self::Slot(declaration, first) => format!("{declaration}_{first}"),
        }
    }

    /// Returns it as bytes to be kept; subjects of one sort keep their order.
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Whole => Vec::new(),
            Self::Record(id) => [b"r", id.as_bytes().as_slice()].concat(),
            Self::Named(name) => [b"n", name.as_bytes()].concat(),
            Self::Duty(duty) => [b"d", duty.as_bytes()].concat(),
            Self::Interval(thing) => [b"i", thing.as_bytes()].concat(),
            Self::Slot(declaration, first) => {
                let first = first.to_string();
                [b"s", declaration.as_bytes().as_slice(), first.as_bytes()].concat()
            }
        }
    }

    /// Returns what bytes were kept of; `None` where they are of nothing.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
        match bytes.split_first() {
            None => Some(Self::Whole),
            Some((b'r', id)) => Some(Self::Record(Uuid::from_slice(id).ok()?)),
            Some((b'n', name)) => Some(Self::Named(text(name)?)),
            Some((b's', slot)) => {
                let (declaration, first) = slot.split_at_checked(16)?;
                let declaration = Uuid::from_slice(declaration).ok()?;
                Some(Self::Slot(declaration, text(first)?.parse().ok()?))
            }
            Some((b'd', duty)) => {
                let duty = text(duty)?;
                let duties = owner::DUTIES.into_iter();
                duties.map(Self::Duty).find(|one| one.id() == duty)
            }
            Some((b'i', thing)) => {
                let thing = text(thing)?;
                let things = intervals::THINGS.into_iter();
                things.map(Self::Interval).find(|one| one.id() == thing)
            }
            Some(_) => None,
        }
    }

    /// Returns whether what is found of it stands beside a requirement that its rule bears on.
    pub fn bears_on(&self, requirement: &str) -> bool {
        match self {
            Self::Interval(thing) => intervals::requirements(thing).contains(&requirement),
            _ => true,
        }
    }
}

type Subjects = fn(&At<'_>) -> Vec<Subject>;
type Evaluate = fn(&At<'_>, &Rule, &Subject) -> Outcome;

/// What a rule is asked about.
#[derive(Debug, Clone, Copy)]
pub enum Of {
    /// The organisation as a whole.
    Whole,
    /// Every record of a kind.
    Each(&'static str),
    /// Every record that somebody writes and somebody else approves, whatever its kind.
    Approved,
    /// What intervals are declared for.
    Intervals,
    /// What the records name.
    Named(Subjects),
}

impl Of {
    /// Returns every subject there could ever be, from the records known.
    pub fn subjects(&self, at: &At<'_>) -> Vec<Subject> {
        match self {
            Self::Whole => vec![Subject::Whole],
            Self::Each(kind) => at
                .records
                .of_kind(kind)
                .map(|record| Subject::Record(record.id))
                .collect(),
            Self::Approved => {
                let records = at.records.approved();
                records.map(|record| Subject::Record(record.id)).collect()
            }
            Self::Intervals => intervals::THINGS.map(Subject::Interval).to_vec(),
            Self::Named(subjects) => subjects(at),
        }
    }
}

/// How a rule is decided.
#[derive(Debug, Clone, Copy)]
pub struct Built {
    /// What it is asked about.
    pub of: Of,
    /// What it says of one on a day.
    pub evaluate: Evaluate,
    /// The kinds whose entries can change an answer: all that its functions read, but for the
    /// subject's own entries where it is asked of each system. What the rule's data call `reads`
    /// is what the domain's table says the rule is about, and is among these.
    pub touched_by: &'static [&'static str],
    /// The requirements that what is built of it bears on, where for others that it is listed for it
    /// asks of kinds that are not here yet: there it counts as not built. `None` where it is built for
    /// all of them.
    pub only_for: Option<&'static [&'static str]>,
}

impl Built {
    fn only_for(self, requirements: &'static [&'static str]) -> Self {
        Self {
            only_for: Some(requirements),
            ..self
        }
    }

    fn touched_by(self, touched_by: &'static [&'static str]) -> Self {
        Self { touched_by, ..self }
    }
}

fn of(of: Of, evaluate: Evaluate) -> Built {
    Built {
        of,
        evaluate,
        touched_by: &[],
        only_for: None,
    }
}

/// What entries are called that record a check of the ledger, beside kinds.
pub(crate) const CHECK: &str = "check";

/// What entries are called, beside kinds, that give an approval or take one away: whatever the kind
/// of what is approved.
pub(crate) const APPROVAL: &str = "approval";

/// The kinds that say whether a review was held, by whom, and what came of it.
pub(crate) const REVIEWED: &[&str] = &[
    "management_review",
    "meeting",
    "declaration",
    "body",
    "action",
    "resolution",
    "person",
];

/// The kinds that say who answers for the AI management system, and how the organisation changed since.
const APPOINTED: &[&str] = &[
    "appointment",
    "person",
    "body",
    "declaration",
    "organisation",
];

/// Returns how a rule is decided, or `None` while it is not built.
pub fn built(id: &str) -> Option<Built> {
    let one = |evaluate: Evaluate| of(Of::Whole, evaluate);
    let system = |evaluate: Evaluate| of(Of::Each("ai_system"), evaluate);
    let assessment = |evaluate: Evaluate| of(Of::Each("risk_assessment"), evaluate);
    let review = |evaluate: Evaluate| of(Of::Each("management_review"), evaluate);
    let review_or_slot = |evaluate: Evaluate| of(Of::Named(slots::and_reviews), evaluate);
    let duty = |evaluate: Evaluate| of(Of::Named(owner::duties), evaluate);
    let built = match id {
        "4.1-c" => system(system::role_and_purpose).touched_by(&[]),
        "4.3-a" => one(scope::in_force).touched_by(&["scope"]),
        "4.3-a.o" => one(scope::reviewed).touched_by(&["scope", "declaration"]),
        "4.3-a.p" => {
            one(scope::approved_by).touched_by(&["scope", "body", "appointment", "person"])
        }
        "4.3-b" => system(system::confirmed).touched_by(&["scope"]),
        "4.3-b.o" => system(system::awaiting).touched_by(&["scope", "declaration"]),
        "4.3-c" => of(Of::Named(scope::units), scope::attested).touched_by(&[
            "organisation",
            "scope",
            "attestation",
            "declaration",
            "ai_system",
            "appointment",
            "person",
        ]),
        "4.4.p" => of(Of::Intervals, intervals::within_a_year).touched_by(&["declaration"]),
        "5.2-a" => one(policy::in_force).touched_by(policy::READS),
        "5.2-a.o" => one(policy::reviewed).touched_by(&["policy", "declaration"]),
        "5.2-b" => one(policy::communicated).touched_by(&["policy"]),
        "5.2-c" => one(policy::available).touched_by(&["policy"]),
        "5.3" => duty(owner::held).touched_by(owner::READS),
        "5.3.p" => duty(owner::by_one_person).touched_by(owner::READS),
        "6.1.1" => one(risk::criteria).touched_by(risk::READS),
        "6.1.1.p" => one(risk::criteria_before_scores).touched_by(risk::READS),
        "7.5-a.o" => of(Of::Each("risk_criteria"), documents::reviewed)
            .only_for(documents::REVIEWED_FOR)
            .touched_by(&["risk_criteria", "declaration"]),
        "7.5-a.p" => of(Of::Approved, documents::by_two).touched_by(&[APPROVAL]),
        "7.5-b" => one(ledger::read_back).touched_by(&[CHECK]),
        "7.5-b.p" => one(ledger::read_back_daily).touched_by(&[CHECK]),
        "8.2" => system(risk::assessed).touched_by(risk::READS_OF_SYSTEM),
        "8.2.o" => system(risk::renewed).touched_by(risk::READS_OF_SYSTEM),
        "8.2.p" => assessment(effect::shown).touched_by(effect::READS),
        "9.3-a" => one(review::took_part).touched_by(REVIEWED),
        "9.3-a.o" => of(Of::Named(slots::declared), slots::held).touched_by(REVIEWED),
        "9.3-a.p" => review(review::minuted_in_time).touched_by(REVIEWED),
        "9.3-b" => review_or_slot(inputs::inputs).touched_by(REVIEWED),
        "9.3-b.p" => review(inputs::trends).touched_by(REVIEWED),
        "9.3-c" => review_or_slot(review::results).touched_by(REVIEWED),
        "9.3-d" => review(actions::told).touched_by(REVIEWED),
        "9.3-e" => review(review::agenda).touched_by(REVIEWED),
        _ => return None,
    };
    Some(built)
}

/// Returns whether a rule is built as far as it bears on a requirement.
pub fn built_for(rule: &Rule, requirement: &str) -> bool {
    built(&rule.id).is_some_and(|built| {
        let only = built.only_for;
        only.is_none_or(|only| only.contains(&requirement))
    })
}

/// Returns how the flags beside a rule are decided, each by its cause: questions that change no
/// verdict, and that are not asked where the rule itself has a finding.
pub fn flags(id: &str) -> Vec<(&'static str, Built)> {
    let system = |evaluate: Evaluate| of(Of::Each("ai_system"), evaluate);
    let assessment = |evaluate: Evaluate| of(Of::Each("risk_assessment"), evaluate);
    let unit = |evaluate: Evaluate| of(Of::Named(since_scope::units), evaluate);
    let scope = &["scope", "declaration"];
    let organisation = &["scope", "declaration", "organisation"];
    match id {
        "4.3-a" => vec![
            ("live", system(since_scope::went_live).touched_by(scope)),
            ("retired", system(since_scope::retired).touched_by(scope)),
            (
                "units",
                unit(since_scope::reorganised).touched_by(organisation),
            ),
        ],
        "5.3" => vec![(
            "units",
            unit(since_appointed::reorganised).touched_by(APPOINTED),
        )],
        "8.2" => {
            let later = system(stage::declared_later);
            vec![("stage", later.touched_by(risk::READS_OF_SYSTEM))]
        }
        "6.1.3-c" => {
            let above = assessment(acceptance::above_authority);
            vec![("above", above.touched_by(acceptance::READS))]
        }
        _ => Vec::new(),
    }
}

/// Returns whether a body approved and no record shows who was there: it counts, marked.
pub(crate) fn without_attendance(approval: &Approval) -> bool {
    approval.quorum == Some(Quorum::NotShown)
}

/// Returns the day on which a version was approved, where no record shows who was there.
pub(crate) fn approved_unattended(approved: &Approved<'_>) -> Option<Day> {
    without_attendance(approved.act).then_some(approved.act.decided_on)
}

/// Returns the day on which the terms by which a body was, or was part of, top management on a day
/// were approved without a record of who was there. None where others of that day will do.
pub(crate) fn terms_unattended(at: &At<'_>, body: Uuid, on: Day) -> Option<Day> {
    let terms = at.terms_on_top(body, on);
    let days = terms.map(|one| approved_unattended(&one));
    days.collect::<Option<Vec<_>>>()?.into_iter().next()
}

/// Returns the entry by which a version was made known, and the day: to whom and how, on its
/// first day in force or later. What was told before was not yet so.
pub(crate) fn made_known<'v, 'a: 'v>(
    at: &At<'a>,
    version: &'v Version,
) -> Option<(&'v Event, Day)> {
    let released = at.unbroken(version)?.from;
    standing_moves(version, "communicate").find_map(|event| {
        let body = &event.facts.body;
        let on = event.day("/on")?;
        let known = stated(body, "/to") && stated(body, "/how");
        let counts = known && on >= released && at.reached(on);
        counts.then_some((event, on))
    })
}

/// Returns the acts that approved or kept a version, so far.
pub(crate) fn looks<'a>(
    at: &At<'_>,
    version: &'a Version,
) -> impl Iterator<Item = &'a (Approval, Arc<Event>)> {
    version
        .acts
        .iter()
        .filter(|(act, _)| act.counts && (act.name == "keep" || act.name == "approve"))
        .filter(|(act, _)| at.reached(act.takes_effect()))
}

/// Returns the day on which a version in force was last looked at: the day it took effect, or did
/// again, or was kept.
pub(crate) fn last_look(at: &At<'_>, version: &Version) -> Option<Day> {
    let kept = looks(at, version)
        .filter(|(act, _)| act.name == "keep")
        .map(|(act, _)| act.takes_effect());
    let approved = version.approved().map(|one| one.since);
    kept.chain(approved.filter(|from| at.reached(*from))).max()
}

/// When a version in force is to be looked at again.
pub(crate) struct DueReview {
    /// Its last day.
    pub due: Day,
    /// Whether the organisation said so itself, in the record or by a declared interval.
    pub own: bool,
    /// The day on which the interval that gives it was declared without a record of who was
    /// there.
    pub unattended: Option<Day>,
    /// The change of that interval that mended or broke it, since the last look.
    pub changed: Option<Changed>,
    /// What had been missed first since then, when an interval was made longer.
    pub first: Option<Missed>,
    /// The day of the last look.
    looked: Day,
    /// The later day that the organisation set itself, where this one is only custom's.
    set: Option<Day>,
}

impl DueReview {
    /// Returns whether nothing was overdue until the interval was changed.
    pub(crate) fn is_broken(&self) -> bool {
        self.own && matches!(self.changed, Some(Changed::Broken(_)))
    }

    /// Returns the day on which it came, or comes, to be due: its last, or that on which a shorter
    /// interval broke it, before which nothing was due. A day of the organisation's own goes before
    /// custom's.
    pub(crate) fn came_due(&self) -> Day {
        match self.changed {
            Some(Changed::Broken(change)) if self.own => change.on(),
            _ => self.set.unwrap_or(self.due),
        }
    }

    /// Says of one that is overdue by custom alone since when nobody has looked, and which day was
    /// set.
    fn by_custom(&self, overdue: Outcome) -> Outcome {
        let told = overdue
            .with("on", self.looked)
            .at_level(catalogue::Level::Reservation);
        match self.set {
            None => told.with("case", "custom"),
            Some(set) => told.with("case", "custom_before").with("due", set),
        }
    }
}

/// Returns the first move of that name on a version whose day has come, with that day.
pub(crate) fn told<'v>(
    at: &At<'_>,
    version: &'v Version,
    name: &'v str,
) -> Option<(&'v Event, Day)> {
    standing_moves(version, name).find_map(|event| {
        let on = event.day("/on").filter(|on| at.reached(*on))?;
        Some((event, on))
    })
}

/// Returns when a version is to be looked at again: the declared interval from the day it took effect
/// or was kept, or the earlier date that the record names. A date of the organisation's own that has
/// passed goes before one that is only custom's.
pub(crate) fn due_review(
    at: &At<'_>,
    version: &Version,
    pointer: &str,
    default: Option<u32>,
) -> Option<DueReview> {
    let last = last_look(at, version)?;
    let named = review_by::named(at, version)?;
    let by_interval = at.declared(pointer, default).map(|declared| DueReview {
        due: last.plus_months(declared.n),
        own: declared.own,
        unattended: declared.unattended,
        changed: None,
        first: None,
        looked: last,
        set: named.filter(|_| !declared.own),
    });
    let by_name = named.map(|due| DueReview {
        due,
        own: true,
        unattended: None,
        changed: None,
        first: None,
        looked: last,
        set: None,
    });
    let due = by_interval.into_iter().chain(by_name).min_by_key(|one| {
        let passed = one.own && at.reached(one.due.next());
        (!passed, one.due, !one.own)
    })?;
    let changes = stretched::changed(at, last, |at| at.declared(pointer, default));
    let due = match changes.last {
        // A longer interval takes nothing from what was missed.
        Some(Changed::Kept(missed)) if due.own && at.reached(due.due.next()) => DueReview {
            due: due.due.min(missed),
            ..due
        },
        _ => due,
    };
    Some(DueReview {
        changed: changes.last,
        first: changes.first,
        ..due
    })
}

/// Says whether a review is overdue, as a finding of the organisation's own rule, or only a
/// reservation where the date is nobody's but custom's, or rests on what nobody is shown to
/// have declared.
pub(crate) fn overdue(at: &At<'_>, review: Option<DueReview>) -> Outcome {
    let Some(review) = review else {
        return Outcome::new(crate::Says::NotDue);
    };
    let is_overdue = at.reached(review.due.next());
    let overdue = Outcome::fails()
        .with("due", review.due)
        .with("days", Param::DaysSince(review.due));
    let first = review.first;
    match (is_overdue, review.changed, review.unattended) {
        (true, Some(Changed::Broken(change)), _) if review.own => {
            with_first(change.broken(overdue), first)
        }
        (true, ..) if review.own => with_first(overdue, first),
        (true, None | Some(Changed::Broken(_) | Changed::Kept(_)), _) => {
            with_first(review.by_custom(overdue), first)
        }
        // By their own interval it was overdue, which says more than custom's.
        (_, Some(Changed::Mended(change)), interval) => {
            let told = match interval {
                None => change.mended(),
                Some(day) => change.mended().with("date", day).with("also", "interval"),
            };
            with_first(told, first.filter(|one| *one != change.missed))
        }
        (false, _, Some(day)) => Outcome::fails()
            .with("case", "interval")
            .with("date", day)
            .at_level(catalogue::Level::Reservation),
        (false, _, None) => Outcome::holds(),
    }
}
