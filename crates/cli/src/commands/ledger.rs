//! Commands on the ledger as a whole.

use std::path::Path;

use app::{AppError, GuardMark, GuardState, Init, Report, Result, Trust, Writing};
use record::{Day, Refusal, counted};
use serde_json::json;

use super::reading::{of_copy, of_guard};
use super::{acting, guard_dir, model, reading, registry};
use crate::args::{Global, GuardCommand, InitArgs};
use crate::out::{DONE, NOT_SO, hint, say};

pub async fn init(global: &Global, typed: &InitArgs) -> Result<u8> {
    let parse = |day: &String| {
        day.parse::<Day>().map_err(|why| {
            Refusal::new("wrong_use", format!("{why}."))
                .at("--aims-start")
                .hint("Write year, month and day, such as 2026-03-31, or leave it out for today.")
        })
    };
    let aims_start = typed.aims_start.as_ref().map(parse).transpose()?;
    let new = Init {
        organisation: typed.organisation.clone(),
        aims_start,
        time_zone: typed.time_zone.clone(),
        operator: typed.operator.clone().zip(typed.email.clone()),
        simulated_clock: typed.simulated_clock.clone(),
        ids: None,
    };
    let begun = app::init(&global.data, model()?, &guard_dir(global)?, &new).await;
    // A beginning takes nothing but what was typed.
    let writing = match begun {
        Err(error @ AppError::Refused(_)) => {
            return Ok(crate::out::wrongly_used(&error, global.json));
        }
        begun => begun?,
    };
    let vkey = writing.vkey();
    if global.json {
        say(&json!({"key": vkey, "origin": writing.origin(), "data": global.data}).to_string());
    } else {
        say(&vkey);
        hint(&format!(
            "A ledger for {} is in {}.",
            record::flat(&typed.organisation),
            global.data.display()
        ));
        hint(
            "Hand the line above to whoever will verify: it is the verifier key, and names the origin.",
        );
        if let Some(email) = &typed.email {
            hint(&format!(
                "Who acts is not taken for granted: without `--as {email}` it is the local operator, unnamed, who may put and not approve; only the first body that is top management stands on their word at once."
            ));
        }
    }
    Ok(DONE)
}

/// Says one thing: as it is, or as JSON under its name.
pub fn one(global: &Global, name: &str, value: &str) {
    match global.json {
        true => say(&json!({name: value}).to_string()),
        false => say(value),
    }
}

pub async fn key(global: &Global) -> Result<u8> {
    one(global, "key", &reading(global).await?.vkey().await?);
    Ok(DONE)
}

pub async fn checkpoint(global: &Global) -> Result<u8> {
    match reading(global).await?.checkpoint().await? {
        Some(note) => {
            match global.json {
                true => one(global, "checkpoint", &note),
                false => say(note.trim_end_matches('\n')),
            }
            Ok(DONE)
        }
        None => Err(AppError::Damaged("no checkpoint is kept".to_owned())),
    }
}

pub async fn guard(global: &Global, accept: Option<&GuardCommand>) -> Result<u8> {
    let dir = guard_dir(global)?;
    if let Some(GuardCommand::Accept { because }) = accept {
        let acting = acting(global, "guard");
        let mut writing = Writing::open_unguarded(&global.data, model()?, &dir, &acting).await?;
        let written = writing.accept_guard(because).await?;
        match global.json {
            // The entry is of no record.
            true => say(
                &json!({"id": null, "recorded_at": written.recorded_at, "seq": written.seq, "version": null})
                    .to_string(),
            ),
            false => say(&format!(
                "The signing guard is accepted, by entry {} at {}.",
                written.seq, written.recorded_at
            )),
        }
        return Ok(DONE);
    }
    let state = GuardState::of(&reading(global).await?, &dir).await?;
    if let Some(warning) = of_guard(global) {
        hint(&warning);
    }
    let against = state.against();
    if global.json {
        let told = |mark: &GuardMark| json!({"size": mark.size, "root": mark.root.to_string()});
        let against = against.as_ref().map(ToString::to_string);
        say(&json!({"guard": state.guard.as_ref().map(told), "head": told(&state.head), "signed": state.signed, "against": against}).to_string());
    } else {
        let told =
            |mark: &GuardMark| format!("{}, root {}", counted(mark.size, "entry"), mark.root);
        let guard = state.guard.as_ref().map(told);
        say(&format!(
            "guard   {}",
            guard.as_deref().unwrap_or("missing")
        ));
        say(&format!("head    {}", told(&state.head)));
        say(&format!("signed  {}", counted(state.signed, "entry")));
    }
    match against {
        None => Ok(DONE),
        Some(error) => {
            hint(&format!("minutebook: {error}"));
            Ok(NOT_SO)
        }
    }
}

/// The copy is made whatever is found: of what is damaged it may be the last. What `verify` finds
/// wrong is said, and then the exit status is that of `verify`.
pub async fn backup(global: &Global, dir: &Path) -> Result<u8> {
    let made = app::backup(&global.data, &model()?, &guard_dir(global)?, dir).await?;
    let shown = dir.display();
    let report = made.checked.inspect_err(|_| {
        hint(&format!(
            "minutebook: The copy in {shown} was made, and could not be verified."
        ));
    })?;
    say_failures(&report);
    if let Some(warning) = of_guard(global) {
        hint(&warning);
    }
    match global.json {
        true => say(
            &json!({"data": shown.to_string(), "entries": report.entries, "verified": report.verified, "failures": report.failures})
                .to_string(),
        ),
        false => say(&shown.to_string()),
    }
    if report.verified {
        return Ok(DONE);
    }
    hint(&format!(
        "The copy in {shown} was made all the same, and holds what is wrong with the ledger. Keep both, and the last backup that verifies."
    ));
    Ok(NOT_SO)
}

fn say_failures(report: &Report) {
    for failure in &report.failures {
        let seq = failure.seq.map(|seq| format!("entry {seq}: "));
        let seq = seq.unwrap_or_default();
        hint(&format!(
            "minutebook: {seq}{}: {}",
            failure.what, failure.detail
        ));
    }
}

/// Returns whether nothing kept is damaged but what the entries make again.
pub fn of_derived_alone(report: &Report) -> bool {
    let mut failures = report.failures.iter();
    !report.failures.is_empty() && failures.all(|one| one.what == app::DERIVED)
}

/// What a restore means where the ledger it was made from is there still.
const SECOND_COPY: &str = "\
WARNING: this is the same ledger again, under the same key. If the one it was backed up from is
there still, whichever of the two is written to next leaves the other unwritable for ever: the
signing guard follows one history. To rehearse, only read it (`status`, `verify`, `pack --list`).
Written to with a --guard of its own it is a fork: hand out nothing of it, and delete it.";

/// A backup is a data directory: it is copied, opened once for reading, and held to its guard
/// by the next command that writes.
pub async fn restore(global: &Global, from: &Path) -> Result<u8> {
    let guard = guard_dir(global)?;
    app::restore(from, &guard, &global.data).await?;
    let mut report = app::verify(&global.data, &model()?, &guard, &Trust::default()).await?;
    if of_derived_alone(&report) {
        app::derive_anew(&global.data, &model()?).await?;
        hint("What is derived from the entries was not as they make it, and is made anew.");
        report = app::verify(&global.data, &model()?, &guard, &Trust::default()).await?;
    }
    say_failures(&report);
    match global.json {
        true => say(
            &json!({"data": global.data, "entries": report.entries, "verified": report.verified, "failures": report.failures, "warning": SECOND_COPY})
                .to_string(),
        ),
        false => {
            say(&format!(
                "{} restored to {}",
                counted(report.entries, "entry"),
                global.data.display()
            ));
            say(SECOND_COPY);
        }
    }
    Ok(if report.verified { DONE } else { NOT_SO })
}

pub fn version(global: &Global) -> Result<u8> {
    let version = env!("CARGO_PKG_VERSION");
    let build = format!("{version} {}", env!("MINUTEBOOK_BUILD"));
    let schemas: serde_json::Map<String, serde_json::Value> = registry()
        .iter()
        .map(|kind| (kind.name.to_owned(), kind.schema.into()))
        .collect();
    if global.json {
        say(&json!({"version": version, "ledger_format": "minutebook/1", "schemas": schemas, "build": build}).to_string());
    } else {
        say(&format!("minutebook {version}"));
        say("ledger format: minutebook/1");
        say(&format!("schemas: {}", schemas_in_words(&registry())));
        say(&format!("build: {build}"));
    }
    Ok(DONE)
}

/// `17 kinds, each of schema 1`; those of a later one by name.
fn schemas_in_words(registry: &record::Registry) -> String {
    let later = registry.iter().filter(|kind| kind.schema != 1);
    let later: Vec<String> = later
        .map(|kind| format!("{} {}", kind.name, kind.schema))
        .collect();
    let kinds = registry.iter().count();
    match later.as_slice() {
        [] => format!("{kinds} kinds, each of schema 1"),
        some => format!("{kinds} kinds, of schema 1 except {}", some.join(", ")),
    }
}

pub async fn export(global: &Global, dir: &Path) -> Result<u8> {
    let ledger = reading(global).await?;
    if let Some(warning) = of_copy(global, &ledger).await {
        hint(&warning);
    }
    let size = ledger.export_log(dir).await?;
    match global.json {
        true => say(&json!({"entries": size, "dir": dir}).to_string()),
        false => say(&format!(
            "{} as tiles in {}",
            counted(size, "entry"),
            dir.display()
        )),
    }
    Ok(DONE)
}
