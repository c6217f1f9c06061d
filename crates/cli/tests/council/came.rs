//! How evidence of the sample organisation came: `status` and `record history` say the same.

use std::collections::{BTreeMap, BTreeSet};

use app::Asked;
use record::Day;

use super::given::council;

/// Asks with everything known that there is.
fn asked(about: Option<Day>) -> Asked {
    Asked {
        as_of: about.map(|day| day.to_string()),
        known_by: Some("now".to_owned()),
        findings: None,
    }
}

#[tokio::test]
async fn evidence_came_as_the_history_of_its_record_says() {
    let council = council().await;
    let mut told = BTreeMap::new();
    let mut day: Day = "2023-02-06".parse().unwrap();
    let last: Day = "2027-03-01".parse().unwrap();
    while day <= last {
        let status = council.ledger.status(&asked(Some(day))).await.unwrap();
        let evidence = status.says.five.into_iter().flat_map(|one| one.evidence);
        told.extend(evidence.map(|one| ((one.id, one.seq, one.provenance), one)));
        day = day.plus_days(16);
    }
    assert!(told.keys().any(|(_, _, came)| *came == "late"));
    let records: BTreeSet<_> = told.keys().map(|(id, ..)| *id).collect();
    let mut came = BTreeMap::new();
    for id in records {
        for line in council.ledger.history(id, &asked(None)).await.unwrap() {
            let said = line["provenance"].as_str().unwrap().to_owned();
            came.insert(line["seq"].as_u64().unwrap(), said);
        }
    }
    let others = told.values().filter(|one| came[&one.seq] != one.provenance);
    let others: Vec<_> = others
        .map(|one| {
            let (seq, title, move_of) = (one.seq, &one.title, &one.name_of_move);
            let said = &came[&seq];
            format!("{seq}, {title}, {move_of:?}: {} and {said}", one.provenance)
        })
        .collect();
    assert_eq!(others, [""; 0]);
}
