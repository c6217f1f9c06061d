//! What was done to records that questions read, and is no more since a day, or was not before: another
//! record says so, as a resolution that was withdrawn, or a meeting recorded otherwise.

use std::cmp::Reverse;

use record::approve::{self, Approver};
use record::{Approval, Cite, Day, Record, Version};
use serde_json::Value;

use crate::at::stated;
use crate::kept::MANY;
use crate::otherwise::declared_for;
use crate::rules::{delegation, owner};
use crate::status::Base;
use crate::view::Evidence;
use crate::wording;

/// What was taken back, or told again, since a day: the entries that did so, and what is said of it.
pub(crate) struct Undone<'a> {
    /// What had been done.
    act: &'a Approval,
    pub entries: Vec<Evidence>,
    pub said: String,
}

/// How near what was done lies to an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Bearing {
    /// It was done to what the answer hands over.
    Own,
    /// It was done to what the answer goes by besides.
    Besides,
    /// It was done to something of a kind that the answer reads, and by which it does not go.
    Not,
}

impl Bearing {
    fn besides(bears: bool) -> Self {
        if bears { Self::Besides } else { Self::Not }
    }
}

impl Base<'_> {
    /// Returns what was taken back or told again since a day, of what was decided about the day asked about by then
    /// on records of the kinds that questions read.
    pub(crate) fn undone(&self, asked: &[String], day: Day) -> Vec<Undone<'_>> {
        let kinds = self.kinds_read(asked);
        let reads = |cite: Cite| {
            let record = self.q.records.get(cite.id);
            record.is_some_and(|record| kinds.contains(&*record.kind))
        };
        let resolutions = self.q.records.of_kind("resolution");
        let withdrawn = resolutions.flat_map(|record| &record.versions);
        let withdrawn = withdrawn.flat_map(|one| self.withdrawn_since(one, day, reads));
        let read = kinds.iter().filter(|kind| **kind != MANY);
        let read = read.flat_map(|kind| self.q.records.of_kind(kind));
        let versions = read.flat_map(Record::standing);
        let of_version = |version| {
            let corrected = self.corrected_since(version, day).into_iter();
            corrected.chain(self.attested_again(version, day))
        };
        withdrawn.chain(versions.flat_map(of_version)).collect()
    }

    /// Returns the same of what an answer goes by: first of what it hands over, and there of what was
    /// decided last. Of a resolution that did several things one is told.
    pub(crate) fn undone_of(&self, answer: &str, asked: &[String], day: Day) -> Vec<Undone<'_>> {
        let mut undone = self.undone(asked, day);
        undone.sort_by_key(|one| (self.bearing(answer, one.act), Reverse(one.act.decided_on)));
        // What nothing else explains, they do.
        let bears = |one: &Undone<'_>| self.bearing(answer, one.act) != Bearing::Not;
        if undone.first().is_some_and(bears) {
            undone.retain(bears);
        }
        let mut once: Vec<Undone<'_>> = Vec::new();
        for one in undone {
            let is_told =
                |told: &Undone<'_>| told.act.by == one.act.by && told.entries == one.entries;
            if !once.iter().any(is_told) {
                once.push(one);
            }
        }
        once
    }

    /// Returns how near what was done to a version lies to an answer.
    fn bearing(&self, answer: &str, act: &Approval) -> Bearing {
        let Some(version) = self.q.records.cited(act.of) else {
            return Bearing::Not;
        };
        let body = version.body();
        let gives_power = || {
            let kind = if answer == "owner" {
                "appointment"
            } else {
                answer
            };
            let power = delegation::power_over(kind);
            power.is_some_and(|power| delegation::gives(version, power))
        };
        match (&*version.put.kind, answer) {
            ("scope", "scope") | ("policy", "policy") => Bearing::Own,
            ("risk_criteria" | "risk_assessment", "risk_assessment") => Bearing::Own,
            ("appointment", "owner") if owner::gives_duties(version) => Bearing::Own,
            ("appointment", "owner") => Bearing::besides(stated(body, "/post") || gives_power()),
            ("appointment", "scope") => Bearing::besides(self.has_attested(body)),
            ("appointment", _) => Bearing::besides(gives_power()),
            ("body", "policy" | "owner") => {
                let top = body.get("top_management").and_then(Value::as_str);
                Bearing::besides(matches!(top, Some("is" | "part")) || gives_power())
            }
            ("declaration", _) => {
                let mut declared = declared_for(answer).iter();
                Bearing::besides(declared.any(|pointer| stated(body, pointer)))
            }
            _ => Bearing::Besides,
        }
    }

    /// Returns whether the list of the unit of which an appointment makes somebody the head was attested.
    fn has_attested(&self, appointment: &Value) -> bool {
        let unit = appointment.get("head_of").filter(|unit| unit.is_string());
        let attestations = self.q.records.of_kind("attestation");
        let mut attested = attestations.flat_map(Record::standing).map(Version::body);
        unit.is_some() && attested.any(|body| body.get("unit") == unit)
    }

    /// Says of each thing that a resolution had done to what is read, as far as was known on a day, that
    /// it was withdrawn since.
    fn withdrawn_since<'v>(
        &self,
        resolution: &'v Version,
        day: Day,
        reads: impl Fn(Cite) -> bool,
    ) -> Vec<Undone<'v>> {
        let by = resolution.withdrawn.as_deref();
        let Some(by) = by.filter(|by| by.recorded_on > day) else {
            return Vec::new();
        };
        let known = resolution.moves.iter().filter(|one| one.recorded_on <= day);
        let acts = known.flat_map(|event| &event.facts.acts);
        let acts = acts.filter(|act| self.was_known(act) && reads(act.of));
        let told = acts.map(|act| Undone {
            act,
            entries: vec![
                self.evidence(resolution, Some(act.decided_on)),
                self.done(resolution, by, by.facts.effective_on),
            ],
            said: format!(
                "{}, was withdrawn on {}.",
                self.by_which(resolution.cite(), act),
                by.recorded_on.in_words()
            ),
        });
        told.collect()
    }

    /// Says of what was done to a version, as far as was known on a day, that it counts no more, or
    /// again, since the meeting was recorded otherwise at which that was decided.
    fn corrected_since<'v>(&self, version: &'v Version, day: Day) -> Vec<Undone<'v>> {
        let acts = version.acts.iter().filter_map(|(act, event)| {
            let of_it = version.corrected.iter();
            let of_it = of_it.filter(|one| one.was.0.is_again(act));
            let mut since = of_it.filter(|one| one.by.recorded_on > day);
            let first = since.next()?;
            let by = since.next_back().map_or(&first.by, |one| &one.by);
            let Approver::Body { resolution, .. } = act.by else {
                return None;
            };
            let differs = first.was.0.counts != act.counts && event.recorded_on <= day;
            let counts = match act.counts {
                true => "counts again",
                false => "counts no more",
            };
            let told = self.recorded_otherwise(by)?;
            (differs && act.decided_on <= self.q.about).then(|| Undone {
                act,
                entries: vec![told],
                said: format!(
                    "{}, {counts}: its meeting was {}.",
                    self.by_which(resolution, act),
                    self.meeting_since(by)
                ),
            })
        });
        acts.collect()
    }

    /// Says of what was done to a version that a resolution did it which had adopted nothing, as far as
    /// was known on a day, and was put and attested again since: that tells again what was told before.
    fn attested_again<'v>(&self, version: &'v Version, day: Day) -> Vec<Undone<'v>> {
        let by = |act: &Approval| match act.by {
            Approver::Body { resolution, .. } => Some(resolution),
            Approver::Person(_) | Approver::Operator => None,
        };
        let again = version.acts.iter().filter_map(|(act, event)| {
            let resolution = by(act).filter(|_| act.counts && event.recorded_on > day)?;
            let mut before = version.acts.iter().filter(|(_, at)| at.recorded_on <= day);
            let had_adopted_nothing = before.any(|(had, _)| {
                let same = by(had).is_some_and(|had| had.id == resolution.id);
                same && had.name == act.name && !had.counts
            });
            let told = self.q.records.cited(resolution)?;
            let on = act.decided_on;
            (had_adopted_nothing && on <= self.q.about).then(|| Undone {
                act,
                entries: vec![self.evidence(told, Some(on)), self.done(told, event, on)],
                said: format!(
                    "{}, had {} before it was attested again on {}.",
                    self.by_which(resolution, act),
                    approve::came_to_nothing(&act.name),
                    event.recorded_on.in_words()
                ),
            })
        });
        again.collect()
    }

    /// Returns whether an act is one that an answer about the day could rest on.
    fn was_known(&self, act: &Approval) -> bool {
        act.adopted() && act.decided_on <= self.q.about
    }

    /// Names a resolution and what it did.
    fn by_which(&self, resolution: Cite, act: &Approval) -> String {
        format!(
            "{} of {}, by which {} was {}",
            self.undated(resolution, act.decided_on),
            act.decided_on.in_words(),
            self.version_in_sentence(act.of),
            wording::done(&act.name)
        )
    }
}
