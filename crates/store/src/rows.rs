//! The rows that go into the store and come out of it, as plain data.

use uuid::Uuid;

/// A SHA-256.
pub type Hash = [u8; 32];

/// The head of a log: its size and what is needed to append to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The number of entries.
    pub size: u64,
    /// The roots of the complete subtrees, as the ledger lays them out.
    pub frontier: Vec<u8>,
    /// The root hash over all entries.
    pub root: Hash,
}

/// A group of an entry: the unit of disclosure, withholding and erasure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name, unique within the entry.
    pub name: String,
    /// The SHA-256 of its bytes, as the entry states it.
    pub commitment: Hash,
    /// Its bytes, verbatim; `None` once erased.
    pub bytes: Option<Vec<u8>>,
    /// *personal*, *privileged*, *confidential* or *exempt*, where it is marked.
    pub mark: Option<String>,
}

/// One entry to be appended, with its groups and what is derived from it.
#[derive(Debug, Clone, Default)]
pub struct NewRow {
    /// The number of the log.
    pub log: u32,
    /// The place in the log, from 0, without gaps; the caller keeps that.
    pub seq: u64,
    /// The entry, verbatim.
    pub bytes: Vec<u8>,
    /// Its groups, in any order.
    pub groups: Vec<Group>,
    /// The rows derived from it; only entries of the governance log have any.
    pub derived: Derived,
}

/// The rows derived from one entry of the governance log.
#[derive(Debug, Clone, Default)]
pub struct Derived {
    /// Its record after this entry, whole; replaces the row of the same id.
    pub record: Option<RecordRow>,
    /// What it cites, and (with the field `""`) the record it belongs to. A set.
    pub links: Vec<Link>,
    /// The idempotency key of the command it came from.
    pub key: Option<Key>,
    /// The values its record is found by; `None` leaves them as they are.
    pub fields: Option<Fields>,
    /// The entry itself, where it is one of those that are read together.
    pub governing: Option<Governing>,
}

/// An entry that governs, as it is kept together with the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Governing {
    /// Its bytes, verbatim.
    pub entry: Vec<u8>,
    /// Those of its group `facts`.
    pub facts: Vec<u8>,
}

/// What a list shows of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRow {
    /// Its id.
    pub id: Uuid,
    /// Its kind.
    pub kind: String,
    /// How many versions it has.
    pub versions: u32,
    /// Its title.
    pub title: String,
    /// The entry that began it.
    pub first_seq: u64,
    /// The last entry that belongs to it.
    pub last_seq: u64,
    /// Whether it was entered in error.
    pub withdrawn: bool,
}

/// A citation of a record from the entry being appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The record cited.
    pub to_id: Uuid,
    /// Its version.
    pub to_version: u32,
    /// The field that cites it; `""` where the entry belongs to that record itself.
    pub field: String,
}

/// A citation of a record, seen from the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The entry that cites it.
    pub from_seq: u64,
    /// The field that does.
    pub field: String,
    /// The version cited.
    pub to_version: u32,
}

/// The idempotency key of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The digest of the key.
    pub key: Hash,
    /// The digest of the command it came with.
    pub content: Hash,
}

/// The values a record is found by; they replace those it had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields {
    /// The record.
    pub id: Uuid,
    /// Names and values; a name may have several. A set.
    pub values: Vec<(String, String)>,
}

/// What stands for no end, among days.
pub const FOR_EVER: i64 = i32::MAX as i64;

/// What is known of one subject of a rule from a day on. Days are counted from 1 January 1970.
#[derive(Debug, Clone, Copy)]
pub struct NewVerdicts<'a> {
    /// The rule.
    pub rule: &'a str,
    /// What the rule was asked of, as bytes that mean nothing here; may be empty.
    pub subject: &'a [u8],
    /// The day on which it became known. Never before one that was given earlier.
    pub known_from: i64,
    /// Whether nothing was known of the subject until now.
    pub fresh: bool,
    /// The whole timeline, without overlap.
    pub stretches: &'a [Stretch],
}

/// A stretch of days with one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// Its first day.
    pub from: i64,
    /// The first day after it, or [`FOR_EVER`].
    pub until: i64,
    /// The first day of the unbroken stretch with the same word.
    pub since: i64,
    /// The word, as a number that means nothing here.
    pub says: u8,
    /// What subjects are ordered by.
    pub sort: i64,
    /// The rest of the answer, as text that means nothing here.
    pub body: String,
}

/// A stretch with the days on which it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwiceDated {
    /// The rule.
    pub rule: String,
    /// The stretch.
    pub stretch: Stretch,
    /// The first day on which it is known.
    pub known_from: i64,
    /// The first day on which it no longer is, or [`FOR_EVER`].
    pub known_until: i64,
}

/// By how much the number of a rule's subjects that have one word changes on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallyChange {
    /// The rule.
    pub rule: String,
    /// The day.
    pub day: i64,
    /// The word.
    pub says: u8,
    /// The change, about the days as they are known now.
    pub as_known_now: i64,
    /// The change, about each day as it was known on that day.
    pub as_known_then: i64,
}

/// An entry as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the log, from 0.
    pub seq: u64,
    /// Its bytes, verbatim.
    pub bytes: Vec<u8>,
}

/// An entry as stored, with its groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// Its place in the log, from 0.
    pub seq: u64,
    /// Its bytes, verbatim.
    pub bytes: Vec<u8>,
    /// Its groups, by name.
    pub groups: Vec<Group>,
}

/// A signed checkpoint of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The size of the log it signs.
    pub size: u64,
    /// The signed note.
    pub note: String,
}

/// How much a log holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// Its entries.
    pub entries: u64,
    /// Their groups, the erased ones included.
    pub groups: u64,
    /// The groups erased.
    pub groups_erased: u64,
    /// Its checkpoints.
    pub checkpoints: u64,
    /// Records that are not withdrawn, by kind, in order of kind; of the governance log whichever
    /// log was asked about.
    pub records: Vec<(String, u64)>,
}
