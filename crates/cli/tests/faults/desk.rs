//! A ledger in a directory of its own, and the binary run on it.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// The day the simulated clock stands at.
pub const BEGAN: &str = "2026-01-05T09:00:00Z";

/// A mapping of a register with two columns: `No`, by which a row is known again, and `Name`.
pub const MAPPING: &str = r#"
name = "a"
kind = "ai_system"
key.by = [["No"]]
field = [{to = "title", from = "Name", as = "words"}]
"#;

/// A ledger: its data directory, and its guard beside that.
pub struct Desk {
    pub dir: TempDir,
}

/// What one run of the binary came to.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// Returns the lines of stdout as JSON.
    pub fn lines(&self) -> Vec<Value> {
        let read = |line| serde_json::from_str(line).unwrap();
        self.out.lines().map(read).collect()
    }

    /// Returns stdout as one JSON document.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl Desk {
    /// Returns a place without a ledger.
    pub fn empty() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self { dir }
    }

    /// Returns a ledger of three entries whose clock is simulated.
    pub fn simulated() -> Self {
        let desk = Self::empty();
        desk.init(&["--simulated-clock", BEGAN]);
        desk
    }

    pub fn init(&self, more: &[&str]) {
        let mut args = vec!["init", "--organisation", "Example Council (fictional)"];
        args.extend(["--operator", "Ada Sample", "--email", "ada@council.example"]);
        args.extend(more);
        let ran = self.run(&args);
        assert_eq!(ran.code, 0, "{ran:?}");
    }

    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    pub fn guard(&self) -> PathBuf {
        self.dir.path().join("guard")
    }

    pub fn command<S: AsRef<OsStr>>(&self, args: &[S]) -> Command {
        self.command_on(&self.data(), args)
    }

    /// Returns the binary about to run on another data directory with the same guard.
    pub fn command_on<S: AsRef<OsStr>>(&self, data: &Path, args: &[S]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_minutebook"));
        command
            .current_dir(self.dir.path())
            .env_remove("MINUTEBOOK_DATA")
            .env_remove("MINUTEBOOK_GUARD")
            .arg("--data")
            .arg(data)
            .arg("--guard")
            .arg(self.guard())
            .args(args);
        command
    }

    pub fn run<S: AsRef<OsStr>>(&self, args: &[S]) -> Ran {
        finish(self.command(args))
    }

    /// Gives bytes to `apply` on stdin.
    pub fn apply_bytes(&self, bytes: &[u8]) -> Ran {
        let mut child = self.start(&["apply", "-"]);
        let mut stdin = child.stdin.take().unwrap();
        let bytes = bytes.to_vec();
        // Beside the reading, because neither pipe holds everything. A refusal may close it early.
        let writing = std::thread::spawn(move || {
            let _ = stdin.write_all(&bytes);
        });
        let ran = ran(child);
        writing.join().unwrap();
        ran
    }

    pub fn apply(&self, commands: &[Value]) -> Ran {
        let lines: String = commands.iter().map(|one| format!("{one}\n")).collect();
        self.apply_bytes(lines.as_bytes())
    }

    /// Applies Commands that are all accepted, and returns their result lines.
    pub fn done(&self, commands: &[Value]) -> Vec<Value> {
        let ran = self.apply(commands);
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.lines()
    }

    /// Starts the binary with its pipes held.
    pub fn start<S: AsRef<OsStr>>(&self, args: &[S]) -> Child {
        self.command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Returns the id of the organisation that the ledger began with.
    pub fn organisation(&self) -> String {
        let listed = self.run(&["record", "list", "organisation", "--json"]);
        let id = &listed.json()[0]["id"];
        id.as_str().unwrap().to_owned()
    }

    /// Returns the person that the ledger began with, its operator.
    pub fn operator(&self) -> String {
        let listed = self.run(&["record", "list", "person", "--json"]).json();
        let mut people = listed.as_array().into_iter().flatten();
        let operator = people.find(|one| one["title"] == "Ada Sample");
        operator.unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// Returns how many entries the log has, and its root.
    pub fn head(&self) -> (u64, String) {
        let status = self.run(&["status", "--json"]).json();
        let root = status["root"].as_str().unwrap().to_owned();
        (status["entries"].as_u64().unwrap(), root)
    }

    /// Verifies in place.
    pub fn verify(&self) -> Ran {
        self.run(&["verify", "--json"])
    }

    pub fn holds(&self) {
        let ran = self.verify();
        assert_eq!(ran.code, 0, "{ran:?}");
    }

    /// Writes a file beside the ledger and returns its path.
    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.dir.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }
}

pub fn finish(mut command: Command) -> Ran {
    command.stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    ran(command.spawn().unwrap())
}

fn ran(child: Child) -> Ran {
    let output = child.wait_with_output().unwrap();
    Ran {
        // Killed by a signal: no code of ours.
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Copies a folder as it lies on disk.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Returns a person put with a fixed id.
pub fn person(number: u32, name: &str) -> Value {
    json!({"do": "put", "kind": "person", "id": id(number),
        "body": {"name": name, "email": format!("{name}@council.example")}})
}

/// Returns a fixed id.
pub fn id(number: u32) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}
