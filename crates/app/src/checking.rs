//! Checking a pack: what it is bound by, and its status computed again.

use std::collections::HashMap;
use std::fs::File;

use catalogue::Catalogue;
use ledger::{Entry, Frontier, VerifierKey, hash};
use pack::{PackReader, Report, Trust};
use record::Registry;
use uuid::Uuid;

use crate::dates::{Moment, Zone};
use crate::error::{AppError, Result};
use crate::known::{Knowing, Known, Stated, status_json};
use crate::left_out::LeftOut;

/// Verifies a pack, trusting nothing in it.
///
/// # Errors
/// When it cannot be read at all; whatever is wrong with it is in the report.
pub fn check_pack(
    file: File,
    keys: Vec<VerifierKey>,
    previous: Option<String>,
    registry: &Registry,
    catalogue: &Catalogue,
) -> Result<Report> {
    let trust = Trust { keys, previous };
    let mut temporary = tempfile::tempfile;
    let verified = pack::verify(file, &mut temporary, &trust)
        .map_err(|error| AppError::io("reading the pack", error))?;
    let mut report = verified.report;
    if let Some(mut reader) = verified.pack
        && report.failures.is_empty()
    {
        let difference = computed(&mut reader, registry, catalogue, &mut report)
            .unwrap_or_else(|error| Some(error.to_string()));
        report.status_computed(difference);
    }
    Ok(report)
}

type Opened = PackReader<File>;

/// Computes `status.json` again and returns how it differs, if it does; tells the report what the
/// pack leaves out without saying so.
fn computed(
    reader: &mut Opened,
    registry: &Registry,
    catalogue: &Catalogue,
    report: &mut Report,
) -> Result<Option<String>> {
    let (as_of, known_by) = (
        reader.manifest().as_of.clone(),
        reader.manifest().known_by.clone(),
    );
    if reader.manifest().rules != catalogue.edition {
        return Ok(Some(format!(
            "it was computed by the rules {}, and these are {}",
            reader.manifest().rules,
            catalogue.edition
        )));
    }
    let (known, frontier) = put_together(reader, registry, &known_by, report)?;
    let stated = Stated {
        as_of: &as_of,
        known_by: &known_by,
        entries: frontier.size(),
        root: frontier.root().to_string(),
    };
    let about = known.about(&as_of, |seq| {
        let entry = Entry::parse(&reader.entry(seq).ok()?).ok()?;
        i64::try_from(entry.time_unix_ms).ok()
    })?;
    let meant = status_json(&known.status(catalogue, &stated, about))?;
    let found = reader
        .member("status.json")
        .map_err(AppError::fault)?
        .unwrap_or_default();
    Ok((meant != found).then(|| "it is not what the records in the pack make".to_owned()))
}

/// Puts together what was known by U, and the tree over those entries.
fn put_together(
    reader: &mut Opened,
    registry: &Registry,
    known_by: &str,
    report: &mut Report,
) -> Result<(Known, Frontier)> {
    let mut knowing = Knowing::new(registry);
    let mut frontier = Frontier::new();
    let mut newest: HashMap<Uuid, u64> = HashMap::new();
    let mut left_out = LeftOut::default();
    let until = until(known_by)?;
    let mut zone = None;
    for seq in 0..reader.entry_count() {
        let bytes = reader.entry(seq).map_err(AppError::fault)?;
        let entry = Entry::parse(&bytes).map_err(AppError::fault)?;
        let time = i64::try_from(entry.time_unix_ms).map_err(AppError::fault)?;
        if !until.covers(seq, time, zone.as_ref()) {
            continue;
        }
        frontier.append(hash::leaf_hash(&bytes));
        let added = knowing.add(seq, &entry, |commitment| {
            reader.group(commitment).map_err(AppError::fault)
        })?;
        newest.extend(added.put.map(|id| (id, seq)));
        left_out.note(reader, seq, &added.cited)?;
        if zone.is_none() {
            zone = knowing.zone().cloned();
        }
    }
    name(&mut knowing, reader, newest)?;
    for failure in left_out.unaccounted(reader, frontier.size())? {
        report.fail(failure);
    }
    Ok((knowing.finish()?, frontier))
}

/// Reads the title of each record from the entry that last put it: looking a group up by its
/// hash is most of the work, and no earlier title is shown.
fn name(knowing: &mut Knowing<'_>, reader: &mut Opened, newest: HashMap<Uuid, u64>) -> Result<()> {
    // In the order of the log, so that each bundle is read once.
    let mut newest: Vec<(u64, Uuid)> = newest.into_iter().map(|(id, seq)| (seq, id)).collect();
    newest.sort_unstable();
    for (seq, id) in newest {
        let bytes = reader.entry(seq).map_err(AppError::fault)?;
        let entry = Entry::parse(&bytes).map_err(AppError::fault)?;
        knowing.name(id, &entry, |commitment| {
            reader.group(commitment).map_err(AppError::fault)
        })?;
    }
    Ok(())
}

enum Until {
    Size(u64),
    Instant(i64),
    Day(record::Day),
}

impl Until {
    /// Whether an entry was known by then; the first, which names the zone, always was.
    fn covers(&self, seq: u64, time: i64, zone: Option<&Zone>) -> bool {
        match self {
            Until::Size(size) => seq < *size,
            Until::Instant(instant) => time <= *instant,
            Until::Day(day) => zone.is_none_or(|zone| zone.day(time) <= *day),
        }
    }
}

fn until(known_by: &str) -> Result<Until> {
    Ok(match Moment::parse(known_by)? {
        Moment::Now => Until::Size(u64::MAX),
        Moment::Entry(seq) => Until::Size(seq + 1),
        Moment::Instant(ms) => Until::Instant(ms),
        Moment::Day(day) => Until::Day(day),
    })
}
