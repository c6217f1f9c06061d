//! The shipped mapping on the federal register, real and made up.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

mod given;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use exchange::plan::{Counts, Outcome, plan};
use exchange::table::{Table, read};
use given::{MADE_UP, carried_out, first_plan, real_file, us_federal};
use serde_json::{Value, json};

fn made_up() -> Table {
    read(MADE_UP, "made-up.csv").unwrap()
}

fn bodies() -> Vec<Value> {
    first_plan(&made_up(), &us_federal())
        .rows
        .into_iter()
        .map(|row| row.body.unwrap())
        .collect()
}

#[test]
fn a_row_is_known_by_id_where_unique_else_by_name_else_by_ordinal() {
    let keys: Vec<String> = first_plan(&made_up(), &us_federal())
        .rows
        .into_iter()
        .map(|row| row.key.unwrap())
        .collect();
    assert_eq!(
        keys,
        [
            r#"agency: "LHA", id: "LHA-1""#,
            r#"agency: "LHA", id: "LHA-2""#,
            r#"agency: "LHA", agency_bureau: "Northern Lights", use_case_name: "Lamp oil forecast""#,
            r#"agency: "LHA", agency_bureau: "Southern Lights", use_case_name: "Lamp oil forecast""#,
            r#"agency: "LHA", agency_bureau: "", use_case_name: "Chart reader""#,
            r#"agency: "LHA", agency_bureau: "", use_case_name: "Log writer""#,
            r#"agency: "OMT", id: "LHA-1""#,
            r#"agency: "OMT", agency_bureau: "Flow", use_case_name: "Chatbot""#,
            r#"agency: "OMT", agency_bureau: "Flow", use_case_name: "Chatbot", ordinal: 2"#,
            r#"agency: "OMT", id: "OMT-9""#,
        ]
    );
}

#[test]
fn a_full_row_becomes_this_body() {
    let table = made_up();
    assert_eq!(
        bodies()[0],
        json!({
            "title": "Fog horn scheduling", "reference": "LHA-1", "unit": "lha-northern-lights",
            "contact": "keeper@lighthouse.example", "withheld": "no", "stage": "live", "impact": "high",
            "purpose": "Ships run aground in fog.\nKeepers sleep.", "description": "A time for each horn",
            "operational_since": "2024-10-01", "origin": "bought", "supplier": "Brine & Sons",
            "personal_data": "no",
            "answers": [
                {"about": "authorisation-to-operate", "answer": "yes", "text": "Yes"},
                {"about": "demographic-features", "answer": "no", "text": "['k) None of the above']"},
                {"about": "custom-code", "answer": "no", "text": "No"},
                {"about": "pre-deployment-testing", "answer": "yes", "text": "Yes"},
                {"about": "impact-assessment", "answer": "in_progress", "text": "In-progress"},
                {"about": "independent-review", "answer": "waived", "text": "CAIO Waived"},
                {"about": "ongoing-monitoring", "answer": "yes", "text": "Yes - Monitoring Established"},
                {"about": "operator-training", "answer": "other",
                 "text": "b) Development of monitoring protocols is in-progess"},
                {"about": "fail-safe", "answer": "not_applicable", "text": "Not Applicable"},
                {"about": "appeal-process", "answer": "other", "text": "Appeal Precluded by Law"},
                {"about": "public-consultation", "answer": "in_progress", "text": "['In-progress']"},
            ],
            "source": {"file": table.sha256, "row": 1, "mapping": "us-federal-2025",
                       "key": "agency: \"LHA\", id: \"LHA-1\""},
            "as_received": {
                "agency": "LHA", "agency_name": "Lighthouse Authority", "agency_bureau": "Northern Lights",
                "is_withheld": "No", "development_stage": "Deployed", "is_high_impact": "High-impact",
                "topic_area": "Transportation", "classification": "Classical ML", "benefits": "Fewer wrecks",
                "operational_date": "2024-10-01 00:00:00", "contracting_usage": "Vendor Purchased",
                "has_pii": "No", "hi_potential_impacts": "Noise",
            },
        })
    );
}

#[test]
fn blank_is_not_stated_and_never_no() {
    let body = &bodies()[7];
    for field in [
        "personal_data",
        "withheld",
        "impact",
        "stage",
        "origin",
        "answers",
        "contact",
        "roles",
    ] {
        assert_eq!(body.get(field), None, "{field}");
    }
    // An empty list states nothing either, and its text is not lost.
    assert_eq!(body["as_received"]["demographic_features"], "[]");
}

#[test]
fn no_withheld_and_not_available_stay_distinct() {
    let withheld: Vec<Value> = bodies()
        .iter()
        .map(|body| body["withheld"].clone())
        .collect();
    assert_eq!(
        withheld[..4],
        [
            json!("no"),
            json!("disclosure_risk"),
            Value::Null,
            json!("prohibited_by_law")
        ]
    );
    assert_eq!(withheld[6], "other");
    assert_eq!(bodies()[1].get("supplier"), None);
    assert_eq!(bodies()[1]["as_received"]["vendor_name"], "Not available");
    assert_eq!(bodies()[2].get("origin"), None);
    assert_eq!(
        bodies()[2]["as_received"]["contracting_usage"],
        "Contracting and In House"
    );
}

#[test]
fn a_date_stays_as_coarse_as_it_was_written() {
    let dates: Vec<Value> = bodies()
        .iter()
        .map(|body| body["operational_since"].clone())
        .collect();
    assert_eq!(
        json!(dates),
        json!([
            "2024-10-01",
            "2025-07",
            "1990-01",
            "2026-01-02",
            "2025-10-22",
            "2023-02-10",
            "2019",
            "2014-11-01",
            "2014-11-01",
            null
        ])
    );
}

#[test]
fn a_date_that_does_not_exist_keeps_its_row_and_warns() {
    let row = first_plan(&made_up(), &us_federal()).rows.remove(9);
    assert_eq!(row.outcome, Outcome::Created);
    let body = row.body.unwrap();
    assert_eq!(body["as_received"]["operational_date"], "2/31/2024");
    assert_eq!(body["title"], "OMT-9");
    assert_eq!(
        row.warnings,
        [
            r#"use_case_name: states nothing; taken from "id""#,
            r#"operational_date: "2/31/2024" is not read as a date: the calendar has no such day or month"#,
        ]
    );
}

/// Each non-blank cell is in the body: as it is, as words of an answer, or as received.
#[track_caller]
fn assert_no_cell_is_lost(table: &Table) {
    let mapping = us_federal();
    for (row, outcome) in table.rows.iter().zip(first_plan(table, &mapping).rows) {
        let body = outcome.body.unwrap();
        let answers = body["answers"].as_array().cloned().unwrap_or_default();
        for (heading, cell) in table
            .headings
            .iter()
            .zip(&row.cells)
            .filter(|(_, cell)| !cell.trim().is_empty())
        {
            let as_received = body["as_received"]
                .get(heading)
                .is_some_and(|text| text == cell.as_str());
            let field = mapping
                .field
                .iter()
                .find(|field| field.from.headings() == [heading.clone()]);
            let in_field = field.is_some_and(|field| match &field.about {
                Some(about) => answers.iter().any(|answer| {
                    answer["about"] == about.as_str() && answer["text"] == cell.as_str()
                }),
                None => body[&field.to] == cell.as_str(),
            });
            assert!(
                as_received || in_field,
                "row {}: {heading}: {cell}",
                row.number
            );
        }
    }
}

#[test]
fn no_cell_of_the_made_up_file_is_lost() {
    assert_no_cell_is_lost(&made_up());
}

#[test]
fn no_cell_of_the_real_file_is_lost() {
    let Some(bytes) = real_file() else { return };
    assert_no_cell_is_lost(&read(&bytes, "real.csv").unwrap());
}

#[test]
fn the_real_file_is_the_one_described() {
    let Some(bytes) = real_file() else { return };
    let table = read(&bytes, "real.csv").unwrap();
    assert_eq!(
        (table.rows.len(), table.headings.len(), table.blank_rows),
        (3611, 36, 0)
    );
    assert_eq!(
        (table.encoding.as_str(), table.delimiter),
        ("UTF-8 with BOM", Some(','))
    );

    let mut by_id: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut by_row: HashMap<&[String], usize> = HashMap::new();
    for row in &table.rows {
        by_id.entry(&row.cells[2]).or_default().push(&row.cells[0]);
        *by_row.entry(&row.cells).or_default() += 1;
    }
    assert_eq!(by_id.remove("").unwrap().len(), 704);
    let repeated: Vec<&Vec<&str>> = by_id
        .values()
        .filter(|agencies| agencies.len() > 1)
        .collect();
    assert_eq!(repeated.len(), 13);
    let within_one = repeated
        .iter()
        .filter(|agencies| agencies.iter().collect::<BTreeSet<_>>().len() == 1);
    assert_eq!(within_one.count(), 3);
    assert_eq!(by_id["TBD"], ["STB", "STB"]);
    assert_eq!(
        by_row.values().filter(|count| **count > 1).sum::<usize>(),
        4
    );
}

#[test]
fn every_row_of_the_real_file_is_accounted_for_and_a_second_run_changes_nothing() {
    let Some(bytes) = real_file() else { return };
    let table = read(&bytes, "real.csv").unwrap();
    let mapping = us_federal();
    let first = first_plan(&table, &mapping);
    // One row has no name and is titled by its id; two have the cells of an earlier one, and two ids
    // stand in two rows of an agency each, of both of which the file as a whole is warned too.
    assert_eq!(
        first.counts(),
        Counts {
            rows: 3611,
            created: 3611,
            warnings: 9,
            ..Counts::default()
        }
    );
    let keys: BTreeSet<&String> = first
        .rows
        .iter()
        .filter_map(|row| row.key.as_ref())
        .collect();
    assert_eq!(keys.len(), 3611);
    let ordinals = keys
        .iter()
        .filter(|key| key.ends_with("ordinal: 2"))
        .count();
    assert_eq!(ordinals, 6);

    let second = plan(&table, &mapping, &carried_out(&first)).unwrap();
    assert_eq!(
        second.counts(),
        Counts {
            rows: 3611,
            unchanged: 3611,
            warnings: 9,
            ..Counts::default()
        }
    );
}

#[test]
fn an_edited_cell_of_the_real_file_revises_just_its_row() {
    let Some(bytes) = real_file() else { return };
    let mapping = us_federal();
    let earlier = carried_out(&first_plan(&read(&bytes, "real.csv").unwrap(), &mapping));
    let mut table = read(&bytes, "real.csv").unwrap();
    table.rows[1999].cells[10] = "Weather".to_owned();
    table.sha256 = "0".repeat(64);
    let edited = plan(&table, &mapping, &earlier).unwrap();
    assert_eq!(
        edited.counts(),
        Counts {
            rows: 3611,
            revised: 1,
            unchanged: 3610,
            warnings: 9,
            ..Counts::default()
        }
    );
    let revised = edited
        .rows
        .iter()
        .find(|row| row.outcome == Outcome::Revised)
        .unwrap();
    assert_eq!(
        (revised.row, revised.if_version, revised.id.as_deref()),
        (2000, Some(1), Some("id-2000"))
    );
}

#[test]
fn a_renamed_row_without_id_is_one_created_and_one_absent() {
    let Some(bytes) = real_file() else { return };
    let mapping = us_federal();
    let mut table = read(&bytes, "real.csv").unwrap();
    let earlier = carried_out(&first_plan(&table, &mapping));
    let at = table
        .rows
        .iter()
        .position(|row| row.cells[2].is_empty())
        .unwrap();
    table.rows[at].cells[3].push_str(" (renamed)");
    table.rows.remove(at + 1);
    let edited = plan(&table, &mapping, &earlier).unwrap().counts();
    assert_eq!(
        (edited.rows, edited.created, edited.absent, edited.unchanged),
        (3610, 1, 2, 3609)
    );
}

#[test]
fn every_date_of_the_real_file_is_read() {
    let Some(bytes) = real_file() else { return };
    let plan = first_plan(&read(&bytes, "real.csv").unwrap(), &us_federal());
    let mut by_length: BTreeMap<usize, usize> = BTreeMap::new();
    for body in plan.rows.iter().filter_map(|row| row.body.as_ref()) {
        if let Some(date) = body["operational_since"].as_str() {
            *by_length.entry(date.len()).or_default() += 1;
        }
    }
    // Bare years, bare months, whole days.
    assert_eq!(by_length, BTreeMap::from([(4, 36), (7, 484), (10, 882)]));
}
