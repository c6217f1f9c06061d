//! The database that holds the ledger: whole, as declared, and with nothing in it but ours.

use std::io::{BufRead, BufReader, BufWriter, Seek, Write};

use store::{CHECKPOINTS, GOVERNANCE_LOG, Rows, Writer};

use super::{DERIVED, Failures};
use crate::error::{AppError, Result};

/// Checks that the database is whole, declares what a new one declares, and keeps nothing
/// that no entry accounts for.
pub async fn check(
    rows: Rows<'_>,
    rebuilt: &Writer,
    checkpoints: usize,
    failures: &mut Failures,
) -> Result<()> {
    for line in rows.damage().await? {
        failures.add(None, "the database is damaged", line);
    }
    let (found, meant) = (rows.declared().await?, rebuilt.rows().declared().await?);
    for odd in found.iter().filter(|one| !meant.contains(one)) {
        failures.add(None, "the database declares what is not ours", odd.as_str());
    }
    for gone in meant.iter().filter(|one| !found.contains(one)) {
        failures.add(
            None,
            "the database lacks what it should declare",
            gone.as_str(),
        );
    }
    for log in rows.logs().await? {
        if log != i64::from(GOVERNANCE_LOG) {
            failures.add(None, "rows of a log that is not kept here", log.to_string());
        }
    }
    let kept = rows.metas().await?;
    let mut meant = vec![(CHECKPOINTS.to_owned(), checkpoints.to_string())];
    // They are counted from the first on.
    meant.retain(|_| checkpoints > 0);
    if kept != meant {
        let kept: Vec<String> = kept
            .iter()
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        let kept = match kept.is_empty() {
            true => "no number".to_owned(),
            false => kept.join(", "),
        };
        let detail = format!("{checkpoints} are here; kept is: {kept}");
        failures.add(
            None,
            "the checkpoints are not as many as were signed",
            detail,
        );
    }
    Ok(())
}

/// Rebuilds everything derived and compares the ordered dumps line by line.
pub async fn compare_derived(
    rows: Rows<'_>,
    rebuilt: &Writer,
    failures: &mut Failures,
) -> Result<()> {
    let stored = spool(rows).await?;
    let meant = spool(rebuilt.rows()).await?;
    let mut stored = BufReader::new(stored).lines();
    let mut meant = BufReader::new(meant).lines();
    loop {
        let read = |line: Option<std::io::Result<String>>| {
            line.transpose()
                .map_err(|error| AppError::io("reading a temporary file", error))
        };
        match (read(stored.next())?, read(meant.next())?) {
            (None, None) => return Ok(()),
            (one, other) if one == other => {}
            (one, other) => {
                failures.add(None, DERIVED, one.or(other).unwrap_or_default());
                return Ok(());
            }
        }
    }
}

async fn spool(rows: Rows<'_>) -> Result<std::fs::File> {
    let failed = |error| AppError::io("writing a temporary file", error);
    let mut out = BufWriter::new(tempfile::tempfile().map_err(failed)?);
    let mut fault = None;
    rows.dump_derived(&mut |line| {
        if let Err(error) = writeln!(out, "{line}") {
            fault = Some(error);
        }
    })
    .await?;
    if let Some(error) = fault {
        return Err(failed(error));
    }
    let mut file = out
        .into_inner()
        .map_err(|error| failed(error.into_error()))?;
    file.rewind().map_err(failed)?;
    Ok(file)
}
