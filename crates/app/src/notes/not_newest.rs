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
    /// The day from which that was in force, where it was.
    since: Option<Day>,
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
            since: Some(since),
        });
    }
    let was_there = |version: &&Version| {
        let put = &version.put;
        let by_then = put.facts.effective_on <= on || put.recorded_on <= on;
        // One that was approved before, and is not in force, is not to come any more.
        let mut approved = version.counted("approve");
        by_then && put.seq < event.seq && !approved.any(|(_, by)| by.seq < event.seq)
    };
    let newest = record.standing().rfind(was_there)?.number();
    (newest > than.version).then_some(Newer {
        than,
        version: newest,
        since: None,
    })
}

impl Newer {
    /// Says so, by the title of the record.
    pub(crate) fn note(&self, title: &str) -> EntryNote {
        let (kept, newer) = (self.than.version, self.version);
        let (told, hint) = match self.since {
            Some(since) => (
                format!(
                    "version {newer} is in force in its place since {}, and its review is due as before",
                    since.in_words()
                ),
                format!(
                    "If version {newer} was meant, let it be decided of that: a resolution cites it, a person makes the move `keep` on it."
                ),
            ),
            None => (
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
