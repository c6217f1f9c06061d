//! A body's terms of reference: read once, for whoever approves and whoever counts.

use serde_json::Value;
use uuid::Uuid;

use crate::fields::Day;
use crate::records::{Records, Version};
use crate::spec::Registry;
use crate::stay::is_here;

/// A body's terms of reference, as far as approving needs them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    /// Fewest who can act.
    pub quorum: usize,
    /// Who counts, from when until when.
    pub seats: Vec<Seat>,
    /// Whether deputies count.
    pub deputies_count: bool,
    /// Whether it may decide without meeting.
    pub written_procedure: bool,
    /// Whether it says what the body may do, and deciding is not in it.
    pub only_advises: bool,
    /// Who may attest its resolutions: secretary and chair. Empty: not stated.
    pub attesters: Vec<Uuid>,
    /// Whether it is declared top management itself.
    pub is_top_management: bool,
    /// Whether it is declared part of top management.
    pub is_part_of_top: bool,
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

impl Terms {
    /// Returns the terms that the facts of a body are.
    pub fn of(body: &Value) -> Self {
        let is_set = |field: &str| body.get(field) == Some(&Value::Bool(true));
        let quorum = body.get("quorum").and_then(Value::as_u64);
        Self {
            quorum: quorum.and_then(|n| usize::try_from(n).ok()).unwrap_or(1),
            seats: list(body, "seats").iter().filter_map(Seat::of).collect(),
            deputies_count: is_set("deputies_count"),
            written_procedure: is_set("written_procedure"),
            only_advises: {
                let may = list(body, "may");
                !may.is_empty() && !may.iter().any(|one| one == "decide")
            },
            attesters: ["secretary", "chair"]
                .iter()
                .filter_map(|field| body.get(*field)?.as_str()?.parse().ok())
                .collect(),
            is_top_management: says_top(body, "is"),
            is_part_of_top: says_top(body, "part"),
        }
    }
}

impl Terms {
    /// Returns how many seats are ever filled at one time.
    pub fn most_seated(&self) -> usize {
        let ends = self.seats.iter().flat_map(|seat| [seat.from, seat.until]);
        let days: Vec<Day> = ends.flatten().collect();
        let filled = |day: &Day| {
            let seats = self.seats.iter();
            seats.filter(|seat| seat.is_filled(*day)).count()
        };
        // Where no seat has a day, all are filled at all times.
        days.iter().map(filled).max().unwrap_or(self.seats.len())
    }

    /// Returns whether the body could ever decide: its terms let it, and its seats make up its
    /// quorum on some day.
    pub fn can_decide(&self) -> bool {
        !self.only_advises && self.quorum <= self.most_seated()
    }
}

/// Returns a body's terms of each time of a day, the last of them last: those in force, or those
/// that last were. Before the first that were approved took effect it has none: it decides nothing,
/// and nobody attests for it. Whoever had left by then, or was entered in error, has no seat.
pub fn terms_on(records: &Records, registry: &Registry, body: Uuid, on: Day) -> Vec<Terms> {
    let record = records.get(body);
    let versions = record.map(|record| record.last_in_force_on(on));
    read_by(versions.into_iter().flatten(), (records, registry), on)
}

/// Returns those by which a body passes a resolution on a day: what that itself approves does not
/// hold it up.
pub(crate) fn terms_for(
    (records, registry): (&Records, &Registry),
    body: Uuid,
    resolution: Uuid,
    on: Day,
) -> Vec<Terms> {
    let record = records.get(body);
    let versions = record.map(|record| record.last_in_force_without(on, resolution));
    read_by(versions.into_iter().flatten(), (records, registry), on)
}

/// Reads terms, whoever had left by a day without their seats.
fn read_by<'a>(
    versions: impl Iterator<Item = &'a Version>,
    (records, registry): (&Records, &Registry),
    on: Day,
) -> Vec<Terms> {
    let here = |seat: &Seat| is_here(records, registry, seat.person, on);
    let terms = versions.filter_map(|version| {
        let read = registry.get(&version.put.kind)?.authority.terms?;
        let mut terms = read(version.body());
        terms.seats.retain(here);
        Some(terms)
    });
    terms.collect()
}

/// Returns whether a body's terms gave it advice only all day: that takes back what its powers, or
/// being the root, give.
pub(crate) fn only_advises(records: &Records, registry: &Registry, body: Uuid, on: Day) -> bool {
    let terms = terms_on(records, registry, body, on);
    !terms.is_empty() && terms.iter().all(|terms| terms.only_advises)
}

fn says_top(body: &Value, place: &str) -> bool {
    body.get("top_management").and_then(Value::as_str) == Some(place)
}

impl Seat {
    fn of(seat: &Value) -> Option<Self> {
        let day = |field: &str| seat.get(field)?.as_str()?.parse().ok();
        Some(Self {
            person: seat.get("person")?.as_str()?.parse().ok()?,
            from: day("from"),
            until: day("until"),
        })
    }

    /// Returns whether it is filled on a day.
    pub fn is_filled(&self, on: Day) -> bool {
        self.from.is_none_or(|from| from <= on) && self.until.is_none_or(|until| on <= until)
    }
}

fn list<'a>(body: &'a Value, field: &str) -> &'a [Value] {
    let found = body.get(field).and_then(Value::as_array);
    found.map_or(&[], Vec::as_slice)
}
