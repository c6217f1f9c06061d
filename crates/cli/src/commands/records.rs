//! Commands on single records, kinds and files.

use std::io::{IsTerminal, Read, Seek};
use std::path::{Path, PathBuf};

use app::{AppError, Outcome, Result, WholeFile, Written};
use record::approve::WITHDRAW;
use record::{Command, KindSpec, Refusal, Registry, flat};
use serde::Serialize;
use serde_json::{Value, json};
use store::Files;

use super::apply::LINE_BYTES;
use super::reading::of_copy;
use super::{asked, given, guard_dir, reading, registry, writing};
use crate::args::{BroughtIn, FileCommand, Global, RecordCommand};
use crate::out::{DONE, give, hint, refused, say, say_words};
use crate::single;

/// The moves that every kind has.
const COMMON: [&str; 2] = [WITHDRAW, "mark"];

pub fn kinds(global: &Global, schema: Option<&str>) -> Result<u8> {
    let registry = registry();
    if let Some(name) = schema {
        let kind = named(&registry, name)?;
        let mut schema = kind.body.schema.clone();
        let moves = kind.moves.iter();
        schema["x-moves"] = moves
            .map(|one| (one.name.to_owned(), one.body.schema.clone()))
            .collect::<serde_json::Map<_, _>>()
            .into();
        say(&serde_json::to_string_pretty(&schema).map_err(AppError::fault)?);
        return Ok(DONE);
    }
    let mut listed = Vec::new();
    for kind in registry.iter() {
        let moves: Vec<&str> = kind.moves.iter().map(|one| one.name).collect();
        if global.json {
            listed.push(json!({"kind": kind.name, "title": kind.title, "moves": moves, "approval": kind.approval}));
            continue;
        }
        let own: Vec<&str> = moves
            .into_iter()
            .filter(|name| !COMMON.contains(name))
            .collect();
        let line = format!("{:<18} {:<18} {}", kind.name, kind.title, own.join(" "));
        say(line.trim_end());
    }
    if global.json {
        say(&Value::Array(listed).to_string());
    } else {
        hint(&format!(
            "Last, the moves of each besides {}. `minutebook kinds --schema KIND` shows its fields, and those of each move.",
            COMMON.join(" and ")
        ));
    }
    Ok(DONE)
}

/// Returns the kind that was typed.
fn named<'r>(registry: &'r Registry, name: &str) -> Result<&'r KindSpec> {
    let none = || {
        let what = format!("There is no kind of record named {name:?}.");
        Refusal::new("wrong_use", what).hint("`minutebook kinds` lists them.")
    };
    Ok(registry.get(name).ok_or_else(none)?)
}

pub async fn record(global: &Global, what: &RecordCommand) -> Result<u8> {
    match what {
        RecordCommand::Put {
            kind,
            file,
            id,
            if_version,
            effective_on,
            key,
            brought_in,
        } => {
            let body = body(file.as_ref(), Awaited::Put(kind))?;
            let command = json!({"do": "put", "kind": kind, "id": id, "if_version": if_version, "effective_on": effective_on, "key": key, "body": body, "brought_in": brought(brought_in)});
            submit(global, command, "").await
        }
        RecordCommand::Move {
            id,
            name,
            version,
            file,
            effective_on,
            key,
            brought_in,
        } => {
            let body = body(file.as_ref(), Awaited::Move)?;
            let command = json!({"do": "move", "id": id, "move": name, "version": version, "effective_on": effective_on, "key": key, "body": body, "brought_in": brought(brought_in)});
            submit(global, command, &format!("{name} on ")).await
        }
        _ => read(global, what).await,
    }
}

async fn read(global: &Global, what: &RecordCommand) -> Result<u8> {
    let ledger = reading(global).await?;
    if let Some(warning) = of_copy(global, &ledger).await {
        hint(&warning);
    }
    match what {
        RecordCommand::Show { id, version, when } => {
            let view = ledger.show(*id, *version, &asked(when)).await?;
            if global.json {
                say(&serde_json::to_string(&view).map_err(AppError::fault)?);
            } else {
                say_words(&single::record(&view));
            }
        }
        RecordCommand::List { kind, when } => {
            named(&registry(), kind)?;
            let list = ledger.list(kind, &asked(when)).await?;
            if global.json {
                say(&Value::Array(list).to_string());
            } else if list.is_empty() {
                let none = match (&when.as_of, &when.known_by) {
                    (None, None) => "is there",
                    (Some(about), Some(by)) if about != by => "was on record about that day",
                    _ => "was known by then",
                };
                hint(&format!("No record of the kind {kind} {none}."));
            } else {
                say_words(&single::list(&list));
            }
        }
        RecordCommand::History { id, when } => {
            let lines = ledger.history(*id, &asked(when)).await?;
            if global.json {
                say(&Value::Array(lines).to_string());
            } else {
                say_words(&single::history(&lines));
            }
        }
        RecordCommand::Put { .. } | RecordCommand::Move { .. } => {}
    }
    Ok(DONE)
}

/// What one Command came to.
#[derive(Serialize)]
struct Done<'a> {
    ok: bool,
    #[serde(flatten)]
    written: &'a Written,
}

/// Returns what a Command states of where it came from.
fn brought(typed: &BroughtIn) -> Value {
    let from = typed.brought_in_from.as_ref();
    from.map_or(
        Value::Null,
        |from| json!({"from": from, "by": typed.brought_in_by, "file": typed.brought_in_file}),
    )
}

/// Submits one Command; `did` says, before its version, what it does besides putting that.
async fn submit(global: &Global, command: Value, did: &str) -> Result<u8> {
    let command = match Command::parse(&command.to_string()) {
        Ok(command) => command,
        Err(refusal) => return Ok(refused(&refusal, global.json)),
    };
    let mut writing = writing(global, "record").await?;
    for outcome in writing.submit(&[command]).await? {
        match outcome {
            Outcome::Done(written) => {
                for one in written {
                    let done = Done {
                        ok: true,
                        written: &one,
                    };
                    say(&serde_json::to_string(&done).map_err(AppError::fault)?);
                    if let Some((kind, title)) = one.called.as_ref().filter(|_| !global.json) {
                        let kind = kind.replace('_', " ");
                        let (version, seq, title) = (one.version, one.seq, flat(title));
                        let recorded = match one.is_repeat {
                            true => "Recorded before, and not again",
                            false => "Recorded",
                        };
                        hint(&format!(
                            "{recorded}: {did}version {version} of the {kind} “{title}”, entry {seq}."
                        ));
                    }
                    for text in single::told(&one.notes) {
                        // As it is typed here.
                        hint(&text.replace("`if_version`", "`--if-version`"));
                    }
                }
            }
            Outcome::Refused(refusal) => return Ok(refused(&refusal, global.json)),
        }
    }
    Ok(DONE)
}

/// What a body is awaited for.
enum Awaited<'a> {
    /// A put of this kind.
    Put(&'a str),
    /// A move, whose body may say nothing.
    Move,
}

/// Reads a body: from the file named, otherwise from stdin. Nobody types one for a move that was
/// given none.
fn body(file: Option<&PathBuf>, awaited: Awaited<'_>) -> Result<Value> {
    let is_typed = std::io::stdin().is_terminal();
    let (source, what): (Box<dyn Read>, _) = match (file, awaited) {
        (Some(path), _) if path != Path::new("-") => {
            let what = format!("reading {}", path.display());
            (Box::new(given::open(path)?), what)
        }
        (None, Awaited::Move) if is_typed => return Ok(json!({})),
        (None, Awaited::Put(kind)) if is_typed => {
            hint(&format!(
                "Waiting for the body on stdin: one JSON object, then Ctrl-D; `minutebook kinds --schema {kind}` shows its fields. Or name a file that holds it."
            ));
            (Box::new(std::io::stdin()), "reading stdin".to_owned())
        }
        _ => (Box::new(std::io::stdin()), "reading stdin".to_owned()),
    };
    let mut bytes = Vec::new();
    // One byte more than is taken is enough to refuse it.
    source
        .take(LINE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| AppError::io(what, error))?;
    if bytes.len() as u64 > LINE_BYTES {
        return Err(Refusal::new(
            "too_long",
            format!(
                "This body has more bytes than a Command; {} are the most.",
                Command::BYTES_MAX
            ),
        )
        .at("/body")
        .hint("Attach long material as a file and cite its hash.")
        .into());
    }
    let text = str::from_utf8(&bytes).map_err(|_| {
        Refusal::new("not_utf8", "The body is not UTF-8 text.").hint("Save the file as UTF-8.")
    })?;
    // Nothing at all is a body that says nothing.
    if text.trim().is_empty() && file.is_none_or(|path| path == Path::new("-")) {
        return Ok(json!({}));
    }
    let next = "A body is one JSON object; `minutebook kinds --schema KIND` shows its fields.";
    Ok(record::json::read(text, next).map_err(|refusal| {
        let place = refusal.field.clone().unwrap_or_default();
        refusal.at(format!("/body{place}"))
    })?)
}

/// Gives a kept file to whoever reads stdout, once it was read as it was received.
async fn to_stdout(files: &Files, hash: &[u8; 32]) -> Result<u8> {
    let failed = |error| AppError::io("giving the file", error);
    let mut whole = tempfile::tempfile().map_err(failed)?;
    files.give(hash, &mut whole).await?;
    whole.rewind().map_err(failed)?;
    give(&mut whole);
    Ok(DONE)
}

pub async fn file(global: &Global, what: &FileCommand) -> Result<u8> {
    // Reading first makes sure that there is a ledger here.
    let ledger = reading(global).await?;
    let files = Files::in_dir(&global.data);
    match what {
        FileCommand::Add { path } => {
            let mut source = given::evidence(path)?;
            app::is_no_own_file(path, &global.data, &guard_dir(global)?)?;
            ledger.may_be_kept(path, &mut source)?;
            let hash = files.add(&mut source).await?;
            super::ledger::one(global, "file", &hex::encode(hash));
        }
        FileCommand::Get { hash, out } => {
            let mut bytes = [0; 32];
            hex::decode_to_slice(hash, &mut bytes).map_err(|_| {
                Refusal::new("wrong_use", format!("{hash:?} is not the hash of a file."))
                    .hint("It has 64 hex digits, as `file add` prints.")
            })?;
            if out == Path::new("-") {
                return to_stdout(&files, &bytes).await;
            }
            app::outside_data(out, &global.data)?;
            // A hash that nothing has leaves no file begun.
            drop(files.open(&bytes).await?);
            let mut whole = WholeFile::begin(out)?;
            if let Err(error) = files.give(&bytes, &mut whole.file).await {
                return Err(whole.given_up(error.into()));
            }
            whole.finish()?;
            if global.json {
                say(&json!({"file": hash, "out": out}).to_string());
            }
            hint(&format!("wrote {}", out.display()));
        }
    }
    Ok(DONE)
}
