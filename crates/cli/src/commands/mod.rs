//! The commands: each takes what was typed, asks the app, and says what came of it.

mod apply;
mod demo;
mod given;
mod import;
mod ledger;
mod packs;
mod reading;
mod records;
mod serve;

use std::path::PathBuf;
use std::sync::Arc;

use app::{Acting, AppError, Asked, GuardDir, Ledger, Model, Result, Writing};
use catalogue::Catalogue;
use record::{Refusal, Registry};

use crate::args::{Args, Command, Global, LogCommand, When};

/// Runs what was asked and returns the exit status.
pub async fn run(args: &Args) -> Result<u8> {
    let global = &args.global;
    match &args.command {
        Command::Demo { keep, no_serve, .. } if *no_serve => {
            demo::only_make(global, keep.as_deref()).await
        }
        Command::Init(typed) => ledger::init(global, typed).await,
        Command::Key => ledger::key(global).await,
        Command::Checkpoint => ledger::checkpoint(global).await,
        Command::Guard { accept } => ledger::guard(global, accept.as_ref()).await,
        Command::Import(typed) => import::import(global, typed).await,
        Command::Kinds { schema } => records::kinds(global, schema.as_deref()),
        Command::Record { what } => records::record(global, what).await,
        Command::Apply { file } => apply::apply(global, file).await,
        Command::File { what } => records::file(global, what).await,
        Command::Status { when, findings } => reading::status(global, when, findings.clone()).await,
        Command::Pack {
            out,
            when,
            profile,
            list,
        } => {
            let out = out.as_deref().filter(|_| !list);
            packs::pack(global, out, when, profile).await
        }
        Command::Verify {
            pack,
            key,
            policy,
            previous,
        } => {
            let brought = packs::Brought {
                key: key.as_ref(),
                policy: policy.as_ref(),
                previous: previous.as_ref(),
            };
            match pack {
                Some(pack) => packs::verify(global, pack, &brought),
                None => packs::verify_here(global, &brought).await,
            }
        }
        Command::Log {
            what: LogCommand::Export { dir },
        } => ledger::export(global, dir).await,
        Command::Backup { dir } => ledger::backup(global, dir).await,
        Command::Restore { dir } => ledger::restore(global, dir).await,
        Command::Version => ledger::version(global),
        Command::Demo { listen, keep, .. } => serve::demo(global, listen, keep.as_deref()).await,
        Command::Serve { listen } => serve::serve(global, listen).await,
    }
}

/// Returns every kind.
pub fn registry() -> Arc<Registry> {
    Arc::new(kinds::registry())
}

/// Returns every kind, and the rules.
pub fn model() -> Result<Model> {
    let catalogue = Catalogue::iso_42001().map_err(AppError::fault)?;
    Ok(Model {
        registry: registry(),
        catalogue: Arc::new(catalogue),
    })
}

/// Opens the ledger for reading.
pub async fn reading(global: &Global) -> Result<Ledger> {
    let Model {
        registry,
        catalogue,
    } = model()?;
    let ledger = Ledger::open(&global.data, registry, catalogue).await?;
    // A name that nobody has is a slip, whether or not anything is recorded under it.
    if let Some(email) = &global.acting {
        ledger.holds_address(email).await?;
    }
    Ok(ledger)
}

/// Opens the ledger for writing.
pub async fn writing(global: &Global, holder: &str) -> Result<Writing> {
    Writing::open(
        &global.data,
        model()?,
        &guard_dir(global)?,
        &acting(global, holder),
    )
    .await
}

pub fn acting(global: &Global, holder: &str) -> Acting {
    Acting {
        email: global.acting.clone(),
        holder: holder.to_owned(),
        accept_clock: global.accept_clock,
    }
}

pub fn asked(when: &When) -> Asked {
    // As on the page: about today is about what is known now.
    let moment = |typed: &Option<String>| match typed.as_deref() {
        Some("today") => Some("now".to_owned()),
        _ => typed.clone(),
    };
    Asked {
        as_of: moment(&when.as_of),
        known_by: moment(&when.known_by),
        findings: None,
    }
}

/// Returns where the guard lives: outside the data directory, in the user's state directory.
pub fn guard_dir(global: &Global) -> Result<GuardDir> {
    if let Some(dir) = &global.guard {
        return Ok(GuardDir(dir.clone()));
    }
    let state = environment("XDG_STATE_HOME")
        .map(PathBuf::from)
        // A relative one would be another for each working directory: it is to be ignored (XDG Base
        // Directory Specification 0.8).
        .filter(|state| state.is_absolute())
        .or_else(|| environment("HOME").map(|home| PathBuf::from(home).join(".local/state")));
    match state {
        Some(state) => Ok(GuardDir(state.join("minutebook"))),
        None => Err(Refusal::new(
            "wrong_use",
            "There is no state directory for the signing guard.",
        )
        .hint("Name one with --guard DIR.")
        .into()),
    }
}

/// Returns whether a variable is set to nothing.
#[expect(clippy::disallowed_methods, reason = "cli alone reads the environment")]
pub fn is_empty_in_environment(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| value.is_empty())
}

#[expect(clippy::disallowed_methods, reason = "cli alone reads the environment")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
