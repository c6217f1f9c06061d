//! Rules: every catalogue has them, and what a rule bears on is an item of its own catalogue.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::Problem;
use crate::tree::Tree;

#[derive(Deserialize)]
struct Items {
    #[serde(default)]
    item: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    id: String,
}

#[derive(Deserialize)]
struct Rules {
    #[serde(default)]
    rule: Vec<Rule>,
}

#[derive(Deserialize)]
struct Rule {
    id: String,
    bears_on: Vec<String>,
}

/// Returns a problem for each catalogue without rules, and for each rule that bears on something its
/// catalogue does not hold, or on nothing.
pub fn problems(tree: &Tree) -> Vec<Problem> {
    tree.folders("catalogues")
        .into_iter()
        .flat_map(|catalogue| of_catalogue(tree, catalogue))
        .collect()
}

fn of_catalogue(tree: &Tree, catalogue: &str) -> Vec<Problem> {
    let rules_path = format!("catalogues/{catalogue}/rules.toml");
    let items_path = format!("catalogues/{catalogue}/items.toml");
    let Some(rules) = tree.text(&rules_path) else {
        let message = format!("write this file: without it nothing is asked of {items_path}");
        return vec![Problem::in_file(&rules_path, message)];
    };
    let rules: Rules = match toml::from_str(rules) {
        Ok(rules) => rules,
        Err(error) => return vec![Problem::in_file(&rules_path, error.to_string())],
    };
    let items: Items = match toml::from_str(tree.text(&items_path).unwrap_or_default()) {
        Ok(items) => items,
        Err(error) => return vec![Problem::in_file(&items_path, error.to_string())],
    };
    let ids: BTreeSet<&str> = items.item.iter().map(|item| item.id.as_str()).collect();
    let mut found = Vec::new();
    for rule in &rules.rule {
        if rule.bears_on.is_empty() {
            found.push(Problem::in_file(
                &rules_path,
                format!("rule {} bears on nothing", rule.id),
            ));
        }
        for id in rule.bears_on.iter().filter(|id| !ids.contains(id.as_str())) {
            let message = format!(
                "rule {} bears on {id}, which {items_path} does not hold",
                rule.id
            );
            found.push(Problem::in_file(&rules_path, message));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(rules: &str) -> Vec<String> {
        let items = "[[item]]\nid = \"9.3.1\"\n[[item]]\nid = \"A.2.4\"\n";
        let tree = Tree::of(&[
            ("catalogues/iso/items.toml", items),
            ("catalogues/iso/rules.toml", rules),
        ]);
        problems(&tree)
            .into_iter()
            .map(|problem| problem.message)
            .collect()
    }

    #[test]
    fn a_rule_on_items_of_its_catalogue_passes() {
        assert!(messages("[[rule]]\nid = \"9.3-a\"\nbears_on = [\"9.3.1\", \"A.2.4\"]").is_empty());
    }

    #[test]
    fn a_rule_on_an_item_the_catalogue_does_not_hold_fails() {
        let found = messages("[[rule]]\nid = \"8.5-a\"\nbears_on = [\"8.5\"]");
        assert_eq!(
            found,
            ["rule 8.5-a bears on 8.5, which catalogues/iso/items.toml does not hold"]
        );
    }

    #[test]
    fn a_rule_on_nothing_fails() {
        assert_eq!(
            messages("[[rule]]\nid = \"x\"\nbears_on = []"),
            ["rule x bears on nothing"]
        );
    }

    #[test]
    fn a_catalogue_without_rules_fails() {
        let found = problems(&Tree::of(&[("catalogues/iso/items.toml", "")]));
        let found: Vec<String> = found.iter().map(Problem::to_string).collect();
        assert_eq!(
            found,
            [
                "catalogues/iso/rules.toml: write this file: without it nothing is asked of \
              catalogues/iso/items.toml"
            ]
        );
    }
}
