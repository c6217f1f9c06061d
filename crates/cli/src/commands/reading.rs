//! Commands that only read.

use app::{AppError, Ledger, Result, StatusView};
use record::Day;
use serde::Serialize;

use super::{asked, guard_dir, reading};
use crate::args::{Global, When};
use crate::out::{DONE, NOT_SO, say, say_words};
use crate::plain;

/// The status, and what stands against relying on it.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    view: &'a StatusView,
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<String>,
}

fn altered((seq, on): (u64, Day)) -> String {
    format!(
        "WARNING: the last check on record, entry {seq} of {}, found the ledger ALTERED. Run `minutebook verify` before you rely on this.",
        on.in_words()
    )
}

/// Says that the signing guard guards nothing where it lies, if that is so.
pub fn of_guard(global: &Global) -> Option<String> {
    let warning = guard_dir(global).ok()?.warning(&global.data)?;
    Some(format!(
        "WARNING: {warning} It guards nothing there, and nothing is appended while it does: name a directory outside with --guard."
    ))
}

/// Says what stands against relying on this copy, as far as its guard knows.
pub async fn of_copy(global: &Global, ledger: &Ledger) -> Option<String> {
    if let Some(warning) = of_guard(global) {
        return Some(warning);
    }
    let dir = guard_dir(global).ok()?;
    match ledger.against_copy(&dir).await {
        Ok(Some(AppError::Guard { message, hint } | AppError::OtherKey { message, hint })) => {
            Some(format!("WARNING: {message}; {hint}."))
        }
        // A copy without its key is read all the same.
        _ => None,
    }
}

pub async fn status(global: &Global, when: &When, findings: Option<String>) -> Result<u8> {
    let mut asked = asked(when);
    asked.findings.clone_from(&findings);
    let ledger = reading(global).await?;
    let view = ledger.status(&asked).await?;
    let altered = ledger.found_altered().await?.map(altered);
    let warnings: Vec<String> = altered
        .into_iter()
        .chain(of_copy(global, &ledger).await)
        .collect();
    let warning = (!warnings.is_empty()).then(|| warnings.join("\n"));
    let bears_on = findings
        .as_deref()
        .map(|rule| ledger.bears_on(rule).to_vec());
    if let Some(warning) = warning.as_ref().filter(|_| !global.json) {
        say(&format!("{warning}\n"));
    }
    // The process ends here: to take what was read apart piece by piece takes a fifth of its time.
    std::mem::forget(ledger);
    if global.json {
        let told = Told {
            view: &view,
            warning,
        };
        say(&serde_json::to_string(&told).map_err(AppError::fault)?);
    } else if let (Some(rule), Some(bears_on)) = (&findings, &bears_on) {
        say_words(&plain::findings(&view, rule, bears_on));
    } else {
        say_words(plain::status(&view).trim_end());
    }
    let all = view
        .says
        .five
        .iter()
        .all(|answer| answer.in_hand == "yes" && answer.holds == "yes");
    Ok(if all { DONE } else { NOT_SO })
}
