//! What is the ledger's own, and is never kept as evidence: a pack hands that out.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use record::Refusal;
use store::Files;

use crate::error::{AppError, Result};
use crate::guard::GuardDir;
use crate::keys::LogKey;
use crate::place::{DATA, lies_in};
use crate::reading::Ledger;

/// Makes sure that a file to be kept is none that keeps the ledger.
///
/// # Errors
/// Refuses one that lies in the data directory, where it may be kept already, or is a guard.
pub fn is_no_own_file(path: &Path, data: &Path, guard: &GuardDir) -> Result<()> {
    if lies_in(path, &Files::in_dir(data).folder) {
        let (path, data) = (path.display(), data.display());
        let what = format!("{path} lies among the files that are kept already, in {DATA} {data}.");
        let next =
            "Where it is evidence, cite it by its hash; otherwise name the file that was received.";
        return Err(Refusal::new("wrong_use", what).hint(next).into());
    }
    let what = if lies_in(path, data) {
        format!("lies in {DATA} {}", data.display())
    } else if guard.keeps(path) {
        "is a signing guard".to_owned()
    } else {
        return Ok(());
    };
    let what = format!(
        "{} {what}: it keeps the ledger, and is no evidence.",
        path.display()
    );
    let next = "Name the file that was received. Whoever verifies needs the key that `minutebook key` prints, and no other.";
    Err(Refusal::new("wrong_use", what).hint(next).into())
}

/// Makes sure that what is to be kept does not hold the secret key of the ledger, wherever it lies.
///
/// # Errors
/// Refuses what does, or a fault of the source.
pub(crate) fn without_key(key: &LogKey, source: &mut dyn Read, called: &str) -> Result<()> {
    let holds = key.is_in(source);
    if !holds.map_err(|error| AppError::io(format!("reading {called}"), error))? {
        return Ok(());
    }
    let what = format!(
        "{called} holds the secret key that this ledger signs with: whoever is handed it can sign as this ledger."
    );
    let next = "It is not kept. Whoever verifies needs the key that `minutebook key` prints.";
    Err(Refusal::new("wrong_use", what).hint(next).into())
}

impl Ledger {
    /// Makes sure that a file to be kept is no ledger's database and does not hold the ledger's
    /// secret key, and leaves it at its start. Where there is no key, none can be given away; one
    /// that cannot be read is not none.
    ///
    /// # Errors
    /// Refuses one that is or does, or a fault.
    pub fn may_be_kept(&self, path: &Path, file: &mut File) -> Result<()> {
        let shown = path.display().to_string();
        let failed = |error| AppError::io(format!("reading {shown}"), error);
        if store::is_database(file).map_err(failed)? {
            let what = format!(
                "{shown} is the database of a ledger: a pack would hand out all that it holds, what is withheld included."
            );
            let next = "It is not kept. What others may see of a ledger is in what `minutebook pack OUT.zip` makes.";
            return Err(Refusal::new("wrong_use", what).hint(next).into());
        }
        file.rewind().map_err(failed)?;
        let Some(key) = LogKey::if_there(&self.dir)? else {
            return Ok(());
        };
        without_key(&key, file, &shown)?;
        file.rewind().map_err(failed)
    }
}
