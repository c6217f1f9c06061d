//! The binary as a process of its own: how long it takes and how much memory.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::figure::now;

/// How often a child is looked at.
const LOOK: Duration = Duration::from_millis(2);

/// Who acts for the ledgers that are measured.
pub const OPERATOR: &str = "operator@bench.example";

/// What a process took.
pub struct Took {
    /// From start to exit.
    pub seconds: f64,
    /// Peak resident memory.
    pub peak_mib: f64,
    code: Option<i32>,
}

/// A data directory with the guard that belongs to it.
pub struct Place {
    /// The data directory.
    pub data: PathBuf,
    guard: PathBuf,
    minutebook: PathBuf,
}

impl Place {
    /// Returns a place that nothing is in yet.
    pub fn new(dir: &Path, name: &str, minutebook: &Path) -> Self {
        Self {
            data: dir.join(name),
            guard: dir.join(format!("{name}-guard")),
            minutebook: minutebook.to_owned(),
        }
    }

    /// Returns a command over this place.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.minutebook);
        command.arg("--data").arg(&self.data);
        command.arg("--guard").arg(&self.guard).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(Stdio::null());
        command
    }

    /// Begins a ledger here, on a simulated clock where one is given.
    pub fn init(&self, simulated_clock: Option<&str>) -> anyhow::Result<()> {
        let mut command = self.command(&["init", "--organisation", "Bench (fictional)"]);
        command.args(["--operator", "Ada Sample", "--email", OPERATOR]);
        if let Some(instant) = simulated_clock {
            command.args(["--simulated-clock", instant]);
        }
        finish(&mut command).map(|_| ())
    }

    /// Imports the register of 2025 and returns what that took.
    pub fn import(&self, register: &Path) -> anyhow::Result<Took> {
        let mut command = self.command(&["import", "us-federal-2025"]);
        let results = self.data.with_extension("results.csv");
        finish(command.arg(register).arg("--results").arg(results))
    }

    /// Plays Commands through `apply -` as they are generated.
    pub fn apply(&self, commands: impl Iterator<Item = String>) -> anyhow::Result<()> {
        let mut child = self.command(&["apply", "-"]);
        let mut child = child.stdin(Stdio::piped()).spawn()?;
        let mut input = std::io::BufWriter::new(child.stdin.take().context("no stdin")?);
        for line in commands {
            writeln!(input, "{line}")?;
        }
        drop(input);
        let took = watched(child, now())?;
        if took.code != Some(0) {
            bail!("Commands were refused");
        }
        Ok(())
    }

    /// Writes the verifier key to a file and returns its path.
    pub fn key(&self) -> anyhow::Result<PathBuf> {
        let printed = self.command(&["key"]).stdout(Stdio::piped()).output()?;
        let path = self.data.with_extension("vkey");
        std::fs::write(&path, printed.stdout)?;
        Ok(path)
    }

    /// Removes everything that is here.
    pub fn remove(&self) -> anyhow::Result<()> {
        for dir in [&self.data, &self.guard] {
            if dir.exists() {
                std::fs::remove_dir_all(dir)?;
            }
        }
        Ok(())
    }
}

/// Runs a command to its end, which has to be a good one.
pub fn finish(command: &mut Command) -> anyhow::Result<Took> {
    let took = asked(command)?;
    if took.code != Some(0) {
        bail!("{command:?} ended with {:?}", took.code);
    }
    Ok(took)
}

/// Runs a command that may answer no: 0 and 1 are good ends.
pub fn asked(command: &mut Command) -> anyhow::Result<Took> {
    let begun = now();
    let took = watched(command.spawn()?, begun)?;
    if !matches!(took.code, Some(0 | 1)) {
        bail!("{command:?} ended with {:?}", took.code);
    }
    Ok(took)
}

fn watched(mut child: Child, begun: Instant) -> anyhow::Result<Took> {
    let mut peak_mib = 0.0;
    loop {
        // The largest ever, so that the last look tells; it is gone with the process.
        peak_mib = memory_mib(child.id(), "VmHWM:").unwrap_or(peak_mib);
        if let Some(status) = child.try_wait()? {
            return Ok(Took {
                seconds: begun.elapsed().as_secs_f64(),
                peak_mib,
                code: status.code(),
            });
        }
        std::thread::sleep(LOOK);
    }
}

/// Returns what the system says of a process's memory; nothing where it does not say.
pub fn memory_mib(process: u32, field: &str) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    let kib: f64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kib / 1_024.0)
}

/// Returns the processor time a process has had, in ticks of the system.
pub fn ticks(process: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // After the name in parentheses, in which anything may stand.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let at = |n: usize| fields.get(n)?.parse::<u64>().ok();
    Some(at(11)? + at(12)?)
}
