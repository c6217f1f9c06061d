//! 4.3-c where the scope covers the whole organisation: each of its units attests.

use serde_json::{Value, json};

use crate::given::{Book, How, ROOT};
use crate::scope::{SCOPE, attest, declared, headed, scope, whole, without};

pub fn organisation(book: &mut Book, units: &[&str]) {
    let units: Vec<Value> = units
        .iter()
        .map(|id| json!({"id": id, "name": true}))
        .collect();
    book.put("organisation", 0xa, json!({"name": true, "units": units}));
}

fn open_units(book: &Book, about: &str) -> Vec<String> {
    let status = book.about(about);
    let scope = status.requirements.iter().find(|one| one.id == "4.3");
    let findings = scope.into_iter().flat_map(|one| &one.findings);
    let finding = findings.filter(|one| one.rule == "4.3-c");
    let mut units: Vec<String> = finding
        .flat_map(|one| &one.subjects)
        .map(|one| one.id.clone())
        .collect();
    units.sort();
    units
}

#[test]
fn a_scope_of_the_whole_organisation_asks_each_unit_that_its_criteria_place_in() {
    let mut everywhere = without("units");
    everywhere["whole_organisation"] = json!(true);
    everywhere["criteria"] = json!([
        {"stage": ["retired"], "says": "out"},
        {"unit": ["parks"], "says": "out"},
        {"says": "in"},
    ]);
    let mut book = Book::new();
    organisation(&mut book, &["housing", "parks", "planning"]);
    declared(&mut book);
    book.on("2024-02-01")
        .put("scope", SCOPE, everywhere)
        .approve(SCOPE, 1);
    headed(&mut book, "2024-02-01");
    attest(&mut book, 400, "2024-05-01", json!([]));
    assert!(open_units(&book, "2024-05-01").is_empty());
    assert_eq!(open_units(&book, "2024-05-02"), ["planning"]);
    assert_eq!(open_units(&book, "2024-08-02"), ["housing", "planning"]);
    // A unit that comes later has its whole interval from then.
    book.on("2024-06-01");
    organisation(&mut book, &["housing", "parks", "planning", "schools"]);
    assert_eq!(open_units(&book, "2024-09-01"), ["housing", "planning"]);
    let all = ["housing", "planning", "schools"];
    assert_eq!(open_units(&book, "2024-09-02"), all);
    // Named units are asked alone.
    book.on("2024-10-01")
        .put("scope", SCOPE, whole())
        .approve(SCOPE, 2);
    assert_eq!(open_units(&book, "2025-03-01"), ["housing"]);
}

#[test]
fn a_version_of_the_organisation_that_never_counted_restarts_nothing() {
    let mut everywhere = without("units");
    everywhere["whole_organisation"] = json!(true);
    everywhere["criteria"] = json!([{"says": "in"}]);
    // The ledger began with an organisation of no units; that it had some before is told after.
    let mut book = Book::new();
    let units = json!({"name": true, "units": [{"id": "housing", "name": true}]});
    book.put_of("organisation", 0xa, "2023-06-01", units);
    declared(&mut book);
    book.put("scope", SCOPE, everywhere).approve(SCOPE, 1);
    assert!(open_units(&book, "2024-04-01").is_empty());
    assert_eq!(open_units(&book, "2024-04-02"), ["housing"]);
    // Dropped and put back on one day it was a unit all along.
    book.on("2024-05-01");
    organisation(&mut book, &[]);
    organisation(&mut book, &["housing"]);
    assert_eq!(open_units(&book, "2024-05-02"), ["housing"]);
    // Dropped for a day it is a new one.
    book.on("2024-06-01");
    organisation(&mut book, &[]);
    book.on("2024-06-02");
    organisation(&mut book, &["housing"]);
    assert!(open_units(&book, "2024-06-02").is_empty());
}

#[test]
fn an_organisation_that_lists_no_unit_leaves_its_list_of_systems_unknown() {
    let mut everywhere = without("units");
    everywhere["whole_organisation"] = json!(true);
    let undivided = |listed: bool| {
        let mut book = Book::new();
        if listed {
            organisation(&mut book, &[]);
        }
        book.on("2024-02-01")
            .put("scope", SCOPE, everywhere.clone())
            .approve(SCOPE, 1);
        book
    };
    for listed in [false, true] {
        let mut book = undivided(listed);
        let days = [
            ("2024-01-31", "not_due"),
            ("2024-05-01", "not_due"),
            ("2024-05-02", "reservation"),
        ];
        book.expect("4.3-c", &days);
        assert_eq!(book.words("scope", "2024-05-02"), ("yes", "yes"));
        declared(&mut book);
        assert_eq!(book.words("scope", "2024-05-02"), ("yes", "unknown"));
    }
    let mut book = undivided(true);
    assert_eq!(
        book.sentence("4.3-c", "2024-05-02"),
        "Since 2 May 2024 nobody could attest that the organisation's list of AI systems is \
         complete: the scope covers the whole organisation, which lists no unit.",
    );
    // Once it lists one, that unit is asked; once it lists none any more, it is asked again.
    book.on("2024-06-01");
    organisation(&mut book, &["housing"]);
    book.on("2025-01-01");
    organisation(&mut book, &[]);
    let days = [
        ("2024-05-31", "reservation"),
        ("2024-06-01", "not_due"),
        ("2024-09-02", "reservation"),
        ("2025-01-01", "not_due"),
        ("2025-04-02", "reservation"),
    ];
    book.expect("4.3-c", &days);
    assert_eq!(open_units(&book, "2024-09-02"), ["housing"]);
    // A scope that names its units asks those alone.
    let scoped = scope(whole(), How::by(ROOT));
    assert_eq!(open_units(&scoped, "2024-05-02"), ["housing"]);
}
