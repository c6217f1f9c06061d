//! Commands to play: AI systems of about 1 KiB each, and the large register.

use anyhow::Context;
use rusqlite::Connection;
use serde_json::json;

use crate::Bench;
use crate::child::Place;

/// The systems of the US federal register of 2025, and of the register made in its place.
pub const SYSTEMS: u64 = 3_611;

/// The first instant of the simulated clock, and the first day of the year that is looked at.
const BEGIN: &str = "2025-01-06T09:00:00Z";
const BEGIN_UNIX: i64 = 1_736_154_000;

/// The part of a Command that makes it about 1 KiB long.
fn purpose(number: u64) -> String {
    let mut text = String::with_capacity(800);
    while text.len() < 720 {
        text +=
            "Reads what residents write and proposes which team should answer; a person decides. ";
    }
    text + &format!("Number {number}.")
}

fn body(number: u64, turn: u64) -> serde_json::Value {
    json!({
        "title": format!("System {number:06} (fictional)"),
        "origin": "bought",
        "roles": ["customer", "user"],
        "purpose": purpose(number * 1_000 + turn),
        "supplier": "Example Analytics Limited",
        "stage": "live",
        "unit": "place",
    })
}

/// Returns the Command that registers a system.
pub fn put(number: u64) -> String {
    json!({"do": "put", "kind": "ai_system", "body": body(number, 0), "key": format!("bench-{number}")}).to_string()
}

/// Makes the register of 2025, or one of as many systems, on a simulated clock, and puts every
/// system again until there are about `entries`, over a year.
pub fn register(bench: &Bench, name: &str, entries: u64) -> anyhow::Result<Place> {
    let place = Place::new(&bench.dir, name, &bench.minutebook);
    if place.data.exists() {
        return Ok(place);
    }
    eprintln!("   making {name}, {entries} entries");
    place.init(Some(BEGIN))?;
    match &bench.register {
        Some(path) => place.import(path).map(|_| ())?,
        None => {
            eprintln!("   NOTE: without the register of 2025, {SYSTEMS} systems are made up");
            place.apply((0..SYSTEMS).map(put))?;
        }
    }
    let ids = ids(&place)?;
    let rounds = entries.saturating_sub(SYSTEMS).div_ceil(SYSTEMS).max(1);
    // A year, whatever the number of rounds.
    let step = 365 * 86_400 / i64::try_from(rounds)?;
    let again = (0..rounds).flat_map(|round| {
        let unix = BEGIN_UNIX + step * (i64::try_from(round).unwrap_or(0) + 1);
        let at = jiff::Timestamp::from_second(unix)
            .map(|at| at.to_string())
            .unwrap_or_default();
        // One entry alone makes a past to look back to.
        let count = if entries > SYSTEMS { ids.len() } else { 1 };
        ids[..count].iter().enumerate().map(move |(number, id)| {
            let body = body(number as u64, round + 1);
            json!({"do": "put", "kind": "ai_system", "id": id, "body": body, "at": at}).to_string()
        })
    });
    place.apply(again)?;
    Ok(place)
}

fn ids(place: &Place) -> anyhow::Result<Vec<uuid::Uuid>> {
    let database = Connection::open(place.data.join("minutebook.db")).context("the database")?;
    let sql = "SELECT id FROM record WHERE kind = 'ai_system' ORDER BY first_seq";
    let mut statement = database.prepare(sql)?;
    let ids = statement.query_map([], |row| Ok(uuid::Uuid::from_bytes(row.get(0)?)))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}
