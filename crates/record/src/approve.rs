//! The one door for approving: whatever is approved goes through here.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::fields::{Cite, Day};
use crate::records::{Records, Version};
use crate::refusal::Refusal;
use crate::spec::{Holding, KindSpec, Registry};

/// Who approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approver {
    /// A person with authority held that day.
    Person(Uuid),
    /// A body, by this resolution.
    Body {
        /// The body.
        body: Uuid,
        /// The resolution's version.
        resolution: Cite,
    },
    /// The local operator's word: the root body only.
    Operator,
}

/// Whether a body could act at the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quorum {
    /// Enough were there.
    Quorate,
    /// Too few: it adopts nothing.
    Inquorate,
    /// The record does not say: marked, not refused.
    NotShown,
}

/// One approval event: which version, by whom, from when, and whether it counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Approval {
    /// Why it does not count: `inquorate`, `no_power`, `above_authority`, `approves_nothing`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub because: Option<String>,
    /// Who.
    pub by: Approver,
    /// What the act carries beyond its name, such as a new review date.
    #[serde(skip_serializing_if = "Value::is_null", default)]
    pub carries: Value,
    /// Whether it counts; when not, `because` says why.
    pub counts: bool,
    /// The day decided.
    pub decided_on: Day,
    /// The later day it takes effect, if one was named.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub effective_on: Option<Day>,
    /// The move: approve, keep, end, or another approved move of the kind.
    pub name: String,
    /// The version.
    pub of: Cite,
    /// For a body: whether it was quorate.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub quorum: Option<Quorum>,
    /// The writer approved their own text, under a waiver.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub same_person: bool,
}

impl Approval {
    /// Returns the day from which it counts about a date.
    pub fn takes_effect(&self) -> Day {
        self.effective_on
            .map_or(self.decided_on, |day| day.max(self.decided_on))
    }
}

/// A body's terms of reference, as far as approving needs them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    /// Fewest who can act.
    pub quorum: usize,
    /// Who counts, from when until when.
    pub seats: Vec<Seat>,
    /// Whether deputies count.
    pub deputies_count: bool,
    /// Who may attest its resolutions: secretary and chair. Empty: not stated.
    pub attesters: Vec<Uuid>,
    /// Whether it is declared top management itself.
    pub is_top_management: bool,
}

/// A seat on a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// The person in it.
    pub person: Uuid,
    /// First day.
    pub from: Option<Day>,
    /// Last day.
    pub until: Option<Day>,
}

/// A person at an item of a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present {
    /// The person.
    pub person: Uuid,
    /// For whom, if a deputy.
    pub deputy_for: Option<Uuid>,
}

/// What a resolution resolves.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Resolves {
    /// The body.
    pub body: Option<Uuid>,
    /// The meeting and the item where it decided; absent by circulation.
    pub meeting: Option<Cite>,
    /// The item's number.
    pub item: Option<String>,
    /// How many answered, for a written procedure.
    pub answered: Option<usize>,
    /// The day decided.
    pub decided_on: Option<Day>,
    /// What it does to which exact version: the move's name (`None` when the verb approves
    /// nothing), the version, a later effective day, and what it carries.
    pub acts: Vec<(Option<String>, Cite, Option<Day>, Value)>,
}

/// Returns everything held by someone on a day.
pub fn holdings(records: &Records, registry: &Registry, day: Day) -> Vec<Holding> {
    let mut held = Vec::new();
    for kind in registry.iter() {
        let Some(emit) = kind.authority.holdings else {
            continue;
        };
        for record in records.of_kind(kind.name) {
            let version = if kind.approval.is_some() {
                record.in_force(day)
            } else {
                record.counting(day)
            };
            if let Some(version) = version {
                held.extend(emit(version).into_iter().filter(|one| {
                    one.from.is_none_or(|from| from <= day)
                        && one.until.is_none_or(|until| day <= until)
                }));
            }
        }
    }
    held
}

/// Returns the root: the first body marked top management that stands.
pub fn root(records: &Records, registry: &Registry) -> Option<Uuid> {
    registry.iter().find_map(|kind| {
        let terms = kind.authority.terms?;
        records
            .of_kind(kind.name)
            .find(|record| {
                let mut standing = record.standing();
                standing
                    .next()
                    .is_some_and(|version| terms(version.body()).is_top_management)
            })
            .map(|record| record.id)
    })
}

/// Returns whether a holder has a power on a day; the root holds all.
pub fn holds(records: &Records, registry: &Registry, holder: Uuid, power: &str, day: Day) -> bool {
    root(records, registry) == Some(holder)
        || holdings(records, registry, day)
            .iter()
            .any(|one| one.holder == holder && one.power == power)
}

/// Returns the approval a person's move is.
///
/// # Errors
/// Refuses without authority on the day, and where the writer approves their own text
/// without a declared waiver.
pub fn by_person(
    records: &Records,
    registry: &Registry,
    kind: &KindSpec,
    version: &Version,
    asked: &AskedByPerson,
) -> Result<Approval, Refusal> {
    let Some(power) = kind.approval else {
        return Err(Refusal::new(
            "approves_nothing",
            format!("A {} counts once recorded; nothing approves it.", kind.name),
        ));
    };
    let Some(person) = asked.person else {
        return Err(Refusal::new(
            "no_authority",
            "The local operator may put, but not approve.",
        )
        .at("/as")
        .hint("Say who approves with `--as EMAIL`, or record the body's resolution."));
    };
    if !holds(records, registry, person, power, asked.on) {
        return Err(Refusal::new(
            "no_authority",
            format!("This person did not hold the power {power} on {}.", asked.on.in_words()),
        )
        .at("/as")
        .hint("Powers come from a body's terms of reference or an approved appointment; a body approves by resolution."));
    }
    let wrote = version.put.facts.by == Some(person);
    let waived = wrote && waived(records, registry, kind.name, asked.on);
    if wrote && !waived {
        return Err(Refusal::new("same_person", "Whoever wrote this version may not approve it.")
            .at("/as")
            .hint("Let another holder of the power approve it, or declare a waiver for this kind with its reason and compensating check."));
    }
    Ok(Approval {
        by: Approver::Person(person),
        carries: Value::Null,
        counts: true,
        because: None,
        decided_on: asked.on,
        effective_on: None,
        name: asked.name.clone(),
        of: version.cite(),
        quorum: None,
        same_person: waived,
    })
}

/// What a person asks to approve.
#[derive(Debug, Clone)]
pub struct AskedByPerson {
    /// Who; `None` is the local operator.
    pub person: Option<Uuid>,
    /// The move.
    pub name: String,
    /// The day.
    pub on: Day,
}

fn waived(records: &Records, registry: &Registry, kind: &str, day: Day) -> bool {
    registry.iter().any(|spec| {
        let Some(waives) = spec.authority.waives else {
            return false;
        };
        records.of_kind(spec.name).any(|record| {
            record
                .in_force(day)
                .is_some_and(|version| waives(version.body()).iter().any(|one| one == kind))
        })
    })
}

/// Returns the approvals that the attestation of a resolution is: one for each version it
/// cites under a verb that approves. Without quorum or power they are there and do not count.
pub fn by_resolution(
    records: &Records,
    registry: &Registry,
    resolution: &Version,
    resolves: &Resolves,
) -> Vec<Approval> {
    let (Some(body), Some(on)) = (resolves.body, resolves.decided_on) else {
        return Vec::new();
    };
    let at = At {
        records,
        registry,
        day: on,
    };
    let quorum = quorum(records, registry, resolves, body, on);
    let approval =
        |(name, of, effective_on, carries): &(Option<String>, Cite, Option<Day>, Value)| {
            let name = name.clone()?;
            let because = refused(&at, body, *of, &name)
                .or((quorum == Quorum::Inquorate).then_some("inquorate"));
            Some(Approval {
                by: Approver::Body {
                    body,
                    resolution: resolution.cite(),
                },
                carries: carries.clone(),
                counts: because.is_none(),
                because: because.map(str::to_owned),
                decided_on: on,
                effective_on: *effective_on,
                name,
                of: *of,
                quorum: Some(quorum),
                same_person: false,
            })
        };
    resolves.acts.iter().filter_map(approval).collect()
}

struct At<'a> {
    records: &'a Records,
    registry: &'a Registry,
    day: Day,
}

/// Says why a body's decision on a version does not count, if it does not.
fn refused(at: &At<'_>, body: Uuid, of: Cite, name: &str) -> Option<&'static str> {
    let Some(version) = at.records.cited(of) else {
        return Some("cites_nothing");
    };
    let kind = at.registry.get(&version.put.kind)?;
    let power = match kind.approval {
        Some(power) => power,
        None if name == "accept" => "accept_risk",
        None => return Some("approves_nothing"),
    };
    if !holds(at.records, at.registry, body, power, at.day) {
        return Some("no_power");
    }
    let level = kind
        .authority
        .level
        .filter(|_| name == "accept")
        .and_then(|read| read(version.body(), at.records));
    let within = level.is_none_or(|level| {
        root(at.records, at.registry) == Some(body)
            || holdings(at.records, at.registry, at.day).iter().any(|one| {
                one.holder == body && one.power == power && level.is_within(one.level.as_deref())
            })
    });
    (!within).then_some("above_authority")
}

fn quorum(
    records: &Records,
    registry: &Registry,
    resolves: &Resolves,
    body: Uuid,
    on: Day,
) -> Quorum {
    let Some(terms) = terms(records, registry, body, on) else {
        return Quorum::NotShown;
    };
    if let Some(answered) = resolves.answered {
        return if answered >= terms.quorum {
            Quorum::Quorate
        } else {
            Quorum::Inquorate
        };
    }
    let present = resolves.meeting.and_then(|meeting| {
        let version = records.cited(meeting)?;
        let present = registry.get(&version.put.kind)?.authority.present?;
        present(version.body(), resolves.item.as_deref())
    });
    match present {
        None => Quorum::NotShown,
        Some(present) => count(&terms, &present, on),
    }
}

/// Counts who was there against a body's terms: members whose seat is current, and
/// deputies for such members where the terms let them count.
pub fn count(terms: &Terms, present: &[Present], on: Day) -> Quorum {
    let seated = |person: Uuid| {
        terms.seats.iter().any(|seat| {
            seat.person == person
                && seat.from.is_none_or(|from| from <= on)
                && seat.until.is_none_or(|until| on <= until)
        })
    };
    let counted = present.iter().filter(|one| match one.deputy_for {
        None => seated(one.person),
        Some(member) => terms.deputies_count && seated(member),
    });
    if counted.count() >= terms.quorum {
        Quorum::Quorate
    } else {
        Quorum::Inquorate
    }
}

/// Returns a body's terms on a day.
pub fn terms(records: &Records, registry: &Registry, body: Uuid, on: Day) -> Option<Terms> {
    let record = records.get(body)?;
    let read = registry.get(&record.kind)?.authority.terms?;
    record
        .in_force(on)
        .or_else(|| record.counting(on))
        .map(|version| read(version.body()))
}
