//! What the machinery knows of a kind: one value per kind, made from an ordinary struct.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::approve::{Attended, Decided, Resolves, Terms};
use crate::blank;
use crate::fields::Day;
use crate::records::Version;
use crate::refusal::Refusal;
use crate::shape::Shape;
use crate::texts::{self, Text};
use crate::unread::unread;

/// One thing wrong with a body: where (a JSON pointer inside the body), and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// JSON pointer inside the body, such as `/next_review`.
    pub field: String,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What to do next.
    pub hint: String,
}

impl Problem {
    /// Returns a problem at a field.
    pub fn new(field: &str, message: impl Into<String>, hint: &str) -> Self {
        Self {
            field: field.to_owned(),
            message: message.into(),
            hint: hint.to_owned(),
        }
    }
}

/// A body that can be read from JSON and checked on its own.
pub trait Kind: DeserializeOwned + JsonSchema {
    /// Returns what is wrong with the body, looking at nothing else. Empty when sound.
    fn check(&self) -> Vec<Problem> {
        Vec::new()
    }
}

/// The body of a move that says no more than its name.
#[derive(Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

impl Kind for Nothing {}

type Check = fn(&Value) -> Result<(), Refusal>;
type Schema = fn() -> Value;

/// A body's schema and its check.
#[derive(Debug, Clone)]
pub struct BodySpec {
    /// The JSON Schema; field descriptions are the help text.
    pub schema: Value,
    /// How the body is parted into facts and words.
    pub shape: Shape,
    check: Check,
    texts: Vec<Text>,
}

impl BodySpec {
    /// Returns the specification of a body type.
    pub fn of<T: Kind>() -> Self {
        let schema: Schema = || schemars::schema_for!(T).to_value();
        let schema = schema();
        Self {
            shape: Shape::of(&schema),
            texts: texts::texts(&schema),
            schema,
            check: check_body::<T>,
        }
    }

    /// Reads and checks a body.
    ///
    /// # Errors
    /// Refuses an unknown or malformed field, the first problem its check reports, a blank text
    /// where one is needed, one that is too long, and a character that does not belong in it.
    pub fn check(&self, body: &Value) -> Result<(), Refusal> {
        self.shape.held_to_names(body)?;
        (self.check)(body)?;
        blank::held_to_words(&self.texts, body)?;
        texts::held_to_length(&self.texts, body)?;
        texts::held_to_lines(&self.texts, body)
    }
}

fn check_body<T: Kind>(body: &Value) -> Result<(), Refusal> {
    let read: T = serde_path_to_error::deserialize(body).map_err(|error| unread(&error))?;
    match read.check().into_iter().next() {
        None => Ok(()),
        Some(problem) => Err(Refusal::new("check_failed", problem.message)
            .at(format!("/body{}", problem.field))
            .hint(problem.hint)),
    }
}

/// What makes a move count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    /// It counts once recorded.
    Recorded,
    /// It is an approval: whoever makes it needs the kind's power.
    Power,
    /// It attests a resolution, and so is the approval of each version that one cites.
    Attests,
}

/// Pointers inside a body to what cites records, each with the kinds that it may cite; `*` in
/// a pointer stands for every element of a list.
pub type Cites = &'static [(&'static str, &'static [&'static str])];

/// Stands for every kind whose records are not people: a paper, an object, evidence.
pub const NO_PERSON: &[&str] = &["*"];

/// What a short name in a body is the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// A kind of record.
    Kind,
    /// What records list under this word.
    Listed(&'static str),
}

/// Checks what a move carries against the other records: the version moved, and the facts of the
/// move's body.
pub type Moved = fn(&crate::records::Records, &Version, &Value) -> Result<(), Refusal>;

/// One move of a kind.
#[derive(Debug, Clone)]
pub struct MoveSpec {
    /// Imperative: `approve`, `confirm`.
    pub name: &'static str,
    /// What makes it count.
    pub counts: Counts,
    /// What it carries.
    pub body: BodySpec,
    /// Pointers inside its body to days an act happened: never in the future.
    pub happened: &'static [&'static str],
    /// Pointers inside its body to days of an act that may still be to come, as when somebody
    /// leaves: before the ledger began only with where it was brought in from.
    pub happens: &'static [&'static str],
    /// What its body cites.
    pub cites: Cites,
    /// Looks at the other records before the move is recorded.
    pub against: Option<Moved>,
    /// Whether it takes a person with a name, as the local operator is none.
    pub by_person: bool,
    /// Whether it may be dated after today: it is decided now, and has its effect then.
    pub later_effect: bool,
    /// Where it gives a day of which there is one: told again, the newest entry counts.
    pub told_again: Option<&'static str>,
}

impl MoveSpec {
    /// Returns a move that counts once recorded.
    pub fn plain<T: Kind>(name: &'static str, happened: &'static [&'static str]) -> Self {
        Self {
            name,
            counts: Counts::Recorded,
            body: BodySpec::of::<T>(),
            happened,
            happens: &[],
            cites: &[],
            against: None,
            by_person: false,
            later_effect: false,
            told_again: None,
        }
    }

    /// Returns a move that needs the kind's power.
    pub fn approved<T: Kind>(name: &'static str) -> Self {
        Self {
            name,
            counts: Counts::Power,
            body: BodySpec::of::<T>(),
            happened: &[],
            happens: &[],
            cites: &[],
            against: None,
            by_person: false,
            later_effect: true,
            told_again: None,
        }
    }
}

/// A dated fact: this holder has this power, up to a level where the power has levels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// A person or a body.
    pub holder: Uuid,
    /// Such as `adopt_policy`.
    pub power: String,
    /// For `accept_risk`: the highest level.
    pub level: Option<String>,
    /// From this day, where the record says so.
    pub from: Option<Day>,
    /// Through this day, where the record says so.
    pub until: Option<Day>,
}

/// Reads who was there when a body decided.
pub type Attendance = fn(&Value, &Decided<'_>) -> Attended;

/// A level of risk, among the levels there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// The level found.
    pub found: String,
    /// All levels, lowest first.
    pub among: Vec<String>,
}

impl Level {
    /// Returns whether whoever may accept up to `to` may accept this; without a bound they may.
    pub fn is_within(&self, to: Option<&str>) -> bool {
        let place = |level: &str| self.among.iter().position(|one| one == level);
        match (to, place(&self.found)) {
            (None, _) => true,
            (Some(to), Some(found)) => place(to).is_some_and(|to| found <= to),
            (Some(_), None) => false,
        }
    }
}

/// What some kinds say to `approve`: who holds what, who decided, who was there.
#[derive(Debug, Clone, Default)]
pub struct Authority {
    /// Powers an in-force version gives, by what the records say of its holder.
    pub holdings: Option<fn(&Version, &crate::records::Records) -> Vec<Holding>>,
    /// A body's terms: quorum, seats, deputies; and whether it is the root.
    pub terms: Option<fn(&Value) -> Terms>,
    /// Who was there for an item of a meeting, or for each.
    pub present: Option<Attendance>,
    /// What a resolution resolves.
    pub resolves: Option<fn(&Value) -> Resolves>,
    /// The level of risk a version finds, among the levels there are, lowest first.
    pub level: Option<fn(&Value, &crate::records::Records) -> Option<Level>>,
    /// The levels of risk that a version puts in order, lowest first.
    pub levels: Option<fn(&Value) -> Vec<String>>,
    /// Whether its versions declare how the organisation keeps records: slots, tolerances.
    pub declares: bool,
    /// Kinds for which separation of duties is waived by this version.
    pub waives: Option<fn(&Value) -> Vec<String>>,
}

/// Checks a new body against the other records: one function of the kind, pure. The id is that
/// of the record, which may be new; the day is that of recording.
pub type Against = fn(Uuid, &Value, &crate::records::Records, Day) -> Result<(), Refusal>;

/// Checks an approved move against the other records: the version, the move's name, what it
/// carries, the day decided and the day of recording.
pub type Acted =
    fn(&crate::records::Records, &crate::approve::Approval, Day) -> Result<(), Refusal>;

/// What is to be noted of a version: it is on record, and not all that somebody may take it for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// A stable word for programs.
    pub code: &'static str,
    /// One sentence for people.
    pub message: String,
    /// What to do next.
    pub hint: String,
}

/// Says what is to be noted of a version, by the other records: the id of its record, which may be
/// new, and its body.
pub type Noted = fn(Uuid, &Value, &crate::records::Records) -> Option<Note>;

/// Says what is to be noted of a move, by the other records: its entry, and the version it acts on.
pub type MoveNoted = fn(&crate::event::Event, &Version, &crate::records::Records) -> Option<Note>;

/// Pointers to the first and the last day of somebody's stay, each of which may be unstated.
#[derive(Debug, Clone, Copy)]
pub struct Stay {
    /// The day from which they are here.
    pub first: &'static str,
    /// The last day on which they are.
    pub last: &'static str,
}

/// A kind of record, as the machinery sees it.
#[derive(Debug, Clone)]
pub struct KindSpec {
    /// The word used everywhere: code, JSON, table, page.
    pub name: &'static str,
    /// The word people read.
    pub title: &'static str,
    /// Whether that word is a plural, such as criteria.
    pub is_plural: bool,
    /// The number of this body's schema; grows by one with each released addition.
    pub schema: u32,
    /// What a version carries.
    pub body: BodySpec,
    /// The power an approval needs; `None`: the record counts once recorded.
    pub approval: Option<&'static str>,
    /// Moves besides those every kind has.
    pub moves: Vec<MoveSpec>,
    /// Whether rules or approvals read it for the whole organisation, so that the writer
    /// keeps its facts at hand.
    pub governs: bool,
    /// Pointers inside the body to days an act was held or decided.
    pub happened: &'static [&'static str],
    /// What to do where one of those days is still to come, other than to wait for it, each by its
    /// pointer.
    pub to_come: &'static [(&'static str, &'static str)],
    /// What the body cites: every field that does.
    pub cites: Cites,
    /// Pointers inside the body to short names, each with what it is the name of.
    pub names: &'static [(&'static str, Names)],
    /// What its records list for others to name: the word for one, and the pointer to the names.
    pub lists: &'static [(&'static str, &'static str)],
    /// Whether a version may be dated after today: it is written now, and has its effect then.
    /// Not where it tells what somebody did or found.
    pub later_effect: bool,
    /// Whether its records are people, who act.
    pub is_a_person: bool,
    /// Where its facts say from when to when a person is here, and may act.
    pub stay: Option<Stay>,
    /// Pointers inside the body to what only a person with a name may state, each with what they
    /// do by that, in words.
    pub by_person: &'static [(&'static str, &'static str)],
    /// A field of its facts that names a rule of the catalogue.
    pub rule: Option<&'static str>,
    /// Words that are personal data by default: group names.
    pub personal: &'static [&'static str],
    /// What it says about powers and approvals.
    pub authority: Authority,
    /// Looks at the other records before a version is recorded.
    pub against: Option<Against>,
    /// Says what is to be noted of its newest version.
    pub noted: Option<Noted>,
    /// Says what is to be noted of a move that was recorded.
    pub move_noted: Option<MoveNoted>,
    /// Looks at the other records before an approved move on a version counts.
    pub acted: Option<Acted>,
    /// Sets the fields that are the result of comparing texts, before the body is parted.
    pub derive: Option<fn(&mut Value)>,
    /// A field of its facts that tells records without a title of their own apart.
    pub told_apart_by: Option<&'static str>,
    /// A field of its words that is told together with the title of a version.
    pub told_with: Option<&'static str>,
    /// Whether older evidence of this kind may come in without a file.
    pub file_optional: bool,
    /// A sound body, for examples and tests.
    pub sample: &'static str,
}

impl KindSpec {
    /// Returns a kind that counts once recorded, with no moves of its own.
    pub fn of<T: Kind>(name: &'static str, title: &'static str, sample: &'static str) -> Self {
        Self {
            name,
            title,
            is_plural: false,
            schema: 1,
            body: BodySpec::of::<T>(),
            approval: None,
            moves: Vec::new(),
            governs: true,
            happened: &[],
            to_come: &[],
            later_effect: false,
            cites: &[],
            names: &[],
            lists: &[],
            is_a_person: false,
            stay: None,
            by_person: &[],
            rule: None,
            personal: &[],
            authority: Authority::default(),
            against: None,
            noted: None,
            move_noted: None,
            acted: None,
            derive: None,
            told_apart_by: None,
            told_with: None,
            file_optional: false,
            sample,
        }
    }

    /// Returns whether its records can be made from the rows of a table: it has a place for
    /// where each came from, and one for the cells that have no field of their own.
    pub fn takes_rows(&self) -> bool {
        let fields = self.body.schema.get("properties");
        let mut needed = crate::source::FIELDS.iter();
        needed.all(|name| fields.is_some_and(|fields| fields.get(name).is_some()))
    }

    /// Returns the short name by which a record without a title of its own is told apart, where that
    /// is of something that another record lists.
    pub fn listed_apart<'a>(&self, facts: &'a Value) -> Option<&'a str> {
        let apart = self.told_apart_by?;
        let is_listed = |(pointer, names): &&(&str, Names)| {
            *pointer == apart && matches!(names, Names::Listed(_))
        };
        self.names.iter().find(is_listed)?;
        crate::at(facts, apart)?.as_str()
    }

    /// Returns a move by name, the common ones included.
    pub fn find_move(&self, name: &str) -> Option<&MoveSpec> {
        self.moves.iter().find(|one| one.name == name)
    }

    /// Returns whether a version was attested, by the move that does.
    pub fn is_attested(&self, version: &Version) -> bool {
        let attests = |name: &str| {
            let found = self.find_move(name);
            found.is_some_and(|one| one.counts == Counts::Attests)
        };
        version.moves.iter().any(|event| attests(&event.name))
    }
}

/// Every kind there is, by name.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    kinds: BTreeMap<&'static str, KindSpec>,
}

impl Registry {
    /// Returns the registry of these kinds; gives each the moves that every kind has, and
    /// those that every approved kind has.
    pub fn new(kinds: Vec<KindSpec>) -> Self {
        let mut registry = Self::default();
        for mut kind in kinds {
            kind.moves.extend(common::moves(kind.approval.is_some()));
            registry.kinds.insert(kind.name, kind);
        }
        registry
    }

    /// Returns a kind by name.
    pub fn get(&self, name: &str) -> Option<&KindSpec> {
        self.kinds.get(name)
    }

    /// Returns the kinds in order of name.
    pub fn iter(&self) -> impl Iterator<Item = &KindSpec> {
        self.kinds.values()
    }
}

mod common {
    //! The moves that every kind has.

    use super::{Kind, MoveSpec, NO_PERSON, Problem};
    use crate::approve::WITHDRAW;
    use crate::command::Mark;
    use crate::fields::{Cite, Day};
    use schemars::JsonSchema;
    use serde::Deserialize;
    use std::collections::BTreeMap;

    /// Entered in error: out of lists and verdicts from now on, struck through in history.
    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    pub struct Withdraw {
        /// Why this should never have been entered.
        pub because: String,
        /// The resolution by which a body with the power withdraws this version; needed where it
        /// was approved and whoever acts holds no such power.
        #[expect(dead_code, reason = "read from the facts")]
        pub resolution: Option<Cite>,
    }
    impl Kind for Withdraw {
        fn check(&self) -> Vec<Problem> {
            stated("/because", &self.because)
        }
    }

    /// Marks groups or files as personal, privileged, confidential or exempt.
    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    pub struct MarkGroups {
        /// Group name or file hash, to the mark.
        #[expect(
            dead_code,
            reason = "read for its shape; the machinery reads the facts"
        )]
        pub marks: BTreeMap<String, Mark>,
    }
    impl Kind for MarkGroups {}

    /// Approves the version as it stands.
    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    pub struct Approve {
        /// Why, and with what consequences, if worth saying.
        #[expect(dead_code, reason = "words only")]
        pub because: Option<String>,
        /// Until when it is to be looked at again, if not the version's own date.
        #[expect(dead_code, reason = "read from the facts")]
        pub next_review: Option<Day>,
    }
    impl Kind for Approve {}

    /// Looked at and left as it is, for a reason.
    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    pub struct Keep {
        /// Why no change is needed.
        pub because: String,
        /// The new review date.
        #[expect(dead_code, reason = "read from the facts")]
        pub next_review: Day,
    }
    impl Kind for Keep {
        fn check(&self) -> Vec<Problem> {
            stated("/because", &self.because)
        }
    }

    /// Rescinded or retired from a day on.
    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    pub struct End {
        /// Why it ends.
        pub because: String,
        /// Its last day, counted as that day. Absent: the day decided, or a later day on which
        /// the decision takes effect.
        #[expect(dead_code, reason = "read from the facts")]
        pub last_day: Option<Day>,
    }
    impl Kind for End {
        fn check(&self) -> Vec<Problem> {
            stated("/because", &self.because)
        }
    }

    fn stated(field: &str, text: &str) -> Vec<Problem> {
        if crate::is_blank(text) {
            vec![Problem::new(
                field,
                "A reason is needed.",
                "Say why in a sentence.",
            )]
        } else {
            Vec::new()
        }
    }

    pub fn moves(approved: bool) -> Vec<MoveSpec> {
        let mut moves = vec![
            MoveSpec {
                cites: &[("/resolution", NO_PERSON)],
                ..MoveSpec::plain::<Withdraw>(WITHDRAW, &[])
            },
            MoveSpec::plain::<MarkGroups>("mark", &[]),
        ];
        if approved {
            moves.push(MoveSpec::approved::<Approve>("approve"));
            moves.push(MoveSpec::approved::<Keep>("keep"));
            moves.push(MoveSpec::approved::<End>("end"));
        }
        moves
    }
}
