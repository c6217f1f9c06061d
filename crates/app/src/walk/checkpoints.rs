//! The stored checkpoints, each held against the tree as the walk passes its size.

use ledger::{Checkpoint, Frontier};
use record::counted;
use store::{GOVERNANCE_LOG, Rows};

use crate::error::{AppError, Result};
use crate::keys::LogKey;

/// How many checkpoints are read at a time.
const PAGE: u32 = 1_000;

/// The checkpoints that are not passed yet, smallest first.
pub(super) struct Checkpoints<'a> {
    rows: Rows<'a>,
    key: &'a LogKey,
    page: std::vec::IntoIter<store::Checkpoint>,
    next: Option<store::Checkpoint>,
}

impl<'a> Checkpoints<'a> {
    /// Begins with the smallest.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn of(rows: Rows<'a>, key: &'a LogKey) -> Result<Self> {
        let mut page = rows.checkpoints(GOVERNANCE_LOG, None, PAGE).await?;
        let page = std::mem::take(&mut page).into_iter();
        let mut checkpoints = Self {
            rows,
            key,
            page,
            next: None,
        };
        checkpoints.next = checkpoints.page.next();
        Ok(checkpoints)
    }

    /// Holds the one of this size against the entries, if there is one.
    ///
    /// # Errors
    /// Says which is not as it was signed, or signs other entries.
    pub async fn pass(&mut self, range: &Frontier) -> Result<()> {
        let Some(passed) = self.next.take_if(|next| next.size == range.size()) else {
            return Ok(());
        };
        hold(&passed, range, self.key)?;
        self.next = self.page.next();
        if self.next.is_none() {
            let after = Some(passed.size);
            let page = self.rows.checkpoints(GOVERNANCE_LOG, after, PAGE).await?;
            self.page = page.into_iter();
            self.next = self.page.next();
        }
        Ok(())
    }

    /// Makes sure that none is left: of a size that no sequence of these entries has.
    ///
    /// # Errors
    /// Says which is.
    pub fn end(self) -> Result<()> {
        match self.next {
            None => Ok(()),
            Some(left) => Err(damaged(&left, "signs other entries than these")),
        }
    }
}

fn hold(kept: &store::Checkpoint, range: &Frontier, key: &LogKey) -> Result<()> {
    let meant = Checkpoint {
        origin: key.origin().to_owned(),
        size: range.size(),
        root: range.root(),
        extensions: Vec::new(),
    };
    let text = meant.encode().map_err(AppError::fault)?;
    if kept.note.starts_with(&text) {
        // The key makes the same bytes of the same text each time, in half the time that it takes
        // to verify them. It has signed this text before, or so the note says.
        let again = meant.sign(&key.signing).map_err(AppError::fault)?;
        if again.encode().map_err(AppError::fault)? == kept.note {
            return Ok(());
        }
    }
    let note = kept.note.as_bytes();
    match Checkpoint::open(note, key.origin(), key.signing.verifier()) {
        Err(error) => Err(damaged(kept, &format!("is not as it was signed: {error}"))),
        Ok(signed) if signed.size == meant.size && signed.root == meant.root => Ok(()),
        Ok(_) => Err(damaged(kept, "signs other entries than these")),
    }
}

fn damaged(kept: &store::Checkpoint, what: &str) -> AppError {
    let of = counted(kept.size, "entry");
    AppError::Damaged(format!("the checkpoint of {of} {what}"))
}
