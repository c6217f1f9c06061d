//! `apply`: Commands from a file, in batches, one result line each, in order.

use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use app::{AppError, EntryNote, Outcome, Result, Writing, Written};
use record::{Command, Refusal, counted};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::{given, writing};
use crate::args::Global;
use crate::out::{COULD_NOT, DONE, NOT_SO, hint};

/// Lines of a batch at most.
const LINES: usize = 256;

/// Bytes of lines in a batch, about which it is decided however few they are.
const HELD_BYTES: usize = 8 << 20;

/// Lines handed over together at most: a batch is made of as many hands as wait.
const HAND_LINES: usize = 16;

/// Bytes of lines handed over together, about.
const HAND_BYTES: usize = HELD_BYTES / (LINES / HAND_LINES);

/// Most bytes kept of a line: a Command, with room for white space around it.
pub const LINE_BYTES: u64 = Command::BYTES_MAX as u64 + 1_024;

/// One line: a Command, or why it is none.
type Line = std::result::Result<Command, Refusal>;

pub async fn apply(global: &Global, file: &Path) -> Result<u8> {
    let source: Box<dyn Read + Send> = if file == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        commands_in(file)?
    };
    let mut writing = writing(global, "apply").await?;
    let (played, stopped) =
        play(&mut writing, source, &mut BufWriter::new(std::io::stdout())).await?;
    if let Some(stopped) = stopped {
        hint(&match stopped {
            Stopped::Writing(error) => format!("minutebook: {error}. {}", played.so_far()),
            Stopped::Telling(why) => format!("minutebook: {}", played.untold(&why)),
        });
        return Ok(COULD_NOT);
    }
    if played.last == 0 {
        let what = match file == Path::new("-") {
            true => "stdin".into(),
            false => file.display().to_string(),
        };
        hint(&format!(
            "{what} holds no Command: nothing was recorded. A Command is one line of JSON; `minutebook apply --help` says how it is written."
        ));
    }
    if played.refused == 0 {
        return Ok(DONE);
    }
    hint(&played.in_words());
    Ok(NOT_SO)
}

/// How many lines came to what.
#[derive(Debug, Clone, Copy, Default)]
pub struct Played {
    pub recorded: u64,
    /// Of those, how many were recorded before, and not again.
    pub repeated: u64,
    /// Of those that were recorded now, how many would be recorded twice if they were applied again.
    pub unkeyed: u64,
    pub refused: u64,
    /// It is not known of them whether they are recorded.
    pub not_known: u64,
    /// The number of the last line that was answered about, 0 before the first.
    pub last: u64,
}

impl Played {
    fn add(&mut self, more: Self) {
        self.recorded += more.recorded;
        self.repeated += more.repeated;
        self.unkeyed += more.unkeyed;
        self.refused += more.refused;
        self.not_known += more.not_known;
        self.last = self.last.max(more.last);
    }

    /// Says what is known where the writing stopped, and how to go on.
    fn so_far(self) -> String {
        let not_known = match self.not_known {
            0 => String::new(),
            more => format!(", of {more} it is not known, as their lines say"),
        };
        let after = match self.last {
            0 => "nothing of this was recorded".to_owned(),
            last => format!("nothing after line {last} was"),
        };
        format!(
            "{} of the Commands are recorded{not_known}; {after}. Once this is mended, apply the file again: \
             a Command with a `key` is recorded once however often it is applied; of those without one, apply only what is not there.",
            self.recorded
        )
    }

    /// Says what is recorded where the results could not be written, and what may be handed in again.
    fn untold(self, why: &str) -> String {
        let (are, last) = (is_or_are(self.recorded), self.last);
        let lines = counted(self.recorded, "line");
        format!(
            "the results could not be written: {why}. Whatever the command recorded is there all the same: \
             {lines} up to line {last} {are} recorded, {} refused, and nothing after line {last} was recorded. \
             Apply again only lines that have a `key`, which are recorded once however often they are applied; \
             of those without one, only what comes after line {last}.",
            self.refused
        )
    }

    /// Says what to do about the lines that were refused.
    fn in_words(self) -> String {
        let new = self.recorded - self.repeated;
        let before = match self.repeated {
            0 => String::new(),
            more => format!(", {more} {} before and not again", was_or_were(more)),
        };
        let recorded = format!(
            "{} {} recorded{before}, {} refused",
            counted(new, "line"),
            is_or_are(new),
            self.refused
        );
        match (self.recorded, self.unkeyed) {
            (0, _) => format!("{recorded}: apply the file again, once they are put right."),
            (_, 0) => format!(
                "{recorded}: apply the file again, once they are put right; what is recorded has a `key`, \
                 and is not recorded twice."
            ),
            _ => format!(
                "{recorded}; applying the file again would record them twice unless each has a `key`: \
                 apply only the refused lines, once put right."
            ),
        }
    }
}

fn is_or_are(count: u64) -> &'static str {
    match count {
        1 => "is",
        _ => "are",
    }
}

fn was_or_were(count: u64) -> &'static str {
    match count {
        1 => "was",
        _ => "were",
    }
}

/// Returns whether a repeat of this is known as one.
fn has_key(command: &Command) -> bool {
    match command {
        Command::Put(put) => put.key.is_some(),
        Command::Move(one) => one.key.is_some(),
        Command::All(all) => all.commands.iter().all(has_key),
    }
}

/// What ended the playing early.
#[derive(Debug)]
pub enum Stopped {
    /// The writing stopped: what follows was not recorded.
    Writing(AppError),
    /// Somebody could not be told what became of their lines, and why not.
    Telling(String),
}

/// Opens a file of Commands. A workbook has no lines, and one refusal of it says more than many.
fn commands_in(file: &Path) -> Result<Box<dyn Read + Send>> {
    let mut opened = given::open(file)?;
    let mut begins = Vec::new();
    Read::by_ref(&mut opened)
        .take(ZIP.len() as u64)
        .read_to_end(&mut begins)
        .map_err(|error| AppError::io(format!("reading {}", file.display()), error))?;
    if begins == ZIP {
        let what = format!(
            "{} is a workbook or another zip, not Commands.",
            file.display()
        );
        return Err(Refusal::new("wrong_use", what)
            .hint("Rows of a workbook become records by `minutebook import csv FILE --draft-mapping M.toml`, then `--mapping M.toml`.")
            .into());
    }
    Ok(Box::new(std::io::Cursor::new(begins).chain(opened)))
}

/// What every zip begins with, and so every workbook.
const ZIP: &[u8] = b"PK\x03\x04";

/// Lines in order, each with its number from 1, and about how many bytes they have.
#[derive(Default)]
struct Lines {
    lines: Vec<(u64, Line)>,
    bytes: usize,
}

/// How a Command is answered about.
#[derive(Debug, Clone, Copy, Default)]
struct Shape {
    /// Whether it is several.
    is_set: bool,
    /// Whether a repeat of it is known as one.
    has_key: bool,
}

impl Shape {
    fn of(command: &Command) -> Self {
        Self {
            is_set: matches!(command, Command::All(_)),
            has_key: has_key(command),
        }
    }
}

/// Plays Commands and returns how many came to what, and what ended it early, if anything. A result line
/// that says it is done is written only once that is durable and under a signed checkpoint.
pub async fn play(
    writing: &mut Writing,
    source: impl Read + Send + 'static,
    out: &mut impl Write,
) -> Result<(Played, Option<Stopped>)> {
    let failed = |error| AppError::io("reading Commands", error);
    let (hands, reading) = read_beside(source)?;
    let mut played = Played::default();
    // A batch forms while the one before is decided and committed; nothing waits for more.
    while let Ok(first) = hands.recv() {
        let mut lines = first.map_err(failed)?;
        while lines.lines.len() + HAND_LINES <= LINES && lines.bytes < HELD_BYTES {
            let Ok(more) = hands.try_recv() else { break };
            let more = more.map_err(failed)?;
            lines.lines.extend(more.lines);
            lines.bytes += more.bytes;
        }
        let (done, stopped) = batch(writing, lines.lines, out).await?;
        played.add(done);
        if stopped.is_some() {
            return Ok((played, stopped));
        }
    }
    let read = reading.join();
    read.map_err(|_| AppError::Fault("the reader of Commands stopped".to_owned()))?;
    Ok((played, None))
}

type Hands = Receiver<std::io::Result<Lines>>;

/// Reads lines on a thread of its own, a batch ahead of who takes them.
fn read_beside(source: impl Read + Send + 'static) -> Result<(Hands, JoinHandle<()>)> {
    let (give, hands) = sync_channel(LINES / HAND_LINES);
    let read = move || {
        // Nobody takes more once a batch has failed.
        let _ = give_hands(BufReader::with_capacity(1 << 20, source), &give);
    };
    let reading = std::thread::Builder::new()
        .name("commands".to_owned())
        .spawn(read)
        .map_err(|error| AppError::io("starting a thread", error))?;
    Ok((hands, reading))
}

type Given = std::result::Result<(), std::sync::mpsc::SendError<std::io::Result<Lines>>>;

/// Hands over lines: a full hand, and whatever there is before the source may keep us waiting.
fn give_hands(
    mut source: BufReader<impl Read>,
    give: &SyncSender<std::io::Result<Lines>>,
) -> Given {
    let mut number = 0;
    let mut hand = Lines::default();
    let mut bytes = Vec::new();
    loop {
        let read = match read_line(&mut source, &mut bytes) {
            Ok(read) => read,
            Err(error) => return give.send(Err(error)),
        };
        if read > 0 {
            number += 1;
            if let Some(line) = parse(&bytes, read) {
                hand.lines.push((number, line));
                hand.bytes += bytes.len();
            }
        }
        let is_full = hand.lines.len() == HAND_LINES || hand.bytes > HAND_BYTES;
        if is_full || (source.buffer().is_empty() && !hand.lines.is_empty()) {
            give.send(Ok(std::mem::take(&mut hand)))?;
        }
        if read == 0 {
            return Ok(());
        }
    }
}

/// Reads a line and returns how many bytes it has, 0 at the end. What is past the longest
/// Command is counted and not kept.
fn read_line(source: &mut impl BufRead, bytes: &mut Vec<u8>) -> std::io::Result<u64> {
    bytes.clear();
    let mut read = source.take(LINE_BYTES).read_until(b'\n', bytes)? as u64;
    while read >= LINE_BYTES && bytes.last() != Some(&b'\n') {
        let here = source.fill_buf()?;
        let end = here.iter().position(|byte| *byte == b'\n');
        let skipped = end.map_or(here.len(), |end| end + 1);
        source.consume(skipped);
        read += skipped as u64;
        if end.is_some() || skipped == 0 {
            break;
        }
    }
    Ok(read)
}

fn parse(bytes: &[u8], read: u64) -> Option<Line> {
    if read > bytes.len() as u64 {
        return Some(Err(Refusal::new(
            "too_long",
            format!(
                "This line has {read} bytes; {} are the most.",
                Command::BYTES_MAX
            ),
        )
        .hint("Attach long material as a file and cite its hash.")));
    }
    match std::str::from_utf8(bytes) {
        Err(_) => Some(Err(Refusal::new(
            "not_utf8",
            "This line is not UTF-8 text.",
        )
        .hint("Save the file as UTF-8."))),
        Ok(text) if text.trim().is_empty() => None,
        Ok(text) => Some(Command::parse(text.trim())),
    }
}

async fn batch(
    writing: &mut Writing,
    lines: Vec<(u64, Line)>,
    out: &mut impl Write,
) -> Result<(Played, Option<Stopped>)> {
    let mut commands = Vec::with_capacity(lines.len());
    let mut places = Vec::with_capacity(lines.len());
    for (number, line) in lines {
        match line {
            Ok(command) => {
                let shape = Shape::of(&command);
                commands.push(command);
                places.push((number, shape, None));
            }
            Err(refusal) => places.push((number, Shape::default(), Some(refusal))),
        }
    }
    let (outcomes, stopped) = match writing.submit(&commands).await {
        Ok(outcomes) => (outcomes, None),
        Err(stopped) => (stopped.outcomes, Some((stopped.not_known, stopped.error))),
    };
    let mut outcomes = outcomes.into_iter();
    let mut open = stopped.as_ref().map_or(0, |(not_known, _)| *not_known);
    let (mut played, mut told) = (Played::default(), Ok(()));
    for (number, shape, refusal) in places {
        let outcome = match refusal.map(Outcome::Refused).or_else(|| outcomes.next()) {
            Some(outcome) => outcome,
            None if open > 0 => {
                open -= 1;
                played.not_known += 1;
                Outcome::Refused(not_known())
            }
            // Nothing from here on was recorded, and nothing more is answered.
            None if stopped.is_some() => break,
            None => return Err(AppError::Fault("a Command was left unanswered".to_owned())),
        };
        match &outcome {
            Outcome::Refused(refusal) if refusal.code != NOT_KNOWN => played.refused += 1,
            Outcome::Refused(_) => {}
            Outcome::Done(written) => {
                let is_repeat = written.iter().all(|one| one.is_repeat);
                played.recorded += 1;
                played.repeated += u64::from(is_repeat);
                played.unkeyed += u64::from(!is_repeat && !shape.has_key);
            }
        }
        // What is recorded is counted, whether or not somebody is told.
        told = told.and_then(|()| say(out, (number, shape.is_set), &outcome));
        played.last = number;
    }
    let told = told.and_then(|()| out.flush());
    let untold = told.err().map(|why| Stopped::Telling(store::said(&why)));
    let stopped = stopped.map(|(_, error)| Stopped::Writing(error));
    Ok((played, stopped.or(untold)))
}

/// The word for a Command of which it is not known whether it is recorded.
const NOT_KNOWN: &str = "not_known";

fn not_known() -> Refusal {
    Refusal::new(NOT_KNOWN, "Whether this was recorded is not known: the writing stopped at it.")
        .hint("Apply it again with the same key, and it is recorded once; without a key, look first whether it is there.")
}

/// What a Command came to, with its keys sorted as in every other result line.
#[derive(Serialize)]
struct Done<'a> {
    id: Uuid,
    line: u64,
    #[serde(skip_serializing_if = "<[EntryNote]>::is_empty")]
    notes: &'a [EntryNote],
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    provenance: Option<&'static str>,
    recorded_at: &'a str,
    seq: u64,
    version: u32,
}

fn say(
    out: &mut impl Write,
    (line, is_set): (u64, bool),
    outcome: &Outcome,
) -> std::io::Result<()> {
    match outcome {
        Outcome::Done(written) if is_set => {
            let said = json!({"line": line, "ok": true, "results": written});
            writeln!(out, "{said}")
        }
        Outcome::Done(written) => {
            for one in written {
                serde_json::to_writer(&mut *out, &Done::of(line, one))?;
                out.write_all(b"\n")?;
            }
            Ok(())
        }
        Outcome::Refused(refusal) => {
            let said = json!({"line": line, "ok": false, "refusal": refusal});
            writeln!(out, "{said}")
        }
    }
}

impl<'a> Done<'a> {
    fn of(line: u64, written: &'a Written) -> Self {
        Self {
            id: written.id,
            line,
            notes: &written.notes,
            ok: true,
            provenance: written.provenance,
            recorded_at: &written.recorded_at,
            seq: written.seq,
            version: written.version,
        }
    }
}
