//! What goes to stdout and stderr, and with which exit status.

use std::borrow::Cow;
use std::io::{ErrorKind, Read, Write};
use std::process::ExitCode;
use std::sync::OnceLock;

use app::AppError;
use record::Refusal;
use serde_json::json;

/// Done, and what was checked holds.
pub const DONE: u8 = 0;
/// It ran, and something checked does not hold, or was refused.
pub const NOT_SO: u8 = 1;
/// Wrong use, or it could not run.
pub const COULD_NOT: u8 = 2;

/// Why something could not be printed to stdout, the first time.
static UNPRINTED: OnceLock<String> = OnceLock::new();

/// Prints to stdout. Where that fails, `ended` says so; a reader that went away is no fault of ours.
pub fn say(text: &str) {
    let mut stdout = std::io::stdout().lock();
    note(writeln!(stdout, "{text}").and_then(|()| stdout.flush()));
}

/// Prints bytes to stdout as they are, as `say` prints a text.
pub fn give(bytes: &mut impl Read) {
    let mut stdout = std::io::stdout().lock();
    note(std::io::copy(bytes, &mut stdout).and_then(|_| stdout.flush()));
}

fn note(printed: std::io::Result<()>) {
    if let Err(error) = printed
        && error.kind() != ErrorKind::BrokenPipe
    {
        // Only the first is told.
        let _ = UNPRINTED.set(store::said(&error));
    }
}

/// Returns the error of whatever could not be printed so far.
pub fn printed() -> app::Result<()> {
    match UNPRINTED.get() {
        None => Ok(()),
        Some(why) => Err(AppError::Fault(format!(
            "what was to be printed could not be: {why}. Whatever the command recorded or wrote to a file is there all the same"
        ))),
    }
}

/// Returns the exit status of a command that ended with one: another where somebody was not told.
pub fn ended(code: u8) -> ExitCode {
    match printed() {
        Ok(()) => ExitCode::from(code),
        Err(error) => {
            hint(&format!("minutebook: {error}"));
            ExitCode::from(COULD_NOT)
        }
    }
}

/// Prints what people and other systems wrote, as text for a terminal.
pub fn say_words(text: &str) {
    say(&inert(text));
}

/// Returns a text in which nothing moves the cursor, rings, or turns the direction of reading.
fn inert(text: &str) -> Cow<'_, str> {
    let acts = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    match text.contains(acts) {
        true => Cow::Owned(text.replace(acts, "\u{fffd}")),
        false => Cow::Borrowed(text),
    }
}

/// Prints a hint or progress to stderr.
pub fn hint(text: &str) {
    let mut stderr = std::io::stderr().lock();
    let _ = writeln!(stderr, "{}", inert(text));
}

/// Says what of the words typed was not understood, or the help that was asked for.
pub fn not_understood(error: &clap::Error, as_json: bool) -> ExitCode {
    let wrong = error.use_stderr();
    if wrong && as_json {
        let text = error.to_string();
        let (message, next) = text.split_once("\n\n").unwrap_or((&text, ""));
        let message = message.trim().trim_start_matches("error: ");
        let refusal = Refusal::new("wrong_use", message).hint(next.trim());
        say(&json!({"ok": false, "refusal": refusal}).to_string());
    }
    note(error.print());
    ended(if wrong { COULD_NOT } else { DONE })
}

/// Prints an error that lies in what was typed, and returns the exit status for that.
pub fn wrongly_used(error: &AppError, as_json: bool) -> u8 {
    failed(error, as_json);
    COULD_NOT
}

/// Prints an error and returns its exit status.
pub fn failed(error: &AppError, as_json: bool) -> ExitCode {
    let code = match error {
        AppError::Refused(refusal) => {
            let code = refused(refusal, as_json);
            return ExitCode::from(match wrong_use(&refusal.code) {
                true => COULD_NOT,
                false => code,
            });
        }
        AppError::Guard {
            message,
            hint: next,
        }
        | AppError::OtherKey {
            message,
            hint: next,
        } => {
            hint(&format!("minutebook: {message}"));
            hint(&format!("  {next}"));
            COULD_NOT
        }
        other => {
            hint(&format!("minutebook: {other}"));
            match is_altered(other) {
                true => NOT_SO,
                false => COULD_NOT,
            }
        }
    };
    if matches!(error, AppError::Unsigned { .. }) {
        hint("  Do not repeat this one: it would be recorded twice.");
    }
    if as_json {
        say(&json!({"ok": false, "error": error.to_string()}).to_string());
    }
    ExitCode::from(code)
}

/// Returns whether what was asked for was read, and found to be other than it was recorded.
fn is_altered(error: &AppError) -> bool {
    use store::StoreError::FileDamaged;
    matches!(
        error,
        AppError::Altered(_) | AppError::Store(FileDamaged { .. })
    )
}

/// Prints why a Command is refused, and returns the exit status of that.
pub fn refused(refusal: &Refusal, as_json: bool) -> u8 {
    if as_json {
        say(&json!({"ok": false, "refusal": refusal}).to_string());
    }
    hint(&format!("minutebook: {}", refusal.message));
    if let Some(field) = &refusal.field {
        hint(&format!("  at {field}"));
    }
    if let Some(text) = &refusal.hint {
        hint(&format!("  {text}"));
    }
    NOT_SO
}

/// Refusals of what was typed beside a Command: a word that names nothing there is.
fn wrong_use(code: &str) -> bool {
    matches!(
        code,
        "kind_without_rows"
            | "no_moment"
            | "no_such_entry"
            | "several_persons"
            | "unknown_kind"
            | "unknown_person"
            | "unknown_rule"
            | "unknown_time_zone"
            | "wrong_use"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_told_nothing_but_text() {
        assert_eq!(inert("Straße\t5\n"), "Straße\t5\n");
        let odd = "a\u{1b}[2Jb\u{7}c\rd\u{202e}e\u{2066}f\u{9b}";
        let inert = inert(odd);
        assert_eq!(inert.matches('\u{fffd}').count(), 6);
        assert_eq!(inert.replace('\u{fffd}', ""), "a[2Jbcdef");
    }
}
