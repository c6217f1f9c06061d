//! What was recorded too late to be known in time, and changes what a past day answers.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

use assess::{Answer, At, KnownThen, Names, Question, Status, said_at, status};
use catalogue::Catalogue;
use record::{Day, Records};
use serde_json::{Value, json};

use crate::given::{BOARD, Book, CHIEF, How, OFFICER, ROOT, START, TEAM, day, id};
use crate::review::{meeting, quarters, review, whole as reviewed};
use crate::risk::{self, assessed, set_up};

/// The records that a book held at the end of a day.
fn by(book: &Book, last: Day) -> Records {
    let mut records = Records::default();
    let known = book.events.iter().filter(|one| one.recorded_on <= last);
    known.for_each(|one| records.add(one.clone()));
    records
}

/// The status about a day as known from the whole book, held against what was known of it then.
pub fn known_now(book: &Book, about: &str) -> Status {
    let (about, start, catalogue) = (day(about), day(START), Catalogue::iso_42001().unwrap());
    let known = |last: Day| {
        let records = by(book, last);
        let said = said_at(&At::new(&records, start, about, about), &catalogue, None);
        KnownThen::of(said, last, start)
    };
    let in_time = assess::in_time(&by(book, about), about);
    status(&Question {
        records: &book.records,
        catalogue: &catalogue,
        names: &Names::new(),
        about,
        aims_start: start,
        before_ledger: false,
        then: &[known(about), known(in_time)],
        all_subjects_of: None,
    })
}

const THEN: &str = "As known on ";

/// What is said of the entries that stand beside a change.
pub const MAY: &str = "those that may have done so are among the evidence";

pub fn marks(answer: &Answer) -> Vec<&str> {
    let said = answer.reservations.iter().map(String::as_str);
    said.filter(|said| said.starts_with(THEN)).collect()
}

/// An owner appointed and made known in January.
pub fn owned() -> Book {
    let mut book = Book::new();
    let body = json!({"holder": id(OFFICER), "duties": ["conformity", "reporting"],
        "authority": true, "start": START});
    book.put("appointment", 220, body).approve(220, 1);
    book.moved(
        220,
        "communicate",
        json!({"on": START, "to": true, "how": true}),
    );
    book
}

#[test]
fn an_answer_that_later_records_change_says_what_it_was() {
    let mut book = owned();
    let gone = json!({"name": true, "left_on": "2024-01-31"});
    book.on("2024-02-01").put("person", OFFICER, gone);
    let owner = |book: &Book| known_now(book, "2024-03-01").five[2].clone();
    assert_eq!(owner(&book).in_hand, "no");
    assert!(marks(&owner(&book)).is_empty());
    book.on("2024-06-20")
        .put_of("person", OFFICER, "2024-01-31", json!({"name": true}));
    let told = owner(&book);
    assert_eq!((told.in_hand, told.holds), ("yes", "yes"));
    assert_eq!(
        marks(&told),
        [format!(
            "As known on 31 March 2024 it was not in hand; later records tell otherwise; {MAY}."
        )]
    );
    let late: Vec<_> = told
        .evidence
        .iter()
        .filter(|one| one.provenance == "late")
        .collect();
    assert_eq!(late.len(), 1);
    assert_eq!((late[0].kind.as_str(), late[0].version), ("person", 3));
    // So does the requirement.
    let status = known_now(&book, "2024-03-01");
    let requirement = status
        .requirements
        .iter()
        .find(|one| one.id == "5.3")
        .unwrap();
    assert_eq!(requirement.verdict, "shown");
    assert!(
        requirement
            .because
            .ends_with(" As known on 31 March 2024 it was not shown.")
    );
}

#[test]
fn a_first_day_or_a_last_one_put_right_within_the_month_is_marked() {
    let said = |was: &str| {
        format!("As known on 1 March 2024 it was {was}; later records tell otherwise; {MAY}.")
    };
    let told = |first: Value, second: Value| {
        let mut book = owned();
        book.on("2024-02-20")
            .put("person", OFFICER, first)
            .on("2024-03-10")
            .put_of("person", OFFICER, "2024-02-20", second);
        known_now(&book, "2024-03-01").five.remove(2)
    };
    let here = || json!({"name": true});
    let gone = || json!({"name": true, "left_on": "2024-02-25"});
    let back = told(gone(), here());
    assert_eq!(back.in_hand, "yes");
    assert_eq!(marks(&back), [said("not in hand")]);
    // That somebody left is told in time where it is told for the first time.
    let left = told(here(), gone());
    assert_eq!(left.in_hand, "no");
    assert_eq!(marks(&left), [""; 0]);
    assert_eq!(marks(&told(gone(), gone())), [""; 0]);

    let mut book = owned();
    let joined = json!({"name": true, "joined_on": "2024-03-05"});
    book.on("2024-03-10")
        .put_of("person", OFFICER, START, joined);
    let came = known_now(&book, "2024-03-01").five.remove(2);
    assert_eq!(came.in_hand, "no");
    assert_eq!(marks(&came), [said("in hand, and held")]);
    let named = |one: &assess::Evidence| (one.id, one.version) == (id(OFFICER), 2);
    assert!(came.evidence.iter().any(named));
    let came = known_now(&book, "2024-03-05").five.remove(2);
    assert_eq!((came.in_hand, marks(&came)), ("yes", Vec::new()));
}

#[test]
fn an_answer_that_is_no_longer_in_hand_says_that_it_was() {
    let mut book = owned();
    let gone = json!({"name": true, "left_on": "2024-01-31"});
    book.on("2024-06-20")
        .put_of("person", OFFICER, "2024-01-31", gone);
    let told = known_now(&book, "2024-03-01").five[2].clone();
    assert_eq!(told.in_hand, "no");
    assert_eq!(
        marks(&told),
        [format!(
            "As known on 31 March 2024 it was in hand, and held; later records tell otherwise; {MAY}."
        )]
    );
}

/// A policy with its four contents.
pub fn whole() -> Value {
    json!({"title": true, "text": true, "contents":
        {"purpose": true, "objectives": true, "requirements": true, "improvement": true}})
}

fn told_of_team(book: &mut Book, on: &str, decided: &str) -> Value {
    let part = json!({"name": true, "top_management": "part", "quorum": 1,
        "seats": [{"person": id(OFFICER)}]});
    book.on(on).put_of("body", TEAM, START, part);
    book.act("approve", TEAM, 2, How::decided(decided));
    let status = known_now(book, "2024-03-01");
    json!([status.five[1].in_hand, marks(&status.five[1]).len()])
}

#[test]
fn what_is_late_is_marked_however_soon_it_came_after_the_day() {
    let adopted = || {
        let mut book = Book::new();
        let policy = whole();
        book.on("2024-01-10")
            .put("policy", 210, policy)
            .act("approve", 210, 1, How::by(TEAM));
        book
    };
    // Terms decided in January and told on 20 March: late, though 1 March is not over for long.
    assert_eq!(
        told_of_team(&mut adopted(), "2024-03-20", "2024-01-02"),
        json!(["yes", 1])
    );
    // Told on the day after that asked about, of the day before it: in time.
    let mut book = adopted();
    let policy = whole();
    book.on("2024-03-02")
        .put_of("policy", 210, "2024-02-20", policy);
    book.act(
        "approve",
        210,
        2,
        How {
            decided_on: Some(day("2024-02-20")),
            ..How::by(BOARD)
        },
    );
    let told = known_now(&book, "2024-03-01").five[1].clone();
    assert_eq!(told.in_hand, "yes");
    assert!(marks(&told).is_empty(), "{:?}", told.reservations);
}

#[test]
fn what_was_entered_in_error_is_marked_where_it_changes_an_answer() {
    let mut book = owned();
    book.on("2024-03-05").moved(220, "withdraw", json!({}));
    let told = known_now(&book, "2024-03-01").five[2].clone();
    assert_eq!(told.in_hand, "no");
    assert_eq!(
        marks(&told),
        [format!(
            "As known on 1 March 2024 it was in hand, and held; later records tell otherwise; {MAY}."
        )]
    );
}

#[test]
fn what_tells_of_an_earlier_day_is_late_though_it_claims_none() {
    let mut book = owned();
    book.on("2024-04-20")
        .moved(220, "leave", json!({"last_day": "2024-02-28"}));
    book.on("2024-05-20")
        .moved(220, "leave", json!({"last_day": "2024-06-30"}));
    let told = known_now(&book, "2024-05-10").five[2].clone();
    assert_eq!(told.in_hand, "yes");
    assert_eq!(
        marks(&told),
        [format!(
            "As known on 10 May 2024 it was not in hand; later records tell otherwise; {MAY}."
        )]
    );
}

#[test]
fn a_review_recorded_late_is_marked_though_its_meeting_was_recorded_in_time() {
    let mut book = quarters();
    review(&mut book, 500, "2024-02-20", Some("2024-01-01"));
    book.on("2024-06-20")
        .put("meeting", 511, meeting(BOARD, "2024-06-20"));
    book.on("2024-09-02")
        .put("management_review", 510, reviewed(511, Some("2024-04-01")));
    let told = known_now(&book, "2024-08-05").five[4].clone();
    assert_eq!((told.in_hand, told.holds), ("yes", "yes"));
    assert_eq!(
        marks(&told),
        [format!(
            "As known on 5 August 2024 it was not in hand; later records tell otherwise; {MAY}."
        )]
    );
    let late = told.evidence.iter().find(|one| one.id == id(510)).unwrap();
    assert_eq!(late.provenance, "late");
    // Recorded by then, it changes nothing.
    let mut in_time = quarters();
    review(&mut in_time, 500, "2024-02-20", Some("2024-01-01"));
    in_time
        .on("2024-06-20")
        .put("meeting", 511, meeting(BOARD, "2024-06-20"));
    in_time
        .on("2024-07-20")
        .put("management_review", 510, reviewed(511, Some("2024-04-01")));
    in_time.on("2024-09-02").check("sound");
    let told = known_now(&in_time, "2024-08-05").five[4].clone();
    assert_eq!(marks(&told), Vec::<&str>::new());
}

#[test]
fn a_system_withdrawn_since_is_marked_whatever_came_after() {
    let mut book = set_up();
    book.put("risk_assessment", risk::FIRST, assessed("2024-02-01"));
    let changed = json!({"stage": "live", "significant_change": true, "changed_on": "2024-03-10"});
    book.on("2024-03-10")
        .put("ai_system", risk::SYSTEM, changed);
    book.on("2024-03-20")
        .moved(risk::SYSTEM, "withdraw", json!({}));
    let said = "As known on 15 March 2024 it was in hand, and did not hold; later records tell \
                otherwise.";
    let told = |book: &Book| {
        let told = known_now(book, "2024-03-15").five[3].clone();
        assert_eq!((told.in_hand, told.holds), ("yes", "yes"));
        assert_eq!(marks(&told), [said]);
    };
    told(&book);
    book.on("2024-09-02").check("sound");
    told(&book);
    let unchanged = known_now(&book, "2024-03-09").five[3].clone();
    assert_eq!(marks(&unchanged), Vec::<&str>::new());
}

/// A review of 20 February by two of a quorum of two, with its minutes and who was there.
fn of_two() -> Book {
    let seats = json!([{"person": id(CHIEF)}, {"person": id(OFFICER)}]);
    let terms = json!({"name": true, "top_management": "part", "quorum": 2, "seats": seats});
    let mut book = quarters();
    book.put("body", BOARD, terms).approve(BOARD, 2);
    book
}

fn by_both() -> Value {
    let mut body = meeting(BOARD, "2024-02-20");
    body["present"] = json!([{"person": id(CHIEF), "role": "member"},
        {"person": id(OFFICER), "role": "member"}]);
    body
}

/// What is said of 1 March once a review of 20 February was told again on 10 March.
fn again(first: (Value, Value), (kind, n, second): (&str, u128, Value)) -> Answer {
    let mut book = of_two();
    book.on("2024-02-20")
        .put("meeting", 501, first.0)
        .put("management_review", 500, first.1)
        .on("2024-03-10")
        .put_of(kind, n, "2024-02-20", second);
    known_now(&book, "2024-03-01").five.remove(4)
}

#[test]
fn minutes_or_a_review_told_again_within_the_month_are_marked_where_they_change_the_answer() {
    let by_one = || meeting(BOARD, "2024-02-20");
    let claims = || reviewed(501, Some("2024-01-01"));
    let mut short = claims();
    short["inputs"]["issues"] = json!(null);
    let mut cancelled = by_both();
    cancelled["state"] = json!("cancelled");
    cancelled["sittings"] = json!([]);
    let (held, not) = ("in hand, and held", "in hand, and did not hold");
    let review = "management_review";
    for (first, second, now, was) in [
        (
            (by_both(), claims()),
            ("meeting", 501, by_one()),
            "no",
            held,
        ),
        (
            (by_one(), claims()),
            ("meeting", 501, by_both()),
            "yes",
            not,
        ),
        (
            (by_both(), claims()),
            ("meeting", 501, cancelled),
            "unknown",
            held,
        ),
        (
            (by_both(), claims()),
            (review, 500, short.clone()),
            "no",
            held,
        ),
        ((by_both(), short), (review, 500, claims()), "yes", not),
    ] {
        let (kind, n) = (second.0, second.1);
        let told = again(first, second);
        assert_eq!(told.holds, now, "{kind}");
        let said =
            format!("As known on 1 March 2024 it was {was}; later records tell otherwise; {MAY}.");
        assert_eq!(marks(&told), [said], "{kind}");
        let named = told
            .evidence
            .iter()
            .any(|one| one.id == id(n) && one.version == 2);
        assert!(named, "{kind}");
    }
}

#[test]
fn what_is_told_again_the_same_or_typed_up_in_its_month_needs_no_mark() {
    let claims = || reviewed(501, Some("2024-01-01"));
    let mut untyped = by_both();
    untyped["items"] = json!([{"number": "1"}]);
    for (first, second) in [
        ((by_both(), claims()), ("meeting", 501, by_both())),
        ((by_both(), claims()), ("management_review", 500, claims())),
        ((untyped, claims()), ("meeting", 501, by_both())),
    ] {
        let kind = second.0;
        let told = again(first, second);
        assert_eq!((told.in_hand, told.holds), ("yes", "yes"), "{kind}");
        assert_eq!(marks(&told), Vec::<&str>::new(), "{kind}");
    }
}

/// What one of the five says of 1 March once the day of a record of 20 February was put right on
/// 10 March.
fn told_later(book: &mut Book, (kind, n, body): (&str, u128, Value), answer: usize) -> Answer {
    book.on("2024-03-10").put_of(kind, n, "2024-02-20", body);
    known_now(book, "2024-03-01").five.remove(answer)
}

/// Asserts what an answer about 1 March says of it as known then, and that it names a version 2.
fn assert_was(told: &Answer, was: &str, n: u128) {
    let said =
        format!("As known on 1 March 2024 it was {was}; later records tell otherwise; {MAY}.");
    assert_eq!(marks(told), [said], "{}", told.id);
    let mut evidence = told.evidence.iter();
    let named = evidence.any(|one| one.id == id(n) && one.version == 2);
    assert!(named, "{}", told.id);
}

#[test]
fn what_was_done_put_right_to_a_later_day_is_marked_on_the_days_that_it_is_taken_from() {
    let mut book = set_up();
    book.on("2024-02-20")
        .put("risk_assessment", risk::FIRST, assessed("2024-02-20"));
    let later = ("risk_assessment", risk::FIRST, assessed("2024-03-08"));
    let told = told_later(&mut book, later, 3);
    assert_eq!(told.in_hand, "no");
    assert_was(&told, "in hand, and held", risk::FIRST);
    // On the day that it was put right to it is there again.
    assert_eq!(known_now(&book, "2024-03-08").five[3].holds, "yes");

    let attested = |on: &str| json!({"unit": "housing", "by": id(CHIEF), "attested_on": on});
    let mut book = attesting_monthly();
    book.on("2024-02-20")
        .put("attestation", 600, attested("2024-02-20"));
    let later = ("attestation", 600, attested("2024-03-08"));
    let told = told_later(&mut book, later, 0);
    assert_eq!((told.in_hand, told.holds), ("yes", "unknown"));
    assert_was(&told, "in hand, and held", 600);

    let mut moved = by_both();
    moved["sittings"] = meeting(BOARD, "2024-03-05")["sittings"].clone();
    let review = reviewed(501, Some("2024-01-01"));
    let told = again((by_both(), review), ("meeting", 501, moved));
    assert_eq!(told.in_hand, "not_due");
    assert_was(&told, "in hand, and held", 501);
}

/// A scope of January, and the head of its one unit, who attests its list every month.
fn attesting_monthly() -> Book {
    let scope = json!({"units": ["housing"], "boundaries": true, "criteria": [{"says": "in"}],
        "roles": ["user"], "suppliers": true, "no_exclusions_because": true});
    let head = json!({"holder": id(CHIEF), "head_of": "housing", "start": START});
    let mut book = Book::new();
    book.put(
        "declaration",
        300,
        json!({"intervals": {"attestation_months": 1}}),
    )
    .approve(300, 1)
    .put("scope", 200, scope)
    .act("approve", 200, 1, How::by(ROOT))
    .put("appointment", 220, head)
    .approve(220, 1);
    book
}

#[test]
fn what_was_done_anew_in_its_month_and_sat_once_more_needs_no_mark() {
    let mut undecided = assessed("2024-02-20");
    undecided["decision"] = json!(null);
    let mut book = set_up();
    book.on("2024-02-20")
        .put("risk_assessment", risk::FIRST, undecided);
    // Another that was done by then, told in time, changes the answer; the first is done anew.
    book.on("2024-03-05")
        .put("risk_assessment", risk::SECOND, assessed("2024-02-28"));
    book.on("2024-03-10").put_of(
        "risk_assessment",
        risk::FIRST,
        "2024-03-08",
        assessed("2024-03-08"),
    );
    let told = known_now(&book, "2024-03-01").five.remove(3);
    assert_eq!((told.in_hand, told.holds), ("yes", "yes"));
    assert_eq!(marks(&told), Vec::<&str>::new());
}
