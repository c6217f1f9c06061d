//! Holds the catalogue against the domain notes it was written from, where they lie beside the checkout.
//!
//! They are looked for in `$MINUTEBOOK_SHARED`, else in `shared` beside the checkout. Without them these tests say that
//! they were skipped; under `CI=true` they fail instead.

use std::fs;
use std::io::{Write, stderr};
use std::path::Path;

use catalogue::{Basis, Catalogue, Item, Level, Rule};

#[expect(
    clippy::disallowed_methods,
    reason = "a test has to be told where the notes lie"
)]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Returns a file of the domain notes, or nothing, visibly.
fn domain(file: &str) -> Option<String> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let shared = environment("MINUTEBOOK_SHARED").unwrap_or_else(|| beside.to_owned());
    let path = Path::new(&shared).join("domain").join(file);
    if let Ok(text) = fs::read_to_string(&path) {
        return Some(text);
    }
    let is_ci = environment("CI").is_some_and(|value| value == "true");
    assert!(!is_ci, "{} is not there", path.display());
    // Straight to stderr: what a passing test prints through the macros is swallowed.
    let said = writeln!(stderr(), "SKIPPED: {} is not there", path.display());
    said.expect("stderr takes a line");
    None
}

fn iso() -> Catalogue {
    Catalogue::iso_42001().expect("the files under catalogues/ are sound")
}

/// Returns the cells of every table row whose first cell passes.
fn rows(text: &str, first: impl Fn(&str) -> bool) -> Vec<Vec<&str>> {
    text.lines()
        .filter_map(|line| line.strip_prefix("| "))
        .map(|line| {
            line.trim_end_matches('|')
                .split('|')
                .map(str::trim)
                .collect()
        })
        .filter(|cells: &Vec<&str>| first(cells[0]))
        .collect()
}

fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

#[test]
fn the_controls_are_those_of_annex_a_with_its_titles_and_documents() {
    let Some(text) = domain("annex-a.md") else {
        return;
    };
    let controls = rows(&text, |id| id.starts_with("A.") && !id.contains(' '));
    assert_eq!(controls.len(), 38);
    for (cells, item) in controls.iter().zip(&iso().items[32..]) {
        assert_eq!(cells[0], item.id);
        assert_eq!(cells[1], item.title);
        assert_eq!(cells[4] == "✓", item.documented, "{}", item.id);
    }
}

#[test]
fn a_sub_clause_is_documented_where_the_list_of_23_names_it() {
    let Some(text) = domain("iso42001.md") else {
        return;
    };
    let numbered = |id: &str| id.starts_with(['D', 'R']) && is_number(&id[1..]);
    let listed = rows(&text, numbered);
    assert_eq!(listed.len(), 23);
    for Item { id, documented, .. } in &iso().items[..32] {
        let is_listed = listed.iter().any(|cells| cells[1] == id);
        assert_eq!(is_listed, *documented, "{id}");
    }
}

#[test]
fn the_90_rules_are_the_table_row_by_row() {
    let Some(text) = domain("iso42001.md") else {
        return;
    };
    let (_, section) = text.split_once("## 8. The rules as data").unwrap();
    let table = rows(section, is_number);
    assert_eq!(table.len(), 90);
    for (cells, rule) in table.iter().zip(iso().rules) {
        let [id, basis, bears_on, reads, shape, sentence] = cells[..] else {
            panic!("six cells are expected in {cells:?}");
        };
        assert_eq!(id, rule.id);
        assert_eq!(basis, rule.basis.as_str(), "{id}");
        assert_eq!(items_named(bears_on), rule.bears_on, "{id}");
        assert_eq!(reads, kinds_named(&rule), "{id}");
        assert_eq!(shape, rule.shape.as_str(), "{id}");
        assert_eq!(sentence, rule.sentence, "{id}");
    }
}

fn items_named(cell: &str) -> Vec<&str> {
    if cell == "7.5.2; 4.4, 6.1.1–6.1.4, 6.2 for theirs" {
        return vec!["7.5.2", "4.4", "6.1.1", "6.1.2", "6.1.3", "6.1.4", "6.2"];
    }
    cell.split(", ").collect()
}

fn kinds_named(rule: &Rule) -> String {
    match &rule.with.act {
        Some(act) => format!("entries of act `{act}`"),
        None if rule.with.every_kind => "every kind".to_owned(),
        None => rule.reads.join(", "),
    }
}

/// Returns the fields of every line of the form `RULE id | … | basis`.
fn lines(text: &str) -> Vec<Vec<&str>> {
    text.lines()
        .filter_map(|line| line.strip_prefix("* `RULE "))
        .map(|line| line.trim_end_matches('`').split(" | ").collect())
        .collect()
}

#[test]
fn silence_and_level_are_those_of_the_rules_line() {
    let Some(text) = domain("iso42001.md") else {
        return;
    };
    let catalogue = iso();
    let lines = lines(&text);
    assert_eq!(lines.len(), 90);
    for fields in lines {
        let rule = catalogue.rule(fields[0]).unwrap();
        // The long form names the actor between the empty period and the basis.
        let from_the_end = if fields.len() == 8 { 3 } else { 2 };
        let silence = first_word(fields[fields.len() - from_the_end]);
        assert_eq!(fields[fields.len() - 1], rule.basis.as_str(), "{}", rule.id);
        assert_eq!(silence, rule.silence.as_str(), "{}", rule.id);
        assert_eq!(level(rule.basis, silence), rule.level, "{}", rule.id);
    }
}

/// Returns the first of the words for silence in an empty period, else `none`.
fn first_word(empty_period: &str) -> &str {
    let words = [
        "not_shown",
        "not_known",
        "nil_return",
        "overdue",
        "reservation",
    ];
    let places = words
        .iter()
        .filter_map(|word| empty_period.find(word).zip(Some(*word)));
    places.min().map_or("none", |(_, word)| word)
}

/// Returns what a failure gives: a breach that is not silence is not shown, and custom never more than a reservation.
fn level(basis: Basis, silence: &str) -> Level {
    match (basis, silence) {
        (Basis::Practice, _) => Level::Reservation,
        (Basis::Own, "overdue") => Level::Overdue,
        _ => Level::NotShown,
    }
}

#[test]
fn the_bracketed_numbers_are_the_defaults() {
    let Some(text) = domain("iso42001.md") else {
        return;
    };
    let catalogue = iso();
    for fields in lines(&text) {
        let rule = catalogue.rule(fields[0]).unwrap();
        let line = fields.join(" | ");
        assert_eq!(bracketed(&line, "mo"), rule.default_months, "{line}");
        assert_eq!(bracketed(&line, "d"), rule.default_days, "{line}");
        assert_eq!(bracketed(&line, "%"), rule.default_share_percent, "{line}");
        let high_impact = line.contains("high impact 6").then_some(6);
        assert_eq!(high_impact, rule.high_impact_months, "{line}");
    }
}

/// Returns the last bracketed number with this unit. Months may stand as `6–12 mo` or as *quarterly*.
fn bracketed(line: &str, unit: &str) -> Option<u32> {
    let inside = line
        .split('[')
        .skip(1)
        .filter_map(|rest| rest.split_once(']'));
    let parts = inside.flat_map(|(inside, _)| inside.split(';'));
    parts.filter_map(|part| number(part.trim(), unit)).last()
}

fn number(part: &str, unit: &str) -> Option<u32> {
    if part.ends_with("quarterly") && unit == "mo" {
        return Some(3);
    }
    let mut words = part.split(' ');
    let digits = words.next()?.rsplit('–').next()?;
    words.next().filter(|word| *word == unit)?;
    digits.parse().ok()
}
