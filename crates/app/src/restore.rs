//! Copies of a ledger: a backup, and a ledger from one, never over another ledger.

use std::collections::BTreeSet;
use std::path::Path;

use pack::{Failure, Report};
use record::Refusal;
use store::{Copied, Files, Reader, StoreError};

use crate::error::{AppError, Result};
use crate::guard::GuardDir;
use crate::init::finished;
use crate::keys::LogKey;
use crate::model::Model;
use crate::place::{self, DATA};
use crate::rebuild;
use crate::verify::{signed_up_to, verify_copy};

/// What the other place is called that no copy is made in.
const GUARD: &str = "the directory of the signing guard,";

/// A finished copy of a data directory.
#[derive(Debug)]
pub struct BackedUp {
    /// What verifying said of the copy, or why it could not be verified.
    pub checked: Result<Report>,
}

/// Makes one consistent copy of a data directory while it is being written, and verifies the
/// copy. What is damaged is copied all the same: it may be all that is left.
///
/// # Errors
/// A target in the data directory or where the guard lies, or that holds anything but a copy of
/// this ledger that was interrupted, or a fault. Then
/// there is no finished copy.
pub async fn backup(dir: &Path, model: &Model, guard: &GuardDir, to: &Path) -> Result<BackedUp> {
    let places = [(dir, DATA), (&*guard.0, GUARD)];
    place::outside(to, &places)?;
    let reader = match rebuild::reader(dir, model).await {
        // What is derived cannot be made anew from what is damaged; it is copied as it is.
        Err(AppError::Damaged(_) | AppError::Store(StoreError::OtherLayout { .. })) => {
            rebuild::as_it_is(dir, model).await?
        }
        opened => opened?,
    };
    // Read before the snapshot: beside a writer the guard goes on, and may not be ahead of it.
    let remembered = guard.read(&LogKey::open(dir)?.short());
    if let Ok(Some(mark)) = &remembered {
        signed_up_to(&reader, mark.size).await?;
    }
    let files = Files::in_dir(dir).list().await?;
    copy_ledger(&reader, dir, to).await?.finish()?;
    let mut checked = verify_copy(to, model, remembered).await;
    let copied = BTreeSet::from_iter(Files::in_dir(to).list().await?);
    if let Ok(report) = &mut checked {
        for file in files.iter().filter(|file| !copied.contains(*file)) {
            report.fail(Failure {
                seq: None,
                what: "a file is none, and was not copied".to_owned(),
                detail: hex::encode(file),
            });
        }
    }
    Ok(BackedUp { checked })
}

/// Copies a backup to a data directory that is empty, not there yet, or was left by a restore of
/// the same backup that was interrupted.
///
/// # Errors
/// A backup that is none, a target that lies in the backup or where the guard lies or holds
/// something else, or a fault.
pub async fn restore(from: &Path, guard: &GuardDir, to: &Path) -> Result<()> {
    // Reading it as a ledger first: a directory that is no backup is not copied.
    let reader = match Reader::open(from).await {
        Err(StoreError::Missing { dir }) => {
            let what = format!("{} is no backup: it holds no minutebook.db.", dir.display());
            let next = "Give the directory that `minutebook backup` made.";
            return Err(Refusal::new("wrong_use", what).hint(next).into());
        }
        opened => opened?,
    };
    let snapshot = reader.snapshot().await?;
    finished(snapshot.rows(), from).await?;
    drop(snapshot);
    place::outside(to, &[(from, "the backup"), (&*guard.0, GUARD)])
        .map_err(|refusal| refusal.at("--data"))?;
    let copied = copy_ledger(&reader, from, to).await;
    match copied.and_then(|copied| Ok(copied.finish()?)) {
        Err(AppError::Store(StoreError::NotEmpty { dir })) => {
            let dir = dir.display();
            let what = format!("{dir} is not empty, and a ledger is restored over nothing.");
            let next = "Name a new or empty directory with --data.";
            Err(Refusal::new("wrong_use", what).hint(next).into())
        }
        copied => copied,
    }
}

/// Copies a ledger with its key: the copy is the same log, held to the same guard.
async fn copy_ledger(reader: &Reader, from: &Path, to: &Path) -> Result<Copied> {
    let key = LogKey::open(from)?;
    let copied = reader.backup(to).await?;
    // Before the name that says the copy is finished: one without its key cannot be written to.
    key.keep(to)?;
    Ok(copied)
}
