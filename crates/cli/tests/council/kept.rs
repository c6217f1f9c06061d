//! What is looked up is what would be worked out: the sample organisation about every other
//! week of its years, known then, known at other times, and known now.

use app::Asked;
use record::Day;

use super::given::{Council, council};

async fn assert_same(council: &Council, about: &str, known_by: Option<&str>) {
    let asked = Asked {
        as_of: Some(about.to_owned()),
        known_by: known_by.map(str::to_owned),
        findings: None,
    };
    let looked_up = council.ledger.status(&asked).await.unwrap();
    let worked_out = council.ledger.status_worked_out(&asked).await.unwrap();
    let (looked_up, worked_out) = (
        serde_json::to_value(looked_up).unwrap(),
        serde_json::to_value(worked_out).unwrap(),
    );
    for part in ["five", "requirements", "slots", "top_management"] {
        let (one, other) = (&looked_up[part], &worked_out[part]);
        if let (Some(one), Some(other)) = (one.as_array(), other.as_array()) {
            assert_eq!(one.len(), other.len(), "{about} by {known_by:?}: {part}");
            for (one, other) in one.iter().zip(other) {
                assert_eq!(one, other, "{about} by {known_by:?}: {part}");
            }
        }
    }
    assert_eq!(looked_up, worked_out, "{about} by {known_by:?}");
}

#[tokio::test]
async fn what_is_looked_up_is_what_would_be_worked_out() {
    let council = council().await;
    let mut day: Day = "2022-12-01".parse().unwrap();
    let last: Day = "2027-03-01".parse().unwrap();
    let other: Day = "2024-11-20".parse().unwrap();
    while day <= last {
        let about = day.to_string();
        assert_same(&council, &about, None).await;
        assert_same(&council, &about, Some("now")).await;
        assert_same(&council, &about, Some(&other.to_string())).await;
        assert_same(&council, "2025-02-01", Some(&about)).await;
        day = day.plus_days(16);
    }
    // Within a day, and beyond what is kept, it is worked out.
    assert_same(&council, "2023-03-10", Some("#20")).await;
    assert_same(&council, "2031-01-01", None).await;
}

#[tokio::test]
async fn the_strip_of_each_day_is_the_answer_of_that_day() {
    let council = council().await;
    let asked = Asked {
        as_of: Some("2026-11-24".to_owned()),
        known_by: None,
        findings: None,
    };
    let strip = council.ledger.strip(&asked).await.unwrap();
    let mut day: Day = "2023-02-06".parse().unwrap();
    let last: Day = "2026-11-24".parse().unwrap();
    while day <= last {
        let asked = Asked {
            as_of: Some(day.to_string()),
            known_by: None,
            findings: None,
        };
        let status = council.ledger.status(&asked).await.unwrap();
        for answer in &status.says.five {
            let steps = &strip[&answer.id];
            let index = steps.partition_point(|(from, _, _)| *from <= day) - 1;
            let (_, in_hand, holds) = steps[index];
            assert_eq!(
                (in_hand, holds),
                (answer.in_hand, answer.holds),
                "{day}: {}",
                answer.id
            );
        }
        day = day.plus_days(5);
    }
}

#[tokio::test]
async fn the_root_of_a_past_size_is_that_of_its_entries() {
    let council = council().await;
    let reader = store::Reader::open(&council.data()).await.unwrap();
    let snapshot = reader.snapshot().await.unwrap();
    let mut entries = snapshot.rows().entries(store::GOVERNANCE_LOG, 0..530);
    let mut range = ledger::Frontier::new();
    let mut roots = vec![];
    while let Some(chunk) = entries.next().await.unwrap() {
        for entry in chunk {
            range.append(ledger::hash::leaf_hash(&entry.bytes));
            roots.push(range.root().to_string());
        }
    }
    for size in [1, 255, 256, 257, 400, 511, 512, 513, 529] {
        let asked = Asked {
            as_of: Some("2026-11-24".to_owned()),
            known_by: Some(format!("#{}", size - 1)),
            findings: None,
        };
        let status = council.ledger.status(&asked).await.unwrap();
        assert_eq!(status.root, roots[size - 1], "{size} entries");
    }
}

#[tokio::test]
async fn an_action_cites_the_meeting_that_was_told_of_it() {
    let council = council().await;
    let reader = store::Reader::open(&council.data()).await.unwrap();
    let snapshot = reader.snapshot().await.unwrap();
    let mut entries = snapshot.rows().entries(store::GOVERNANCE_LOG, 0..530);
    let mut told = Vec::new();
    while let Some(chunk) = entries.next().await.unwrap() {
        for entry in chunk {
            let text = String::from_utf8(entry.bytes).unwrap();
            // The Leadership Team of 12 November 2026: A26/11, four weeks late.
            let cites = text.contains("0000000b-0002-4000-8000-000020261112@1");
            if cites && text.contains("\nkind action\n") {
                told.push(text.contains("\nid 0000000d-0000-4000-8000-000000002611\n"));
            }
        }
    }
    assert_eq!(told, [true]);
}
