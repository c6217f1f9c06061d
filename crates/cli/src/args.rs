//! What people type.

use std::path::PathBuf;

use clap::builder::Resettable;
use clap::{Args as ClapArgs, CommandFactory, FromArgMatches, Parser, Subcommand};

/// What the exit status says, below the list of commands.
const EXIT: &str = "\
Exit status: 0 done, and what was checked holds; 1 it ran, and something does not hold or was refused;
2 wrong use, or it could not run.";

/// Keeps an organisation's AI management system as dated, signed, append-only records.
#[derive(Debug, Parser)]
#[command(name = "minutebook", version, max_term_width = 100, after_help = EXIT)]
pub struct Args {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

impl Args {
    /// Reads what was typed. A variable that is set to nothing counts as not set.
    pub fn typed(is_empty: fn(&str) -> bool) -> Result<Self, clap::Error> {
        let matches = match Self::command_without(is_empty).try_get_matches() {
            // What comes from a variable would stand in the usage as if it had to be typed.
            Err(error) if error.use_stderr() => {
                let clean = Self::command_without(|_| true).try_get_matches();
                return Err(clean.err().unwrap_or(error));
            }
            typed => typed?,
        };
        Self::from_arg_matches(&matches)
    }

    /// Returns the command that takes nothing from the variables skipped.
    fn command_without(skips: fn(&str) -> bool) -> clap::Command {
        let variables = [("data", "MINUTEBOOK_DATA"), ("guard", "MINUTEBOOK_GUARD")];
        let skipped = variables.into_iter().filter(|(_, name)| skips(name));
        skipped.fold(Self::command(), |command, (option, _)| {
            command.mut_arg(option, |one| one.env(Resettable::Reset))
        })
    }
}

/// Returns whether JSON was asked for, whatever else was typed.
#[expect(
    clippy::disallowed_methods,
    reason = "asked where what was typed cannot be parsed"
)]
pub fn asks_for_json() -> bool {
    let mut words = std::env::args_os().skip(1).take_while(|word| word != "--");
    words.any(|word| word == "--json")
}

/// Reads the id of a record.
fn id(text: &str) -> Result<uuid::Uuid, String> {
    text.parse().map_err(|_| {
        "an id is like 0b3f8f5e-6f0a-4a53-9d0b-4a8a3c2f7e11; `minutebook record list KIND` shows those of a kind"
            .to_owned()
    })
}

#[derive(Debug, Clone, ClapArgs)]
#[command(next_help_heading = "For every command")]
pub struct Global {
    /// The data directory
    #[arg(
        long,
        global = true,
        env = "MINUTEBOOK_DATA",
        hide_env_values = true,
        default_value = "./minutebook-data",
        value_name = "DIR"
    )]
    pub data: PathBuf,
    /// Where the signing guard lives; by default in the user's state directory
    #[arg(
        long,
        global = true,
        env = "MINUTEBOOK_GUARD",
        hide_env_values = true,
        value_name = "DIR"
    )]
    pub guard: Option<PathBuf>,
    /// Who acts, recorded as vouched for by the local operator; without it the operator, unnamed,
    /// who may put and not approve
    #[arg(long = "as", global = true, value_name = "EMAIL")]
    pub acting: Option<String>,
    /// Go on after the wall clock jumped over a day while running, or where it is over 366 days
    /// after the last entry; an entry by a clock that is ahead keeps all others out until its time
    /// has come
    #[arg(long, global = true)]
    pub accept_clock: bool,
    /// One JSON document on stdout
    #[arg(long, global = true)]
    pub json: bool,
}

#[derive(Debug, Clone, Default, ClapArgs)]
pub struct When {
    /// About when: a day such as 2026-03-31 (its end), an instant such as 2026-03-31T17:00:00Z, now,
    /// today, or '#7' for when entry 7 was recorded; now unless given
    #[arg(long, value_name = "T")]
    pub as_of: Option<String>,
    /// From what was recorded by when, written likewise; T unless given, and so as it was known then
    #[arg(long, value_name = "U")]
    pub known_by: Option<String>,
}

/// Where evidence came from that is older than the ledger.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct BroughtIn {
    /// Brought in, as older than the ledger: the system, folder or person it came from
    #[arg(long, value_name = "TEXT")]
    pub brought_in_from: Option<String>,
    /// The person who brought it in; whoever acts unless given
    #[arg(long, value_name = "ID", requires = "brought_in_from")]
    pub brought_in_by: Option<uuid::Uuid>,
    /// The hash of the file it came in, as `file add` prints it
    #[arg(long, value_name = "HASH", requires = "brought_in_from")]
    pub brought_in_file: Option<String>,
}

/// How Commands are written, for the long help of `apply`; docs/commands.md walks one path through.
const COMMANDS: &str = r#"Each line is a Command. A put adds a version of a record; an id that is not there yet creates it:

  {"do":"put","kind":"policy","id":"…","key":"policy-1","body":{"title":"AI policy"}}

A move acts on a version of a record:

  {"do":"move","id":"…","version":1,"move":"approve","as":"ada@example.org","body":{}}

Several are recorded together, or none of them is:

  {"do":"all","commands":[{"do":"put","kind":"person","body":{"name":"Bo Two"}}]}

`id` is a random UUID of your own, so that later lines can cite {"id":"…","version":1}; left out, one
is made. `as` is the e-mail of who acts. `key` makes a repeat harmless: the same key with the same
content gives the first result. `minutebook kinds --schema KIND` shows what a body holds, and each move.

What a body of people decides takes four steps, in this order: the body with its terms of reference,
the meeting it held, the resolution taken there that adopts exact versions, and the move `attest` of
that resolution by the body's secretary or chair, which is the approval of each version."#;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Makes a fictional organisation with four years of records, and serves it
    Demo {
        /// Where to listen
        #[arg(long, default_value = "127.0.0.1:8042")]
        listen: String,
        /// Keep it in this directory; without, it is thrown away in the end
        #[arg(long, value_name = "DIR")]
        keep: Option<PathBuf>,
        /// Only make it, and serve nothing
        #[arg(long)]
        no_serve: bool,
    },
    /// Makes a new ledger with its keys
    Init(InitArgs),
    /// Serves the page and prints a single-use sign-in link
    ///
    /// While it runs, it alone writes to the data directory: a command that records (record put, record
    /// move, apply, import, guard accept) is refused with exit 2 and names the server. Stop it first, with
    /// Ctrl-C where it runs. What only reads (status, verify, pack, backup, import --dry-run) goes on,
    /// and so does file add.
    Serve {
        /// Where to listen
        #[arg(long, default_value = "127.0.0.1:8042")]
        listen: String,
    },
    /// Prints the verifier key: hand it to whoever will verify, some other way than with a pack
    ///
    /// The file `key` in the data directory is another: the secret key that signs. It is handed to
    /// nobody, and nothing is written over it; write what is printed here to a file of its own, such as
    /// `verifier.key`.
    Key,
    /// Prints the latest signed checkpoint: kept elsewhere, it serves `verify --previous`
    Checkpoint,
    /// Says what the signing guard and the ledger each hold as signed; `guard accept` mends it
    Guard {
        #[command(subcommand)]
        accept: Option<GuardCommand>,
    },
    /// Reads somebody else's file into records
    Import(ImportArgs),
    /// Lists the kinds of record
    Kinds {
        /// The JSON Schema of one
        #[arg(long, value_name = "KIND")]
        schema: Option<String>,
    },
    /// Puts, moves and shows single records
    Record {
        #[command(subcommand)]
        what: RecordCommand,
    },
    /// Plays Commands from a file, one JSON object a line
    #[command(after_long_help = COMMANDS)]
    Apply {
        /// The file; - for stdin
        file: PathBuf,
    },
    /// Keeps a file as evidence, or gives one back
    File {
        #[command(subcommand)]
        what: FileCommand,
    },
    /// Says the five answers and every requirement, about any date
    ///
    /// Exits 0 only where all five are in hand and hold, else 1.
    Status {
        #[command(flatten)]
        when: When,
        /// Every subject of one rule, by its id as it stands beside a finding, such as 4.3-c
        #[arg(long, value_name = "RULE")]
        findings: Option<String>,
    },
    /// Makes the auditor's file
    ///
    /// Of what was known before the ledger began none is made: it would hold no entry. `--as-of` such
    /// a day with `--known-by now` makes one of what is known now about it.
    Pack {
        /// Where to write it
        #[arg(required_unless_present = "list")]
        out: Option<PathBuf>,
        #[command(flatten)]
        when: When,
        /// For whom; no other than the auditor's can be made yet
        #[arg(long = "for", default_value = "auditor", value_name = "READER")]
        profile: String,
        /// Only say what would leave and what would be withheld: what is marked privileged or
        /// exempt; what is marked personal or confidential leaves
        #[arg(long)]
        list: bool,
    },
    /// Verifies a pack, or the ledger in place
    Verify {
        /// The pack; without one, the ledger in the data directory
        pack: Option<PathBuf>,
        /// The verifier key, got some other way than with the pack; without it, or a policy that
        /// names it, a pack is not verified in full
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
        /// A trust policy: the keys and witnesses to hold it to (C2SP tlog-policy)
        #[arg(long, value_name = "FILE")]
        policy: Option<PathBuf>,
        /// A file with a checkpoint kept from before, which the log must extend
        #[arg(long, value_name = "CHECKPOINT")]
        previous: Option<PathBuf>,
    },
    /// Exports the log for other people's tools
    Log {
        #[command(subcommand)]
        what: LogCommand,
    },
    /// Makes one consistent copy, also while the server runs, and verifies what it copied
    Backup {
        /// An empty or new directory
        dir: PathBuf,
    },
    /// Makes a ledger from a backup, in the data directory
    Restore {
        /// The backup
        dir: PathBuf,
    },
    /// Says version, ledger format, schema version and build
    Version,
}

// Without a comment of its own: what the command does is said once, where it is named.
#[derive(Debug, ClapArgs)]
pub struct InitArgs {
    /// The organisation's name
    #[arg(long)]
    pub organisation: String,
    /// The AI management system's first day; today unless given
    #[arg(long, value_name = "DATE")]
    pub aims_start: Option<String>,
    /// The organisation's time zone
    #[arg(long, default_value = "UTC", value_name = "TZ")]
    pub time_zone: String,
    /// The name of whoever keeps this ledger on this machine
    #[arg(long, requires = "email")]
    pub operator: Option<String>,
    /// Their e-mail address
    #[arg(long, requires = "operator")]
    pub email: Option<String>,
    /// To try things out: a clock that is simulated from this instant on, and for ever
    #[arg(long, value_name = "INSTANT")]
    pub simulated_clock: Option<String>,
}

// Without a comment of its own: what the command does is said once, where it is named.
#[derive(Debug, ClapArgs)]
pub struct ImportArgs {
    /// csv for a table of your own, CSV or XLSX; or a shipped mapping, as --list names them
    #[arg(required_unless_present = "list")]
    pub format: Option<String>,
    /// The file
    #[arg(required_unless_present = "list")]
    pub file: Option<PathBuf>,
    /// Names the formats
    #[arg(long)]
    pub list: bool,
    /// Only say what would happen
    #[arg(long)]
    pub dry_run: bool,
    /// Write a result for every row here; rows count from 1 below the headings
    #[arg(long, value_name = "OUT.csv")]
    pub results: Option<PathBuf>,
    /// The mapping to use, for csv; draft one first
    #[arg(long, value_name = "M.toml")]
    pub mapping: Option<PathBuf>,
    /// Only draft a mapping from the headings, into this file, to be looked through
    #[arg(long, value_name = "M.toml", conflicts_with = "mapping")]
    pub draft_mapping: Option<PathBuf>,
    /// The sheet of a workbook, where several hold something
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// The encoding of a text file, where a guess is wrong; such as windows-1252
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// The row that holds the headings, where others stand above them
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub headings_at: Option<u32>,
    /// The day from which what the file says was so; one before the ledger began is brought in,
    /// from the file itself
    #[arg(long, value_name = "DATE")]
    pub effective_on: Option<record::Day>,
    /// The kind to draft for: ai_system or person
    #[arg(long, default_value = "ai_system")]
    pub kind: String,
}

#[derive(Debug, Subcommand)]
pub enum GuardCommand {
    /// Re-creates a missing guard, or moves a lagging one forward
    Accept {
        /// Why
        #[arg(long)]
        because: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum RecordCommand {
    /// Adds a version: the body as JSON
    Put {
        /// The kind
        kind: String,
        /// The body; - or nothing reads stdin
        file: Option<PathBuf>,
        /// The record that gets a version; of a new record, the id it is to have
        #[arg(long, value_parser = id)]
        id: Option<uuid::Uuid>,
        /// The version it follows; any other is refused
        #[arg(long, value_name = "N")]
        if_version: Option<u32>,
        /// The day it takes effect or happened
        #[arg(long, value_name = "DATE")]
        effective_on: Option<record::Day>,
        /// Makes a repeat harmless: the same key gives the first result
        #[arg(long, value_name = "TEXT")]
        key: Option<String>,
        #[command(flatten)]
        brought_in: BroughtIn,
    },
    /// Acts on a version
    Move {
        /// The record
        #[arg(value_parser = id)]
        id: uuid::Uuid,
        /// The move: `minutebook kinds` lists those of each kind
        name: String,
        /// The version it acts on
        #[arg(long, value_name = "N")]
        version: u32,
        /// The move's body; - or nothing reads stdin, which may be empty
        file: Option<PathBuf>,
        /// The day it takes effect or happened
        #[arg(long, value_name = "DATE")]
        effective_on: Option<record::Day>,
        /// Makes a repeat harmless: the same key gives the first result
        #[arg(long, value_name = "TEXT")]
        key: Option<String>,
        #[command(flatten)]
        brought_in: BroughtIn,
    },
    /// Shows a record
    Show {
        /// The record
        #[arg(value_parser = id)]
        id: uuid::Uuid,
        /// The version; the newest unless given
        #[arg(long, value_name = "N")]
        version: Option<u32>,
        #[command(flatten)]
        when: When,
    },
    /// Lists the records of a kind
    List {
        /// The kind
        kind: String,
        #[command(flatten)]
        when: When,
    },
    /// Everything that was done to a record
    History {
        /// The record
        #[arg(value_parser = id)]
        id: uuid::Uuid,
        #[command(flatten)]
        when: When,
    },
}

#[derive(Debug, Subcommand)]
pub enum FileCommand {
    /// Keeps a file and prints the hash a record cites
    Add {
        /// The file
        path: PathBuf,
    },
    /// Writes a kept file out
    Get {
        /// Its hash
        hash: String,
        /// Where to; - for stdout
        out: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub enum LogCommand {
    /// Writes the log as C2SP tiles
    Export {
        /// An empty or new directory, or one that an interrupted export left
        dir: PathBuf,
    },
}
