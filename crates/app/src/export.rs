//! The log as C2SP tiles in a directory, for any reader of tlog-tiles.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use ledger::{Frontier, hash};
use record::Refusal;
use store::GOVERNANCE_LOG;

use crate::error::{AppError, Result};
use crate::place;
use crate::reading::Ledger;
use crate::whole::{hold, is_at};

/// The file that says that an export is not finished, and of which log it is.
const UNFINISHED: &str = "minutebook-partial";

/// Where the tiles stand in an export, and what stands beside them.
const TILES: &str = "tile";
const CHECKPOINT: &str = "checkpoint";

/// A directory that an export is being written to, held by this process.
struct Target {
    dir: PathBuf,
    unfinished: File,
}

impl Ledger {
    /// Writes the log's tiles and checkpoint into a directory that is empty or new, or holds an
    /// export of this log that was interrupted: that one is begun again. Returns the number of
    /// entries.
    ///
    /// # Errors
    /// A target that lies in the data directory, holds something else or that another process is writing to, or a fault.
    pub async fn export_log(&self, dir: &Path) -> Result<u64> {
        place::outside_data(dir, &self.dir)?;
        let target = Target::begin(dir, &self.begin.origin)?;
        let snapshot = self.reader.snapshot().await?;
        let rows = snapshot.rows();
        let checkpoint = rows
            .latest_checkpoint(GOVERNANCE_LOG)
            .await?
            .ok_or_else(|| AppError::Damaged("no checkpoint is kept".to_owned()))?;
        let signed = self.signed(rows).await?;
        let mut frontier = Frontier::new();
        let mut tiles = pack::tiles::Tiles::new();
        let mut exported = 0;
        let mut entries = rows.entries(GOVERNANCE_LOG, 0..checkpoint.size);
        while let Some(chunk) = entries.next().await? {
            for entry in chunk {
                exported += 1;
                frontier.append(hash::leaf_hash(&entry.bytes));
                write(dir, tiles.append(&entry.bytes).map_err(AppError::fault)?)?;
            }
        }
        if exported < checkpoint.size {
            return Err(AppError::Altered(format!(
                "{exported} of the {} entries under the checkpoint are here; the tiles in {} are no log",
                checkpoint.size,
                dir.display()
            )));
        }
        // Before the checkpoint stands beside them: without it, what is here says that it is
        // unfinished.
        if signed != Some((frontier.size(), frontier.root())) {
            return Err(AppError::Altered(format!(
                "the entries do not make the root that the checkpoint signs; the tiles in {} are no log",
                dir.display()
            )));
        }
        write(dir, tiles.partial())?;
        let failed = |error| AppError::io(format!("writing to {}", dir.display()), error);
        write_lasting(&dir.join(CHECKPOINT), checkpoint.note.as_bytes()).map_err(failed)?;
        target.finish().map_err(failed)?;
        Ok(checkpoint.size)
    }
}

impl Target {
    /// Takes a directory: from here on it says that it is unfinished.
    fn begin(dir: &Path, origin: &str) -> Result<Self> {
        let name = dir.join(UNFINISHED);
        let mut options = OpenOptions::new();
        options.read(true).write(true);
        let nowhere = [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory];
        let file = match options.open(&name) {
            Err(error) if nowhere.contains(&error.kind()) => {
                store::make_empty(dir)?;
                options.create_new(true).open(&name)
            }
            opened => opened,
        };
        let failed = |error| AppError::io(format!("writing {}", name.display()), error);
        let mut file = file.map_err(failed)?;
        hold(&file, &name)?;
        // Whoever held it before may have finished.
        if !is_at(&file, &name).map_err(failed)? {
            let dir = dir.to_owned();
            return Err(store::StoreError::NotEmpty { dir }.into());
        }
        let mut of = String::new();
        file.read_to_string(&mut of).map_err(failed)?;
        // Killed before it said of which log it is, an export has written nothing else.
        if !of.is_empty() && of.trim_end() != origin {
            return Err(of_another(dir));
        }
        clear(dir).map_err(failed)?;
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{origin}"))
            .map_err(failed)?;
        Ok(Self {
            dir: dir.to_owned(),
            unfinished: file,
        })
    }

    /// Says no more that it is unfinished, once all that is here is durable.
    fn finish(self) -> io::Result<()> {
        sync_folders(&self.dir)?;
        // Also where the directory was there already: whoever made it may not have come this far.
        let above = self
            .dir
            .parent()
            .filter(|path| !path.as_os_str().is_empty());
        File::open(above.unwrap_or(Path::new(".")))?.sync_all()?;
        fs::remove_file(self.dir.join(UNFINISHED))?;
        drop(self.unfinished);
        File::open(&self.dir)?.sync_all()
    }
}

/// Removes what an export that was interrupted wrote: the log may have grown since, and two of
/// its sizes are not to stand in one directory.
fn clear(dir: &Path) -> io::Result<()> {
    let removed = [
        fs::remove_dir_all(dir.join(TILES)),
        fs::remove_file(dir.join(CHECKPOINT)),
    ];
    for removed in removed {
        match removed {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn of_another(dir: &Path) -> AppError {
    let dir = dir.display();
    let what = format!("{dir} holds an unfinished export of another log.");
    Refusal::new("wrong_use", what)
        .hint("Delete it and run this again, or name a new or empty directory.")
        .into()
}

fn write(dir: &Path, files: Vec<ledger::TileFile>) -> Result<()> {
    for file in files {
        let path = dir.join(file.tile.to_string());
        let failed = |error| AppError::io(format!("writing {}", path.display()), error);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        write_lasting(&path, &file.bytes).map_err(failed)?;
    }
    Ok(())
}

/// Writes a file whose bytes are durable on return; its name is once its folder is.
fn write_lasting(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes the names in a folder durable, and those in the folders within it.
fn sync_folders(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_folders(&entry.path())?;
        }
    }
    File::open(folder)?.sync_all()
}
