//! Commands on the ledger as a whole.

use std::path::Path;

use app::{AppError, GuardMark, GuardState, Init, Result, Trust, Writing};
use record::{Day, Refusal};
use serde_json::json;

use super::{acting, guard_dir, model, reading, registry};
use crate::args::{Command, Global, GuardCommand};
use crate::out::{DONE, NOT_SO, hint, say};

pub async fn init(global: &Global, command: &Command) -> Result<u8> {
    let Command::Init {
        organisation,
        aims_start,
        time_zone,
        operator,
        email,
        simulated_clock,
    } = command
    else {
        return Ok(NOT_SO);
    };
    let aims_start = aims_start
        .as_ref()
        .map(|day| {
            day.parse::<Day>().map_err(|why| {
                Refusal::new("wrong_use", format!("{why}."))
                    .at("--aims-start")
                    .hint("Name today or an earlier day, or leave it out for today.")
            })
        })
        .transpose()?;
    let new = Init {
        organisation: organisation.clone(),
        aims_start,
        time_zone: time_zone.clone(),
        operator: operator.clone().zip(email.clone()),
        simulated_clock: simulated_clock.clone(),
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
            "A ledger for {organisation} is in {}.",
            global.data.display()
        ));
        hint(
            "Hand the line above to whoever will verify: it is the verifier key, and names the origin.",
        );
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
    one(global, "key", &reading(global).await?.vkey()?);
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
        say(&serde_json::to_string(&written).map_err(AppError::fault)?);
        return Ok(DONE);
    }
    let state = GuardState::of(&reading(global).await?, &dir).await?;
    let against = state.against();
    if global.json {
        let told = |mark: &GuardMark| json!({"size": mark.size, "root": mark.root.to_string()});
        let against = against.as_ref().map(ToString::to_string);
        say(&json!({"guard": state.guard.as_ref().map(told), "head": told(&state.head), "signed": state.signed, "against": against}).to_string());
    } else {
        let told = |mark: &GuardMark| format!("{} entries, root {}", mark.size, mark.root);
        let guard = state.guard.as_ref().map(told);
        say(&format!(
            "guard   {}",
            guard.as_deref().unwrap_or("missing")
        ));
        say(&format!("head    {}", told(&state.head)));
        say(&format!("signed  {} entries", state.signed));
    }
    match against {
        None => Ok(DONE),
        Some(error) => {
            hint(&format!("minutebook: {error}"));
            Ok(NOT_SO)
        }
    }
}

pub async fn backup(global: &Global, dir: &Path) -> Result<u8> {
    reading(global).await?.backup(dir).await?;
    one(global, "data", &dir.display().to_string());
    Ok(DONE)
}

/// A backup is a data directory: it is copied, opened once for reading, and held to its guard
/// by the next command that writes.
pub async fn restore(global: &Global, from: &Path) -> Result<u8> {
    app::restore(from, &global.data).await?;
    let report = app::verify(
        &global.data,
        &model()?,
        &guard_dir(global)?,
        &Trust::default(),
    )
    .await?;
    for failure in &report.failures {
        hint(&format!("minutebook: {}: {}", failure.what, failure.detail));
    }
    match global.json {
        true => say(
            &json!({"data": global.data, "entries": report.entries, "verified": report.verified})
                .to_string(),
        ),
        false => say(&format!(
            "{} entries restored to {}",
            report.entries,
            global.data.display()
        )),
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
    let size = reading(global).await?.export_log(dir).await?;
    match global.json {
        true => say(&json!({"entries": size, "dir": dir}).to_string()),
        false => say(&format!("{size} entries as tiles in {}", dir.display())),
    }
    Ok(DONE)
}
