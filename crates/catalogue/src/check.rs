//! Holds a catalogue to what its readers rely on, so that they need not ask again.

use std::collections::HashSet;

use crate::rule::named;
use crate::{Answer, Basis, Catalogue, CatalogueError, Item, ItemType, Level, Rule};

pub(crate) fn check(catalogue: &Catalogue) -> Result<(), CatalogueError> {
    unique("items.toml", catalogue.items.iter().map(|item| &item.id))?;
    unique("rules.toml", catalogue.rules.iter().map(|rule| &rule.id))?;
    unique("five.toml", catalogue.five.iter().map(|answer| &answer.id))?;
    for item in &catalogue.items {
        check_item(item)?;
    }
    for rule in &catalogue.rules {
        check_rule(catalogue, rule)?;
    }
    for answer in &catalogue.five {
        check_answer(catalogue, answer)?;
    }
    Ok(())
}

fn check_item(item: &Item) -> Result<(), CatalogueError> {
    let is_sub_clause = item.item_type == ItemType::SubClause;
    demand(
        item.actor.is_some() == is_sub_clause,
        &item.id,
        "a sub-clause names its actor, a control none",
    )
}

fn check_rule(catalogue: &Catalogue, rule: &Rule) -> Result<(), CatalogueError> {
    for id in &rule.bears_on {
        let item = catalogue.item(id);
        item.ok_or_else(|| unknown(&rule.id, id))?;
    }
    let distinct: HashSet<&String> = rule.bears_on.iter().collect();
    demand(
        !rule.bears_on.is_empty() && distinct.len() == rule.bears_on.len(),
        &rule.id,
        "a rule bears on something, and on nothing twice",
    )?;
    // Invariant: custom never makes a requirement *not shown*.
    demand(
        rule.basis != Basis::Practice || matches!(rule.level, Level::Reservation | Level::Flag),
        &rule.id,
        "a practice rule gives a reservation or a flag, never more",
    )?;
    demand(
        rule.basis != Basis::Control || control_of(catalogue, rule).is_some(),
        &rule.id,
        "a control's rule goes by the control's id and bears on it alone",
    )?;
    demand(
        rule.reads.is_empty() == (rule.with.act.is_some() || rule.with.every_kind),
        &rule.id,
        "a rule reads kinds, or an act, or every kind",
    )?;
    demand(
        matches!(rule.default_share_percent, None | Some(1..=100)),
        &rule.id,
        "a share lies between 1 and 100 percent",
    )?;
    let is_said = |case: &String| rule.sentences.contains_key(case);
    demand(
        rule.breaches.iter().all(is_said),
        &rule.id,
        "a breach of its own has its own sentence",
    )?;
    demand(
        well_formed(rule),
        &rule.id,
        "a placeholder is a word in small letters between braces",
    )
}

fn check_answer(catalogue: &Catalogue, answer: &Answer) -> Result<(), CatalogueError> {
    for id in answer.holds.iter().chain(&answer.reservations) {
        let rule = catalogue.rule(id);
        rule.ok_or_else(|| unknown(&answer.id, id))?;
    }
    demand(
        !answer.holds.is_empty(),
        &answer.id,
        "whether an answer holds rests on rules",
    )
}

fn control_of<'a>(catalogue: &'a Catalogue, rule: &Rule) -> Option<&'a Item> {
    let alone = rule.bears_on == [rule.id.as_str()];
    let item = catalogue.item(&rule.id).filter(|_| alone)?;
    (item.item_type == ItemType::Control).then_some(item)
}

fn well_formed(rule: &Rule) -> bool {
    let is_word = |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase());
    std::iter::once(&rule.sentence)
        .chain(rule.sentences.values())
        .all(|sentence| {
            let names = named(sentence);
            names.iter().all(is_word)
                && names.len() == sentence.matches('{').count()
                && names.len() == sentence.matches('}').count()
        })
}

fn unique<'a>(
    file: &'static str,
    ids: impl Iterator<Item = &'a String>,
) -> Result<(), CatalogueError> {
    let mut seen = HashSet::new();
    for id in ids {
        if !seen.insert(id) {
            let id = id.clone();
            return Err(CatalogueError::Repeated { file, id });
        }
    }
    Ok(())
}

fn unknown(id: &str, named: &str) -> CatalogueError {
    CatalogueError::Unknown {
        id: id.to_owned(),
        named: named.to_owned(),
    }
}

fn demand(holds: bool, id: &str, rule: &'static str) -> Result<(), CatalogueError> {
    if holds {
        return Ok(());
    }
    let id = id.to_owned();
    Err(CatalogueError::Malformed { id, rule })
}

#[cfg(test)]
mod tests {
    use crate::{Catalogue, FIVE, ITEMS, RULES};

    fn refusal(items: &str, rules: &str, five: &str) -> String {
        let error = Catalogue::read(items, rules, five).unwrap_err();
        match std::error::Error::source(&error) {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        }
    }

    /// Replaces the first `from` after the entry with this id begins.
    fn with(text: &str, id: &str, from: &str, to: &str) -> String {
        let start = text.find(&format!("id = \"{id}\"")).unwrap();
        let (before, rest) = text.split_at(start);
        assert!(rest.contains(from));
        format!("{before}{}", rest.replacen(from, to, 1))
    }

    #[test]
    fn a_fault_in_items_is_refused() {
        let cases = [
            (
                "4.2",
                "id = \"4.2\"",
                "id = \"4.1\"",
                "items.toml: 4.1 stands there twice",
            ),
            (
                "4.2",
                "actor = \"organisation\"\n",
                "",
                "4.2: a sub-clause names its actor, a control none",
            ),
            (
                "4.2",
                "type = \"sub-clause\"",
                "type = \"clause\"",
                "unknown variant `clause`",
            ),
            ("4.2", "title", "heading", "unknown field `heading`"),
        ];
        for (id, from, to, expected) in cases {
            let said = refusal(&with(ITEMS, id, from, to), RULES, FIVE);
            assert!(said.contains(expected), "{said}");
        }
    }

    /// A rule's id, what stands in it, what is put instead, and what is said of that.
    const FAULTS: &[(&str, &str, &str, &str)] = &[
        (
            "5.3",
            "breaches = [\"approval\"",
            "breaches = [\"elsewhere\"",
            "5.3: a breach of its own has its own sentence",
        ),
        (
            "4.2",
            "id = \"4.2\"",
            "id = \"4.1-c\"",
            "rules.toml: 4.1-c stands there twice",
        ),
        (
            "4.2",
            "[\"4.2\"]",
            "[\"8.5\"]",
            "4.2 names 8.5, which does not exist",
        ),
        (
            "4.2",
            "[\"4.2\"]",
            "[]",
            "4.2: a rule bears on something, and on nothing twice",
        ),
        (
            "4.2",
            "[\"4.2\"]",
            "[\"4.2\", \"4.2\"]",
            "and on nothing twice",
        ),
        (
            "4.2",
            "{party}",
            "{Party}",
            "4.2: a placeholder is a word in small letters between braces",
        ),
        ("4.2", "{party}", "{party", "a placeholder is a word"),
        (
            "4.3-a",
            "in force since {date}",
            "in force since {Date}",
            "a placeholder is a word",
        ),
        ("4.2", "{party}", "party}", "a placeholder is a word"),
        (
            "4.2",
            "[\"interested_party\"]",
            "[]",
            "4.2: a rule reads kinds, or an act, or every kind",
        ),
        (
            "4.3-a.p",
            "level = \"reservation\"",
            "level = \"not_shown\"",
            "4.3-a.p: a practice rule gives a reservation",
        ),
        (
            "4.3-a.p",
            "level = \"reservation\"",
            "level = \"overdue\"",
            "a practice rule gives a reservation",
        ),
        (
            "5.2-b.o",
            "= 95",
            "= 101",
            "5.2-b.o: a share lies between 1 and 100 percent",
        ),
        (
            "A.2.2",
            "[\"A.2.2\"]",
            "[\"A.2.3\"]",
            "A.2.2: a control's rule goes by the control's id",
        ),
        (
            "4.2",
            "level = \"not_shown\"",
            "level = \"major\"",
            "unknown variant `major`",
        ),
        ("4.2", "shape", "form", "unknown field `form`"),
        ("4.3-a", "needs", "wants", "unknown field `wants`"),
    ];

    #[test]
    fn a_fault_in_rules_is_refused() {
        for (id, from, to, expected) in FAULTS {
            let said = refusal(ITEMS, &with(RULES, id, from, to), FIVE);
            assert!(said.contains(expected), "{said}");
        }
    }

    #[test]
    fn a_practice_rule_may_give_a_flag() {
        let rules = with(
            RULES,
            "6.3.p",
            "level = \"reservation\"",
            "level = \"flag\"",
        );
        assert!(Catalogue::read(ITEMS, &rules, FIVE).is_ok());
    }

    #[test]
    fn a_fault_in_the_five_is_refused() {
        let cases = [
            (
                "owner",
                "id = \"owner\"",
                "id = \"policy\"",
                "five.toml: policy stands there twice",
            ),
            (
                "owner",
                "\"5.3.p\"]",
                "\"5.4\"]",
                "owner names 5.4, which does not exist",
            ),
            (
                "owner",
                "holds = [\"5.3\"]",
                "holds = []",
                "owner: whether an answer holds rests on rules",
            ),
        ];
        for (id, from, to, expected) in cases {
            let said = refusal(ITEMS, RULES, &with(FIVE, id, from, to));
            assert!(said.contains(expected), "{said}");
        }
    }
}
