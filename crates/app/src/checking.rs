//! Checking a pack: what it is bound by, and its status computed again.

use std::fs::File;

use catalogue::Catalogue;
use pack::{PackReader, Report, Shared, Trust};
use record::Registry;
use serde::Serialize;

use crate::chance;
use crate::error::{AppError, Result};
use crate::recomputed::{Opened, Walked};

/// Verifies a pack, trusting nothing in it.
///
/// # Errors
/// When it cannot be read at all, or the operating system has no randomness to give; whatever is wrong
/// with it is in the report.
pub fn check_pack(
    file: File,
    trust: Trust,
    registry: &Registry,
    catalogue: &Catalogue,
) -> Result<Report> {
    let mut temporary = tempfile::tempfile;
    let secret = chance::secret()?;
    let verified = pack::verify(Shared::from(file), &mut temporary, &trust, secret)
        .map_err(|error| AppError::io("reading the pack", error))?;
    let mut report = verified.report;
    if let Some(reader) = verified.pack
        && report.failures.is_empty()
    {
        let difference = computed(reader, registry, catalogue, &mut report)
            .unwrap_or_else(|error| Some(error.to_string()));
        report.status_computed(difference);
    }
    Ok(report)
}

/// Returns how the status of a pack just made differs from what the records in it make, if it
/// does.
///
/// # Errors
/// When it is no pack, or a group is not as it was recorded.
pub(crate) fn differs(
    file: File,
    (registry, catalogue): (&Registry, &Catalogue),
) -> Result<Option<String>> {
    let mut reader = PackReader::open(Shared::from(file)).map_err(AppError::fault)?;
    let mut walked = walked(&reader, registry)?;
    compared(&mut reader, &mut walked, catalogue)
}

/// Computes `status.json` again and returns how it differs, if it does; tells the report what the
/// pack leaves out without saying so.
fn computed(
    mut reader: Opened,
    registry: &Registry,
    catalogue: &Catalogue,
    report: &mut Report,
) -> Result<Option<String>> {
    let said = reader.manifest().clone();
    if said.rules != catalogue.edition {
        return Ok(Some(format!(
            "it was computed by the rules {}, and these are {}",
            said.rules, catalogue.edition
        )));
    }
    let mut walked = walked(&reader, registry)?;
    let difference = compared(&mut reader, &mut walked, catalogue)?;
    for failure in walked
        .left_out
        .unaccounted(&mut reader, walked.frontier.size())?
    {
        report.fail(failure);
    }
    Ok(difference)
}

fn walked<'a>(reader: &Opened, registry: &'a Registry) -> Result<Walked<'a>> {
    let said = reader.manifest();
    Walked::over(reader.clone(), registry, (&said.as_of, &said.known_by))
}

fn compared(
    reader: &mut Opened,
    walked: &mut Walked<'_>,
    catalogue: &Catalogue,
) -> Result<Option<String>> {
    let said = reader.manifest().clone();
    let status = walked.status(catalogue, (&said.as_of, &said.known_by))?;
    let found = reader.member("status.json").map_err(AppError::fault)?;
    let differs = status_json(&status)? != found.unwrap_or_default();
    Ok(differs.then(|| "it is not what the records in the pack make".to_owned()))
}

/// Returns the bytes of `status.json`.
///
/// # Errors
/// Never in practice: a status is plain data.
pub(crate) fn status_json(view: &impl Serialize) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(view).map_err(AppError::fault)?;
    bytes.push(b'\n');
    Ok(bytes)
}
