//! Holds the ids, counts and words of ISO/IEC 42001:2023 as claims, written out here.

use catalogue::{Basis, Catalogue, ItemType, Level, Rule};

const SUB_CLAUSES: &str = "4.1 4.2 4.3 4.4 5.1 5.2 5.3 6.1.1 6.1.2 6.1.3 6.1.4 6.2 6.3 7.1 7.2 7.3 7.4 7.5.1 7.5.2 7.5.3 \
    8.1 8.2 8.3 8.4 9.1 9.2.1 9.2.2 9.3.1 9.3.2 9.3.3 10.1 10.2";

const CONTROLS: &str = "A.2.2 A.2.3 A.2.4 A.3.2 A.3.3 A.4.2 A.4.3 A.4.4 A.4.5 A.4.6 A.5.2 A.5.3 A.5.4 A.5.5 A.6.1.2 A.6.1.3 \
    A.6.2.2 A.6.2.3 A.6.2.4 A.6.2.5 A.6.2.6 A.6.2.7 A.6.2.8 A.7.2 A.7.3 A.7.4 A.7.5 A.7.6 A.8.2 A.8.3 A.8.4 A.8.5 \
    A.9.2 A.9.3 A.9.4 A.10.2 A.10.3 A.10.4";

const BUILT: &str = "4.1-c 4.3-a 4.3-a.o 4.3-a.p 4.3-b 4.3-b.o 4.3-c 4.4.p 5.2-a 5.2-a.o 5.2-b 5.2-c 5.3 5.3.p \
    6.1.1 6.1.1.p 7.5-a.o 7.5-a.p 7.5-b 7.5-b.p 8.2 8.2.o 8.2.p 9.3-a 9.3-a.o 9.3-a.p 9.3-b 9.3-b.p 9.3-c 9.3-d 9.3-e";

fn iso() -> Catalogue {
    Catalogue::iso_42001().expect("the files under catalogues/ are sound")
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

fn ids(catalogue: &Catalogue, item_type: ItemType) -> Vec<&str> {
    let items = catalogue.items.iter();
    let of_type = items.filter(|item| item.item_type == item_type);
    of_type.map(|item| item.id.as_str()).collect()
}

#[test]
fn there_are_32_sub_clauses_in_the_standards_order() {
    assert_eq!(words(SUB_CLAUSES).len(), 32);
    assert_eq!(ids(&iso(), ItemType::SubClause), words(SUB_CLAUSES));
}

#[test]
fn there_are_38_controls_in_the_standards_order() {
    assert_eq!(words(CONTROLS).len(), 38);
    assert_eq!(ids(&iso(), ItemType::Control), words(CONTROLS));
}

#[test]
fn each_group_of_controls_has_its_number() {
    let groups = [
        ("A.2", 3),
        ("A.3", 2),
        ("A.4", 5),
        ("A.5", 4),
        ("A.6.1", 2),
        ("A.6.2", 7),
        ("A.7", 5),
        ("A.8", 4),
        ("A.9", 3),
        ("A.10", 3),
    ];
    let catalogue = iso();
    for (group, expected) in groups {
        let controls = ids(&catalogue, ItemType::Control);
        let in_group = |id: &&&str| {
            id.rsplit_once('.')
                .is_some_and(|(parent, _)| parent == group)
        };
        assert_eq!(
            controls.iter().filter(in_group).count(),
            expected,
            "{group}"
        );
    }
}

#[test]
fn the_order_traps_are_avoided() {
    let catalogue = iso();
    let title = |id| catalogue.item(id).map(|item| item.title.as_str());
    assert_eq!(title("10.1"), Some("Continual improvement"));
    assert_eq!(title("10.2"), Some("Nonconformity and corrective action"));
    assert_eq!(title("6.3"), Some("Planning of changes"));
    assert_eq!(title("A.8.3"), Some("External reporting"));
    assert_eq!(title("8.5"), None);
}

#[test]
fn top_management_is_the_actor_of_four_sub_clauses() {
    let catalogue = iso();
    let items = catalogue.items.iter();
    let of_top = items.filter(|item| item.actor.as_deref() == Some("top management"));
    let ids: Vec<&str> = of_top.map(|item| item.id.as_str()).collect();
    assert_eq!(ids, ["5.1", "5.2", "5.3", "9.3.1"]);
}

#[test]
fn documents_or_records_are_asked_for_by_18_sub_clauses_and_26_controls() {
    let catalogue = iso();
    let documented = |item_type| {
        let items = catalogue.items.iter();
        let of_type = items.filter(move |item| item.item_type == item_type && item.documented);
        of_type.count()
    };
    assert_eq!(documented(ItemType::SubClause), 18);
    assert_eq!(documented(ItemType::Control), 26);
}

#[test]
fn there_are_90_rules_and_one_for_each_control() {
    let catalogue = iso();
    let count = |basis| {
        catalogue
            .rules
            .iter()
            .filter(|rule| rule.basis == basis)
            .count()
    };
    assert_eq!(catalogue.edition, "iso-42001/1");
    assert_eq!(count(Basis::Clause), 44);
    assert_eq!(count(Basis::Own), 23);
    assert_eq!(count(Basis::Practice), 23);
    assert_eq!(count(Basis::Control), 38);
    assert_eq!(catalogue.rules.len(), 90 + 38);
    let of_controls: Vec<&str> = catalogue.rules[90..]
        .iter()
        .map(|rule| rule.id.as_str())
        .collect();
    assert_eq!(of_controls, words(CONTROLS));
}

#[test]
fn a_suffix_tells_the_basis() {
    for rule in iso().rules {
        let expected = match rule.id.rsplit_once('.').map(|(_, suffix)| suffix) {
            Some("o") => Basis::Own,
            Some("p") => Basis::Practice,
            _ => continue,
        };
        assert_eq!(rule.basis, expected, "{}", rule.id);
    }
}

#[test]
fn every_requirement_has_a_rule_that_bears_on_it() {
    let catalogue = iso();
    for item in &catalogue.items {
        assert!(catalogue.rules_of(&item.id).next().is_some(), "{}", item.id);
    }
}

#[test]
fn only_leadership_rests_on_practice_alone() {
    let catalogue = iso();
    let on_practice = |id: &str| {
        catalogue
            .rules_of(id)
            .all(|rule| rule.basis == Basis::Practice)
    };
    let items = catalogue.items.iter().map(|item| item.id.as_str());
    let found: Vec<&str> = items.filter(|id| on_practice(id)).collect();
    assert_eq!(found, ["5.1"]);
}

#[test]
fn exactly_the_rules_named_here_are_built() {
    let catalogue = iso();
    let built = catalogue.rules.iter().filter(|rule| rule.built);
    let mut found: Vec<&str> = built.map(|rule| rule.id.as_str()).collect();
    let mut expected = words(BUILT);
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn the_rules_of_a_requirement_come_with_every_basis() {
    let catalogue = iso();
    let of = |item: &'static str| -> Vec<&str> {
        catalogue
            .rules_of(item)
            .map(|rule| rule.id.as_str())
            .collect()
    };
    assert_eq!(of("8.2"), ["4.4.p", "8.2", "8.2.o", "8.2.p"]);
    assert_eq!(of("A.10.3"), ["8.1-c", "8.1-c.o", "A.10.3"]);
    assert_eq!(of("A.2.4"), ["5.2-a.o", "A.2.4"]);
    assert_eq!(of("6.1.4"), ["6.1.4", "7.5-a.o"]);
}

#[test]
fn a_missed_slot_is_not_shown_and_a_passed_date_is_overdue() {
    let catalogue = iso();
    let own = catalogue
        .rules
        .iter()
        .filter(|rule| rule.basis == Basis::Own);
    let not_overdue = own.filter(|rule| rule.level != Level::Overdue);
    let found: Vec<(&str, Level)> = not_overdue
        .map(|rule| (rule.id.as_str(), rule.level))
        .collect();
    let expected = ["4.4.o", "9.2-b.o", "9.3-a.o", "10.1.o"].map(|id| (id, Level::NotShown));
    assert_eq!(found, expected);
}

#[test]
fn lists_that_a_record_must_cover_are_data() {
    let cases = [
        (
            "4.3-a",
            "units boundaries criteria roles suppliers exclusions",
        ),
        ("5.2-a", "purpose objectives requirements improvement"),
        (
            "9.3-b",
            "actions issues parties nonconformities monitoring audits opportunities",
        ),
        (
            "9.3-c",
            "improvement changes suitability adequacy effectiveness",
        ),
        ("9.3-e", "objectives incidents assessments"),
    ];
    let catalogue = iso();
    for (id, expected) in cases {
        assert_eq!(
            catalogue.rule(id).unwrap().with.needs,
            words(expected),
            "{id}"
        );
    }
}

#[test]
fn a_controls_sentence_claims_only_what_the_records_do_not_show() {
    for rule in iso().rules {
        let says_so = rule.sentence.starts_with("The records do not show ");
        assert!(rule.basis != Basis::Control || says_so, "{}", rule.id);
        assert!(rule.sentence.ends_with('.'), "{}", rule.id);
    }
}

#[test]
fn the_five_rest_on_built_rules_alone() {
    let catalogue = iso();
    let ids: Vec<&str> = catalogue
        .five
        .iter()
        .map(|answer| answer.id.as_str())
        .collect();
    let expected = [
        "scope",
        "policy",
        "owner",
        "risk_assessment",
        "management_review",
    ];
    assert_eq!(ids, expected);
    for answer in &catalogue.five {
        for id in &answer.holds {
            assert!(catalogue.rule(id).unwrap().built, "{}: {id}", answer.id);
        }
    }
}

#[test]
fn each_answer_rests_on_what_an_auditor_asks_of_it() {
    let catalogue = iso();
    let expected = [
        (
            "scope",
            "4.3-a 4.3-a.o 4.3-b.o 4.3-c",
            "4.3-a.o 4.3-a.p 4.3-b 4.3-b.o 4.3-c 7.5-a.p",
        ),
        (
            "policy",
            "5.2-a 5.2-a.o 5.2-b",
            "4.4.p 5.2-a 5.2-a.o 7.5-a.p",
        ),
        ("owner", "5.3", "5.3 5.3.p"),
        (
            "risk_assessment",
            "8.2 8.2.o",
            "6.1.1.p 6.1.3-c 7.5-a.p 8.2 8.2.o 8.2.p",
        ),
        (
            "management_review",
            "9.3-a 9.3-b 9.3-c 9.3-d",
            "4.4.p 9.3-a 9.3-a.o 9.3-a.p 9.3-b.p 9.3-e",
        ),
    ];
    let found = catalogue.five.iter().map(|one| {
        let rules = [&one.holds, &one.reservations].map(|rules| rules.join(" "));
        (one.id.as_str(), rules)
    });
    let found: Vec<_> = found.collect();
    let expected: Vec<_> = expected
        .map(|(id, holds, beside)| (id, [holds, beside].map(str::to_owned)))
        .into();
    assert_eq!(found, expected);
}

#[test]
fn each_word_comes_out_as_often_as_it_stands_in_the_files() {
    let rules = include_str!("../../../catalogues/iso-42001/rules.toml");
    let items = include_str!("../../../catalogues/iso-42001/items.toml");
    let catalogue = iso();
    let of_rules = |word: fn(&Rule) -> &'static str| catalogue.rules.iter().map(word).collect();
    assert_counts(rules, "basis", of_rules(|rule| rule.basis.as_str()));
    assert_counts(rules, "shape", of_rules(|rule| rule.shape.as_str()));
    assert_counts(rules, "level", of_rules(|rule| rule.level.as_str()));
    assert_counts(rules, "silence", of_rules(|rule| rule.silence.as_str()));
    let types = catalogue.items.iter().map(|item| item.item_type.as_str());
    assert_counts(items, "type", types.collect());
    assert_eq!(Level::Flag.as_str(), "flag");
}

fn assert_counts(text: &str, field: &str, words: Vec<&str>) {
    for word in &words {
        let line = format!("\n{field} = \"{word}\"\n");
        let came_out = words.iter().filter(|other| *other == word).count();
        assert_eq!(text.matches(&line).count(), came_out, "{line}");
    }
}
