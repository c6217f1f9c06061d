//! A Command with a key: what it came to the first time, where it is handed in again.

use record::decide::{Either, key_digests};
use record::event::Key;
use record::{Act, Event, Refusal};
use store::{GOVERNANCE_LOG, Rows};

use super::{Appended, Desk, Envelope, Written, called};
use crate::came;
use crate::error::{AppError, Result};

/// What a Command is beside those before it.
pub(super) enum Repeat {
    New(Option<Key>),
    Same(Appended),
    Refused(Refusal),
}

impl Desk {
    /// Says whether a Command was handed in before: the same content by the same person, under its key.
    pub(super) async fn keyed(
        &mut self,
        rows: Rows<'_>,
        command: &Either<'_>,
        envelope: &Envelope<'_>,
    ) -> Result<Repeat> {
        let Some(key) = envelope.key else {
            return Ok(Repeat::New(None));
        };
        if key.is_empty() || key.chars().count() > record::Command::KEY_MAX {
            let refusal = Refusal::new(
                "key_length",
                format!("A key has 1 to {} characters.", record::Command::KEY_MAX),
            )
            .at("/key")
            .hint("Leave it out, or name the Command by a short text of its own.");
            return Ok(Repeat::Refused(refusal));
        }
        let content = match command {
            Either::Put(put) => put.content(),
            Either::Move(one) => one.content(),
        }
        .map_err(AppError::fault)?;
        let digests: Key = key_digests(key, &content, self.secret.0.as_ref());
        let mut hash = [0; 32];
        hex::decode_to_slice(&digests.key, &mut hash).map_err(AppError::fault)?;
        let Some((before, seq)) = rows.key(&hash).await? else {
            return Ok(Repeat::New(Some(digests)));
        };
        let before = hex::encode(before);
        let early = key_digests(key, &content, &[]);
        let mut either = [digests, early].into_iter();
        let Some(digests) = either.find(|digests| digests.content == before) else {
            return Ok(reused("This key was used before, with other content."));
        };
        let event = self.keyed_before(rows, (seq, &digests)).await?;
        // Where a Command says who acts, that is part of its content.
        if envelope.acting.is_none() {
            match self.actor(rows, None).await? {
                Err(refusal) => return Ok(Repeat::Refused(refusal)),
                Ok(actor) if actor.person != event.facts.by => {
                    return Ok(reused("This key was used before, by somebody else."));
                }
                Ok(_) => {}
            }
        }
        Ok(Repeat::Same(self.repeated(rows, &event).await?))
    }

    /// Returns the entry that is found by a key.
    async fn keyed_before(&self, rows: Rows<'_>, (seq, key): (u64, &Key)) -> Result<Event> {
        let missing = || AppError::Damaged(format!("entry {seq} is missing"));
        let entry = rows.entry(GOVERNANCE_LOG, seq).await?.ok_or_else(missing)?;
        let group = rows.group(GOVERNANCE_LOG, seq, "facts").await?;
        let group = group.and_then(|group| group.bytes);
        let event = self.read(store::WithGroup { seq, entry, group })?;
        if event.facts.key.as_ref() != Some(key) {
            let what = format!("entry {seq} did not come with the key that it is found by");
            return Err(AppError::Damaged(what));
        }
        Ok(event)
    }

    /// Returns what the first Command with a key came to, with what is noted of it as things stand.
    async fn repeated(&mut self, rows: Rows<'_>, event: &Event) -> Result<Appended> {
        // Only what is done to a version asks how that came.
        let borrowed = match event.act {
            Act::Move => self.borrow_record(rows, event.id).await?,
            _ => None,
        };
        let provenance = came::of(event, &self.records, &self.registry);
        if let Some(id) = borrowed {
            self.records.forget(id);
        }
        Ok(Appended {
            bytes: Vec::new(),
            written: Written {
                id: event.id,
                version: event.version,
                seq: event.seq,
                recorded_at: crate::dates::rfc3339(event.recorded_at),
                provenance: Some(provenance),
                notes: self.notes(rows, event).await?,
                is_repeat: true,
                called: self.row(rows, event.id).await?.as_ref().map(called),
            },
        })
    }
}

fn reused(what: &str) -> Repeat {
    let refusal = Refusal::new("key_reused", what).at("/key");
    Repeat::Refused(refusal.hint("Use a new key for a new Command."))
}
