//! The sample organisation: what its records answer, about any day of four years.

use crate::given::{Council, council, sample};
use app::view::Answer;
use app::{Asked, Strip};
use record::Day;
use serde_json::Value;

/// An answer's letter and sign: `+` holds, `~` holds with a reservation, `?` in hand, unknown
/// whether it holds, `!` in hand only, `-` not in hand, `0` not due.
fn sign(id: &str, in_hand: &str, holds: &str, reserved: bool) -> String {
    let letter = match id {
        "scope" => "S",
        "policy" => "P",
        "owner" => "O",
        "risk_assessment" => "R",
        _ => "M",
    };
    let sign = match (in_hand, holds) {
        ("not_due", _) => "0",
        ("no", _) => "-",
        (_, "no") => "!",
        (_, "unknown") => "?",
        _ if reserved => "~",
        _ => "+",
    };
    format!("{letter}{sign}")
}

async fn five(council: &Council, as_of: &str, known_by: Option<&str>) -> Vec<Answer> {
    let asked = Asked {
        as_of: Some(as_of.to_owned()),
        known_by: known_by.map(str::to_owned),
        findings: None,
    };
    council.ledger.status(&asked).await.unwrap().says.five
}

fn signs(five: &[Answer]) -> String {
    let each = five.iter().map(|answer| {
        let reserved = !answer.reservations.is_empty();
        sign(&answer.id, answer.in_hand, answer.holds, reserved)
    });
    each.collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn the_states_the_sample_promises_hold() {
    let council = council().await;
    let text = std::fs::read_to_string(sample().join("expected.json")).unwrap();
    let expected: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(expected.len(), 10);
    for row in expected {
        let as_of = row["as_of"].as_str().unwrap();
        let answers = five(&council, as_of, row["known_by"].as_str()).await;
        let asked = format!("{as_of} known by {}", row["known_by"]);
        assert_eq!(signs(&answers), row["signs"].as_str().unwrap(), "{asked}");
        for answer in answers {
            let words = &row[&answer.id];
            assert_eq!(answer.in_hand, words["in_hand"], "{asked}, {}", answer.id);
            assert_eq!(answer.holds, words["holds"], "{asked}, {}", answer.id);
        }
    }
}

/// Every turn of the story, as known now: the signs from that day until the next turn.
const TURNS: &[(&str, &str)] = &[
    ("2022-12-13", "S- P- O- R0 M0"), // the AIMS starts
    ("2023-01-26", "S~ P- O- R- M0"), // scope v1 and the register, brought in later
    ("2023-03-02", "S~ P- O~ R- M0"), // Sadiq appointed and told to staff
    ("2023-03-06", "S~ P- O+ R- M0"), // he accepts
    ("2023-03-23", "S~ P- O+ R- M+"), // the first review
    ("2023-04-27", "S~ P+ O+ R- M+"), // policy v1 takes effect
    ("2023-06-08", "S~ P+ O+ R+ M+"), // criteria, three assessments
    ("2023-10-05", "S? P+ O+ R+ M+"), // Planning attests a day late, a system missing
    ("2023-10-26", "S+ P+ O+ R+ M+"), // scope v2 places it
    ("2024-04-01", "S+ P+ O+ R+ M~"), // the review typed late
    ("2024-04-27", "S+ P! O+ R+ M~"), // the policy overdue
    ("2024-05-31", "S+ P+ O+ R+ M~"), // policy v2 takes effect
    ("2024-07-01", "S+ P+ O+ R+ M+"), // a review minuted in time answers
    ("2024-07-13", "S+ P+ O- R+ M+"), // the day after Sadiq's last
    ("2024-08-01", "S+ P+ O+ R+ M+"), // Locke appointed
    ("2024-10-31", "S+ P+ O+ R+ M-"), // the third quarter is empty
    ("2024-11-07", "S? P+ O+ R+ M-"), // Adults names a system nobody placed
    ("2024-12-05", "S+ P+ O+ R+ M-"), // scope v3 places it
    ("2025-01-01", "S+ P+ O+ R+ M~"), // the fourth quarter's review answers
    ("2025-01-28", "S+ P+ O+ R! M~"), // Triage reassessed, nothing decided
    ("2025-07-01", "S? P+ O+ R! M~"), // Housing's attestation has lapsed
    ("2025-10-01", "S? P+ O+ R! M+"), // the empty quarter ended over a year ago
    ("2025-12-11", "S? P+ O+ R+ M+"), // Triage decided
    ("2026-09-08", "S? P+ O+ R! M+"), // the supplier changes Notewren's model
    ("2026-09-10", "S? P+ O+ R+ M+"), // reassessed
];

const LAST: &str = "2026-11-24";

/// What the strips say of a day, with `~` read as `+`: they carry words only.
fn words_on(strip: &Strip, day: Day) -> String {
    let ids = [
        "scope",
        "policy",
        "owner",
        "risk_assessment",
        "management_review",
    ];
    let each = ids.map(|id| {
        let steps = &strip[id];
        let index = steps.partition_point(|(from, _, _)| *from <= day) - 1;
        sign(id, steps[index].1, steps[index].2, false)
    });
    each.join(" ")
}

async fn strip(council: &Council, known_by: Option<&str>) -> Strip {
    let asked = Asked {
        as_of: Some(LAST.to_owned()),
        known_by: known_by.map(str::to_owned),
        findings: None,
    };
    council.ledger.strip(&asked).await.unwrap()
}

#[tokio::test]
async fn each_day_answers_as_the_story_goes() {
    let council = council().await;
    let strip = strip(&council, Some("now")).await;
    let mut day: Day = TURNS[0].0.parse().unwrap();
    let last: Day = LAST.parse().unwrap();
    while day <= last {
        let turn = TURNS
            .iter()
            .rev()
            .find(|(from, _)| day.to_string().as_str() >= *from);
        let expected = turn.unwrap().1.replace('~', "+");
        assert_eq!(words_on(&strip, day), expected, "{day}");
        day = day.next();
    }
}

#[tokio::test]
async fn reservations_come_and_go_on_their_days() {
    let council = council().await;
    for (index, (from, expected)) in TURNS.iter().enumerate() {
        let until = TURNS.get(index + 1).map_or(LAST.to_owned(), |(next, _)| {
            next.parse::<Day>().unwrap().plus_days(-1).to_string()
        });
        for day in [(*from).to_owned(), until] {
            let answers = five(&council, &day, Some("now")).await;
            let told: Vec<_> = answers.iter().map(|answer| &answer.reservations).collect();
            assert_eq!(signs(&answers), *expected, "{day}: {told:?}");
        }
    }
}

#[tokio::test]
async fn what_was_known_then_differs_where_records_came_late() {
    let council = council().await;
    let strip = strip(&council, None).await;
    let then = [
        ("2022-12-13", "S- P- O- R- M-"), // no ledger yet
        ("2023-01-26", "S- P- O- R- M-"),
        ("2023-02-05", "S- P- O- R- M-"),
        ("2023-02-06", "S+ P- O- R- M0"), // brought in
        ("2024-04-30", "S+ P! O+ R+ M+"), // the first quarter awaits its record
        ("2024-05-01", "S+ P! O+ R+ M-"),
        ("2024-05-29", "S+ P! O+ R+ M-"),
        ("2024-05-30", "S+ P! O+ R+ M+"), // typed
        ("2024-10-30", "S+ P+ O+ R+ M+"), // the second quarter still answers
        ("2024-10-31", "S+ P+ O+ R+ M-"),
        ("2024-11-06", "S+ P+ O+ R+ M-"),
        ("2024-11-07", "S? P+ O+ R+ M-"),
        ("2025-12-10", "S? P+ O+ R! M+"),
        ("2025-12-11", "S? P+ O+ R+ M+"),
        ("2026-11-24", "S? P+ O+ R+ M+"),
    ];
    for (day, expected) in then {
        assert_eq!(words_on(&strip, day.parse().unwrap()), expected, "{day}");
    }
}

#[tokio::test]
async fn the_review_rests_on_its_minutes_and_on_what_was_resolved() {
    let council = council().await;
    let review = |as_of| {
        let council = &council;
        async move { five(council, as_of, None).await.remove(4) }
    };
    let newest = review("2026-11-24").await;
    let minutes = newest.evidence.iter().find(|one| one.kind == "meeting");
    assert_eq!(minutes.map(|one| one.version), Some(2), "{newest:?}");
    let resolved = newest
        .evidence
        .iter()
        .filter(|one| one.kind == "resolution");
    let resolved: Vec<_> = resolved
        .map(|one| (one.title.as_str(), one.name_of_move.as_deref()))
        .collect();
    let entries = [
        ("Resolution 26/14", None),
        ("Resolution 26/14", Some("attest")),
        ("Resolution 26/15", None),
        ("Resolution 26/15", Some("attest")),
        // The one that approved the declaration of the slots.
        ("Resolution 22/62", None),
        ("Resolution 22/62", Some("attest")),
    ];
    assert_eq!(resolved, entries);
    assert!(
        !newest.because.contains("not confirmed"),
        "{}",
        newest.because
    );
    // The Board confirms them when it meets again, on 12 November.
    let before = review("2026-10-05").await;
    let unconfirmed = "its minutes are not confirmed yet.";
    assert!(before.because.ends_with(unconfirmed), "{}", before.because);
}
