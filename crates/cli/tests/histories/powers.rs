//! Who may accept a risk: rules say it of a person as approving would.

use assess::{At, RuleSubject, Stretch};
use record::{Day, Record, Records, Registry, Version, approve};
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use crate::acts::generated;
use crate::asked::catalogue;
use crate::history::{AIMS_START, HISTORIES, day};

/// Returns the person who accepted a version above the line, and the day.
fn accepted(version: &Version) -> Option<(Uuid, Day)> {
    let body = version.body();
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str);
    let above = text("/level") == Some("high") && text("/decision/says") == Some("accept");
    let by = text("/decision/by")?.parse().ok()?;
    let on = text("/decision/on")?.parse().ok()?;
    above.then_some((by, on))
}

/// Returns the only acceptance of a risk above the line: by a person, and by no body.
fn only(record: &Record) -> Option<(Uuid, Day)> {
    let mut acts = record.standing().flat_map(|version| &version.acts);
    if acts.any(|(act, _)| act.name == "accept") {
        return None;
    }
    let mut all = record.standing().filter_map(accepted);
    all.next().filter(|_| all.next().is_none())
}

/// Returns whether a person had left: approving asks nobody who has. One who came back since was
/// away on the days between.
fn left(records: &Records, (person, on): (Uuid, Day)) -> bool {
    let versions: Vec<&Version> = records
        .get(person)
        .into_iter()
        .flat_map(Record::standing)
        .collect();
    let from = |version: &Version| version.put.facts.effective_on;
    versions.iter().enumerate().any(|(place, version)| {
        let mut later = versions[place + 1..].iter();
        let last = version.put.day("/left_on");
        last.is_some_and(|last| last < on)
            && !later.any(|later| from(later) <= on.max(from(version)))
    })
}

/// Returns the systems that an assessment is of, and its place among those of a system.
fn assessed(record: &Record) -> Option<(Vec<Uuid>, (Day, u64))> {
    let newest = record.standing().next_back()?;
    let systems = newest.body().get("systems")?.as_array()?.iter();
    let systems = systems.filter_map(|cite| cite["id"].as_str()?.parse().ok());
    let on = newest.body().get("assessed_on")?.as_str()?.parse().ok()?;
    Some((systems.collect(), (on, newest.put.seq)))
}

/// Returns whether a newer assessment of each of its systems takes the place of one: who accepted
/// what that found is asked no more.
fn displaced(records: &Records, record: &Record) -> bool {
    let Some((systems, place)) = assessed(record) else {
        return false;
    };
    let newer = |system: &Uuid| {
        let mut others = records.of_kind("risk_assessment").filter_map(assessed);
        others.any(|(systems, other)| systems.contains(system) && other > place)
    };
    !systems.is_empty() && systems.iter().all(newer)
}

fn holds(records: &Records, registry: &Registry, (by, on): (Uuid, Day)) -> bool {
    approve::holdings(records, registry, on).iter().any(|one| {
        let reaches = one.level.as_deref().is_none_or(|level| level == "high");
        one.holder == by && one.power == "accept_risk" && reaches
    })
}

/// Returns whether the criteria that an assessment cites name a person for the highest level.
fn named(records: &Records, record: &Record, person: Uuid) -> bool {
    let cites = record
        .standing()
        .filter_map(|version| version.body().get("criteria"));
    let cites = cites.filter_map(|cite| serde_json::from_value(cite.clone()).ok());
    let criteria = cites.filter_map(|cite| records.cited(cite));
    let authority = criteria.filter_map(|version| version.body().get("authority")?.as_array());
    let person = json!(person);
    let mut lines = authority.flatten();
    lines.any(|one| one["holder"] == person && one["level"] == "high")
}

#[test]
fn a_person_is_told_to_lack_the_power_where_approving_finds_none() {
    let catalogue = catalogue();
    let asked = assess::inquiries(&catalogue);
    let flag = asked.iter().find(|one| one.id() == "flag:6.1.3-c:above");
    let registry = kinds::registry();
    let (mut with, mut without) = (0, 0);
    // Few histories hold a risk that one person and nobody else accepted.
    for seed in 0..12 * HISTORIES {
        let history = generated(seed);
        let records = &history.records;
        let start = day(AIMS_START);
        let at = At::new(records, start, start, history.today.plus_days(400));
        for record in records.of_kind("risk_assessment") {
            let found = only(record).filter(|found| !left(records, *found));
            let Some(found) = found else {
                continue;
            };
            let stretches = flag.map(|one| one.stretches(&at, &RuleSubject::Record(record.id)));
            let told = |stretch: &Stretch| stretch.outcome.params.get("case").cloned();
            let told = stretches.and_then(|all| all.last().and_then(told));
            let told = told.map(|case| format!("{case:?}")).unwrap_or_default();
            let lacks = ["above", "unempowered"]
                .iter()
                .any(|one| told.contains(one));
            if displaced(records, record) {
                assert!(!lacks, "history {seed}, {}, told {told:?}", record.id);
                continue;
            }
            let held = holds(records, &registry, found) || named(records, record, found.0);
            assert_eq!(lacks, !held, "history {seed}, {}, told {told:?}", record.id);
            with += usize::from(held);
            without += usize::from(!held);
        }
    }
    assert!(with > 5 && without > 20, "{with}, {without}");
}
