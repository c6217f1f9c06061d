//! Versions entered in error: every pack names them, with reason, date and who.

use ledger::{Entry, Hash};
use record::approve::WITHDRAW;
use record::{Day, Event};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::error::Result;
use crate::profile::{Here, committed};

/// A version entered in error.
#[derive(Debug, Clone, Serialize)]
pub struct Withdrawn {
    /// The record.
    pub id: Uuid,
    /// The version.
    pub version: u32,
    /// The record's kind.
    pub kind: String,
    /// The entry that withdrew it.
    pub seq: u64,
    /// The day it was withdrawn.
    pub on: Day,
    /// Why, as far as that leaves.
    pub because: Option<String>,
    /// Who did it: in words as far as those leave, else by id.
    pub who: Option<String>,
    /// What the pack is known by, where the withdrawal was recorded later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl Withdrawn {
    /// Returns it as a sentence.
    pub fn sentence(&self, title: Option<&String>) -> String {
        let title = title.map_or_else(|| self.id.to_string(), |title| format!("{title:?}"));
        let who = self.who.as_deref().unwrap_or("the local operator");
        let because = match (&self.because, &self.after) {
            (Some(because), _) => because.clone(),
            (None, Some(after)) => format!("reason withheld: after {after}"),
            (None, None) => "reason withheld".to_owned(),
        };
        format!(
            "entry {}: version {} of {} {title} was withdrawn on {} by {who}: {because}",
            self.seq,
            self.version,
            self.kind,
            self.on.in_words()
        )
    }
}

/// A withdrawal as its entry has it; the reason, and who in words, stand in groups.
#[derive(Debug, Clone)]
pub(crate) struct Withdrawal {
    pub seq: u64,
    of: (Uuid, u32),
    kind: String,
    on: Day,
    by: Option<Uuid>,
    words: Option<Hash>,
    act: Option<Hash>,
}

impl Withdrawal {
    /// Returns the withdrawal that an entry is, if it is one.
    pub(crate) fn of(entry: &Entry, event: &Event) -> Option<Self> {
        (&*event.name == WITHDRAW).then(|| Self {
            seq: event.seq,
            of: (event.id, event.version),
            kind: event.kind.to_string(),
            on: event.recorded_on,
            by: event.facts.by,
            words: committed(entry, record::shape::WORDS),
            act: committed(entry, "act"),
        })
    }

    /// Returns what a pack says of it; `after` is what the pack is known by, where this was
    /// recorded later.
    ///
    /// # Errors
    /// As `here`.
    pub(crate) fn told(self, after: Option<&str>, here: &mut Here<'_>) -> Result<Withdrawn> {
        let mut open = |group: Option<Hash>| match group.filter(|_| after.is_none()) {
            Some(group) => here(&group),
            None => Ok(None),
        };
        let words = open(self.words)?;
        let act = open(self.act)?;
        let text = |value: Option<&Value>| Some(value?.as_str()?.to_owned());
        let who = match &act {
            Some(act) => text(act.get("who")),
            None => self.by.map(|id| id.to_string()),
        };
        Ok(Withdrawn {
            id: self.of.0,
            version: self.of.1,
            kind: self.kind,
            seq: self.seq,
            on: self.on,
            because: text(words.as_ref().and_then(|words| words.get("/because"))),
            who,
            after: after.map(str::to_owned),
        })
    }
}
