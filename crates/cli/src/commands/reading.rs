//! Commands that only read.

use app::{AppError, Result};

use super::{asked, guard_dir, model, reading};
use crate::args::{Global, When};
use crate::out::{DONE, NOT_SO, hint, say};
use crate::plain;

pub async fn status(global: &Global, when: &When, findings: Option<String>) -> Result<u8> {
    let mut asked = asked(when);
    asked.findings.clone_from(&findings);
    let view = reading(global).await?.status(&asked).await?;
    if global.json {
        say(&serde_json::to_string(&view).map_err(AppError::fault)?);
    } else if let Some(rule) = &findings {
        say(&plain::findings(&view, rule));
    } else {
        say(plain::status(&view).trim_end());
    }
    let all = view
        .says
        .five
        .iter()
        .all(|answer| answer.in_hand == "yes" && answer.holds == "yes");
    Ok(if all { DONE } else { NOT_SO })
}

pub async fn verify(global: &Global) -> Result<u8> {
    let report = app::verify(&global.data, &model()?, &guard_dir(global)?).await?;
    if global.json {
        say(&serde_json::to_string(&report).map_err(AppError::fault)?);
    } else {
        let word = if report.verified {
            "verified"
        } else {
            "NOT VERIFIED"
        };
        say(&format!(
            "{word}: {} entries, in place, with the data directory's own key",
            report.entries
        ));
        for failure in &report.failures {
            let seq = failure
                .seq
                .map(|seq| format!("entry {seq}: "))
                .unwrap_or_default();
            say(&format!("  {seq}{} ({})", failure.what, failure.detail));
        }
        hint(&format!("not demanded: {}", report.not_demanded.join(", ")));
    }
    Ok(if report.verified && report.complete {
        DONE
    } else {
        NOT_SO
    })
}
