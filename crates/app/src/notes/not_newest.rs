//! That a version which is kept as it is was not the newest when that was decided: what is kept is
//! not what counts, or not what is to count next.

use record::{Cite, Day, Event, KindSpec, Record, Records, Version};

use super::{EntryNote, decided};

/// A version newer than one that is kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Newer {
    /// The version that is kept.
    pub than: Cite,
    /// The number of the newer one.
    version: u32,
    /// Whether that counts.
    counts: Counts,
}

/// Whether a newer version counts on the day of the decision.
#[derive(Debug, Clone, Copy)]
enum Counts {
    /// It is in force since a day.
    Since(Day),
    /// It is approved, and takes effect on a later day.
    From(Day),
    /// It is not approved.
    Not,
}

/// Returns, of each version that an entry keeps, the newer one that was there on the day decided: the
/// one in force, or else the newest.
pub(crate) fn newer_than_kept(
    event: &Event,
    kind: Option<&KindSpec>,
    records: &Records,
) -> Vec<Newer> {
    let kept = decided(event, kind, "keep").into_iter();
    kept.filter_map(|(than, on, _)| newer(records.get(than.id)?, event, (than, on)))
        .collect()
}

fn newer(record: &Record, event: &Event, (than, on): (Cite, Day)) -> Option<Newer> {
    let approved = record.approved_when(|day| day <= on);
    // What was recorded afterwards could not be known to whoever recorded this.
    let approved = approved.filter(|one| one.event.seq < event.seq);
    let in_force = approved.map(|one| (one.version.number(), one.since));
    if let Some((version, since)) = in_force.filter(|(version, _)| *version > than.version) {
        return Some(Newer {
            than,
            version,
            counts: Counts::Since(since),
        });
    }
    let was_there = |version: &&Version| {
        let put = &version.put;
        let by_then = put.facts.effective_on <= on || put.recorded_on <= on;
        by_then && put.seq < event.seq
    };
    let there = record.standing().rev().filter(was_there);
    let (version, counts) = there
        .filter_map(|one| Some((one, to_come(one, event, on)?)))
        .next()?;
    (version.number() > than.version).then_some(Newer {
        than,
        version: version.number(),
        counts,
    })
}

/// Returns how a version that is not in force on a day may come to count: one that was approved
/// before, and takes effect on no later day, does not any more.
fn to_come(version: &Version, event: &Event, on: Day) -> Option<Counts> {
    let before = |by: &Event| by.seq < event.seq;
    if !version.counted("approve").any(|(_, by)| before(by)) {
        return Some(Counts::Not);
    }
    let later = version.approved().filter(|one| {
        let is_later = on < one.from && one.last.is_none_or(|last| one.from <= last);
        before(one.event) && is_later
    });
    later.map(|one| one.from).min().map(Counts::From)
}

impl Newer {
    /// Says so, by the title of the record.
    pub(crate) fn note(&self, title: &str) -> EntryNote {
        let (kept, newer) = (self.than.version, self.version);
        let meant = format!(
            "If version {newer} was meant, let it be decided of that: a resolution cites it, a person makes the move `keep` on it."
        );
        let (told, hint) = match self.counts {
            Counts::Since(since) => (
                format!(
                    "version {newer} is in force in its place since {}, and its review is due as before",
                    since.in_words()
                ),
                meant,
            ),
            Counts::From(day) => (
                format!(
                    "version {newer} takes its place on {}, and the review of that is due as before",
                    day.in_words()
                ),
                meant,
            ),
            Counts::Not => (
                format!("version {newer} is on record, and not in force"),
                format!("If it was decided on version {newer}, let that be approved instead."),
            ),
        };
        EntryNote {
            code: "not_newest".to_owned(),
            hint,
            message: format!("This keeps version {kept} of “{title}”; {told}."),
            of: Some(self.than),
            versions: vec![newer],
        }
    }
}
