//! What is said of how a version was adopted: why a resolution adopted nothing, and that what was
//! adopted was recorded only afterwards.

use std::sync::Arc;

use record::approve::{self, Approval, Approver};
use record::{Cite, Day, Event, Record, Version, attendance, slots};
use uuid::Uuid;

use crate::at::{day, id};
use crate::ended::Cause;
use crate::evidence::IN_TIME;
use crate::rules::attendance::circulated_unallowed;
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
            Some((on, Some(meeting))) => self.lost_at(act, meeting, &on.in_words()),
            None => approve::why(because).to_owned(),
        };
        format!("{why} and {}", approve::came_to_nothing(&act.name))
    }

    /// Says why what a body resolved counts no longer by a version of its meeting that was recorded on
    /// a day, in the words that follow the resolution.
    fn lost_at(&self, act: &Approval, meeting: &Version, on: &str) -> String {
        let Approver::Body { body, resolution } = act.by else {
            return String::new();
        };
        let decided_on = act.decided_on;
        let resolution = self.q.records.cited(resolution);
        let item = resolution.and_then(|one| one.body().get("item")?.as_str());
        if circulated_unallowed(&self.at, meeting, (body, decided_on)) {
            return format!(
                "was passed by circulation, as its meeting is recorded since {on}, which its body's terms do not allow,"
            );
        }
        // It was not of that body then, or sat on another day.
        let sat = slots::sat_on(meeting.body(), decided_on);
        if id(meeting.body(), "/body") != Some(body) || sat.is_empty() {
            return format!(
                "cites a meeting at which, as corrected on {on}, its body did not sit on that day,"
            );
        }
        let was_held = meeting
            .body()
            .get("state")
            .is_none_or(|state| state != "inquorate");
        let is_none = |item| attendance::is_no_item(meeting.body(), &sat, item);
        if was_held && item.is_some_and(is_none) {
            return format!(
                "names an item that its meeting, as corrected on {on}, did not have that day,"
            );
        }
        format!("was passed at a meeting whose minutes, as corrected on {on}, show no quorum,")
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

    /// Says of a resolution that an answer rests on what else it rests on that was approved, kept or
    /// accepted there, where the item had another version of that before the body.
    pub fn on_other_paper(&self, one: &Evidence, among: &[Evidence]) -> Vec<String> {
        let (id, version) = (one.id, one.version);
        let resolution = self.q.records.cited(Cite { id, version });
        let resolution = resolution.filter(|_| &*one.kind == "resolution");
        let Some(resolution) = resolution.filter(|_| one.name_of_move.is_none()) else {
            return Vec::new();
        };
        let Some((item, meeting)) = self.decided_at(resolution) else {
            return Vec::new();
        };
        let rests_on = |act: &Approval| among.iter().any(|other| other.id == act.of.id);
        let stands = |act: &Approval| {
            let stands = ["approve", "keep", "accept"].contains(&act.name.as_str());
            stands && act.counts && rests_on(act)
        };
        let acts = resolution.moves.iter().flat_map(|one| &one.facts.acts);
        let acts = acts.filter(|act| stands(act));
        let had = acts.map(|act| {
            let had = attendance::other_papers(meeting.body(), item, act.of);
            (act, had)
        });
        let had = had.filter(|(_, had)| !had.is_empty());
        let said = had.map(|(act, had)| {
            let of = self.version_in_sentence(act.of);
            let n = act.of.version;
            let done = match act.name.as_str() {
                "keep" => format!("kept version {n} of {of} as it is"),
                name => format!("{} version {n} of {of}", wording::done(name)),
            };
            format!(
                "{} {done}, and item {item} of its meeting had {} before the body; the records do not show that version {n} was.",
                self.version_in_sentence(resolution.cite()),
                attendance::versions_in_words(&had)
            )
        });
        said.collect()
    }

    /// Returns the item at which a resolution was passed, where it names one, and the version that
    /// speaks for its meeting.
    fn decided_at<'v>(&'v self, resolution: &'v Version) -> Option<(&'v str, &'v Version)> {
        let item = resolution.body().get("item")?.as_str()?;
        let meeting = id(resolution.body(), "/meeting/id")?;
        let mut standing = self.q.records.get(meeting)?.standing();
        Some((item, standing.next_back()?))
    }
}
