//! Who holds an e-mail address: the one person that a Command means by it.

use record::{Act, NewEntry, Refusal, Registry};
use store::{RecordRow, Rows};
use uuid::Uuid;

use crate::derive;
use crate::error::{AppError, Result};
use crate::held::{self, Held};
use crate::reading::Ledger;

/// Returns the records that hold an address and stand, letters compared without their case.
///
/// # Errors
/// A record that is found by an address and does not give it, or a fault.
pub async fn holders(rows: Rows<'_>, email: &str, registry: &Registry) -> Result<Vec<RecordRow>> {
    let email = email.to_lowercase();
    let mut found = Vec::new();
    for id in rows.by_field("email", &email).await? {
        let held = held::record(rows, id, registry).await?;
        let gives = |held: &Held| {
            derive::email(&held.words).is_some_and(|given| given.to_lowercase() == email)
        };
        let Some(held) = held.filter(gives) else {
            let what = format!("the record {id} does not give the address that it is found by");
            return Err(AppError::Damaged(what));
        };
        found.extend(Some(held.row).filter(|row| !row.withdrawn));
    }
    Ok(found)
}

/// Returns the one person that an address stands for, or the refusal of it.
pub async fn holder(
    rows: Rows<'_>,
    email: &str,
    registry: &Registry,
) -> Result<std::result::Result<RecordRow, Refusal>> {
    let mut holders = holders(rows, email, registry).await?;
    Ok(match (holders.pop(), holders.as_slice()) {
        (Some(person), []) => Ok(person),
        (None, _) if record::is_blank(email) => Err(Refusal::new(
            "unknown_person",
            "Who acts is given by an e-mail address, and this one is empty.",
        )
        .at("/as")
        .hint("Leave it out for the local operator, unnamed, or name the address of a person on record.")),
        (None, _) => Err(Refusal::new(
            "unknown_person",
            format!("No person record holds the e-mail address {email}."),
        )
        .at("/as")
        .hint("Record the person first, with that address.")),
        (Some(last), others) => Err(several(email, &[others, &[last]].concat())),
    })
}

impl Ledger {
    /// Makes sure that exactly one person record holds an address that was named.
    ///
    /// # Errors
    /// Refuses an address that nobody holds, or several do.
    pub async fn holds_address(&self, email: &str) -> Result<()> {
        let snapshot = self.reader.snapshot().await?;
        let held = holder(snapshot.rows(), email, &self.registry).await?;
        Ok(held.map(drop).map_err(|refusal| refusal.at("--as"))?)
    }
}

/// Two people under one address could neither be told apart nor act: the second is refused.
pub async fn taken(
    rows: Rows<'_>,
    entry: &NewEntry,
    registry: &Registry,
) -> Result<Option<Refusal>> {
    let acts = registry
        .get(&entry.kind)
        .is_some_and(|kind| kind.is_a_person);
    if entry.act != Act::Put || !acts {
        return Ok(None);
    }
    let words: Vec<_> = entry
        .groups
        .values()
        .filter_map(|group| group.as_object())
        .collect();
    let Some(email) = derive::email(&words) else {
        return Ok(None);
    };
    held(rows, email, registry, |id| id != entry.id).await
}

/// Returns the refusal of an address, where a record holds it that is another's.
pub async fn held(
    rows: Rows<'_>,
    email: &str,
    registry: &Registry,
    is_another: impl Fn(Uuid) -> bool,
) -> Result<Option<Refusal>> {
    let holders = holders(rows, email, registry).await?;
    let Some(other) = holders.iter().find(|row| is_another(row.id)) else {
        return Ok(None);
    };
    let what = format!(
        "The e-mail address {email} is already held by {}, the record {}.",
        other.title, other.id
    );
    Ok(Some(Refusal::new("address_taken", what).at("/body/email").hint(
        "If it is the same person, put a version of that record; if not, withdraw or correct one of them.",
    )))
}

/// Returns the refusal of an address that stands for several people.
fn several(email: &str, holders: &[RecordRow]) -> Refusal {
    let named: Vec<String> = holders
        .iter()
        .map(|row| format!("{} ({})", row.title, row.id))
        .collect();
    Refusal::new(
        "several_persons",
        format!("Several person records hold the e-mail address {email}."),
    )
    .at("/as")
    .hint(format!(
        "Withdraw or correct one of them, as somebody else: {}.",
        named.join(", ")
    ))
}
