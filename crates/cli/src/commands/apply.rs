//! `apply`: Commands from a file, in batches, one result line each, in order.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use app::{AppError, Outcome, Result, Writing};
use record::{Command, Refusal};
use serde_json::json;

use super::writing;
use crate::args::Global;
use crate::out::{DONE, NOT_SO};

/// Lines read before a batch is decided: as many as a batch holds.
const LINES: usize = 256;

/// One line: a Command, or why it is none.
type Line = std::result::Result<Command, Refusal>;

pub async fn apply(global: &Global, file: &Path) -> Result<u8> {
    let source: Box<dyn BufRead> = if file == Path::new("-") {
        Box::new(BufReader::new(std::io::stdin()))
    } else {
        let opened = File::open(file)
            .map_err(|error| AppError::io(format!("reading {}", file.display()), error))?;
        Box::new(BufReader::with_capacity(1 << 20, opened))
    };
    let mut writing = writing(global, "apply").await?;
    let refused = play(&mut writing, source, &mut BufWriter::new(std::io::stdout())).await?;
    Ok(if refused == 0 { DONE } else { NOT_SO })
}

/// Plays Commands and returns how many were refused. A result line is written only once what
/// it acknowledges is durable and under a signed checkpoint.
pub async fn play(
    writing: &mut Writing,
    mut source: impl BufRead,
    out: &mut impl Write,
) -> Result<u64> {
    let mut number = 0;
    let mut refused = 0;
    let mut lines: Vec<(u64, Line)> = Vec::with_capacity(LINES);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let read = source
            .read_until(b'\n', &mut bytes)
            .map_err(|error| AppError::io("reading Commands", error))?;
        if read > 0 {
            number += 1;
            if let Some(line) = parse(&bytes) {
                lines.push((number, line));
            }
        }
        if lines.len() == LINES || read == 0 {
            refused += batch(writing, &mut lines, out).await?;
        }
        if read == 0 {
            return Ok(refused);
        }
    }
}

fn parse(bytes: &[u8]) -> Option<Line> {
    match std::str::from_utf8(bytes) {
        Err(_) => Some(Err(Refusal::new(
            "not_utf8",
            "This line is not UTF-8 text.",
        ))),
        Ok(text) if text.trim().is_empty() => None,
        Ok(text) => Some(Command::parse(text.trim())),
    }
}

async fn batch(
    writing: &mut Writing,
    lines: &mut Vec<(u64, Line)>,
    out: &mut impl Write,
) -> Result<u64> {
    let mut commands = Vec::with_capacity(lines.len());
    let mut places = Vec::with_capacity(lines.len());
    for (number, line) in lines.drain(..) {
        match line {
            Ok(command) => {
                let is_set = matches!(command, Command::All(_));
                commands.push(command);
                places.push((number, is_set, None));
            }
            Err(refusal) => places.push((number, false, Some(refusal))),
        }
    }
    let mut outcomes = writing.submit(&commands).await?.into_iter();
    let mut refused = 0;
    for (number, is_set, refusal) in places {
        let outcome = match refusal {
            Some(refusal) => Outcome::Refused(refusal),
            None => outcomes
                .next()
                .ok_or_else(|| AppError::Fault("a Command was left unanswered".to_owned()))?,
        };
        let line = match outcome {
            Outcome::Done(written) if is_set => {
                json!({"line": number, "ok": true, "results": written})
            }
            Outcome::Done(written) => {
                let mut line = written
                    .first()
                    .map(serde_json::to_value)
                    .transpose()
                    .map_err(AppError::fault)?
                    .unwrap_or_default();
                line["line"] = number.into();
                line["ok"] = true.into();
                line
            }
            Outcome::Refused(refusal) => {
                refused += 1;
                json!({"line": number, "ok": false, "refusal": refusal})
            }
        };
        writeln!(out, "{line}").map_err(|error| AppError::io("writing results", error))?;
    }
    out.flush()
        .map_err(|error| AppError::io("writing results", error))?;
    Ok(refused)
}
