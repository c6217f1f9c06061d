//! Flags beside 4.3-a: what was retired, and how the organisation changed, since the scope was
//! last looked at.

use assess::Finding;
use serde_json::{Value, json};

use crate::given::{Book, How, id};

const ORGANISATION: u128 = 0xa;
const SCOPE: u128 = 200;
const SYSTEM: u128 = 100;

/// A scope of 1 February 2024 that places in what is bought and out what is retired.
fn scoped() -> Book {
    with_scope(Book::new())
}

fn with_scope(mut book: Book) -> Book {
    let criteria = json!([{"stage": ["retired"], "says": "out"}, {"origin": ["bought"], "says": "in"},
        {"origin": ["own_model"], "says": "out"}]);
    let body = json!({"units": ["housing"], "boundaries": true, "criteria": criteria,
        "roles": ["user"], "suppliers": true, "no_exclusions_because": true});
    book.on("2024-02-01")
        .put("scope", SCOPE, body)
        .approve(SCOPE, 1);
    book
}

fn system(stage: &str) -> Value {
    json!({"stage": stage, "origin": "bought"})
}

/// Looks at the scope again, and leaves it as it is.
fn keep(book: &mut Book, on: &str) {
    let next = How::carrying(json!({"next_review": "2025-06-01"}));
    book.on(on).act("keep", SCOPE, 1, next);
}

/// Returns the flags beside 4.3-a, which change neither verdict nor answer.
fn flags(book: &Book, about: &str) -> Vec<Finding> {
    let status = book.about(about);
    let mut all = status.requirements.into_iter();
    let scope = all.find(|one| one.id == "4.3");
    let scope = scope.expect("a requirement of the catalogue");
    let findings = scope.findings.into_iter();
    let found: Vec<Finding> = findings.filter(|one| one.rule == "4.3-a").collect();
    for one in &found {
        assert_eq!(one.level, "flag", "{about}");
        assert_ne!(scope.verdict, "not_shown", "{about}");
        let reserved = status.five[0].reservations.iter();
        let told = reserved.clone().any(|told| one.sentence.contains(told));
        assert!(!told, "{about}");
    }
    found
}

fn sentence(book: &Book, about: &str) -> Option<String> {
    let found = flags(book, about);
    assert!(found.len() <= 1, "{about}");
    found.into_iter().next().map(|one| one.sentence)
}

#[test]
fn a_system_retired_since_the_scope_was_looked_at_is_flagged_once_the_tolerance_is_over() {
    let mut book = scoped();
    book.put("ai_system", SYSTEM, system("live"));
    book.on("2024-03-01")
        .put("ai_system", SYSTEM, system("retired"));
    // Put again, it was not retired again.
    book.on("2024-03-20")
        .put("ai_system", SYSTEM, system("retired"));
    assert_eq!(sentence(&book, "2024-03-31"), None);
    let said = format!(
        "The scope was last looked at on 1 February 2024; record {}, which it placed in, is on \
         record as retired since 1 March 2024.",
        id(SYSTEM)
    );
    assert_eq!(sentence(&book, "2024-04-01"), Some(said));
    keep(&mut book, "2024-04-10");
    assert!(sentence(&book, "2024-04-09").is_some());
    assert_eq!(sentence(&book, "2024-04-10"), None);
}

#[test]
fn a_system_that_was_out_never_in_use_or_retired_before_the_look_flags_no_scope() {
    let own = |stage: &str| json!({"stage": stage, "origin": "own_model"});
    let of_nobody = |stage: &str| json!({"stage": stage});
    let cases: [[(&str, Value); 2]; 4] = [
        [("2024-02-01", own("live")), ("2024-03-01", own("retired"))],
        [
            ("2024-02-01", of_nobody("live")),
            ("2024-03-01", of_nobody("retired")),
        ],
        [
            ("2024-02-01", system("development")),
            ("2024-03-01", system("retired")),
        ],
        [
            ("2024-01-10", system("live")),
            ("2024-02-01", system("retired")),
        ],
    ];
    for [(first, before), (then, after)] in cases {
        let mut book = scoped();
        let told = format!("{before}, {after}");
        book.put_of("ai_system", SYSTEM, first, before)
            .put_of("ai_system", SYSTEM, then, after);
        assert_eq!(sentence(&book, "2024-06-01"), None, "{told}");
    }
}

#[test]
fn a_retirement_that_was_entered_in_error_flags_nothing() {
    let mut book = scoped();
    book.put("ai_system", SYSTEM, system("live"));
    book.on("2024-03-01")
        .put("ai_system", SYSTEM, system("retired"));
    book.on("2024-04-20").moved(SYSTEM, "withdraw", json!({}));
    assert_eq!(sentence(&book, "2024-04-20"), None);
}

/// An organisation of these units, each with the one that it belongs to.
pub fn of_units(units: &[(&str, Option<&str>)]) -> Value {
    let units = units.iter();
    let units: Vec<Value> = units
        .map(|(unit, parent)| json!({"id": unit, "name": true, "parent": parent}))
        .collect();
    json!({"name": true, "units": units})
}

const HOUSING: (&str, Option<&str>) = ("housing", None);

#[test]
fn a_unit_that_came_went_or_moved_since_the_scope_was_looked_at_is_flagged() {
    let planning = ("planning", None);
    let cases = [
        (
            [HOUSING, ("planning", Some("housing"))].as_slice(),
            "planning has belonged to another part of the organisation since 1 March 2024.",
        ),
        (
            &[HOUSING],
            "planning has been no unit of the organisation any more since 1 March 2024.",
        ),
        (
            &[HOUSING, planning, ("waste", None)],
            "waste has been a unit of the organisation since 1 March 2024.",
        ),
    ];
    for (units, expected) in cases {
        let mut book = Book::new();
        book.put("organisation", ORGANISATION, of_units(&[HOUSING, planning]));
        let mut book = with_scope(book);
        book.on("2024-03-01")
            .put("organisation", ORGANISATION, of_units(units));
        assert_eq!(sentence(&book, "2024-03-31"), None, "{expected}");
        let said = format!("The scope was last looked at on 1 February 2024; {expected}");
        assert_eq!(sentence(&book, "2024-04-01"), Some(said));
        keep(&mut book, "2024-04-10");
        assert_eq!(sentence(&book, "2024-04-10"), None, "{expected}");
    }
}

#[test]
fn a_post_and_a_unit_that_is_as_it_was_again_flag_no_scope() {
    let mut book = scoped();
    let mut body = of_units(&[]);
    body["posts"] = json!([{"id": "head", "name": true}]);
    book.on("2024-03-01")
        .put("organisation", ORGANISATION, body);
    assert_eq!(sentence(&book, "2024-06-01"), None);
    book.on("2024-06-02")
        .put("organisation", ORGANISATION, of_units(&[HOUSING]));
    assert!(sentence(&book, "2024-07-03").is_some());
    book.on("2024-07-10")
        .put("organisation", ORGANISATION, of_units(&[]));
    assert_eq!(sentence(&book, "2024-07-10"), None);
}

#[test]
fn several_causes_are_one_finding_in_which_each_says_its_own() {
    let mut book = scoped();
    book.put("ai_system", SYSTEM, system("live"));
    book.on("2024-03-01")
        .put("ai_system", SYSTEM, system("retired"))
        .put("ai_system", 101, system("live"))
        .put("organisation", ORGANISATION, of_units(&[HOUSING]));
    let found = flags(&book, "2024-04-01");
    assert_eq!(found.len(), 1);
    let looked = "The scope was last looked at on 1 February 2024;";
    let expected = format!(
        "{looked} record {} is on record as live since 1 March 2024. It is the only live system \
         that it places. record {}, which it placed in, is on record as retired since 1 March 2024. \
         housing has been a unit of the organisation since 1 March 2024.",
        id(101),
        id(SYSTEM)
    );
    assert_eq!(found[0].sentence, expected);
    // Of live systems, of retired ones and of units there is no one number.
    assert_eq!((found[0].affected.n, found[0].affected.of), (1, 1));
    let subjects: Vec<&str> = found[0].subjects.iter().map(|one| &*one.id).collect();
    let expected = [
        id(101).to_string(),
        id(SYSTEM).to_string(),
        "housing".to_owned(),
    ];
    assert_eq!(subjects, expected);
}

#[test]
fn where_no_scope_is_in_force_the_rule_says_so_and_nothing_is_flagged() {
    let mut book = scoped();
    book.put("ai_system", SYSTEM, system("live"));
    book.on("2024-03-01")
        .put("ai_system", SYSTEM, system("retired"));
    let last = json!({"last_day": "2024-04-30"});
    book.on("2024-04-30")
        .act("end", SCOPE, 1, How::carrying(last));
    let status = book.about("2024-05-01");
    let mut all = status.requirements.iter();
    let scope = all.find(|one| one.id == "4.3").unwrap();
    let found = scope.findings.iter().find(|one| one.rule == "4.3-a");
    let said = found.map(|one| (one.level, one.sentence.contains("retired")));
    assert_eq!(said, Some(("not_shown", false)));
}
