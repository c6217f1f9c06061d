//! Commands that only read.

use app::{AppError, Result};

use super::{asked, reading};
use crate::args::{Global, When};
use crate::out::{DONE, NOT_SO, say, say_words};
use crate::plain;

pub async fn status(global: &Global, when: &When, findings: Option<String>) -> Result<u8> {
    let mut asked = asked(when);
    asked.findings.clone_from(&findings);
    let ledger = reading(global).await?;
    let view = ledger.status(&asked).await?;
    // The process ends here: to take what was read apart piece by piece takes a fifth of its time.
    std::mem::forget(ledger);
    if global.json {
        say(&serde_json::to_string(&view).map_err(AppError::fault)?);
    } else if let Some(rule) = &findings {
        say_words(&plain::findings(&view, rule));
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
