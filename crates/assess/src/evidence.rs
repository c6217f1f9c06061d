//! What an answer rests on: versions as they were recorded, and what was done to them afterwards.

use std::sync::Arc;

use record::approve::{Approval, Approver};
use record::records::Approved;
use record::{Cite, Day, Event, Record, Version, attendance, slots};

use crate::at::{At, day, stated};
use crate::kept::{self, SUBJECTS_SHOWN};
use crate::rules::scope::ATTESTATION;
use crate::rules::{acceptance, attestation, owner, review, risk};
use crate::sentence::Param;
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
        self.rests_on_approval(version, self.at.approved(version), moves)
    }

    /// Returns the same of a version by one of its approvals.
    fn rests_on_approval<'e>(
        &self,
        version: &Version,
        approved: Option<Approved<'_>>,
        moves: impl IntoIterator<Item = (&'e Event, Day)>,
    ) -> Vec<Evidence> {
        let mut evidence = vec![self.evidence(version, None)];
        let mut resolutions = Vec::new();
        let kept = approved.and_then(|one| self.kept(one));
        let kept = kept.map(|(approval, event)| (approval, &**event));
        let acts = approved.map(|one| (one.act, one.event));
        for (approval, event) in acts.into_iter().chain(kept) {
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

    /// Returns the ends, recorded since, without which an answer would rest on other versions.
    pub fn ends(&self, answer: &str) -> Vec<Evidence> {
        match answer {
            "scope" => self.ended_back("scope", |_| true),
            "policy" => self.ended_back("policy", |_| true),
            "owner" => self.ended_back("appointment", owner::gives_duties),
            "risk_assessment" => self.ended_back("risk_criteria", |_| true),
            _ => Vec::new(),
        }
    }

    /// Returns the ends of versions of a kind without which they would count about the day: those
    /// recorded since, that give an earlier last day.
    fn ended_back(&self, kind: &str, concerns: impl Fn(&Version) -> bool) -> Vec<Evidence> {
        let at = &self.at;
        let newest = |record: &'_ record::Record| {
            let approved = record.standing().flat_map(Version::approved);
            let begun = approved.filter(|one| at.reached(one.from));
            let latest = begun.max_by_key(|one| (one.from, one.event.seq))?;
            let version = latest.version;
            let (last, event) = latest.ends().min_by_key(|(last, _)| *last)?;
            let changes = at.reached(last.next()) && self.q.about <= event.recorded_on;
            (changes && concerns(version)).then(|| self.done_as("end", (version, event), last))
        };
        self.q.records.of_kind(kind).filter_map(newest).collect()
    }

    /// Returns what an entry on something else did to a version on a day.
    pub fn done_as(&self, name: &str, (version, event): (&Version, &Event), on: Day) -> Evidence {
        Evidence {
            name_of_move: Some(name.to_owned()),
            ..self.done(version, event, on)
        }
    }

    /// Returns the entry that attests a resolution, on its own day: how it came goes by the day
    /// decided.
    fn attested_on(&self, resolution: &Version, event: &Event, decided_on: Day) -> Evidence {
        Evidence {
            effective_on: event.facts.effective_on,
            ..self.done(resolution, event, decided_on)
        }
    }

    /// Returns a resolution, the entry that attests it, and the meeting at which it was passed.
    pub fn resolved(&self, resolution: Cite, attested: &Event, on: Day) -> Vec<Evidence> {
        let Some(version) = self.q.records.cited(resolution) else {
            return Vec::new();
        };
        let mut evidence = vec![
            self.evidence(version, Some(on)),
            self.attested_on(version, attested, on),
        ];
        let meeting = cited(version.body(), "/meeting");
        let meeting = meeting.and_then(|cite| self.q.records.cited(cite));
        evidence.extend(meeting.into_iter().flat_map(|one| self.minuted(one, None)));
        evidence
    }

    /// Returns a meeting in the version that holds its minutes, in the one that first told who was
    /// there as its quorum is counted, in the one that first told on which day it last sat and that
    /// a review of it was over, and the entry that confirms them. Each is of the day that it says
    /// itself.
    fn minuted(&self, meeting: &Version, review: Option<&Version>) -> Vec<Evidence> {
        let sat = |one: &Version| slots::sittings(one.body()).into_iter().max();
        let goes_on =
            |one: &Version| review.is_some_and(|review| slots::goes_on(review.body(), one));
        let ends = |one: &Version| (sat(one), goes_on(one));
        let record = self.q.records.get(meeting.put.id);
        let newest = record.and_then(|record| record.standing().next_back());
        let newest = newest.unwrap_or(meeting);
        let minutes = review::minutes(&self.at, newest).unwrap_or(newest);
        let mut versions = vec![minutes];
        // Who was there and the days it sat are as its newest version tells.
        let standing = || record.into_iter().flat_map(Record::standing);
        let told = standing().find(|one| attendance::says_the_same(one.body(), newest.body()));
        versions.extend(told.filter(|told| minutes.number() < told.number()));
        if versions.iter().all(|one| ends(one) != ends(newest)) {
            versions.extend(standing().find(|one| ends(one) == ends(newest)));
        }
        let versions = versions.into_iter();
        let versions = versions.map(|one| self.evidence(one, sat(one)));
        let mut evidence: Vec<Evidence> = versions.collect();
        if let Some((version, event, on)) = review::confirmation(&self.at, meeting) {
            evidence.push(self.done(version, event, on));
        }
        evidence
    }

    /// Returns the declarations in force that state any of these, each with the resolution that
    /// approved it. A meeting of theirs is one step further away.
    pub fn declared(&self, pointers: &[&str]) -> Vec<Evidence> {
        let mut declarations: Vec<Approved<'_>> = Vec::new();
        for pointer in pointers {
            if let Some(declaration) = self.at.declaration(pointer)
                && !declarations.iter().any(|one| is_same(one, &declaration))
            {
                declarations.push(declaration);
            }
        }
        let evidence = declarations
            .into_iter()
            .flat_map(|one| self.rests_on_approval(one.version, Some(one), []));
        evidence.filter(|one| one.kind != "meeting").collect()
    }

    /// Returns what is reserved of declarations that decide a word: that one was recorded late, or
    /// after it was approved.
    /// One brought in is marked where it stands; it answers for its period.
    pub fn declared_late(&self, declared: &[Evidence]) -> Vec<String> {
        let late = declared.iter().filter(|one| one.provenance == LATE);
        let late = late.filter_map(|one| self.came_otherwise(one, declared));
        let after = declared.iter().filter_map(|one| self.adopted_before(one));
        late.chain(after).collect()
    }

    /// Returns the attestations that the answer on the scope rests on: those that came otherwise
    /// than in time first, then those that lapsed or will lapse first; of very many the first. And
    /// what is reserved of those that came otherwise, however many.
    pub fn attested(&self) -> (Vec<Evidence>, Vec<String>) {
        let said = self.said.get(kept::ATTESTED);
        let named = said.into_iter().flat_map(|said| &said.first);
        let cites = named.filter_map(|(_, _, outcome)| match outcome.params.get(ATTESTATION) {
            Some(Param::Version(cite)) => Some(*cite),
            _ => None,
        });
        let mut found: Vec<Attested> = cites.filter_map(|cite| self.attestation(cite)).collect();
        found.sort_by_key(|one| (one.first.provenance == IN_TIME, one.first.effective_on));
        let reserved = [LATE, BROUGHT_IN]
            .into_iter()
            .filter_map(|how| self.attested_otherwise(how, &found));
        let reserved = reserved.collect();
        let shown = found.into_iter().take(SUBJECTS_SHOWN);
        let evidence = shown.flat_map(|one| [one.first].into_iter().chain(one.newer));
        (evidence.collect(), reserved)
    }

    fn attestation(&self, cite: Cite) -> Option<Attested> {
        let record = self.q.records.get(cite.id)?;
        let version = record.version(cite.version)?;
        let first = attestation::same_attestation(record, version).next()?;
        let unit = version.body().get("unit")?.as_str()?.to_owned();
        let on = day(version.body(), "/attested_on");
        Some(Attested {
            unit,
            first: self.evidence(first, on),
            newer: (first.number() < version.number()).then(|| self.evidence(version, on)),
        })
    }

    fn attested_otherwise(&self, how: &str, found: &[Attested]) -> Option<String> {
        let mut these = found.iter().filter(|one| one.first.provenance == how);
        let one = these.next()?;
        let (unit, on) = (self.q.names.called(&one.unit), one.first.effective_on);
        let came = match how {
            LATE => "recorded late",
            _ => "brought in from before the ledger began",
        };
        let on = on.in_words();
        let when = match how {
            LATE => format!(", on {}", one.first.recorded_on.in_words()),
            _ => String::new(),
        };
        Some(match these.count() + 1 {
            1 => format!("The attestation of {unit} of {on} was {came}{when}."),
            n => {
                format!("{n} attestations were {came}, among them that of {unit} of {on}{when}.")
            }
        })
    }

    /// Returns an assessment: the version that first told of what was found and of what was decided,
    /// and the one that counts, which may tell more.
    pub fn assessed(&self, version: &Version) -> Vec<Evidence> {
        let days =
            |one: &Version| ["/assessed_on", "/decision/on"].map(|place| day(one.body(), place));
        let done = |one: &Version| days(one).into_iter().flatten().max();
        // Decided on the day it was made, one without a decision told of no day less.
        let tells = |one: &Version| (days(one), stated(one.body(), "/decision"));
        let record = self.q.records.get(version.put.id);
        let told = |one: &&Version| tells(one) == tells(version);
        let first = record.and_then(|record| record.standing().find(told));
        let first = first.unwrap_or(version);
        let mut evidence = vec![self.evidence(first, done(first))];
        if first.number() < version.number() {
            evidence.push(self.evidence(version, None));
        }
        // Without a decision of its own it rests on that of the body that accepted it.
        let accepted = acceptance::current(&self.at, version);
        let accepted = accepted.or_else(|| acceptance::ended(&self.at, version));
        let accepted = accepted.filter(|_| !stated(version.body(), "/decision"));
        let acts = accepted.into_iter().flat_map(|one| {
            let rescinded = one.rescinded.map(|(end, by)| (end, &**by));
            [(one.act, one.event)].into_iter().chain(rescinded)
        });
        for (act, event) in acts {
            if let Approver::Body { resolution, .. } = act.by {
                evidence.extend(self.resolved(resolution, event, act.decided_on));
            }
        }
        evidence
    }

    /// Returns assessments, each once, and then the criteria that they were scored by.
    pub fn assessments<'v>(&self, versions: impl Iterator<Item = &'v Version>) -> Vec<Evidence> {
        let mut evidence: Vec<Evidence> = Vec::new();
        let mut criteria: Vec<Evidence> = Vec::new();
        for version in versions {
            if !evidence.iter().any(|other| other.id == version.put.id) {
                evidence.extend(self.assessed(version));
                let found = self.scored_by(version).into_iter();
                criteria.extend(found.flatten());
            }
        }
        for one in criteria {
            if !evidence.contains(&one) {
                evidence.push(one);
            }
        }
        evidence
    }

    /// Returns the criteria that an assessment was scored by, by the approval in force on its day.
    fn scored_by(&self, assessment: &Version) -> Option<Vec<Evidence>> {
        let criteria = risk::cited_criteria(assessment)?;
        let criteria = self.q.records.cited(criteria)?;
        let on = day(assessment.body(), "/assessed_on");
        let then = on.and_then(|on| criteria.last_approved(|day| day <= on));
        let approved = then.or_else(|| self.at.approved(criteria));
        Some(self.rests_on_approval(criteria, approved, []))
    }

    /// Returns what the answer on reviews rests on: the review, its meetings and what was resolved
    /// there.
    pub fn review_evidence(&self, one: &Version, held: Day) -> Vec<Evidence> {
        let at = &self.at;
        let mut evidence = vec![self.evidence(one, Some(held))];
        let meetings = review::meetings(at, one).iter();
        evidence.extend(meetings.flat_map(|meeting| self.minuted(meeting, Some(one))));
        for resolution in review::resolutions(at, one) {
            let on = day(resolution.body(), "/decided_on");
            evidence.push(self.evidence(resolution, on));
            let on = on.unwrap_or(resolution.put.facts.effective_on);
            let attested = resolution.moved("attest").next();
            evidence.extend(attested.map(|event| self.attested_on(resolution, event, on)));
        }
        evidence
    }

    /// Returns who approved a version and how, and who kept it since: "approved by AIGB on 24
    /// September 2026 (Resolution 26/14, Management review)".
    pub fn approved(&self, version: &Version, verb: &str) -> String {
        let Some(one) = self.at.approved(version) else {
            return String::new();
        };
        let approved = self.decided_by(one.act, verb);
        let Some((kept, _)) = self.kept(one) else {
            return approved;
        };
        let on = kept.decided_on.in_words();
        match kept.by {
            Approver::Body { resolution, .. } => {
                let resolution = self.undated(resolution, kept.decided_on);
                format!("{approved}, kept as it is on {on} ({resolution})")
            }
            _ => format!("{approved}, {}", self.decided_by(kept, "kept as it is")),
        }
    }

    /// Returns who decided on something, when and where.
    pub fn decided_by(&self, approval: &Approval, verb: &str) -> String {
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
                    .map(|cite| self.undated(cite, approval.decided_on))
                    .filter(|meeting| *meeting != by)
                    .map(|meeting| format!(", {meeting}"))
                    .unwrap_or_default();
                let resolution = self.undated(resolution, approval.decided_on);
                format!("{verb} by {by} on {on} ({resolution}{minute})")
            }
            Approver::Person(person) => {
                format!("{verb} by {} on {on}", self.in_sentence(person))
            }
            Approver::Operator => format!("vouched for by the local operator on {on}"),
        }
    }

    /// Returns the last decision about the day to leave a version as it is, of those since it was
    /// approved: what was kept before was what another approval had left.
    pub fn kept<'v>(&self, approved: Approved<'v>) -> Option<&'v (Approval, Arc<Event>)> {
        let since = (approved.act.decided_on, approved.event.seq);
        approved
            .version
            .counted("keep")
            .filter(|(act, event)| since <= (act.decided_on, event.seq))
            .filter(|(act, _)| self.at.reached(act.takes_effect()))
            .max_by_key(|(act, event)| (act.takes_effect(), event.seq))
    }

    fn entry(&self, version: &Version, event: &Event) -> Evidence {
        Evidence {
            id: version.put.id,
            version: version.put.version,
            kind: version.put.kind.to_string(),
            title: self.title_of(version.cite()),
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
        let came = Came {
            recorded_on: event.recorded_on,
            done,
            earliest,
            brought_in: event.facts.brought_in.is_some() || of.put.facts.brought_in.is_some(),
        };
        provenance(&self.at, &came)
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
        let (id, version) = (one.id, one.version);
        let title = self.version_in_sentence(Cite { id, version });
        match (one.provenance, &one.name_of_move) {
            (BROUGHT_IN, None) => Some(format!(
                "{title} was brought in from before the ledger began."
            )),
            (LATE, None) => Some(format!("{title} was recorded late{}.", self.corrected(one))),
            (LATE, Some(name)) if name == "attest" => Some(self.attested_late(one)),
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

    /// Says of a version that nothing approves, and that was recorded late, that an earlier one was
    /// not: what came late is what it tells otherwise.
    fn corrected(&self, one: &Evidence) -> String {
        let record = self.q.records.get(one.id);
        let version = record.and_then(|record| record.version(one.version));
        let put_right = version.filter(|version| version.approval().is_none());
        let first = put_right
            .and(record)
            .and_then(|record| record.standing().next());
        let first = first.filter(|first| {
            first.number() < one.version && self.evidence(first, None).provenance != LATE
        });
        first.map_or_else(String::new, |first| {
            format!(
                " in version {}, on {}; version {} was recorded on {}",
                one.version,
                one.recorded_on.in_words(),
                first.number(),
                first.put.recorded_on.in_words()
            )
        })
    }

    /// Says of a resolution that an answer rests on that it was put again and attested since: both
    /// versions count until one is withdrawn.
    pub fn resolved_again(&self, one: &Evidence) -> Option<String> {
        let name = one.name_of_move.as_deref();
        name.filter(|name| *name == "attest")?;
        let mut later = self.q.records.get(one.id)?.standing().rev();
        let later = later.find(|version| version.moved("attest").next().is_some())?;
        (one.version < later.number()).then(|| {
            format!(
                "{} was attested again as version {}; version {}, on which this rests, counts until it is withdrawn.",
                self.version_in_sentence(later.cite()),
                later.number(),
                one.version
            )
        })
    }

    /// Says of a resolution that an answer rests on that it was passed under conditions.
    pub fn under_conditions(&self, one: &Evidence) -> Option<String> {
        let (id, version) = (one.id, one.version);
        let resolution = self.q.records.cited(Cite { id, version })?;
        let conditional = one.kind == "resolution" && stated(resolution.body(), "/conditions");
        (conditional && one.name_of_move.is_none()).then(|| {
            format!(
                "{} was passed under conditions; the records do not say that they were met.",
                self.version_in_sentence(resolution.cite())
            )
        })
    }

    /// Says of an attestation whether it was late itself, after the day decided, or its recording.
    fn attested_late(&self, one: &Evidence) -> String {
        let (id, version) = (one.id, one.version);
        let cite = Cite { id, version };
        let decided_on = self.q.records.cited(cite);
        let decided_on = decided_on.and_then(|version| day(version.body(), "/decided_on"));
        let own = one.effective_on;
        let what = match decided_on {
            Some(day) => format!("{} of {}", self.undated(cite, day), day.in_words()),
            None => self.version_in_sentence(cite),
        };
        let came = Came {
            recorded_on: own,
            done: decided_on.unwrap_or(own),
            earliest: own,
            brought_in: false,
        };
        let on = own.in_words();
        match provenance(&self.at, &came) {
            // Recorded the day it was done, it is late by being done then.
            how if how == LATE || own == one.recorded_on => {
                format!("{what} was attested on {on}, which is late.")
            }
            _ => format!(
                "{what} was attested on {on}, which was recorded late, on {}.",
                one.recorded_on.in_words()
            ),
        }
    }
}

/// How an entry came to be recorded.
#[derive(Debug, Clone, Copy)]
pub struct Came {
    /// The day it was recorded.
    pub recorded_on: Day,
    /// The day on which what it tells of was done.
    pub done: Day,
    /// The earliest day it claims.
    pub earliest: Day,
    /// Whether it, or the version it acts on, says where it was brought in from.
    pub brought_in: bool,
}

/// Returns `in_time`, `late` or `brought_in`, by the tolerance declared when it was done: a longer one
/// declared since does not reach back.
pub fn provenance(at: &At<'_>, came: &Came) -> &'static str {
    let start = at.records.ledger_start();
    if came.brought_in && start.is_some_and(|start| came.earliest < start) {
        return BROUGHT_IN;
    }
    // Most are recorded the same day, whatever was declared.
    let is_late = |came: &Came| {
        let tolerance = at.on(came.done).tolerance();
        came.recorded_on > came.done.plus_days(tolerance)
    };
    match came.recorded_on > came.done && is_late(came) {
        true => LATE,
        false => IN_TIME,
    }
}

/// An attestation: the version that first told of it, and the one that counts where that tells
/// more.
struct Attested {
    unit: String,
    first: Evidence,
    newer: Option<Evidence>,
}

fn is_same(one: &Approved<'_>, other: &Approved<'_>) -> bool {
    (one.version.cite(), one.event.seq) == (other.version.cite(), other.event.seq)
}

fn cited(body: &serde_json::Value, pointer: &str) -> Option<Cite> {
    serde_json::from_value(record::at(body, pointer)?.clone()).ok()
}

pub(crate) const IN_TIME: &str = "in_time";
pub(crate) const LATE: &str = "late";
const BROUGHT_IN: &str = "brought_in";
