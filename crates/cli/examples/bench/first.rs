//! The first command of README.md in a fresh clone with nothing built, until its link answers.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

use crate::child::finish;
use crate::figure::now;
use crate::server::answer;
use crate::{Bench, Figure, Figures};

/// Seven minutes.
const AT_MOST_SECONDS: f64 = 420.0;

/// Any free port, so that a server that runs already does not stand in the way.
const COMMAND: &str = "cargo run --release -- demo --listen 127.0.0.1:0";

/// Measures it once: it takes minutes. What cargo downloaded before is not downloaded again.
pub fn measure(bench: &Bench) -> Figures {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let clone = bench.dir.join("clone");
    if clone.exists() {
        std::fs::remove_dir_all(&clone)?;
    }
    let mut git = Command::new("git");
    git.args(["clone", "--quiet"]).arg(checkout).arg(&clone);
    finish(&mut git).context("cloning the checkout")?;
    let mut words = COMMAND.split_whitespace();
    let mut command = Command::new(words.next().context("no command")?);
    command.args(words).current_dir(&clone);
    command.env("CARGO_TARGET_DIR", clone.join("target"));
    let begun = now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("running cargo")?;
    let answered = child
        .stdout
        .take()
        .context("no stdout")
        .and_then(|out| opened(BufReader::new(out)));
    let seconds = begun.elapsed().as_secs_f64();
    // Cargo gives way to the program it runs, so that this ends the server itself.
    child.kill()?;
    child.wait()?;
    answered?;
    std::fs::remove_dir_all(&clone)?;
    Ok(vec![Figure::absolute(
        "first command of README, in a fresh clone with nothing built",
        (seconds, "s"),
        AT_MOST_SECONDS,
    )])
}

/// Waits for the link and opens it.
fn opened(mut out: impl BufRead) -> anyhow::Result<()> {
    let mut line = String::new();
    out.read_line(&mut line)?;
    let Some((address, path)) = line
        .trim()
        .strip_prefix("http://")
        .and_then(|link| link.split_once('/'))
    else {
        bail!("no link came, but {line:?}");
    };
    let answer = answer(address, &format!("/{path}"))?;
    if !answer.starts_with("HTTP/1.1 303") {
        bail!("the link answered {:?}", answer.lines().next());
    }
    Ok(())
}
