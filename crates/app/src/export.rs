//! The log as C2SP tiles in a directory, for any reader of tlog-tiles.

use std::fs;
use std::path::Path;

use store::GOVERNANCE_LOG;

use crate::error::{AppError, Result};
use crate::reading::Ledger;

impl Ledger {
    /// Writes the log's tiles and checkpoint into a directory that is empty or new; returns
    /// the number of entries.
    ///
    /// # Errors
    /// A target that holds something, or a fault.
    pub async fn export_log(&self, dir: &Path) -> Result<u64> {
        store::make_empty(dir)?;
        let snapshot = self.reader.snapshot().await?;
        let rows = snapshot.rows();
        let checkpoint = rows
            .latest_checkpoint(GOVERNANCE_LOG)
            .await?
            .ok_or_else(|| AppError::Damaged("no checkpoint is kept".to_owned()))?;
        let mut tiles = pack::tiles::Tiles::new();
        let mut exported = 0;
        let mut entries = rows.entries(GOVERNANCE_LOG, 0..checkpoint.size);
        while let Some(chunk) = entries.next().await? {
            for entry in chunk {
                exported += 1;
                write(dir, tiles.append(&entry.bytes).map_err(AppError::fault)?)?;
            }
        }
        if exported < checkpoint.size {
            return Err(AppError::Damaged(format!(
                "{exported} of the {} entries under the checkpoint are here; the tiles in {} are no log",
                checkpoint.size,
                dir.display()
            )));
        }
        write(dir, tiles.partial())?;
        fs::write(dir.join("checkpoint"), checkpoint.note)
            .map_err(|error| AppError::io(format!("writing to {}", dir.display()), error))?;
        Ok(checkpoint.size)
    }
}

fn write(dir: &Path, files: Vec<ledger::TileFile>) -> Result<()> {
    for file in files {
        let path = dir.join(file.tile.to_string());
        let failed = |error| AppError::io(format!("writing {}", path.display()), error);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        fs::write(&path, &file.bytes).map_err(failed)?;
    }
    Ok(())
}
