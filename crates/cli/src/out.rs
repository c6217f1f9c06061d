//! What goes to stdout and stderr, and with which exit status.

use std::io::Write;
use std::process::ExitCode;

use app::AppError;
use serde_json::json;

/// Done, and what was checked holds.
pub const DONE: u8 = 0;
/// It ran, and something checked does not hold, or was refused.
pub const NOT_SO: u8 = 1;
/// Wrong use, or it could not run.
pub const COULD_NOT: u8 = 2;

/// Prints to stdout; a reader that went away is no fault of ours.
pub fn say(text: &str) {
    let mut stdout = std::io::stdout().lock();
    let _ = writeln!(stdout, "{text}");
}

/// Prints a hint or progress to stderr.
pub fn hint(text: &str) {
    let mut stderr = std::io::stderr().lock();
    let _ = writeln!(stderr, "{text}");
}

/// Prints an error and returns its exit status.
pub fn failed(error: &AppError, as_json: bool) -> ExitCode {
    let code = match error {
        AppError::Refused(refusal) => {
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
            return ExitCode::from(if wrong_use(&refusal.code) {
                COULD_NOT
            } else {
                NOT_SO
            });
        }
        AppError::Guard {
            message,
            hint: next,
        } => {
            hint(&format!("minutebook: {message}"));
            hint(&format!("  {next}"));
            COULD_NOT
        }
        other => {
            hint(&format!("minutebook: {other}"));
            COULD_NOT
        }
    };
    if as_json {
        say(&json!({"ok": false, "error": error.to_string()}).to_string());
    }
    ExitCode::from(code)
}

/// Refusals of what was typed, not of a Command.
fn wrong_use(code: &str) -> bool {
    matches!(
        code,
        "no_moment" | "unknown_rule" | "unknown_time_zone" | "wrong_use" | "no_such_entry"
    )
}
