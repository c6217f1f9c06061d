//! 4.3-c: which attestation of a unit counts, and what one that does not is said to lack.

use serde_json::{Value, json};

use crate::given::{Book, CHIEF, How, OFFICER, ROOT, id};
use crate::scope::{HEAD, attest, declared, headed, scope, whole};

const MADE: u128 = 400;

fn set_up() -> Book {
    let mut bought = whole();
    bought["criteria"] = json!([{"origin": ["bought"], "says": "in"}]);
    let mut book = scope(bought, How::by(ROOT));
    declared(&mut book);
    headed(&mut book, "2024-02-01");
    book
}

fn by(person: u128, on: &str) -> Value {
    json!({"unit": "housing", "by": id(person), "attested_on": on})
}

#[test]
fn a_system_said_to_be_missing_is_to_be_decided_and_not_only_in_the_register() {
    let mut book = set_up();
    attest(&mut book, MADE, "2024-03-01", json!([{"system": id(601)}]));
    book.on("2024-03-02")
        .put("ai_system", 601, json!({"origin": "built"}));
    book.on("2024-05-03")
        .put("ai_system", 601, json!({"origin": "bought"}));
    book.expect(
        "4.3-c",
        &[
            ("2024-02-29", "not_due"),
            ("2024-03-01", "reservation"), // neither in the register nor decided
            ("2024-05-02", "reservation"), // in the register, and awaiting its decision
            ("2024-05-03", "holds"),
        ],
    );
}

#[test]
fn a_head_who_only_ever_said_that_the_list_is_not_complete_is_not_taken_to_have_said_that_it_is() {
    let said = "The attestation of housing of 1 March 2024 counts only once each system that it names as \
                missing (1) is in the register and decided.";
    let unknown = |book: &Book, about: &str| {
        let five = book.about(about).five.remove(0);
        assert_eq!((five.in_hand, five.holds), ("yes", "unknown"), "{about}");
        assert_eq!(book.sentence("4.3-c", about), said, "{about}");
    };
    let mut only = set_up();
    attest(&mut only, MADE, "2024-03-01", json!([{"name": true}]));
    assert_eq!(only.words("scope", "2024-02-29"), ("yes", "yes"));
    // Before the first attestation is due, and once it is.
    for about in ["2024-03-01", "2024-05-01", "2024-05-02"] {
        unknown(&only, about);
    }
    // The same of one that said so, and was put right by a version that says otherwise.
    let mut put_right = set_up();
    attest(&mut put_right, MADE, "2024-03-01", json!([]));
    let mut otherwise = by(OFFICER, "2024-03-01");
    otherwise["missing"] = json!([{"name": true}]);
    put_right
        .on("2024-03-10")
        .put("attestation", MADE, otherwise);
    unknown(&put_right, "2024-03-10");
    // Whoever is not the head says nothing of the list.
    let mut another = set_up();
    let mut made = by(CHIEF, "2024-03-01");
    made["missing"] = json!([{"name": true}]);
    another.on("2024-03-01").put("attestation", MADE, made);
    another.expect("4.3-c", &[("2024-03-01", "not_due")]);
}

#[test]
fn a_system_said_to_be_gone_is_to_be_retired_and_not_only_refused() {
    let mut book = set_up();
    let mut gone = by(OFFICER, "2024-03-01");
    gone["gone"] = json!([id(601)]);
    let system = |stage: &str| json!({"origin": "bought", "stage": stage});
    book.on("2024-03-01")
        .put("ai_system", 601, system("refused"))
        .put("attestation", MADE, gone);
    book.on("2024-05-03")
        .put("ai_system", 601, system("retired"));
    book.expect(
        "4.3-c",
        &[("2024-05-02", "reservation"), ("2024-05-03", "holds")],
    );
}

#[test]
fn of_two_of_one_day_the_one_its_maker_put_counts() {
    let mut book = set_up();
    let made = by(OFFICER, "2024-03-01");
    book.on("2024-03-01")
        .put("attestation", MADE, made.clone())
        .put_by(Some(id(CHIEF)), "attestation", 401, made.clone());
    book.expect("4.3-c", &[("2024-03-01", "holds")]);
    let mut alone = set_up();
    alone
        .on("2024-03-01")
        .put_by(Some(id(CHIEF)), "attestation", MADE, made);
    alone.expect("4.3-c", &[("2024-03-01", "reservation")]);
}

#[test]
fn whoever_put_it_first_is_said_to_have_put_it() {
    let mut book = set_up();
    let made = by(OFFICER, "2024-03-01");
    book.on("2024-03-01")
        .put_by(Some(id(CHIEF)), "attestation", MADE, made.clone());
    book.on("2024-03-05")
        .put_by(None, "attestation", MADE, made);
    let said = book.sentence("4.3-c", "2024-03-05");
    let put = format!("was put on record by record {};", id(CHIEF));
    assert!(said.contains(&put), "{said}");
}

#[test]
fn one_that_was_brought_in_is_marked_so_and_not_for_who_brought_it() {
    let mut book = set_up();
    book.on("2024-03-01")
        .brought("attestation", MADE, "2024-02-20", by(OFFICER, "2024-02-20"));
    book.expect("4.3-c", &[("2024-03-01", "holds"), ("2024-05-20", "holds")]);
}

#[test]
fn one_counts_from_the_day_it_was_made_whatever_it_claims() {
    let mut book = set_up();
    let made = by(OFFICER, "2024-05-10");
    book.on("2024-05-10")
        .put_of("attestation", MADE, "2024-05-05", made);
    book.expect(
        "4.3-c",
        &[("2024-05-09", "reservation"), ("2024-05-10", "holds")],
    );
}

#[test]
fn one_by_another_is_named_while_it_would_be_current() {
    let mut book = set_up();
    book.on("2024-02-02")
        .put("attestation", MADE, by(CHIEF, "2024-02-02"));
    let other = "no head of housing has attested";
    for (about, named) in [("2024-05-02", true), ("2024-05-03", false)] {
        let said = book.sentence("4.3-c", about);
        assert_eq!(said.contains(other), named, "{about}: {said}");
    }
}

#[test]
fn a_head_whose_appointment_was_rescinded_since_with_an_earlier_last_day_was_one_then() {
    let mut book = set_up();
    attest(&mut book, 400, "2024-04-15", json!([]));
    book.expect("4.3-c", &[("2024-05-02", "holds")]);
    let last = json!({"last_day": "2024-04-10"});
    book.on("2024-05-01")
        .act("end", HEAD, 1, How::carrying(last));
    assert_eq!(
        book.sentence("4.3-c", "2024-05-02"),
        format!(
            "Since 2 May 2024 no head of housing has attested that its list of AI systems is \
             complete; record {}, who did so on 15 April 2024, was its head by an appointment that \
             was rescinded on 1 May 2024 with 10 April 2024 as its last day.",
            id(OFFICER)
        )
    );
}
