//! The flag beside 5.3: how the organisation changed since it was last decided who answers.

use serde_json::json;

use crate::given::{Book, How, OFFICER, ROOT};
use crate::owner::{APPOINTED, appointed, both};
use crate::since_scope::of_units;

const ORGANISATION: u128 = 0xa;
const ANOTHER: u128 = 221;

/// Returns what is flagged beside 5.3, which changes neither verdict nor answer.
fn flagged(book: &Book, about: &str) -> Option<String> {
    let status = book.about(about);
    let mut all = status.requirements.into_iter();
    let owner = all.find(|one| one.id == "5.3").expect("a requirement");
    let mut findings = owner.findings.into_iter();
    let found = findings.find(|one| one.rule == "5.3")?;
    assert_eq!((found.level, owner.verdict), ("flag", "shown"), "{about}");
    let answer = &status.five[2];
    assert_eq!((answer.in_hand, answer.holds), ("yes", "yes"), "{about}");
    let mut reserved = answer.reservations.iter();
    assert!(
        !reserved.any(|told| found.sentence.contains(told)),
        "{about}"
    );
    Some(found.sentence)
}

fn reorganised(book: &mut Book, on: &str, units: &[(&str, Option<&str>)]) {
    book.on(on)
        .put("organisation", ORGANISATION, of_units(units));
}

const HOUSING: (&str, Option<&str>) = ("housing", None);
const WASTE: (&str, Option<&str>) = ("waste", None);

#[test]
fn a_reorganisation_since_the_appointment_is_flagged_once_the_tolerance_is_over() {
    let cases: [(&[_], &str); 3] = [
        (
            &[HOUSING, WASTE, ("schools", None)],
            "schools has been a unit of the organisation since 1 March 2024.",
        ),
        (
            &[HOUSING],
            "waste has been no unit of the organisation any more since 1 March 2024.",
        ),
        (
            &[HOUSING, ("waste", Some("housing"))],
            "waste has belonged to another part of the organisation since 1 March 2024.",
        ),
    ];
    for (units, expected) in cases {
        let mut book = appointed(both(OFFICER), How::by(ROOT));
        let began = json!({"name": true, "units": [{"id": "housing"}, {"id": "waste"}]});
        book.put_of("organisation", ORGANISATION, "2024-01-01", began);
        reorganised(&mut book, "2024-03-01", units);
        assert_eq!(flagged(&book, "2024-03-31"), None, "{expected}");
        let said = format!(
            "The appointment of whoever answers for the AI management system was last looked at on \
             1 February 2024; {expected}"
        );
        assert_eq!(flagged(&book, "2024-04-01"), Some(said));
        // Appointed again as before, it was looked at.
        book.on("2024-04-10").approve(APPOINTED, 1);
        assert!(flagged(&book, "2024-04-09").is_some(), "{expected}");
        assert_eq!(flagged(&book, "2024-04-10"), None, "{expected}");
    }
}

#[test]
fn of_two_appointments_the_one_that_was_looked_at_first_is_asked() {
    let of = |duty: &str| {
        let mut body = both(OFFICER);
        body["duties"] = json!([duty]);
        body
    };
    let mut book = appointed(of("conformity"), How::by(ROOT));
    book.put("appointment", ANOTHER, of("reporting"))
        .approve(ANOTHER, 1);
    let told = json!({"on": "2024-02-15", "to": true, "how": true});
    book.moved(ANOTHER, "communicate", told);
    reorganised(&mut book, "2024-03-01", &[HOUSING]);
    book.on("2024-03-20").approve(ANOTHER, 1);
    assert!(flagged(&book, "2024-04-01").is_some());
    book.on("2024-04-02").approve(APPOINTED, 1);
    assert_eq!(flagged(&book, "2024-04-02"), None);
}

#[test]
fn where_nobody_answers_the_rule_says_so_and_nothing_is_flagged() {
    let mut book = appointed(both(OFFICER), How::by(ROOT));
    reorganised(&mut book, "2024-03-01", &[HOUSING]);
    book.on("2024-05-01")
        .moved(APPOINTED, "leave", json!({"last_day": "2024-04-30"}));
    let status = book.about("2024-05-01");
    let mut all = status.requirements.iter();
    let owner = all.find(|one| one.id == "5.3").expect("a requirement");
    let found = owner.findings.iter().find(|one| one.rule == "5.3");
    let said = found.map(|one| (one.level, one.sentence.contains("housing")));
    assert_eq!(said, Some(("not_shown", false)));
}
