//! A new ledger: its directory, key, guard, first entry, the organisation and the operator.

use std::path::Path;

use ledger::{Frontier, GuardMark, Hash, hash};
use record::decide::Either;
use record::{Act, Begin, Command, Day, NewEntry, Refusal};
use serde_json::json;
use store::{Batch, Files, GOVERNANCE_LOG, Reader, Rows, StoreError, Writer};
use uuid::Uuid;

use crate::chance;
use crate::clock::Clock;
use crate::dates::{Zone, parse_instant};
use crate::desk::{Appended, Desk};
use crate::error::Result;
use crate::guard::GuardDir;
use crate::keys::LogKey;
use crate::model::Model;
use crate::writer::{Writing, bare, finish};

/// What a new ledger is told.
#[derive(Debug, Clone)]
pub struct Init {
    /// The organisation's name.
    pub organisation: String,
    /// The first day of its AI management system; today when not given.
    pub aims_start: Option<Day>,
    /// The IANA name of its time zone.
    pub time_zone: String,
    /// The operator's name and e-mail address.
    pub operator: Option<(String, String)>,
    /// The instant a simulated clock starts at, RFC 3339.
    pub simulated_clock: Option<String>,
    /// Fixed ids, for the sample.
    pub ids: Option<FirstIds>,
}

/// The ids of the records that a ledger begins with.
#[derive(Debug, Clone, Copy)]
pub struct FirstIds {
    /// The organisation's record.
    pub organisation: Uuid,
    /// The operator's person record.
    pub operator: Uuid,
}

/// Creates a ledger and returns it open for writing.
///
/// # Errors
/// Refuses an unknown time zone, a start in the future, or a directory that holds a ledger.
pub async fn init(dir: &Path, model: Model, guard: &GuardDir, new: &Init) -> Result<Writing> {
    if record::is_blank(&new.organisation) {
        let what = "An organisation needs a name.";
        return Err(Refusal::new("malformed", what)
            .at("--organisation")
            .hint("Write what it is called.")
            .into());
    }
    let zone = Zone::named(&new.time_zone).map_err(|refusal| refusal.at("--time-zone"))?;
    let clock = Clock::new(new.simulated_clock.is_some(), false);
    let time = match &new.simulated_clock {
        Some(text) => simulated(text)?,
        None => clock.record_ms(i64::MIN / 2)?,
    };
    let today = zone.day(time);
    let aims_start = aims_start(new, today)?;
    let ids = match new.ids {
        Some(ids) => ids,
        None => FirstIds {
            organisation: chance::id()?,
            operator: chance::id()?,
        },
    };
    let commands = first_records(new, ids)?;
    // Before anything is made: a refused beginning leaves nothing behind.
    for command in &commands {
        if let Command::Put(put) = command
            && let Some(kind) = model.registry.get(&put.kind)
        {
            kind.body.check(&put.body)?;
        }
    }
    guard.outside(dir)?;
    guard.ready()?;
    let mut writer = match Writer::create(dir, "init").await {
        Err(there @ StoreError::Exists { .. }) => {
            never_finished(dir).await?;
            return Err(there.into());
        }
        created => created?,
    };
    let origin = format!("minutebook/{}", chance::id()?);
    let key = LogKey::create(dir, &origin)?;
    guard.write(&key.short(), &GuardMark::EMPTY)?;
    let mut desk = Desk::new(model, zone, clock, Files::in_dir(dir), key.secret());
    desk.last_ms = time;
    let entry = first_entry(new, origin, ids, aims_start, today);
    // One batch: if we crash before it is committed there are no entries, and opening says
    // that the ledger was never finished; after that it is whole.
    let mut batch = writer.begin().await?;
    let leaves = append_first(&mut desk, &mut batch, (entry, time), &commands).await?;
    let frontier = Frontier::new();
    let made = finish(batch, &mut desk, &frontier, &leaves).await;
    made.map_err(|failed| failed.error)?;
    let frontier =
        crate::signing::guard_and_sign(&mut writer, guard, &key, &frontier, &leaves).await?;
    Writing::over(writer, (desk, frontier), key, guard).await
}

/// Returns the instant that a simulated clock starts at, in Unix milliseconds: an entry has none
/// before 1970.
fn simulated(text: &str) -> std::result::Result<i64, Refusal> {
    let (what, next) = match parse_instant(text) {
        Some(instant) if instant >= 0 => return Ok(instant),
        Some(_) => (
            format!("{text} is before 1970, and no entry is dated so early."),
            "Name an instant from 1970-01-01T00:00:00Z on.",
        ),
        None => (
            format!("{text:?} is no instant."),
            "Write 2026-03-31T10:00:00Z.",
        ),
    };
    Err(Refusal::new("malformed", what)
        .at("--simulated-clock")
        .hint(next))
}

/// Returns the first day of the AI management system, which is not ahead.
fn aims_start(new: &Init, today: Day) -> std::result::Result<Day, Refusal> {
    let aims_start = new.aims_start.unwrap_or(today);
    if aims_start > today {
        return Err(Refusal::new(
            "in_future",
            format!(
                "The AI management system cannot have started on {}.",
                aims_start.in_words()
            ),
        )
        .at("--aims-start")
        .hint("Name today or an earlier day, or leave it out for today."));
    }
    Ok(aims_start)
}

async fn append_first(
    desk: &mut Desk,
    batch: &mut Batch<'_>,
    (entry, time): (NewEntry, i64),
    commands: &[Command],
) -> Result<Vec<Hash>> {
    let mut appended = vec![desk.append(batch, entry, time).await?];
    for command in commands {
        if let Command::Put(put) = command {
            appended.push(desk.submit(batch, &Either::Put(put)).await?);
        }
    }
    let leaf = |one: Appended| hash::leaf_hash(&one.bytes);
    let leaves: std::result::Result<_, Refusal> =
        appended.into_iter().map(|one| one.map(leaf)).collect();
    Ok(leaves?)
}

/// Says of a directory that holds a database that an `init` was killed there, if so.
async fn never_finished(dir: &Path) -> Result<()> {
    let reader = match Reader::open(dir).await {
        Err(half @ StoreError::HalfWritten { .. }) => return Err(half.into()),
        // Of any other that it is there says enough.
        Err(_) => return Ok(()),
        Ok(reader) => reader,
    };
    let snapshot = reader.snapshot().await?;
    finished(snapshot.rows(), dir).await
}

/// Makes sure that a ledger was begun here and not left before its first entries.
///
/// # Errors
/// Says that it was never finished, or a fault.
pub(crate) async fn finished(rows: Rows<'_>, dir: &Path) -> Result<()> {
    let begun = rows.head(GOVERNANCE_LOG).await?.is_some()
        || rows.entry(GOVERNANCE_LOG, 0).await?.is_some();
    if begun {
        return Ok(());
    }
    Err(store::StoreError::HalfWritten {
        path: dir.to_owned(),
        why: "it holds no entries".to_owned(),
    }
    .into())
}

/// The first entry says what the ledger is, and for ever whether its clock is simulated.
fn first_entry(new: &Init, origin: String, ids: FirstIds, aims_start: Day, today: Day) -> NewEntry {
    let mut entry = bare(Act::Begin, serde_json::Value::Null, today);
    entry.facts.begin = Some(Begin {
        origin,
        aims_start,
        time_zone: new.time_zone.clone(),
        organisation: ids.organisation,
        operator: ids.operator,
        simulated_clock: new.simulated_clock.is_some(),
    });
    let says = if new.simulated_clock.is_some() {
        "This ledger's clock is simulated."
    } else {
        "The ledger begins."
    };
    entry.groups.insert(
        "act".to_owned(),
        json!({"says": says, "who": "the local operator"}),
    );
    entry
}

/// Returns the Commands that put the organisation and the operator.
fn first_records(new: &Init, ids: FirstIds) -> std::result::Result<[Command; 2], Refusal> {
    let put = |kind: &str, id: Uuid, body: serde_json::Value| {
        Command::from_value(json!({"do": "put", "kind": kind, "id": id, "body": body}))
    };
    let (name, email) = match &new.operator {
        Some((name, email)) => (name.clone(), Some(email.clone())),
        None => ("Local operator".to_owned(), None),
    };
    let person = match email {
        Some(email) => json!({"name": name, "email": email, "role": "Operator of this ledger"}),
        None => json!({"name": name, "role": "Operator of this ledger"}),
    };
    Ok([
        put(
            "organisation",
            ids.organisation,
            json!({"name": new.organisation}),
        )?,
        put("person", ids.operator, person)?,
    ])
}
