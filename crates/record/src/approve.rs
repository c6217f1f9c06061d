//! The one door for approving: whatever is approved goes through here.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

pub use crate::adopting::came_to_nothing;
use crate::adopting::{kept_from, was_there};
use crate::authority::{BEYOND_OWN_PLACE, given_beyond};
pub use crate::authority::{
    WITHDRAW, given, holders, holdings, holds, lacks_root, power_over, root, root_cannot,
};
use crate::authors::wrote;
use crate::corrected::MINUTES_CORRECTED;
pub use crate::corrected::why_of;
use crate::fields::{Cite, Day};
use crate::records::{Records, Version};
use crate::refusal::Refusal;
use crate::slots;
use crate::spec::{KindSpec, Registry};
use crate::stay::is_here;
pub use crate::terms::{Seat, Terms, terms_on};
pub(crate) use crate::terms::{only_advises, terms_for};

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
    /// Why it does not count: a code that [`why`] has words for.
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

    /// Returns the day until which it counts, if a body resolved one.
    pub fn until(&self) -> Option<Day> {
        self.carries.get("until")?.as_str()?.parse().ok()
    }

    /// Returns whether it adopted something, though its meeting may be recorded otherwise since.
    pub fn adopted(&self) -> bool {
        self.counts || self.because.as_deref() == Some(MINUTES_CORRECTED)
    }

    /// Returns whether this is the same act of the same resolution, told again.
    pub fn is_again(&self, other: &Self) -> bool {
        let what = |act: &Self| (act.by, act.of, act.effective_on);
        let how = |act: &Self| (act.name.clone(), act.carries.clone());
        what(self) == what(other) && how(self) == how(other)
    }
}

/// A person at an item of a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present {
    /// The person.
    pub person: Uuid,
    /// For whom, if a deputy.
    pub deputy_for: Option<Uuid>,
    /// Whether they took no part in the item: then they do not count.
    pub withdrew: bool,
}

/// What a record says of who was there when a body decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attended {
    /// It does not say.
    NotSaid,
    /// The body did not sit then.
    NotMet,
    /// It sat, and had no such item.
    NoSuchItem,
    /// Who was there, at each item at which the body may have decided.
    Each(Vec<Vec<Present>>),
    /// Who was at the item, at each sitting at which it may have been taken.
    AtItem(Vec<Vec<Present>>),
    /// The most who can have been, where the record does not say who was at the item itself.
    AtMost(Vec<Vec<Present>>),
    /// It did not meet, and what the record says of who answered.
    ByCirculation(Box<Attended>),
}

/// Where a body decided, as its resolution says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decided<'a> {
    /// The body.
    pub body: Uuid,
    /// The day.
    pub on: Day,
    /// The item's number, if it names one.
    pub item: Option<&'a str>,
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
    /// Whether it takes note, and decides nothing.
    pub takes_note: bool,
    /// What it does to which exact version: the move's name (`None` when the verb approves
    /// nothing), the version, a later effective day, and what it carries.
    pub acts: Vec<(Option<String>, Cite, Option<Day>, Value)>,
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
            format!(
                "{} counts once recorded; nothing approves it.",
                kind.one_first()
            ),
        )
        .at("/move")
        .hint("There is nothing more to do."));
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
    held_to_version(records, registry, version, asked.on)?;
    held_to_own(records, registry, person, version, asked)?;
    let wrote = wrote(records, version, person);
    let waived = wrote && waived(records, registry, kind.name, asked.on);
    if wrote && !waived {
        return Err(Refusal::new("same_person", "Whoever wrote this version, or one since the last that was approved, may not approve it.")
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

/// Nobody gives more than they hold, or says of a body that it is top management who is not.
fn held_to_own(
    records: &Records,
    registry: &Registry,
    person: Uuid,
    version: &Version,
    asked: &AskedByPerson,
) -> Result<(), Refusal> {
    let on = asked.on.in_words();
    let gives = asked.name == "approve";
    let beyond = given_beyond(records, registry, person, version, asked.on);
    let (what, hint) = match beyond.filter(|_| gives) {
        None => return Ok(()),
        Some(BEYOND_OWN_PLACE) => (
            format!(
                "This version says of a body that it is, or is part of, top management, and this person had no such seat on {on}."
            ),
            "Only top management says who is: let the body that holds every power, or another that is top management, resolve on it.",
        ),
        Some(_) => (
            format!(
                "This version gives a power, or a level of risk, that this person did not hold on {on}."
            ),
            "Nobody gives more than they hold: let somebody who holds all of it approve it, or put a version that gives less. Levels are put in order by the risk criteria in force that day.",
        ),
    };
    Err(Refusal::new("no_authority", what).at("/version").hint(hint))
}

/// A person decides on what was there, and nobody but the root on its own terms.
fn held_to_version(
    records: &Records,
    registry: &Registry,
    version: &Version,
    on: Day,
) -> Result<(), Refusal> {
    if !was_there(records, registry, version, on) {
        let day = on.in_words();
        return Err(Refusal::new("before_version", format!("This version was not there on {day}: neither dated nor recorded in time for that day."))
            .at("/effective_on")
            .hint("Leave `effective_on` out, or name the day on which it was decided, with this version at hand."));
    }
    if root(records, on) == Some(version.put.id) {
        return Err(Refusal::new("no_authority", "This is the body that holds every power; it decides on its own terms, and nobody else does.")
            .at("/as")
            .hint("Record its resolution, and have that attested."));
    }
    Ok(())
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

/// Where a body names a secretary or chair, one of them attests, and may have written the text:
/// the body approves. Where it names neither, or they have all left, anyone with a name attests, and so would stand
/// for the body alone: never whoever wrote what it approves, unless that kind is waived.
///
/// # Errors
/// Refuses the author of a version that the resolution approves.
pub fn by_another(
    records: &Records,
    registry: &Registry,
    resolves: &Resolves,
    person: Uuid,
) -> Result<(), Refusal> {
    let approved = resolves.acts.iter().filter(|(name, ..)| name.is_some());
    let wrote = approved
        .filter_map(|(_, of, ..)| records.cited(*of))
        .filter(|version| wrote(records, version, person))
        .any(|version| {
            resolves
                .decided_on
                .is_none_or(|day| !waived(records, registry, &version.put.kind, day))
        });
    if !wrote {
        return Ok(());
    }
    Err(Refusal::new(
        "same_person",
        "This body has no secretary or chair who is here; whoever wrote what it approves may not attest it.",
    )
    .at("/as")
    .hint("Let another person attest it, or name them in the body's terms of reference."))
}

fn waived(records: &Records, registry: &Registry, kind: &str, day: Day) -> bool {
    registry.iter().any(|spec| {
        let Some(waives) = spec.authority.waives else {
            return false;
        };
        records.of_kind(spec.name).any(|record| {
            slots::declared_by(records, record, day)
                .is_some_and(|version| waives(version.body()).iter().any(|one| one == kind))
        })
    })
}

/// Returns the approvals that the attestation of a resolution is: one for each version it
/// cites under a verb that approves. Without quorum or power they are there and do not count. A
/// meeting that is about to be recorded otherwise is read by the version that will speak for it.
pub fn by_resolution(
    (records, registry): (&Records, &Registry),
    (resolution, resolves): (&Version, &Resolves),
    corrected: Option<(Uuid, Option<&Version>)>,
) -> Vec<Approval> {
    let (Some(body), Some(on)) = (resolves.body, resolves.decided_on) else {
        return Vec::new();
    };
    let at = At {
        records,
        registry,
        day: on,
        corrected,
    };
    let could_act = quorum(&at, body, resolution, resolves);
    let quorum = could_act.unwrap_or(Quorum::Inquorate);
    let approval =
        |(name, of, effective_on, carries): &(Option<String>, Cite, Option<Day>, Value)| {
            let name = name.clone()?;
            let because = refused(&at, body, *of, &name)
                .or_else(|| kept_from(records, registry, (*of, &name, carries), on))
                .or(could_act.err());
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

pub(crate) struct At<'a> {
    pub records: &'a Records,
    pub registry: &'a Registry,
    pub day: Day,
    /// A meeting that is about to be recorded otherwise, and the version that will speak for it.
    pub corrected: Option<(Uuid, Option<&'a Version>)>,
}

impl<'a> At<'a> {
    /// Returns the version that speaks for a meeting: the newest that stands.
    fn meeting(&self, id: Uuid) -> Option<&'a Version> {
        match self.corrected {
            Some((of, version)) if of == id => version,
            _ => self.records.get(id)?.standing().next_back(),
        }
    }

    /// Returns those of the people there who had not left, and whose record stands.
    fn here(&self, present: &[Present]) -> Vec<Present> {
        let is_here = |one: &&Present| is_here(self.records, self.registry, one.person, self.day);
        present.iter().filter(is_here).cloned().collect()
    }
}

/// Says why a body's decision on a version does not count, if it does not.
fn refused(at: &At<'_>, body: Uuid, of: Cite, name: &str) -> Option<&'static str> {
    let Some(version) = at.records.cited(of) else {
        // What is cited is there: only what nothing approves is not at hand.
        return Some("approves_nothing");
    };
    let kind = at.registry.get(&version.put.kind)?;
    let Some(power) = power_over(kind, version, name) else {
        return Some("approves_nothing");
    };
    if body != of.id && root(at.records, at.day) == Some(of.id) {
        return Some("roots_own");
    }
    if holders(at.records, at.registry, version, power, at.day).contains(&body) {
        let beyond = given_beyond(at.records, at.registry, body, version, at.day);
        return beyond.filter(|_| name == "approve");
    }
    if only_advises(at.records, at.registry, body, at.day)
        || !holds(at.records, at.registry, body, power, at.day)
    {
        return Some("no_power");
    }
    Some("above_authority")
}

/// Says why an act adopted nothing, in the words that follow what was resolved.
pub fn why(because: &str) -> &'static str {
    match because {
        "inquorate" => "was passed without a quorum",
        "recused" => {
            "was passed without a quorum, as whoever had withdrawn from the item does not count,"
        }
        "roots_own" => {
            "acts on the terms of the body that holds every power, which itself decides on them,"
        }
        "circulated" => "was passed by circulation, which its body's terms do not allow,",
        "no_meeting" => "cites no meeting, where its body's terms let it decide only at one,",
        "not_met" => "cites a meeting at which its body did not sit on that day",
        "no_such_item" => "names an item that its meeting did not have that day",
        "above_authority" => "went beyond its body's authority",
        "beyond_own_powers" => {
            "gave a power, or a level of risk, that its body did not hold itself,"
        }
        BEYOND_OWN_PLACE => {
            "said of a body that it is, or is part of, top management, which its own body is not,"
        }
        "approves_nothing" => "acts on what nothing approves",
        "cites_nothing" => "acts on a version that is not there",
        "before_version" => "was passed before there was the version that it cites",
        "withdrawn" => "acts on a version that was entered in error",
        "ended" => "was to keep a version that had ended",
        "before_first_day" => "was to end a version before its first day, when that had come,",
        "no_terms" => "was passed by a body that had no terms of reference then",
        MINUTES_CORRECTED => {
            "was passed at a meeting that, as it is recorded since, shows no quorum,"
        }
        _ => "was passed by a body without the power",
    }
}

/// Returns whether a body could act, by its terms of some time of the day other than those that the
/// resolution approves, or why it could not by the last of them. What contradicts a quorum is none; only silence is a quorum not shown.
pub(crate) fn quorum(
    at: &At<'_>,
    body: Uuid,
    resolution: &Version,
    resolves: &Resolves,
) -> Result<Quorum, &'static str> {
    let known = (at.records, at.registry);
    let terms = terms_for(known, body, resolution.put.id, at.day);
    let mut could_act = Err("no_terms");
    for terms in &terms {
        could_act = by_terms(at, (body, terms), resolution, resolves);
        if could_act.is_ok() {
            break;
        }
    }
    could_act
}

fn by_terms(
    at: &At<'_>,
    (body, terms): (Uuid, &Terms),
    resolution: &Version,
    resolves: &Resolves,
) -> Result<Quorum, &'static str> {
    let Some(cited) = resolves.meeting else {
        let brought_in = at.records.brought_in(&resolution.put, at.day);
        return match resolves.answered {
            // An old file may not say where its body decided.
            None if brought_in => Ok(Quorum::NotShown),
            answered => by_circulation(terms, answered, at.day),
        };
    };
    // The newest version speaks: a meeting that was called may have been cancelled since, and
    // one that was withdrawn never was.
    let meeting = at.meeting(cited.id);
    let there = meeting.and_then(|meeting| {
        let present = at.registry.get(&meeting.put.kind)?.authority.present?;
        let decided = Decided {
            body,
            on: at.day,
            item: resolves.item.as_deref(),
        };
        Some(present(meeting.body(), &decided))
    });
    let there = match there.unwrap_or(Attended::NotMet) {
        Attended::ByCirculation(_) if !terms.written_procedure => return Err("circulated"),
        Attended::ByCirculation(answered) => *answered,
        there => there,
    };
    // Where it may have decided at one of several items, it had a quorum at each; where the item may
    // have been taken at one of several sittings, at one of them.
    let alone = |sittings: Vec<Vec<Present>>| sittings.into_iter().map(|one| vec![one]).collect();
    let (ways, shown): (Vec<_>, _) = match there {
        Attended::ByCirculation(_) | Attended::NotMet => return Err("not_met"),
        Attended::NotSaid => return Ok(Quorum::NotShown),
        Attended::NoSuchItem => return Err("no_such_item"),
        Attended::Each(each) => (vec![each], Quorum::Quorate),
        Attended::AtItem(sittings) => (alone(sittings), Quorum::Quorate),
        Attended::AtMost(sittings) => (alone(sittings), Quorum::NotShown),
    };
    let enough = |present: &[Present]| count(terms, &at.here(present), at.day) == Quorum::Quorate;
    let had_quorum = |each: &Vec<Vec<Present>>| each.iter().all(|present| enough(present));
    if ways.iter().any(had_quorum) {
        return Ok(shown);
    }
    let recused = |present: &Vec<Present>| {
        let mut all = present.clone();
        all.iter_mut().for_each(|one| one.withdrew = false);
        enough(&all)
    };
    Err(if ways.iter().any(|each| each.iter().all(recused)) {
        "recused"
    } else {
        "inquorate"
    })
}

/// Without a meeting a body decides only where its terms let it, and no more can answer than
/// have a seat.
fn by_circulation(terms: &Terms, answered: Option<usize>, on: Day) -> Result<Quorum, &'static str> {
    if !terms.written_procedure {
        return Err("no_meeting");
    }
    let seated: HashSet<Uuid> = seated(terms, on).collect();
    match answered {
        None => Ok(Quorum::NotShown),
        Some(answered) if (terms.quorum..=seated.len()).contains(&answered) => Ok(Quorum::Quorate),
        Some(_) => Err("inquorate"),
    }
}

fn seated(terms: &Terms, on: Day) -> impl Iterator<Item = Uuid> {
    terms
        .seats
        .iter()
        .filter(move |seat| seat.is_filled(on))
        .map(|seat| seat.person)
}

/// Counts who was there against a body's terms: members whose seat is current, and
/// deputies for such members where the terms let them count; nobody who withdrew. Each seat counts once, and so
/// does each person; a member comes before their own deputy.
pub fn count(terms: &Terms, present: &[Present], on: Day) -> Quorum {
    let seated: HashSet<Uuid> = seated(terms, on).collect();
    let (mut seats, mut people) = (HashSet::new(), HashSet::new());
    let taking_part = || present.iter().filter(|one| !one.withdrew);
    let members = taking_part().filter(|one| one.deputy_for.is_none());
    let deputies = taking_part().filter(|one| terms.deputies_count && one.deputy_for.is_some());
    for one in members.chain(deputies) {
        let seat = one.deputy_for.unwrap_or(one.person);
        if seated.contains(&seat) && !seats.contains(&seat) && people.insert(one.person) {
            seats.insert(seat);
        }
    }
    if seats.len() >= terms.quorum {
        Quorum::Quorate
    } else {
        Quorum::Inquorate
    }
}
