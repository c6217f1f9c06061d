//! Every sentence that `status` says of the sample organisation, about many dates.

use std::collections::BTreeSet;

use app::{Asked, StatusView};
use record::Day;

use crate::given::{Council, council};

/// Short names of units that no sentence says as they are, and words that are no words.
const NO_WORDS: [&str; 8] = [
    "{",
    "}",
    "  ",
    "what is not stated",
    "adults's",
    "record 0000",
    "Disposition",
    "_",
];

/// A count of one goes with no plural.
const NOT_OF_ONE: [&str; 5] = [
    " 1 days",
    " 1 systems",
    " 1 AI systems",
    "1 of 1 ",
    "for 0 days",
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Returns whether some day stands in a sentence twice.
fn says_a_day_twice(sentence: &str) -> bool {
    let marks = |letter: char| letter.is_ascii_punctuation() || letter == '”';
    let words: Vec<&str> = sentence
        .split_whitespace()
        .map(|word| word.trim_matches(marks))
        .collect();
    let mut days = BTreeSet::new();
    let mut dates = words.windows(3).filter(|words| MONTHS.contains(&words[1]));
    dates.any(|date| !days.insert(date))
}

/// Returns what is wrong with a sentence, if anything is.
fn wrong(sentence: &str, units: &[&str]) -> Option<&'static str> {
    let padded = format!(" {sentence}");
    if !sentence.starts_with(|first: char| first.is_uppercase() || first.is_ascii_digit()) {
        return Some("begins small");
    }
    if !sentence.ends_with('.') || sentence.ends_with("..") {
        return Some("does not end with one stop");
    }
    if NO_WORDS.iter().any(|none| sentence.contains(none)) {
        return Some("says what is no word");
    }
    if NOT_OF_ONE.iter().any(|one| padded.contains(one)) {
        return Some("counts one as many");
    }
    let one_has = ["1 of ", " have "].iter().all(|part| padded.contains(part));
    if one_has && padded.split(" 1 of ").count() > 1 {
        return Some("counts one as many");
    }
    if says_a_day_twice(sentence) {
        return Some("says a day twice");
    }
    let after_comma = [
        ": Since",
        ", but The",
        ", but No ",
        ": The records",
        ": Nobody",
    ];
    if after_comma.iter().any(|part| sentence.contains(part)) {
        return Some("goes on with a capital");
    }
    let words = sentence.split(|letter: char| !letter.is_alphanumeric() && letter != '-');
    if words.into_iter().any(|word| units.contains(&word)) {
        return Some("names a unit by its short name");
    }
    (sentence.chars().count() > 400).then_some("is too long")
}

fn said(view: &StatusView) -> Vec<String> {
    let mut said = Vec::new();
    for answer in &view.says.five {
        said.push(answer.because.clone());
        said.extend(answer.reservations.iter().cloned());
    }
    for requirement in &view.says.requirements {
        said.push(requirement.because.clone());
        for finding in &requirement.findings {
            said.push(finding.sentence.clone());
            let subjects = finding.subjects.iter();
            said.extend(subjects.filter_map(|one| Some(one.disposition.as_ref()?.because.clone())));
        }
    }
    said
}

async fn status(council: &Council, as_of: &str, known_by: Option<&str>) -> StatusView {
    let asked = Asked {
        as_of: Some(as_of.to_owned()),
        known_by: known_by.map(str::to_owned),
        findings: None,
    };
    council.ledger.status(&asked).await.unwrap()
}

#[tokio::test]
async fn every_sentence_about_any_day_reads_as_one() {
    let council = council().await;
    let units = ["adults", "highways", "housing", "planning", "revenues"];
    let mut faults = BTreeSet::new();
    let mut day: Day = "2022-12-12".parse().unwrap();
    let last: Day = "2027-12-31".parse().unwrap();
    while day <= last {
        let as_of = day.to_string();
        let then = status(&council, &as_of, None).await;
        let now = status(&council, &as_of, Some("now")).await;
        for sentence in said(&then).into_iter().chain(said(&now)) {
            if let Some(fault) = wrong(&sentence, &units) {
                faults.insert(format!("{as_of} {fault}: {sentence}"));
            }
        }
        day = day.plus_days(71);
    }
    assert_eq!(faults, BTreeSet::new());
}

#[tokio::test]
async fn one_day_is_counted_alike_by_whatever_was_due_on_the_day_before() {
    let council = council().await;
    for (as_of, about) in [("2027-10-02", "he scope was"), ("2027-05-21", " was due")] {
        let view = status(&council, as_of, None).await;
        let said = said(&view);
        let ago = said.iter().filter(|one| one.contains("ay ago"));
        let ago: Vec<_> = ago.filter(|one| one.contains(about)).collect();
        // The answer, its requirement and the finding.
        assert!(ago.len() > 1, "{as_of}: {said:?}");
        let odd = ago.iter().find(|one| !one.contains(", 1 day ago"));
        assert_eq!(odd, None, "{as_of}");
    }
}

#[tokio::test]
async fn a_disposition_says_what_the_person_said() {
    let council = council().await;
    let view = status(&council, "2025-09-30", None).await;
    let findings = view.says.requirements.iter().flat_map(|one| &one.findings);
    let found = findings.clone().find(|one| one.rule == "4.3-c").unwrap();
    assert_eq!(found.subjects[0].title, "Housing");
    let said = found.subjects[0].disposition.as_ref().unwrap();
    assert_eq!(
        said.because,
        "Nobody heads Housing and nobody there felt entitled to sign. Opened as NC-09 rather than explained away."
    );
}
