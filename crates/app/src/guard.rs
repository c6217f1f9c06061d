//! The signing guard's file: outside the data directory, so that a restored copy is noticed.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use ledger::{GuardMark, Hash};
use record::{Refusal, counted};
use store::{GOVERNANCE_LOG, Rows};

use crate::error::{AppError, Result};
use crate::keys::LogKey;
use crate::place;
use crate::reading::{Ledger, head};

/// How the names of guards end.
const EXTENSION: &str = "guard";

/// Where guards live: one file per log key.
#[derive(Debug, Clone)]
pub struct GuardDir(pub PathBuf);

/// Both sides of the guard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardState {
    /// What the guard remembers.
    pub guard: Option<GuardMark>,
    /// The head of the log here.
    pub head: GuardMark,
    /// The size that the latest checkpoint signs.
    pub signed: u64,
    /// How many checkpoints are kept of less than the guard remembers, where that was counted.
    pub earlier: Option<u64>,
}

impl GuardState {
    /// Reads both sides beside whoever writes. The guard is read first: it follows the log, and
    /// so it is not found ahead of a head that was read before it moved.
    ///
    /// # Errors
    /// A guard or a data directory that cannot be read.
    pub async fn of(ledger: &Ledger, guard: &GuardDir) -> Result<Self> {
        let before = ledger.reader.snapshot().await?;
        let key = LogKey::of_ledger(&ledger.dir, before.rows()).await?;
        drop(before);
        let guard = guard.read(&key.short())?;
        let snapshot = ledger.reader.snapshot().await?;
        let head = head(snapshot.rows()).await?;
        let latest = snapshot.rows().latest_checkpoint(GOVERNANCE_LOG).await?;
        Ok(Self {
            guard,
            head: GuardMark {
                size: head.size,
                root: Hash(head.root),
                checkpoints: None,
            },
            signed: latest.map_or(0, |one| one.size),
            earlier: earlier(snapshot.rows(), guard).await?,
        })
    }

    /// Says that checkpoints were taken out or put in below what the guard remembers. Each time it
    /// was written a checkpoint followed, so that all but the newest of those it counts are kept.
    pub fn against_checkpoints(&self) -> Option<AppError> {
        let mark = self.guard.filter(|mark| mark.size > 0)?;
        let meant = mark.checkpoints?.saturating_sub(1);
        let kept = self.earlier.filter(|kept| *kept != meant)?;
        Some(AppError::Guard {
            message: format!(
                "the guard remembers {} signed before {}, and {kept} are kept",
                counted(meant, "checkpoint"),
                counted(mark.size, "entry")
            ),
            hint: "run `minutebook verify`, and go on with the true copy".to_owned(),
        })
    }

    /// Says what forbids appending, if anything does.
    pub fn against(&self) -> Option<AppError> {
        let Some(guard) = &self.guard else {
            return Some(AppError::Guard {
                message: "the signing guard of this ledger is missing, so nothing may be appended".to_owned(),
                hint: "if this is the only copy of the ledger, run `minutebook guard accept --because TEXT`; otherwise stop using this copy".to_owned(),
            });
        };
        if guard.size > self.head.size {
            return Some(AppError::Guard {
                message: format!(
                    "this ledger has {} and its guard remembers {}: it is an older copy, and nothing may be appended",
                    counted(self.head.size, "entry"),
                    guard.size
                ),
                hint: "it can be read and not written: go on with the newer copy; where that is lost, nothing yet begins another ledger from this one"
                    .to_owned(),
            });
        }
        if guard.size == self.head.size && guard.root != self.head.root {
            return Some(AppError::Guard {
                message: format!(
                    "this ledger has another history than its guard remembers at {}: it was forked or altered",
                    counted(guard.size, "entry")
                ),
                hint: "run `minutebook verify`, and go on with the true copy".to_owned(),
            });
        }
        if guard.size < self.signed {
            return Some(AppError::Guard {
                message: format!(
                    "the guard remembers {} and a checkpoint signs {}: the guard is behind",
                    counted(guard.size, "entry"),
                    self.signed
                ),
                hint: "run `minutebook guard accept --because TEXT` to move it forward".to_owned(),
            });
        }
        self.against_checkpoints()
    }
}

impl Ledger {
    /// Says what the guard has against this copy for whoever only reads it: that it is an older one
    /// or has another history, or that no guard knows it; or that the key here is another ledger's,
    /// so that the guard is not found.
    ///
    /// # Errors
    /// A guard or a data directory that cannot be read.
    pub async fn against_copy(&self, guard: &GuardDir) -> Result<Option<AppError>> {
        let before = self.reader.snapshot().await?;
        let key = match LogKey::of_ledger(&self.dir, before.rows()).await {
            Err(other @ AppError::OtherKey { .. }) => return Ok(Some(other)),
            key => key?,
        };
        drop(before);
        // Before the head: beside a writer it is then not ahead of it.
        let guard = guard.read(&key.short())?;
        let snapshot = self.reader.snapshot().await?;
        let head = head(snapshot.rows()).await?;
        let state = GuardState {
            guard,
            head: GuardMark {
                size: head.size,
                root: Hash(head.root),
                checkpoints: None,
            },
            signed: 0,
            earlier: None,
        };
        Ok(state.against())
    }
}

/// Counts the checkpoints that are kept of less than a guard remembers.
pub(crate) async fn earlier(rows: Rows<'_>, guard: Option<GuardMark>) -> Result<Option<u64>> {
    match guard {
        Some(mark) => Ok(Some(
            rows.checkpoints_before(GOVERNANCE_LOG, mark.size).await?,
        )),
        None => Ok(None),
    }
}

impl GuardDir {
    fn path(&self, short: &str) -> PathBuf {
        self.0.join(format!("{short}.{EXTENSION}"))
    }

    /// Returns whether a file is a guard that is kept here, of whichever key.
    pub(crate) fn keeps(&self, path: &Path) -> bool {
        let is_guard = |path: &Path| path.extension().is_some_and(|end| end == EXTENSION);
        let real = path.canonicalize();
        is_guard(real.as_deref().unwrap_or(path)) && place::lies_in(path, &self.0)
    }

    /// Makes sure that the guard lies outside a data directory: inside, it goes back together
    /// with that, and notices nothing.
    ///
    /// # Errors
    /// Refuses one that lies inside.
    pub fn outside(&self, data: &Path) -> Result<()> {
        let Some(what) = self.warning(data) else {
            return Ok(());
        };
        Err(Refusal::new("wrong_use", what)
            .at("--guard")
            .hint("Name a directory outside it with --guard. Where the guard lies inside already, move its file there.")
            .into())
    }

    /// Says what is wrong with where the guard lies, for whoever only reads.
    pub fn warning(&self, data: &Path) -> Option<String> {
        let guard = self.0.display();
        if place::lies_in(&self.0, data) {
            return Some(format!(
                "The signing guard in {guard} would lie inside the data directory, and go back together with it."
            ));
        }
        let mut files = fs::read_dir(&self.0).ok()?.flatten();
        let link = files.find(|file| {
            let is_link = file.file_type().is_ok_and(|sort| sort.is_symlink());
            is_link && place::lies_in(&file.path(), data)
        })?;
        let link = link.path();
        Some(format!(
            "The signing guard {} is a link into the data directory, and goes back together with it.",
            link.display()
        ))
    }

    /// Returns what the guard of a key remembers.
    ///
    /// # Errors
    /// When the file is there and cannot be read or is no guard.
    pub fn read(&self, short: &str) -> Result<Option<GuardMark>> {
        match fs::read_to_string(self.path(short)) {
            Ok(text) => GuardMark::parse(&text).map(Some).map_err(|error| {
                let path = self.path(short);
                AppError::Fault(format!("{}: {error}", path.display()))
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(AppError::io("reading the signing guard", error)),
        }
    }

    /// Makes sure that a guard can be written, before there is anything to guard.
    ///
    /// # Errors
    /// Refuses a directory that cannot be made or written to.
    pub fn ready(&self) -> Result<()> {
        // A name that no key has, and that two beginnings do not share.
        let trial = self.0.join(format!("{}.part", crate::chance::id()?));
        let made = || store::private_file().create_new(true).open(&trial);
        let tried = store::private(&self.0)
            .and_then(|()| made().map(drop))
            .and_then(|()| fs::remove_file(&trial));
        tried.map_err(|error| {
            let dir = self.0.display();
            let why = store::said(&error);
            let what = format!("The signing guard cannot be written in {dir}: {why}.");
            Refusal::new("wrong_use", what)
                .hint("Name a directory that can be written to with --guard. Nothing was made.")
                .into()
        })
    }

    /// Remembers a head, durable on return, in a file that its owner alone reads.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, short: &str, mark: &GuardMark) -> Result<()> {
        let failed = |error| {
            AppError::io(
                format!("writing the signing guard in {}", self.0.display()),
                error,
            )
        };
        store::private(&self.0).map_err(failed)?;
        let path = self.path(short);
        let part = path.with_extension("part");
        // What a killed process left there, or a link that somebody laid, is not written through.
        match fs::remove_file(&part) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(failed(error));
            }
            _ => {}
        }
        let made = store::private_file().create_new(true).open(&part);
        let mut file = made.map_err(failed)?;
        file.write_all(mark.encode().as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(failed)?;
        fs::rename(&part, &path).map_err(failed)?;
        sync_dir(&self.0).map_err(failed)
    }
}

fn sync_dir(dir: &Path) -> std::io::Result<()> {
    File::open(dir)?.sync_all()
}
