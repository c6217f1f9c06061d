//! Records read for people: from entries that make the root that was signed, and from facts that
//! those entries commit to.

use ledger::{Checkpoint, Frontier, Hash, Note, hash};
use record::Records;
use store::{GOVERNANCE_LOG, Rows};

use crate::error::{AppError, Result};
use crate::keys::LogKey;
use crate::reading::{Ledger, head, read};

impl Ledger {
    /// Returns the records known from the first `size` entries. Reads all of them, and so holds
    /// them against what was signed.
    ///
    /// # Errors
    /// Entries that are not those under the latest checkpoint and the head, or facts that are not
    /// as an entry commits to.
    pub(crate) async fn proved(&self, rows: Rows<'_>, size: u64) -> Result<Records> {
        let signed = self.signed(rows).await?;
        let head = head(rows).await?;
        let mut root_signed = None;
        let mut frontier = Frontier::new();
        let mut records = Records::default();
        let mut take = |found: store::WithGroup| {
            if found.seq != frontier.size() {
                let what = format!("entry {} is missing", frontier.size());
                return Err(AppError::Damaged(what));
            }
            frontier.append(hash::leaf_hash(&found.entry));
            if signed.is_some_and(|(signed, _)| signed == frontier.size()) {
                root_signed = Some(frontier.root());
            }
            let event = read(&found, &self.zone)?;
            if event.seq < size {
                records.add(event);
            }
            Ok::<(), AppError>(())
        };
        let all = 0..head.size;
        rows.with_group(GOVERNANCE_LOG, all, "facts", &mut take)
            .await
            .map_err(AppError::of_reading)?;
        let is_of_head = (frontier.size(), frontier.root().0) == (head.size, head.root);
        if !is_of_head || signed.map(|(_, root)| root) != root_signed {
            let what = "the entries do not make the root that was signed";
            return Err(AppError::Altered(what.to_owned()));
        }
        Ok(records)
    }

    /// Returns what the latest checkpoint signs; none where a first one is still to come.
    pub(crate) async fn signed(&self, rows: Rows<'_>) -> Result<Option<(u64, Hash)>> {
        let Some(latest) = rows.latest_checkpoint(GOVERNANCE_LOG).await? else {
            return Ok(None);
        };
        let altered = |why: String| AppError::Altered(format!("the latest checkpoint: {why}"));
        let note = latest.note.as_bytes();
        let signed = match LogKey::open(&self.dir) {
            Ok(key) => Checkpoint::open(note, key.origin(), key.signing.verifier())
                .map_err(|error| altered(error.to_string()))?,
            // What is recorded can be read without the key; then its root is all there is.
            Err(_) => {
                let note = Note::parse(note).map_err(|error| altered(error.to_string()))?;
                Checkpoint::parse(&note.text).map_err(|error| altered(error.to_string()))?
            }
        };
        Ok(Some((signed.size, signed.root)))
    }
}
