//! What an answer rests on: versions as they were recorded, and what was done to them afterwards.

use std::sync::Arc;

use record::approve::{self, Approval, Approver};
use record::{Cite, Day, Event, Version};
use uuid::Uuid;

use crate::at::{day, id};
use crate::status::Base;
use crate::view::Evidence;
use crate::wording;

impl Base<'_> {
    /// Returns a version as evidence; `done_on` is the day of what it tells of, where that is not
    /// the day it claims for itself.
    pub fn evidence(&self, version: &Version, done_on: Option<Day>) -> Evidence {
        let put = &version.put;
        let effective_on = done_on.unwrap_or(put.facts.effective_on);
        let earliest = effective_on.min(put.facts.effective_on);
        Evidence {
            effective_on,
            provenance: self.provenance(put, (effective_on, earliest), version),
            ..self.entry(version, put)
        }
    }

    /// Returns what was done to a version on a day, by an entry of its own, as evidence.
    pub fn done(&self, version: &Version, event: &Event, on: Day) -> Evidence {
        Evidence {
            name_of_move: Some(event.name.to_string()),
            effective_on: on,
            provenance: self.provenance(event, (on, on), version),
            ..self.entry(version, event)
        }
    }

    /// Returns what an answer rests on: a version with what was done to it, then the resolutions
    /// that approved it, kept it, and when they were attested.
    pub fn rests_on<'e>(
        &self,
        version: &Version,
        moves: impl IntoIterator<Item = (&'e Event, Day)>,
    ) -> Vec<Evidence> {
        let mut evidence = vec![self.evidence(version, None)];
        let mut resolutions = Vec::new();
        let acts = version.approval().into_iter().chain(self.kept(version));
        for (approval, event) in acts {
            match approval.by {
                Approver::Body { resolution, .. } => {
                    resolutions.extend(self.resolved(resolution, event, approval.decided_on));
                }
                Approver::Person(_) => {
                    evidence.push(self.done(version, event, approval.decided_on));
                }
                // Whoever vouches for the root does so in the entry that adds it.
                Approver::Operator => {}
            }
        }
        let moves = moves.into_iter();
        evidence.extend(moves.map(|(event, on)| self.done(version, event, on)));
        evidence.append(&mut resolutions);
        evidence
    }

    /// Returns a resolution, and the entry that attests it.
    pub fn resolved(&self, resolution: Cite, attested: &Event, on: Day) -> Vec<Evidence> {
        let version = self.q.records.cited(resolution);
        version.map_or_else(Vec::new, |version| {
            vec![
                self.evidence(version, Some(on)),
                self.done(version, attested, on),
            ]
        })
    }

    /// Returns an assessment: the version that first told of what was found and decided, and the
    /// one that counts, which may tell more.
    pub fn assessed(&self, version: &Version) -> Vec<Evidence> {
        let done = |one: &Version| {
            let days = ["/assessed_on", "/decision/on"].map(|pointer| day(one.body(), pointer));
            days.into_iter().flatten().max()
        };
        let record = self.q.records.get(version.put.id);
        let told = |one: &&Version| done(one) == done(version);
        let first = record.and_then(|record| record.standing().find(told));
        let first = first.unwrap_or(version);
        let mut evidence = vec![self.evidence(first, done(first))];
        if first.number() < version.number() {
            evidence.push(self.evidence(version, None));
        }
        evidence
    }

    /// Returns what a record is called beside a day that is said anyway: without that day.
    pub fn undated(&self, id: Uuid, day: Day) -> String {
        let title = self.in_sentence(id);
        let day = day.in_words();
        let said = [", ", " of ", " on ", " "].map(|before| format!("{before}{day}"));
        let said = said.iter().find(|said| title.contains(said.as_str()));
        said.map_or(title.clone(), |said| title.replacen(said, "", 1))
    }

    /// Returns who approved a version and how, and who kept it since: "approved by AIGB on 24
    /// September 2026 (Resolution 26/14, Management review)".
    pub fn approved(&self, version: &Version, verb: &str) -> String {
        let Some((approval, _)) = version.approval() else {
            return String::new();
        };
        let approved = self.decided_by(approval, verb);
        let Some((kept, _)) = self.kept(version) else {
            return approved;
        };
        let on = kept.decided_on.in_words();
        match kept.by {
            Approver::Body { resolution, .. } => {
                let resolution = self.undated(resolution.id, kept.decided_on);
                format!("{approved}, kept as it is on {on} ({resolution})")
            }
            _ => format!("{approved}, {}", self.decided_by(kept, "kept as it is")),
        }
    }

    fn decided_by(&self, approval: &Approval, verb: &str) -> String {
        let on = approval.decided_on.in_words();
        match approval.by {
            Approver::Body { body, resolution } => {
                let by = self.in_sentence(body);
                let minute = self
                    .q
                    .records
                    .cited(resolution)
                    .and_then(|version| version.body().get("meeting").cloned())
                    .and_then(|cite| serde_json::from_value::<record::Cite>(cite).ok())
                    .map(|cite| self.undated(cite.id, approval.decided_on))
                    .filter(|meeting| *meeting != by)
                    .map(|meeting| format!(", {meeting}"))
                    .unwrap_or_default();
                let resolution = self.undated(resolution.id, approval.decided_on);
                format!("{verb} by {by} on {on} ({resolution}{minute})")
            }
            Approver::Person(person) => {
                format!("{verb} by {} on {on}", self.in_sentence(person))
            }
            Approver::Operator => format!("vouched for by the local operator on {on}"),
        }
    }

    /// Says why what a body resolved adopted nothing, in the words that follow the resolution.
    pub fn adopted_nothing(&self, act: &Approval) -> String {
        let because = act.because.as_deref().unwrap_or_default();
        let why = match self.minutes_corrected(act) {
            Some(on) => format!(
                "was passed at a meeting whose minutes, as corrected on {}, show no quorum,",
                on.in_words()
            ),
            None => approve::why(because).to_owned(),
        };
        format!("{why} and adopted nothing")
    }

    /// Returns the day on which the meeting was recorded otherwise at which a body resolved what
    /// stopped counting then.
    fn minutes_corrected(&self, act: &Approval) -> Option<Day> {
        let Approver::Body { resolution, .. } = act.by else {
            return None;
        };
        let records = self.q.records;
        let meeting = id(records.cited(resolution)?.body(), "/meeting/id")?;
        let versions = &records.get(meeting)?.versions;
        let entries = versions
            .iter()
            .flat_map(|version| [Some(&version.put), version.withdrawn.as_deref()]);
        let tells = |event: &&Event| event.facts.acts.contains(act);
        let last = entries
            .flatten()
            .filter(tells)
            .max_by_key(|event| event.seq);
        last.map(|event| event.recorded_on)
    }

    /// Returns the last decision about the day to leave a version as it is.
    pub fn kept<'v>(&self, version: &'v Version) -> Option<&'v (Approval, Arc<Event>)> {
        version
            .counted("keep")
            .filter(|(act, _)| self.at.reached(act.takes_effect()))
            .max_by_key(|(act, event)| (act.takes_effect(), event.seq))
    }

    fn entry(&self, version: &Version, event: &Event) -> Evidence {
        Evidence {
            id: version.put.id,
            version: version.put.version,
            kind: version.put.kind.to_string(),
            title: self.title(version.put.id),
            seq: event.seq,
            name_of_move: None,
            effective_on: event.facts.effective_on,
            recorded_at: event.recorded_at,
            provenance: IN_TIME,
            recorded_on: event.recorded_on,
        }
    }

    /// Says how an entry came by what it tells of: days are the one it was done on, and the
    /// earliest that is claimed.
    fn provenance(
        &self,
        event: &Event,
        (done, earliest): (Day, Day),
        of: &Version,
    ) -> &'static str {
        let start = self.q.records.ledger_start();
        let from_before = event.facts.brought_in.is_some() || of.put.facts.brought_in.is_some();
        let tolerance = self.at.on(event.recorded_on).tolerance();
        if from_before && start.is_some_and(|start| earliest < start) {
            BROUGHT_IN
        } else if event.recorded_on > done.plus_days(tolerance) {
            LATE
        } else {
            IN_TIME
        }
    }

    /// Says of a piece of evidence what is reserved about how it came, if anything is. Of a
    /// version that was recorded late itself, what was done to it that day says nothing more.
    pub fn came_otherwise(&self, one: &Evidence, among: &[Evidence]) -> Option<String> {
        let late = |other: &Evidence| {
            other.name_of_move.is_none()
                && (other.id, other.version) == (one.id, one.version)
                && (other.provenance, other.recorded_on) == (LATE, one.recorded_on)
        };
        if one.name_of_move.is_some() && among.iter().any(late) {
            return None;
        }
        let title = self.in_sentence(one.id);
        match (one.provenance, &one.name_of_move) {
            (BROUGHT_IN, None) => Some(format!(
                "{title} was brought in from before the ledger began."
            )),
            (LATE, None) => Some(format!("{title} was recorded late.")),
            // A rule of its own says when minutes are confirmed.
            (LATE, Some(name)) if name != "confirm" => Some(format!(
                "{title} was {} on {}, which was recorded late, on {}.",
                wording::done(name),
                one.effective_on.in_words(),
                one.recorded_on.in_words()
            )),
            // That what was brought in was attested when it was brought in says nothing more.
            _ => None,
        }
    }
}

const IN_TIME: &str = "in_time";
const LATE: &str = "late";
const BROUGHT_IN: &str = "brought_in";
