//! What an answer rests on where a meeting was recorded otherwise since something was decided
//! there: the entry that did so, and what is reserved for it.

use record::approve::{Approval, Approver, WITHDRAW};
use record::stretches::Corrected;
use record::{Event, Record, Version};

use crate::at::list;
use crate::five_told::{ASSESSMENTS, POLICY, REVIEWS, SCOPE};
use crate::status::Base;
use crate::view::Evidence;
use crate::wording;

/// What a meeting recorded otherwise changed: the version, its last correction, the act since.
type Changed<'a> = (&'a Version, &'a Corrected, &'a Approval);

impl Base<'_> {
    /// Returns the entries that recorded a meeting otherwise on which an answer rests, and what is
    /// reserved for each act that they changed.
    pub fn otherwise(&self, answer: &str) -> (Vec<Evidence>, Vec<String>) {
        let gives_duties = |version: &Version| !list(version.body(), "/duties").is_empty();
        let mut changed = match answer {
            "scope" => self.changed_in("scope", |_| true),
            "policy" => self.changed_in("policy", |_| true),
            "owner" => self.changed_in("appointment", gives_duties),
            "risk_assessment" => self.changed_in("risk_criteria", |_| true),
            _ => Vec::new(),
        };
        changed.extend(self.changed_declarations(declared_for(answer)));
        let evidence = changed
            .iter()
            .filter_map(|(_, one, _)| self.recorded_otherwise(&one.by));
        let reserved = changed.iter().map(|one| self.reserved_for(one));
        (evidence.collect(), reserved.collect())
    }

    /// Returns what was changed of the versions of a kind that count about the day, or would.
    fn changed_in(&self, kind: &str, concerns: impl Fn(&Version) -> bool) -> Vec<Changed<'_>> {
        let mut found = Vec::new();
        for record in self.q.records.of_kind(kind) {
            let current = self.at.in_force(record);
            let changed = changed(record).filter(|(version, ..)| concerns(version));
            found.extend(changed.filter(|(version, one, act)| {
                let on = match &*act.name {
                    "end" => one.by.recorded_on,
                    _ => act.takes_effect(),
                };
                self.at.reached(on) && is_by(current, version, act)
            }));
        }
        found
    }

    /// Returns what was changed of the declarations that state something an answer goes by.
    fn changed_declarations(&self, pointers: &[&str]) -> Vec<Changed<'_>> {
        let mut found = Vec::new();
        for record in self.q.records.of_kind("declaration") {
            found.extend(changed(record).filter(|(version, one, act)| {
                let states = |at: &&&str| record::at(version.body(), at).is_some();
                let mut stated = pointers.iter().filter(states);
                let rests =
                    |at: &&str| is_by(self.at.declaration(at).map(|one| one.version), version, act);
                self.at.reached(one.by.recorded_on) && stated.any(rests)
            }));
        }
        found
    }

    pub(crate) fn recorded_otherwise(&self, by: &Event) -> Option<Evidence> {
        let version = self.q.records.get(by.id)?.version(by.version)?;
        Some(match by.name.is_empty() {
            true => self.evidence(version, None),
            false => self.done(version, by, by.facts.effective_on),
        })
    }

    /// Says what became of a meeting by an entry, in the words that follow "was".
    pub(crate) fn meeting_since(&self, by: &Event) -> String {
        let meeting = self.q.records.get(by.id);
        let stands = meeting.is_some_and(|one| one.standing().next().is_some());
        let on = by.recorded_on.in_words();
        match &*by.name == WITHDRAW && !stands {
            true => format!("withdrawn on {on} as entered in error"),
            false => format!("recorded otherwise on {on}"),
        }
    }

    fn reserved_for(&self, (_, one, act): &Changed<'_>) -> String {
        let counts = if act.counts {
            "counts again"
        } else {
            "counts no more"
        };
        let Approver::Body { resolution, .. } = act.by else {
            return String::new();
        };
        format!(
            "{}, by which {} was {} on {}, {counts}: its meeting was {}.",
            self.undated(resolution, act.decided_on),
            self.version_in_sentence(act.of),
            wording::done(&act.name),
            act.decided_on.in_words(),
            self.meeting_since(&one.by)
        )
    }
}

/// Returns where declarations state what an answer goes by.
pub(crate) fn declared_for(answer: &str) -> &'static [&'static str] {
    match answer {
        "scope" => SCOPE,
        "policy" => &[POLICY],
        "risk_assessment" => ASSESSMENTS,
        "management_review" => &[REVIEWS],
        _ => &[],
    }
}

/// Returns the last change of each act on a record that a meeting recorded otherwise made.
fn changed(record: &Record) -> impl Iterator<Item = Changed<'_>> {
    record.standing().flat_map(|version| {
        version.acts.iter().filter_map(move |(act, _)| {
            let mut all = version.corrected.iter().rev();
            let last = all.find(|one| one.was.0.is_again(act) && one.was.0.counts != act.counts)?;
            Some((version, last, act))
        })
    })
}

/// Returns whether an act concerns the version that counts, or one that would have come after.
fn is_by(current: Option<&Version>, version: &Version, act: &Approval) -> bool {
    current.is_none_or(|current| {
        let from = current
            .approval_or_last()
            .map(|(act, _)| act.takes_effect());
        current.cite() == version.cite() || from.is_none_or(|from| from <= act.takes_effect())
    })
}
