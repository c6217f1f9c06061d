//! What may happen in a history, each act with dates and gaps drawn by lot.

use record::Day;
use serde_json::{Value, json};

use crate::history::{BOARD, CHIEF, COUNCIL, DEPUTY, FILE_HASH, History, OFFICER, ROOT, id};

const SYSTEMS: [u128; 3] = [100, 101, 102];
const ASSESSMENTS: [u128; 4] = [200, 201, 202, 203];
const MEETINGS: [u128; 5] = [300, 301, 302, 303, 304];
const REVIEWS: [u128; 4] = [400, 401, 402, 403];
pub const DECLARED: [u128; 2] = [500, 501];
const SCOPE: u128 = 510;
const POLICIES: [u128; 2] = [520, 521];
const APPOINTED: [u128; 2] = [530, 531];
const CRITERIA: u128 = 540;
const ATTESTED: [u128; 4] = [550, 551, 552, 553];
const TO_POST: [u128; 2] = [570, 571];
const EMPOWERED: [u128; 2] = [580, 581];
const POST: &str = "head-digital";

/// Returns a history of 30 to 60 acts, refused ones left out.
pub fn generated(seed: u64) -> History {
    let mut history = History::begun(seed);
    declare(&mut history, DECLARED[0]);
    for _ in 0..30 + history.dice.below(31) {
        if history.dice.chance(60) {
            let days = history.dice.days(25);
            history.today = history.today.plus_days(days);
        }
        one(&mut history);
    }
    history
}

fn one(history: &mut History) {
    type Does = fn(&mut History);
    const ACTS: [(u64, Does); 22] = [
        (4, |history| {
            let n = *history.dice.pick(&DECLARED);
            if history.versions(n) > 0 && history.dice.chance(10) {
                end(history, n);
            } else {
                declare_or_approve(history, n);
            }
        }),
        (8, scope),
        (8, policy),
        (4, two_policies),
        (8, appoint),
        (8, told),
        (6, criteria),
        (12, system),
        (5, confirm),
        (12, assess),
        (8, attest),
        (8, meet),
        (6, adopt_at_meeting),
        (10, review),
        (3, withdraw),
        (4, move_slot),
        (4, dispose),
        (3, organisation),
        (4, to_post),
        (6, accept),
        (6, empower),
        (5, leave),
    ];
    let all: u64 = ACTS.iter().map(|(weight, _)| weight).sum();
    let mut lot = history.dice.below(all);
    for (weight, does) in ACTS {
        if lot < weight {
            return does(history);
        }
        lot -= weight;
    }
}

/// Today, or a day up to `most` earlier.
fn past(history: &mut History, most: u64) -> Day {
    let days = if history.dice.chance(50) {
        0
    } else {
        history.dice.days(most)
    };
    history.today.plus_days(-days)
}

fn maybe(history: &mut History, percent: u64, value: Value) -> Value {
    if history.dice.chance(percent) {
        value
    } else {
        Value::Null
    }
}

fn word(history: &mut History, percent: u64) -> Value {
    maybe(history, percent, json!("Some words."))
}

fn months(history: &mut History) -> Value {
    let months = 1 + history.dice.below(4);
    maybe(history, 60, json!(months))
}

/// Declares something, or has what waits for it approved: some declarations are put on a day and
/// resolved on another.
fn declare_or_approve(history: &mut History, n: u128) {
    let newest = history.records.get(id(n)).map(record::Record::newest);
    let waits = newest.is_some_and(|version| version.acts.is_empty());
    if waits && history.dice.chance(70) {
        history.resolve(ROOT, "approves", (n, history.versions(n)), &json!({}));
    } else {
        let at_once = history.dice.chance(60);
        declared(history, n, at_once);
    }
}

pub fn declare(history: &mut History, n: u128) {
    declared(history, n, true);
}

fn declared(history: &mut History, n: u128, at_once: bool) {
    let series = json!({"first_day": "2024-02-01", "months": 1 + history.dice.below(3)});
    let tolerance = json!(1 + history.dice.below(40));
    let body = json!({"title": "Declaration",
        "intervals": {"scope_months": months(history), "policy_months": months(history),
            "risk_assessment_months": months(history),
            "risk_assessment_high_impact_months": months(history),
            "attestation_months": months(history), "risk_criteria_months": months(history)},
        "tolerances": {"recording_days": maybe(history, 40, tolerance.clone()),
            "awaiting_scope_days": maybe(history, 40, tolerance.clone()),
            "minutes_days": maybe(history, 40, tolerance)},
        "series": {"management_review": maybe(history, 70, series)}});
    let of = past(history, 40);
    if history.put("declaration", n, body, Some(of)) && at_once {
        history.resolve(ROOT, "approves", (n, history.versions(n)), &json!({}));
    }
}

fn approve(history: &mut History, body: u128, n: u128) {
    let newest = history.versions(n);
    let mut carries = json!({});
    if history.dice.chance(20) {
        carries["effective_on"] = json!(history.today.plus_days(history.dice.days(20)));
    }
    history.resolve(body, "approves", (n, newest), &carries);
}

fn keep_or_end(history: &mut History, n: u128) {
    let newest = history.versions(n);
    if newest == 0 {
        return;
    }
    let next = history.today.plus_days(history.dice.days(150));
    if history.dice.chance(85) {
        let keeps = json!({"because": "It serves.", "next_review": next});
        history.resolve(ROOT, "keeps", (n, newest), &keeps);
    } else {
        end(history, n);
    }
}

/// Ends the newest version, on a day to come or on one that has passed.
fn end(history: &mut History, n: u128) {
    let newest = history.versions(n);
    let last = if history.dice.chance(50) {
        past(history, 120)
    } else {
        history.today.plus_days(history.dice.days(150))
    };
    history.resolve(ROOT, "rescinds", (n, newest), &json!({"last_day": last}));
}

fn scope(history: &mut History) {
    if history.dice.chance(30) {
        return keep_or_end(history, SCOPE);
    }
    let criteria = [
        json!({"unit": ["housing"], "says": "in"}),
        json!({"stage": ["live"], "says": "in"}),
        json!({"origin": ["bought"], "says": "out"}),
    ];
    let criteria: Vec<Value> = criteria
        .into_iter()
        .filter(|_| history.dice.chance(60))
        .collect();
    let review = history.today.plus_days(history.dice.days(200));
    let whole = history.dice.chance(30);
    let body = json!({"title": "Scope", "statement": "All.", "criteria": criteria,
        "boundaries": word(history, 90), "suppliers": word(history, 90),
        "no_exclusions_because": word(history, 90),
        "roles": if history.dice.chance(90) { json!(["user"]) } else { json!([]) },
        "units": if whole { json!([]) } else { json!(["housing", "planning"]) },
        "whole_organisation": whole && history.dice.chance(80),
        "review_by": maybe(history, 50, json!(review))});
    let of = past(history, 10);
    if history.put("scope", SCOPE, body, Some(of)) {
        let body = *history.dice.pick(&[ROOT, BOARD]);
        approve(history, body, SCOPE);
    }
}

fn adopt(history: &mut History, n: u128) {
    let review = history.today.plus_days(history.dice.days(200));
    let body = json!({"title": "AI policy", "text": "We care.",
        "contents": {"purpose": word(history, 95), "objectives": word(history, 95),
            "requirements": word(history, 95), "improvement": word(history, 95)},
        "available": maybe(history, 70, json!({"at": "https://example.org/ai"})),
        "review_by": maybe(history, 50, json!(review))});
    if history.put("policy", n, body, None) {
        approve(history, ROOT, n);
    }
}

/// The root adopts the newest policy at a meeting as its newest minutes tell of it; they may be
/// recorded otherwise later.
fn adopt_at_meeting(history: &mut History) {
    let (n, meeting) = (POLICIES[0], *history.dice.pick(&MEETINGS));
    let newest = history.records.get(id(meeting)).map(|record| {
        let newest = record.newest();
        (newest.number(), record::slots::sittings(newest.body()))
    });
    let Some((version, sat)) = newest else {
        return;
    };
    let resolution = history.fresh();
    let body = json!({"number": format!("R{resolution}"), "text": "Resolved.", "body": id(ROOT),
        "verb": "adopts", "objects": [{"of": {"id": id(n), "version": history.versions(n)}}],
        "decided_on": sat.first(), "meeting": {"id": id(meeting), "version": version}});
    if history.versions(n) > 0 && history.put("resolution", resolution, body, None) {
        history.moved(resolution, 1, "attest", json!({}));
    }
}

fn policy(history: &mut History) {
    if history.dice.chance(40) {
        keep_or_end(history, POLICIES[0]);
    } else {
        adopt(history, POLICIES[0]);
    }
}

fn two_policies(history: &mut History) {
    if history.dice.chance(50) {
        keep_or_end(history, POLICIES[1]);
    } else {
        adopt(history, POLICIES[1]);
    }
}

fn appoint(history: &mut History) {
    let n = *history.dice.pick(&APPOINTED);
    let start = past(history, 20);
    let end = history.today.plus_days(history.dice.days(90));
    let duties = [
        json!(["conformity", "reporting"]),
        json!(["conformity"]),
        json!(["reporting"]),
    ];
    let unit = *history.dice.pick(&["housing", "planning"]);
    let body = json!({"title": "Owner", "head_of": maybe(history, 70, json!(unit)), "holder": id(*history.dice.pick(&[CHIEF, OFFICER, DEPUTY, BOARD])),
        "duties": history.dice.pick(&duties), "authority": word(history, 90), "start": start,
        "end": maybe(history, 20, json!(end)), "cover": maybe(history, 20, json!(id(OFFICER)))});
    let mut body = body;
    if history.versions(COUNCIL) > 0 && history.dice.chance(25) {
        body["holder"] = Value::Null;
        body["holder_post"] = json!(POST);
    }
    if history.put("appointment", n, body, None) {
        let body = *history.dice.pick(&[ROOT, ROOT, BOARD]);
        approve(history, body, n);
        // Left to chance alone, hardly one in a hundred histories has an owner that everybody knows.
        if history.dice.chance(40) {
            let told = json!({"on": history.today, "to": "staff", "how": "A note."});
            history.moved(n, history.versions(n), "communicate", told);
        }
    }
}

fn organisation(history: &mut History) {
    let units: Vec<Value> = [
        ("housing", "Housing"),
        ("planning", "Planning"),
        ("parks", "Parks"),
    ]
    .into_iter()
    .filter(|_| history.dice.chance(70))
    .map(|(unit, name)| json!({"id": unit, "name": name}))
    .collect();
    let body = json!({"name": "Council (fictional)", "units": units,
        "posts": [{"id": POST, "name": "Head-Digital"}]});
    let of = past(history, 10);
    history.put("organisation", COUNCIL, body, Some(of));
}

fn to_post(history: &mut History) {
    let n = *history.dice.pick(&TO_POST);
    let newest = history.versions(n);
    if newest > 0 && history.dice.chance(30) {
        let last = past(history, 10);
        history.moved(n, newest, "leave", json!({"last_day": last}));
        return;
    }
    let start = past(history, 20);
    let body = json!({"title": "Head of Digital", "post": POST, "start": start,
        "holder": id(*history.dice.pick(&[CHIEF, OFFICER]))});
    if history.put("appointment", n, body, None) {
        approve(history, ROOT, n);
    }
}

/// Gives somebody the power to accept risks, up to a level or without a bound.
fn empower(history: &mut History) {
    let n = *history.dice.pick(&EMPOWERED);
    let start = past(history, 40);
    let end = history.today.plus_days(history.dice.days(90));
    let level = *history.dice.pick(&["low", "high"]);
    let body = json!({"title": "Risk owner", "powers": ["accept_risk"],
        "accepts_risk_to": maybe(history, 60, json!(level)), "start": start,
        "holder": id(*history.dice.pick(&[CHIEF, DEPUTY, DEPUTY, BOARD])),
        "end": maybe(history, 20, json!(end)), "cover": maybe(history, 30, json!(id(DEPUTY)))});
    if history.put("appointment", n, body, None) {
        approve(history, ROOT, n);
    }
}

/// A person leaves, or turns out to have stayed.
fn leave(history: &mut History) {
    let people = [
        (CHIEF, "Ann Chief", "chief@example.org"),
        (DEPUTY, "Dee Deputy", "deputy@example.org"),
    ];
    let (n, name, email) = *history.dice.pick(&people);
    let last = if history.dice.chance(60) {
        past(history, 40)
    } else {
        history.today.plus_days(history.dice.days(30))
    };
    let left = maybe(history, 70, json!(last));
    let body = json!({"name": name, "email": email, "left_on": left});
    history.put("person", n, body, None);
}

/// The board holds no power to accept a risk unless it is given it; the root does.
fn accept(history: &mut History) {
    let n = *history.dice.pick(&ASSESSMENTS);
    let newest = history.versions(n);
    if newest > 0 {
        let body = *history.dice.pick(&[ROOT, BOARD, BOARD]);
        history.resolve(body, "accepts", (n, newest), &json!({}));
    }
}

fn told(history: &mut History) {
    let n = *history
        .dice
        .pick(&[POLICIES[0], POLICIES[1], APPOINTED[0], APPOINTED[1]]);
    let newest = history.versions(n);
    let on = past(history, 10);
    match history.dice.below(4) {
        0 => history.moved(n, newest, "accept", json!({"on": on})),
        1 => history.moved(n, newest, "leave", json!({"last_day": on})),
        _ => {
            let how = maybe(history, 80, json!("A note."));
            let body = json!({"on": on, "to": "staff", "how": how});
            history.moved(n, newest, "communicate", body)
        }
    };
}

fn criteria(history: &mut History) {
    let opportunity = json!({"on": "opportunity", "text": "Learn."});
    let mut actions = vec![json!({"on": "risk", "text": "Look."})];
    if history.dice.chance(85) {
        actions.push(opportunity);
    }
    let body = json!({"title": "Criteria", "scales": "1-5", "levels": ["low", "high"],
    "acceptable_to": "low", "method": "Two people.", "actions": actions,
    "authority": if history.dice.chance(85) {
        json!([{"level": "high", "holder": id(ROOT)}])
    } else {
        json!([])
    }});
    let mut body = body;
    let until = past(history, 60).plus_days(120);
    body["review_by"] = maybe(history, 50, json!(until));
    if history.put("risk_criteria", CRITERIA, body, None) {
        approve(history, ROOT, CRITERIA);
    }
}

fn system(history: &mut History) {
    let n = *history.dice.pick(&SYSTEMS);
    let changed = past(history, 10);
    let significant = history.dice.chance(25);
    let stage = *history
        .dice
        .pick(&["idea", "pilot", "live", "live", "retired"]);
    let body = json!({"title": format!("System {n}"), "purpose": word(history, 85),
        "roles": if history.dice.chance(85) { json!(["user"]) } else { json!([]) },
        "unit": history.dice.pick(&["housing", "planning"]),
        "origin": history.dice.pick(&["bought", "own_model"]),
        "stage": maybe(history, 80, json!(stage)),
        "impact": maybe(history, 30, json!("high")),
        "scope": maybe(history, 15, json!({"says": "out", "because": "A trial."})),
        "significant_change": significant, "changed_on": maybe_changed(significant, changed)});
    let of = past(history, 30);
    history.put("ai_system", n, body, Some(of));
}

fn maybe_changed(significant: bool, changed: Day) -> Value {
    if significant {
        json!(changed)
    } else {
        Value::Null
    }
}

fn confirm(history: &mut History) {
    let systems: Vec<Value> = SYSTEMS
        .iter()
        .filter(|n| history.versions(**n) > 0)
        .map(|n| json!({"id": id(*n), "version": history.versions(*n)}))
        .collect();
    let newest = history.versions(SCOPE);
    history.moved(SCOPE, newest, "confirm", json!({"systems": systems}));
}

fn assess(history: &mut History) {
    let n = *history.dice.pick(&ASSESSMENTS);
    let system = *history.dice.pick(&SYSTEMS);
    let (version, criteria) = (history.versions(system), history.versions(CRITERIA));
    let on = past(history, 20);
    let decided = past(history, 20).max(on);
    let due = history.today.plus_days(history.dice.days(60));
    let says = *history.dice.pick(&["treat", "accept"]);
    let by = *history.dice.pick(&[OFFICER, CHIEF, DEPUTY, DEPUTY]);
    let by = maybe(history, 75, json!(id(by)));
    let decision = json!({"says": says, "because": "It matters.", "on": decided, "by": by,
        "promises": maybe(history, 40, json!({"effect": "Fewer.", "due": due}))});
    let mut body = json!({"title": format!("Assessment {n}"),
        "systems": [{"id": id(system), "version": version}], "assessed_on": on,
        "consequences": {"organisation": word(history, 95), "individuals": word(history, 95),
            "societies": word(history, 95)},
        "decision": maybe(history, 85, decision)});
    if criteria > 0 {
        body["criteria"] = json!({"id": id(CRITERIA), "version": criteria});
        let level = *history.dice.pick(&["low", "high"]);
        body["level"] = maybe(history, 85, json!(level));
    }
    if history.dice.chance(20) {
        body["shown_by"] = json!([{"on": on, "what": "Fewer.", "file": FILE_HASH}]);
    }
    let of = past(history, 20);
    history.put("risk_assessment", n, body, Some(of));
}

fn attest(history: &mut History) {
    let n = *history.dice.pick(&ATTESTED);
    let on = past(history, 10);
    let missing = json!([{"name": "Another", "system": id(SYSTEMS[2])}]);
    let named = history.versions(SYSTEMS[2]) > 0 && history.dice.chance(20);
    let body = json!({"unit": history.dice.pick(&["housing", "planning"]), "by": id(OFFICER),
        "attested_on": on, "missing": if named { missing } else { json!([]) }});
    history.put("attestation", n, body, None);
}

fn meet(history: &mut History) {
    let n = *history.dice.pick(&MEETINGS);
    let newest = history.versions(n);
    if newest > 0 && history.dice.chance(30) {
        // Refused, and left out, where that is of another body or no later.
        let later = *history.dice.pick(&MEETINGS);
        let by = json!({"id": id(later), "version": history.versions(later)});
        let confirm = json!({"by": by, "on": past(history, 10)});
        history.moved(n, newest, "confirm", confirm);
        return;
    }
    let mut body = json!({"title": format!("Meeting {n}"),
        "body": id(*history.dice.pick(&[ROOT, BOARD])), "state": "held",
        "sittings": [{"on": past(history, 40)}],
        "items": [{"number": "1", "title": "Review", "text": word(history, 80)}]});
    if history.dice.chance(80) {
        let person = *history.dice.pick(&[CHIEF, DEPUTY, OFFICER]);
        body["present"] = json!([{"person": id(person), "role": "member"}]);
    }
    let of = past(history, 30);
    history.put("meeting", n, body, Some(of));
}

fn review(history: &mut History) {
    let n = *history.dice.pick(&REVIEWS);
    let meeting = *history.dice.pick(&MEETINGS);
    let version = history.versions(meeting);
    let mut given = |percent| {
        let word = word(history, percent);
        json!({"none_because": word})
    };
    let inputs = json!({"actions": given(95), "issues": given(95), "parties": given(95),
        "nonconformities": given(95), "monitoring": given(95), "audits": given(95),
        "opportunities": given(95)});
    let mut body = json!({"title": format!("Review {n}"), "covers": ["aims"],
        "parts": [{"meeting": {"id": id(meeting), "version": version}}], "inputs": inputs,
        "decisions": {"improvement": word(history, 95), "changes": word(history, 95)},
        "conclusions": {"suitability": word(history, 95), "adequacy": word(history, 95),
            "effectiveness": word(history, 95)}});
    if let Some(slot) = claimed(history, meeting) {
        body["slot"] = slot;
    }
    history.put("management_review", n, body, None);
}

/// The slot that a meeting fell in, of one declaration or the other.
fn claimed(history: &mut History, meeting: u128) -> Option<Value> {
    let n = *history.dice.pick(&DECLARED);
    let declaration = history.records.get(id(n))?;
    let newest = history.records.get(id(meeting))?.newest();
    let sat = record::slots::sittings(newest.body()).into_iter().max()?;
    let slots = record::slots::of(&history.records, declaration, sat);
    let slot = slots.into_iter().find(|slot| slot.holds_day(sat))?;
    Some(json!({"declaration": id(n), "first_day": slot.first_day}))
}

fn withdraw(history: &mut History) {
    let all = [
        SYSTEMS.as_slice(),
        &ASSESSMENTS,
        &MEETINGS,
        &REVIEWS,
        &POLICIES,
        &APPOINTED,
        &ATTESTED,
    ]
    .concat();
    let n = *history.dice.pick(&all);
    let newest = history.versions(n);
    let mut body = json!({"because": "In error."});
    // What was approved takes a body's resolution.
    if history.resolve(ROOT, "withdraws", (n, newest), &json!({})) {
        let resolution = id(history.last());
        body["resolution"] = json!({"id": resolution, "version": 1});
    }
    if !history.moved(n, newest, "withdraw", body) {
        history.moved(n, newest, "withdraw", json!({"because": "In error."}));
    }
}

fn move_slot(history: &mut History) {
    let n = *history.dice.pick(&DECLARED);
    let Some(declaration) = history.records.get(id(n)) else {
        return;
    };
    let slots = record::slots::of(&history.records, declaration, history.today);
    let Some(slot) = slots.last() else {
        return;
    };
    let last = slot.last_day.plus_days(14);
    let carries = json!({"because": "It suits.", "first_day": slot.first_day,
        "to_first_day": slot.first_day, "to_last_day": last});
    let version = history.versions(n);
    history.resolve(ROOT, "moves_slot", (n, version), &carries);
}

fn dispose(history: &mut History) {
    let n = history.fresh();
    // Refused, and left out, where it answers a finding that is answered.
    let since = past(history, 60);
    let body = json!({"rule": "4.3-a", "since": since, "says": "not_a_failure",
        "because": "We know."});
    history.put("disposition", n, body, None);
}
