//! What was done to records that questions read, and is no more since a day, or was not before: the
//! resolution that did so was withdrawn, attested again, or its meeting recorded otherwise. The entry that says so is on neither of those
//! records.

use record::approve::{self, Approver};
use record::{Approval, Cite, Day, Record, Version};

use crate::kept::MANY;
use crate::status::Base;
use crate::view::Evidence;
use crate::wording;

/// What was taken back, or told again, since a day: the entries that did so, and what is said of it.
pub(crate) struct Undone {
    pub entries: Vec<Evidence>,
    pub said: String,
}

impl Base<'_> {
    /// Returns what was taken back or told again since a day, of what was decided about the day asked about by then
    /// on records of the kinds that questions read.
    pub(crate) fn undone(&self, asked: &[String], day: Day) -> Vec<Undone> {
        let kinds = self.kinds_read(asked);
        let reads = |cite: Cite| {
            let record = self.q.records.get(cite.id);
            record.is_some_and(|record| kinds.contains(&*record.kind))
        };
        let resolutions = self.q.records.of_kind("resolution");
        let withdrawn = resolutions.flat_map(|record| &record.versions);
        let withdrawn = withdrawn.filter_map(|one| self.withdrawn_since(one, day, reads));
        let read = kinds.iter().filter(|kind| **kind != MANY);
        let read = read.flat_map(|kind| self.q.records.of_kind(kind));
        let versions = read.flat_map(Record::standing);
        let of_version = |version| {
            let corrected = self.corrected_since(version, day).into_iter();
            corrected.chain(self.attested_again(version, day))
        };
        withdrawn.chain(versions.flat_map(of_version)).collect()
    }

    /// Says of a resolution that had done something to what is read, as far as was known on a day, that
    /// it was withdrawn since.
    fn withdrawn_since(
        &self,
        resolution: &Version,
        day: Day,
        reads: impl Fn(Cite) -> bool,
    ) -> Option<Undone> {
        let by = resolution.withdrawn.as_deref();
        let by = by.filter(|by| by.recorded_on > day)?;
        let known = resolution.moves.iter().filter(|one| one.recorded_on <= day);
        let mut acts = known.flat_map(|event| &event.facts.acts);
        let act = acts.find(|act| self.was_known(act) && reads(act.of))?;
        Some(Undone {
            entries: vec![
                self.evidence(resolution, Some(act.decided_on)),
                self.done(resolution, by, by.facts.effective_on),
            ],
            said: format!(
                "{}, was withdrawn on {}.",
                self.by_which(resolution.cite(), act),
                by.recorded_on.in_words()
            ),
        })
    }

    /// Says of what was done to a version, as far as was known on a day, that it counts no more, or
    /// again, since the meeting was recorded otherwise at which that was decided.
    fn corrected_since(&self, version: &Version, day: Day) -> Vec<Undone> {
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
                entries: vec![told],
                said: format!(
                    "{}, {counts}: its meeting was recorded otherwise on {}.",
                    self.by_which(resolution, act),
                    by.recorded_on.in_words()
                ),
            })
        });
        acts.collect()
    }

    /// Says of what was done to a version that a resolution did it which had adopted nothing, as far as
    /// was known on a day, and was put and attested again since: that tells again what was told before.
    fn attested_again(&self, version: &Version, day: Day) -> Vec<Undone> {
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
