//! Commands to play: AI systems of about 1 KiB each, and the large register.

use anyhow::Context;
use rusqlite::Connection;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::Bench;
use crate::child::Place;
use crate::figure::now;

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

fn body(number: u64, turn: u64) -> Value {
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

/// The stages that a system goes through, in and out of scope by turns.
const STAGES: [&str; 6] = ["idea", "development", "pilot", "live", "live", "retired"];

const UNITS: [&str; 4] = ["place", "housing", "planning", "adult-care"];

const IMPACTS: [&str; 3] = ["not_high", "high", "presumed_high_but_not"];

/// Rounds that a stage lasts, a unit, and a judgement of impact: not the same, so that each
/// history differs from the next. A system changes about twice a month then, and what changed
/// is read with all of its history: twice as often would take more than ten minutes to make.
const LAST: [u64; 3] = [41, 97, 67];

/// One in so many versions is a significant change, which wants its assessment.
const CHANGES: u64 = 61;

/// The systems that one assessment is about: a declared group.
const GROUP: usize = 25;

/// Returns the Command that puts a system again in a round.
fn again(number: u64, id: &Uuid, round: &Round) -> String {
    let mut body = body(number, round.number + 1);
    let turn = |last: u64| usize::try_from((number + round.number) / last).unwrap_or(0);
    body["stage"] = STAGES[turn(LAST[0]) % STAGES.len()].into();
    body["unit"] = UNITS[turn(LAST[1]) % UNITS.len()].into();
    body["impact"] = IMPACTS[turn(LAST[2]) % IMPACTS.len()].into();
    if (number + round.number).is_multiple_of(CHANGES) {
        body["significant_change"] = true.into();
        body["changed_on"] = round.day().into();
    }
    json!({"do": "put", "kind": "ai_system", "id": id, "body": body, "at": round.at}).to_string()
}

/// Returns the Command that assesses a group of systems, another one each round.
fn assess(ids: &[Uuid], round: &Round) -> String {
    let from = usize::try_from(round.number).unwrap_or(0) * GROUP % ids.len();
    let version = round.number + 2;
    let group = ids[from..].iter().take(GROUP);
    let systems: Vec<Value> = group
        .map(|id| json!({"id": id, "version": version}))
        .collect();
    let says = ["treat", "no_change"][from % 2];
    let body = json!({
        "title": format!("Assessment {} (fictional)", round.number + 1),
        "systems": systems,
        "criteria": {"id": id(CRITERIA), "version": 1},
        "level": "low",
        "assessed_on": round.day(),
        "consequences": {"organisation": "Claims.", "individuals": "A wrong answer.", "societies": "Uneven service."},
        "decision": {"says": says, "because": "A person decides.", "on": round.day()},
    });
    json!({"do": "put", "kind": "risk_assessment", "body": body, "at": round.at}).to_string()
}

const BODY: u128 = 1;
const CRITERIA: u128 = 2;
const SCOPE: u128 = 3;
const DECLARATION: u128 = 4;
const RESOLUTION: u128 = 5;
const SECRETARY: u128 = 6;

/// Who attests: not the operator, who puts what is attested without a name.
const SECRETARY_EMAIL: &str = "secretary@bench.example";

fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x4000_8000_0000_0000_0000 + number)
}

/// Returns the Commands of a body that approves criteria, a scope and a declaration: what the
/// verdicts on each system stand on.
fn governed(organisation: &Uuid) -> impl Iterator<Item = String> {
    let put = |kind: &str, number: u128, body: Value| json!({"do": "put", "kind": kind, "id": id(number), "body": body});
    let approves =
        [CRITERIA, SCOPE, DECLARATION].map(|of| json!({"of": {"id": id(of), "version": 1}}));
    let units = UNITS.map(|unit| json!({"id": unit, "name": unit}));
    let commands = [
        json!({"do": "put", "kind": "organisation", "id": organisation,
            "body": {"name": "Bench Council (fictional)", "units": units}}),
        put(
            "person",
            SECRETARY,
            json!({"name": "Bea Sample", "email": SECRETARY_EMAIL}),
        ),
        put(
            "body",
            BODY,
            json!({"name": "Cabinet (fictional)", "top_management": "is", "quorum": 1,
            "secretary": id(SECRETARY), "may": ["decide"], "powers": [], "written_procedure": true}),
        ),
        put(
            "risk_criteria",
            CRITERIA,
            json!({"title": "AI risk criteria", "scales": "Likelihood 1-5, consequence 1-5.",
            "levels": ["low", "high"], "acceptable_to": "low", "method": "Two assessors score each risk.",
            "authority": [{"level": "high", "holder": id(BODY)}],
            "actions": [{"on": "risk", "text": "Sample outputs."}, {"on": "opportunity", "text": "Share the form."}]}),
        ),
        put(
            "scope",
            SCOPE,
            json!({"title": "Scope", "statement": "All AI in use or tried.",
            "criteria": [{"stage": ["live", "pilot"], "says": "in"}, {"unit": ["planning"], "says": "out"}],
            "boundaries": "All services.", "suppliers": "Bought systems are treated as our own.",
            "no_exclusions_because": "Nothing is left out.", "units": UNITS, "roles": ["user"]}),
        ),
        put(
            "declaration",
            DECLARATION,
            json!({"title": "What we hold ourselves to",
            "intervals": {"scope_months": 12, "risk_assessment_months": 3, "risk_assessment_high_impact_months": 2},
            "tolerances": {"awaiting_scope_days": 14}}),
        ),
        put(
            "resolution",
            RESOLUTION,
            json!({"number": "25/1", "text": "That they be approved.", "body": id(BODY),
            "verb": "approves", "decided_on": &BEGIN[..10], "objects": approves}),
        ),
        json!({"do": "move", "id": id(RESOLUTION), "version": 1, "move": "attest", "body": {}, "as": SECRETARY_EMAIL}),
    ];
    commands.into_iter().map(|command| command.to_string())
}

/// One time that every system is put again.
struct Round {
    number: u64,
    at: String,
}

impl Round {
    fn new(number: u64, step: i64) -> Self {
        let unix = BEGIN_UNIX + step * (i64::try_from(number).unwrap_or(0) + 1);
        let at = jiff::Timestamp::from_second(unix);
        let at = at.map(|at| at.to_string()).unwrap_or_default();
        Self { number, at }
    }

    fn day(&self) -> &str {
        &self.at[..10]
    }
}

/// Makes the register of 2025, or one of as many systems, on a simulated clock under an approved
/// scope, criteria and declaration, and puts every system again until there are about `entries`,
/// over a year. Stages, units and impacts change on the way, and a group is assessed each round,
/// so that what the rules say of a system changes as it does in life.
pub fn register(bench: &Bench, name: &str, entries: u64) -> anyhow::Result<Place> {
    let place = Place::new(&bench.dir, name, &bench.minutebook);
    if place.data.exists() {
        return Ok(place);
    }
    eprintln!("   making {name}, {entries} entries");
    let begun = now();
    place.init(Some(BEGIN))?;
    match &bench.register {
        Some(path) => place.import(path).map(|_| ())?,
        None => {
            eprintln!("   NOTE: without the register of 2025, {SYSTEMS} systems are made up");
            place.apply((0..SYSTEMS).map(put))?;
        }
    }
    let organisation = ids(&place, "organisation")?;
    place.apply(governed(organisation.first().context("no organisation")?))?;
    let ids = ids(&place, "ai_system")?;
    let rounds = entries.saturating_sub(SYSTEMS).div_ceil(SYSTEMS).max(1);
    // A year, whatever the number of rounds.
    let step = 365 * 86_400 / i64::try_from(rounds)?;
    // One entry alone makes a past to look back to.
    let count = if entries > SYSTEMS { ids.len() } else { 1 };
    let ids = &ids[..count];
    place.apply((0..rounds).flat_map(|number| {
        let round = Round::new(number, step);
        let assessed = assess(ids, &round);
        let put = ids.iter().zip(0..);
        let put = put.map(move |(id, number)| again(number, id, &round));
        put.chain(std::iter::once(assessed))
    }))?;
    eprintln!("   made in {:.0} s", begun.elapsed().as_secs_f64());
    Ok(place)
}

fn ids(place: &Place, kind: &str) -> anyhow::Result<Vec<Uuid>> {
    let database = Connection::open(place.data.join("minutebook.db")).context("the database")?;
    let sql = "SELECT id FROM record WHERE kind = ?1 ORDER BY first_seq";
    let mut statement = database.prepare(sql)?;
    let ids = statement.query_map([kind], |row| Ok(Uuid::from_bytes(row.get(0)?)))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}
