//! The auditor's file: made, listed, verified.

use std::fs::File;
use std::path::{Path, PathBuf};

use app::{AppError, Result};
use catalogue::Catalogue;
use record::Refusal;
use serde::Serialize;

use super::{asked, reading, registry};
use crate::args::{Global, When};
use crate::out::{DONE, NOT_SO, hint, say};

pub async fn pack(
    global: &Global,
    out: &Path,
    when: &When,
    (profile, list): (&str, bool),
) -> Result<u8> {
    if profile != "auditor" {
        return Err(
            Refusal::new("wrong_use", format!("There is no profile {profile:?} yet."))
                .hint("Packs are made for the auditor: leave out --for.")
                .into(),
        );
    }
    let ledger = reading(global).await?;
    let leaving = if list {
        ledger.leaving(&asked(when)).await?
    } else {
        ledger.pack(out, &asked(when)).await?
    };
    if global.json {
        say(&serde_json::to_string(&leaving).map_err(AppError::fault)?);
        return Ok(DONE);
    }
    say(&format!(
        "{} entries, {} groups, {} files{}",
        leaving.entries,
        leaving.groups,
        leaving.files,
        if list { " would leave" } else { "" }
    ));
    for one in &leaving.withheld_groups {
        say(&format!(
            "withheld: entry {}, group {} ({}: {})",
            one.seq, one.group, one.mark, one.basis
        ));
    }
    for one in &leaving.withheld_files {
        say(&format!(
            "withheld: file {} ({}: {})",
            one.file, one.mark, one.basis
        ));
    }
    for one in &leaving.withdrawn {
        say(&format!("named as withdrawn: {}", one.sentence(None)));
    }
    if !list {
        hint(&format!(
            "Wrote {}. Hand over the verifier key some other way: `minutebook key`.",
            out.display()
        ));
    }
    Ok(DONE)
}

/// What the verifier brought.
pub struct Brought<'a> {
    pub key: Option<&'a PathBuf>,
    pub policy: Option<&'a PathBuf>,
    pub previous: Option<&'a PathBuf>,
}

pub fn verify(global: &Global, pack: &Path, brought: &Brought<'_>) -> Result<u8> {
    let file = File::open(pack)
        .map_err(|error| AppError::io(format!("reading {}", pack.display()), error))?;
    let mut keys = Vec::new();
    if let Some(path) = brought.key {
        keys.push(vkey(text(path)?.trim(), path)?);
    }
    let mut demands_witnesses = false;
    if let Some(path) = brought.policy {
        let policy = policy(&text(path)?, path)?;
        keys.extend(policy.0);
        demands_witnesses = policy.1;
    }
    let previous = brought.previous.map(|path| text(path)).transpose()?;
    let catalogue = Catalogue::iso_42001().map_err(AppError::fault)?;
    let mut report = app::check_pack(file, keys, previous, &registry(), &catalogue)?;
    if demands_witnesses {
        report.complete = false;
        report.not_checked.push(
            "the witnesses that the policy demands: this version cannot check cosignatures"
                .to_owned(),
        );
    }
    say_report(
        global,
        &report,
        (report.verified, report.complete, report.entries),
    )?;
    if !global.json {
        for failure in &report.failures {
            say(&format!("  {}: {}", failure.what, failure.detail));
        }
        for line in &report.not_checked {
            say(&format!("  not checked: {line}"));
        }
        hint(&format!("not demanded: {}", report.not_demanded.join(", ")));
    }
    Ok(if report.verified && report.complete {
        DONE
    } else {
        NOT_SO
    })
}

fn say_report(
    global: &Global,
    report: &impl Serialize,
    (verified, complete, entries): (bool, bool, u64),
) -> Result<()> {
    if global.json {
        say(&serde_json::to_string(report).map_err(AppError::fault)?);
        return Ok(());
    }
    let word = match (verified, complete) {
        (true, true) => "verified",
        (true, false) => "NOT COMPLETE: what was checked holds, and not everything was checked",
        _ => "NOT VERIFIED",
    };
    say(&format!("{word}: {entries} entries"));
    Ok(())
}

fn text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path)
        .map_err(|error| AppError::io(format!("reading {}", path.display()), error))
}

fn vkey(text: &str, path: &Path) -> Result<app::VerifierKey> {
    app::VerifierKey::parse(text).map_err(|error| {
        Refusal::new(
            "wrong_use",
            format!("{} holds no verifier key: {error}.", path.display()),
        )
        .hint("It is the line that `minutebook key` prints.")
        .into()
    })
}

/// Reads a trust policy (C2SP tlog-policy): the logs' keys, and whether it demands witnesses.
fn policy(text: &str, path: &Path) -> Result<(Vec<app::VerifierKey>, bool)> {
    let mut keys = Vec::new();
    let mut demands = false;
    for line in text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let mut words = line.split_whitespace();
        match (words.next(), words.next()) {
            (Some("log"), Some(key)) => keys.push(vkey(key, path)?),
            (Some("quorum"), Some(name)) => demands = name != "none",
            (Some("witness" | "group"), Some(_)) => {}
            _ => {
                return Err(Refusal::new(
                    "wrong_use",
                    format!("{} is no trust policy: {line:?}.", path.display()),
                )
                .into());
            }
        }
    }
    Ok((keys, demands))
}
