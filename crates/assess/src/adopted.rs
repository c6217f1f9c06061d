//! What is said of how a version was adopted: why a resolution adopted nothing, and that what was
//! adopted was recorded only afterwards.

use std::sync::Arc;

use record::approve::{self, Approval, Approver};
use record::{Cite, Day, Event, Record, Version, slots};
use uuid::Uuid;

use crate::at::{day, id};
use crate::ended::Cause;
use crate::evidence::IN_TIME;
use crate::rules::attested;
use crate::status::Base;
use crate::view::Evidence;
use crate::wording;

impl Base<'_> {
    /// Says why what a body resolved adopted nothing, in the words that follow the resolution.
    fn adopted_nothing(&self, act: &Approval) -> String {
        let because = act.because.as_deref().unwrap_or_default();
        let why = match self.minutes_corrected(act) {
            Some((on, None)) => format!(
                "was passed at a meeting that was withdrawn on {} as entered in error,",
                on.in_words()
            ),
            Some((on, Some(meeting))) if !sat(meeting, act) => format!(
                "cites a meeting at which, as corrected on {}, its body did not sit on that day,",
                on.in_words()
            ),
            Some((on, Some(_))) => format!(
                "was passed at a meeting whose minutes, as corrected on {}, show no quorum,",
                on.in_words()
            ),
            None => approve::why(because).to_owned(),
        };
        format!("{why} and {}", approve::came_to_nothing(&act.name))
    }

    /// Names the resolution that kept a record last, where it was withdrawn since as entered in error:
    /// it never kept anything. What was decided on that day or later, and stands, kept it instead.
    pub fn kept_in_error(&self, id: Uuid) -> Cause {
        let resolutions = self.q.records.of_kind("resolution");
        let versions = resolutions.flat_map(|record| &record.versions);
        let withdrawn = versions.filter_map(|version| Some((version, version.withdrawn.as_ref()?)));
        let kept = withdrawn.flat_map(|(version, event)| {
            let acts = version.moves.iter().flat_map(|one| &one.facts.acts);
            let kept = acts.filter(|act| act.of.id == id && act.name == "keep" && act.counts);
            kept.map(move |act| (act.decided_on, version, event))
        });
        let last = kept
            .filter(|(on, ..)| self.at.reached(*on))
            .max_by_key(|(on, version, _)| (*on, version.put.seq));
        let record = self.q.records.get(id).into_iter();
        let acts = record.flat_map(Record::standing).flat_map(|one| &one.acts);
        let stands = acts.filter(|(act, _)| act.counts && self.at.reached(act.decided_on));
        let stands = stands.map(|(act, _)| act.decided_on).max();
        let last = last.filter(|(on, ..)| stands.is_none_or(|stands| stands < *on));
        last.map_or_else(Cause::default, |(on, version, event)| {
            let told = format!(
                " {} of {}, which kept it as it is, was withdrawn on {} as entered in error.",
                self.undated(version.cite(), on),
                on.in_words(),
                event.recorded_on.in_words()
            );
            let withdrawn = self.done(version, event, event.facts.effective_on);
            (told, vec![self.evidence(version, Some(on)), withdrawn])
        })
    }

    /// Names the last resolution that wanted to move a slot which was not moved, and moved nothing,
    /// or is not attested.
    pub fn moved_nothing(&self, declaration: Uuid, first_day: Day) -> Cause {
        let Some(record) = self.q.records.get(declaration) else {
            return Cause::default();
        };
        let acts = record.standing().flat_map(|version| &version.acts);
        let moves = acts.filter(|(act, _)| {
            let moves = act.name == "move_slot" && self.at.reached(act.decided_on);
            moves && day(&act.carries, "/first_day") == Some(first_day)
        });
        let last = moves.max_by_key(|(act, event)| (act.decided_on, event.seq));
        let open = attested::moving(&self.at, declaration, first_day);
        if let Some((on, resolution)) =
            open.filter(|(on, _)| last.is_none_or(|(act, _)| act.decided_on <= *on))
        {
            return self.wants_attesting(on, resolution);
        }
        let lost = last.filter(|(act, _)| !act.counts);
        lost.map_or_else(Cause::default, |lost| {
            self.resolved_nothing(lost, ", which was to move that slot,")
        })
    }

    /// Names a resolution that is not attested, after a space.
    pub fn wants_attesting(&self, on: Day, resolution: &Version) -> Cause {
        let told = format!(" {}", self.not_attested(on, resolution));
        (told, vec![self.evidence(resolution, Some(on))])
    }

    /// Names the resolution of a body that came to nothing, and says what it was to do and why it did
    /// not, after a space.
    pub fn resolved_nothing(&self, (act, event): &(Approval, Arc<Event>), meant: &str) -> Cause {
        let Approver::Body { resolution, .. } = act.by else {
            return Cause::default();
        };
        let on = act.decided_on;
        let told = format!(
            " {} of {}{meant} {}.",
            self.undated(resolution, on),
            on.in_words(),
            self.adopted_nothing(act)
        );
        (told, self.resolved(resolution, event, on))
    }

    /// Returns the day on which the meeting was recorded otherwise at which a body resolved what
    /// stopped counting then, and the version of it that was left.
    fn minutes_corrected(&self, act: &Approval) -> Option<(Day, Option<&Version>)> {
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
        let last = last?;
        let stood = |version: &Version| {
            let withdrawn = version.withdrawn.as_ref();
            version.put.seq <= last.seq && withdrawn.is_none_or(|event| last.seq < event.seq)
        };
        Some((last.recorded_on, versions.iter().rfind(|one| stood(one))))
    }

    /// Says of a version that an answer rests on that it is of a later day than its approval, and was
    /// recorded then: what was before those who decided is not shown. What claims to be older is
    /// taken at its word, and what was recorded late or brought in says so already.
    pub fn adopted_before(&self, one: &Evidence) -> Option<String> {
        let (id, version) = (one.id, one.version);
        let version = self.q.records.cited(Cite { id, version })?;
        let act = self.at.approved(version)?.act;
        let put = &version.put;
        let later = act.decided_on < put.recorded_on.min(put.facts.effective_on);
        (later && one.name_of_move.is_none() && one.provenance == IN_TIME).then(|| {
            format!(
                "{} was recorded on {}, after it was {} on {}; the records do not show that this text was before those who decided.",
                self.version_in_sentence(version.cite()),
                put.recorded_on.in_words(),
                wording::done(&act.name),
                act.decided_on.in_words()
            )
        })
    }
}

/// Whether a meeting, by one of its versions, was one of the body that decided, and sat on that day.
fn sat(meeting: &Version, act: &Approval) -> bool {
    let Approver::Body { body, .. } = act.by else {
        return false;
    };
    let of_body = id(meeting.body(), "/body") == Some(body);
    of_body && slots::sittings(meeting.body()).contains(&act.decided_on)
}
