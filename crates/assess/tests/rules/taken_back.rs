//! What was taken back since a past day, and changes what that day answers: resolutions withdrawn,
//! meetings recorded otherwise, ends that reach back.

use assess::Answer;
use record::{Approver, Cite};
use serde_json::json;

use crate::given::{Book, How, ROOT, id};
use crate::known_then::{MAY, known_now, marks, owned, whole};
use crate::scope;

const POLICY: u128 = 210;
const OWNER: u128 = 220;
const SCOPE: u128 = 200;

/// The resolution that ends what stood.
const RESCINDED: u128 = 901;

/// A policy in force and made known since January.
fn set() -> Book {
    let mut book = Book::new();
    book.on("2024-01-08")
        .put("policy", POLICY, whole())
        .approve(POLICY, 1);
    let told = json!({"on": "2024-01-08", "to": true, "how": true});
    book.moved(POLICY, "communicate", told);
    book
}

fn of(book: &Book, about: &str, place: usize) -> Answer {
    known_now(book, about).five.remove(place)
}

/// Returns what stands among the evidence: its number, and what was done.
fn evidence(answer: &Answer) -> Vec<(u128, &str)> {
    let evidence = answer.evidence.iter();
    let named = evidence.map(|one| (one.id.as_u128(), one.name_of_move.as_deref().unwrap_or("")));
    named.collect()
}

/// What is said of a resolution of 10 June that was withdrawn on 20 June.
fn withdrawn(n: u128, done: &str) -> String {
    format!(
        "record {} of 10 June 2024, by which record {} was {done}, was withdrawn on 20 June 2024.",
        id(RESCINDED),
        id(n)
    )
}

#[test]
fn a_resolution_withdrawn_since_is_named_where_it_had_ended_what_stood() {
    let scoped = scope::scope(scope::whole(), How::by(ROOT));
    for (mut book, n, place) in [(set(), POLICY, 1), (owned(), OWNER, 2), (scoped, SCOPE, 0)] {
        book.on("2024-06-10")
            .put("resolution", RESCINDED, json!({"number": true}))
            .act("end", n, 1, How::resolved(RESCINDED));
        assert_eq!(book.about("2024-06-12").five[place].in_hand, "no");
        book.on("2024-06-20")
            .moved(RESCINDED, "withdraw", json!({}));
        let told = of(&book, "2024-06-12", place);
        assert_eq!(told.in_hand, "yes");
        let said = format!(
            "As known on 12 June 2024 it was not in hand; later records tell otherwise; {MAY}. {}",
            withdrawn(n, "ended")
        );
        assert_eq!(marks(&told), [said]);
        for one in [(RESCINDED, ""), (RESCINDED, "withdraw")] {
            assert!(evidence(&told).contains(&one), "{:?}", evidence(&told));
        }
        // So does the requirement.
        let requirement = ["4.3", "5.2", "5.3"][place];
        let status = known_now(&book, "2024-06-12");
        let found = status.requirements.iter().find(|one| one.id == requirement);
        let because = found.map(|one| one.because.as_str()).unwrap_or_default();
        let was = "As known on 12 June 2024 it was not shown.";
        assert!(because.ends_with(was), "{requirement}: {because}");
    }
}

#[test]
fn a_resolution_withdrawn_since_is_named_where_it_had_adopted_something() {
    let mut book = set();
    book.on("2024-06-10")
        .put("policy", POLICY, json!({"title": true, "text": true}))
        .put("resolution", RESCINDED, json!({"number": true}))
        .act("approve", POLICY, 2, How::resolved(RESCINDED));
    let wrong = book.clone();
    book.on("2024-06-20")
        .moved(RESCINDED, "withdraw", json!({}));
    let told = of(&book, "2024-06-12", 1);
    assert_eq!((told.in_hand, told.holds), ("yes", "yes"));
    let said = format!(
        "As known on 12 June 2024 it was in hand, and did not hold; later records tell otherwise; \
         {MAY}. {}",
        withdrawn(POLICY, "approved")
    );
    assert_eq!(marks(&told), [said]);
    // Of a day on which it said nothing yet there is nothing to mark, and of one on which it was
    // known to be withdrawn.
    for about in ["2024-06-09", "2024-06-20"] {
        let told = of(&book, about, 1);
        assert_eq!(marks(&told), Vec::<&str>::new(), "{about}");
        assert!(!evidence(&told).contains(&(RESCINDED, "withdraw")));
    }
    // One that came and went since the day is none of it.
    let mut since = wrong;
    since
        .on("2024-06-25")
        .moved(RESCINDED, "withdraw", json!({}));
    let told = of(&since, "2024-06-08", 1);
    assert_eq!(marks(&told), Vec::<&str>::new());
}

#[test]
fn a_meeting_recorded_otherwise_since_is_named_where_what_it_adopted_counts_no_more() {
    let mut book = set();
    let how = How {
        because: Some("minutes_corrected"),
        ..How::decided("2024-01-08")
    };
    book.on("2024-06-20").otherwise(501, "approve", POLICY, how);
    let told = of(&book, "2024-06-12", 1);
    assert_eq!(told.in_hand, "no");
    let said = format!(
        "As known on 12 June 2024 it was in hand, and held; later records tell otherwise; {MAY}. \
         record {} of 8 January 2024, by which record {} was approved, counts no more: its meeting \
         was recorded otherwise on 20 June 2024.",
        id(900),
        id(POLICY)
    );
    assert_eq!(marks(&told), [said]);
    assert!(
        evidence(&told).contains(&(501, "")),
        "{:?}",
        evidence(&told)
    );
}

#[test]
fn a_resolution_put_and_attested_again_is_named_where_it_had_adopted_nothing() {
    let mut book = Book::new();
    book.on("2024-03-01").put("policy", POLICY, whole()).put(
        "resolution",
        RESCINDED,
        json!({"number": true}),
    );
    let lost = How {
        because: Some("inquorate"),
        ..How::resolved(RESCINDED)
    };
    book.act("approve", POLICY, 1, lost);
    assert_eq!(book.about("2024-03-05").five[1].in_hand, "no");
    book.on("2024-03-11")
        .put("resolution", RESCINDED, json!({"number": true}));
    let again = How {
        decided_on: Some(crate::given::day("2024-03-01")),
        by: Approver::Body {
            body: id(ROOT),
            resolution: Cite {
                id: id(RESCINDED),
                version: 2,
            },
        },
        ..How::by(ROOT)
    };
    book.act("approve", POLICY, 1, again);
    let told = of(&book, "2024-03-05", 1);
    assert_eq!(told.in_hand, "yes");
    let said = format!(
        "As known on 5 March 2024 it was not in hand; later records tell otherwise; {MAY}. record {} of \
         1 March 2024, by which record {} was approved, had adopted nothing before it was attested \
         again on 11 March 2024.",
        id(RESCINDED),
        id(POLICY)
    );
    assert_eq!(marks(&told), [said]);
    for one in [(RESCINDED, ""), (RESCINDED, "attest")] {
        assert!(evidence(&told).contains(&one), "{:?}", evidence(&told));
    }
    // Adopted for the first time in those days it was told in time.
    let mut first = Book::new();
    first
        .on("2024-03-11")
        .put_of("policy", POLICY, "2024-03-01", whole());
    first.act("approve", POLICY, 1, How::decided("2024-03-01"));
    assert_eq!(marks(&of(&first, "2024-03-05", 1)), Vec::<&str>::new());
}

/// A resolution attested again as its second version, which came to nothing as its first.
fn attested_again(book: &mut Book, name: &str, how: &How) {
    let number = || json!({"number": true});
    let lost = How {
        by: How::resolved(RESCINDED).by,
        because: Some("inquorate"),
        ..how.clone()
    };
    book.on("2024-03-02").put("resolution", RESCINDED, number());
    book.act(name, POLICY, 1, lost);
    let resolution = Cite {
        id: id(RESCINDED),
        version: 2,
    };
    let by = Approver::Body {
        body: id(ROOT),
        resolution,
    };
    book.on("2024-03-11").put("resolution", RESCINDED, number());
    book.act(name, POLICY, 1, How { by, ..how.clone() });
}

#[test]
fn what_had_not_ended_anything_is_not_said_to_have_adopted_nothing() {
    let mut book = set();
    let end = How {
        decided_on: Some(crate::given::day("2024-03-02")),
        ..How::carrying(json!({"last_day": "2024-03-02"}))
    };
    attested_again(&mut book, "end", &end);
    let told = marks(&of(&book, "2024-03-05", 1)).join(" ");
    let said = "was ended, had ended nothing before it was attested again on 11 March 2024.";
    assert!(told.contains(said), "{told}");
}

/// What was rescinded on 21 June, its last day being 10 June.
fn rescinded_back(mut book: Book, n: u128) -> Book {
    let last = How::carrying(json!({"last_day": "2024-06-10"}));
    book.on("2024-06-21").act("end", n, 1, last);
    book
}

#[test]
fn an_end_that_reaches_back_is_marked_on_the_days_that_it_changes() {
    for (book, n, place) in [(set(), POLICY, 1), (owned(), OWNER, 2)] {
        let book = rescinded_back(book, n);
        for (about, marked) in [("2024-06-10", 0), ("2024-06-15", 1), ("2024-06-21", 0)] {
            let told = of(&book, about, place);
            assert_eq!(marks(&told).len(), marked, "{n} on {about}");
        }
        let told = of(&book, "2024-06-15", place);
        assert_eq!(
            marks(&told),
            [format!(
                "As known on 15 June 2024 it was in hand, and held; later records tell otherwise; \
                 {MAY}."
            )]
        );
        assert!(
            evidence(&told).contains(&(n, "end")),
            "{:?}",
            evidence(&told)
        );
    }
}

#[test]
fn an_end_that_reaches_back_is_told_as_the_cause_on_the_days_that_it_changes() {
    let scoped = scope::scope(scope::whole(), How::by(ROOT));
    for (book, n, place) in [(set(), POLICY, 1), (owned(), OWNER, 2), (scoped, SCOPE, 0)] {
        let book = rescinded_back(book, n);
        let said = format!(
            "11 June 2024: record {}, version 1, was rescinded by record {} on 21 June 2024 (record \
             {}), its last day being 10 June 2024.",
            id(n),
            id(ROOT),
            id(900)
        );
        for about in ["2024-06-15", "2024-06-25"] {
            let because = book.about(about).five.remove(place).because;
            assert!(because.ends_with(&said), "{about}: {because}");
        }
        // On its last day nobody had decided that.
        let because = book.about("2024-06-10").five.remove(place).because;
        assert!(!because.contains("rescinded"), "{because}");
    }
    let vacant = rescinded_back(owned(), OWNER)
        .about("2024-06-15")
        .five
        .remove(2);
    assert!(vacant.because.contains("for 5 days"), "{}", vacant.because);
}
