//! What is found by a text, and not by its record: the entry of a key, the person of an address.

use std::collections::BTreeMap;

use ledger::Entry;
use record::{Act, Facts, Registry};
use store::{Group, Rows};
use uuid::Uuid;

use crate::derive;
use crate::error::{AppError, Result};
use crate::stored;

/// Makes sure that something is found by the key that an entry came with. Where one was taken twice
/// behind a running writer that is one of two: `verify` names the later, and no entry can be taken
/// back. What is found is held against its entry before anything is answered by it.
///
/// # Errors
/// Says which is not.
pub(super) async fn by_key(rows: Rows<'_>, seq: u64, facts: &Facts) -> Result<()> {
    let Some(key) = facts.key.as_ref().and_then(derive::key) else {
        return Ok(());
    };
    match rows.key(&key.key).await? {
        Some((content, _)) if content == key.content => Ok(()),
        _ => Err(AppError::Damaged(format!(
            "entry {seq} is not found by the key that it came with"
        ))),
    }
}

/// The addresses that people give, each by the newest version of their record.
#[derive(Default)]
pub(super) struct Addresses(BTreeMap<Uuid, String>);

impl Addresses {
    /// Notes the address that an entry gives, where it puts a person.
    ///
    /// # Errors
    /// When its words cannot be read.
    pub fn note(&mut self, entry: &Entry, groups: &[Group], registry: &Registry) -> Result<()> {
        let kind = entry.kind.as_deref().and_then(|kind| registry.get(kind));
        let is_put = Act::of(&entry.act) == Some(Act::Put);
        let (Some(id), true) = (
            entry.id,
            is_put && kind.is_some_and(|kind| kind.is_a_person),
        ) else {
            return Ok(());
        };
        let words = stored::words_of(groups)?;
        match derive::email(&words) {
            Some(email) => self.0.insert(id, email.to_lowercase()),
            None => self.0.remove(&id),
        };
        Ok(())
    }

    /// Makes sure that each is found by the address given last.
    ///
    /// # Errors
    /// Says who is not.
    pub async fn are_found(&self, rows: Rows<'_>) -> Result<()> {
        for (id, email) in &self.0 {
            if !rows.by_field("email", email).await?.contains(id) {
                let what = format!("the record {id} is not found by the address that it gives");
                return Err(AppError::Damaged(what));
            }
        }
        Ok(())
    }
}
