//! Reads and checks the catalogues, and answers "what is A.10.3?".
//!
//! A catalogue is data: what a standard asks (items), what the records are held against (rules) and the five answers.
//! This crate must not know records, ledgers or dates; the kinds that a rule reads are words to it.

mod answer;
mod check;
mod error;
mod item;
mod rule;

pub use answer::Answer;
pub use error::CatalogueError;
pub use item::{Item, ItemType};
pub use rule::{Basis, Level, Parameters, Rule, Shape, Silence};

use serde::Deserialize;
use serde::de::DeserializeOwned;

const ITEMS: &str = include_str!("../../../catalogues/iso-42001/items.toml");
const RULES: &str = include_str!("../../../catalogues/iso-42001/rules.toml");
const FIVE: &str = include_str!("../../../catalogues/iso-42001/five.toml");

/// Holds one standard with the rules the records are held against.
///
/// Everything stands in the order of its file, which is the order of the standard. Ids are unique among items, among
/// rules and among answers; a control and its rule share theirs. Every id that one part names exists in the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    /// Names the rules edition, as every status and pack does: `iso-42001/1`.
    pub edition: String,
    /// Holds the requirements: sub-clauses first, then controls.
    pub items: Vec<Item>,
    /// Holds the rules of basis clause, own and practice first, then one for each control.
    pub rules: Vec<Rule>,
    /// Holds the five answers, in the order in which they are given.
    pub five: Vec<Answer>,
}

impl Catalogue {
    /// Returns the catalogue of ISO/IEC 42001:2023 that this build carries.
    ///
    /// # Errors
    /// Any [`CatalogueError`]: a fault in the files under `catalogues/iso-42001/`, which the tests of this crate catch.
    ///
    /// # Example
    /// ```
    /// let catalogue = catalogue::Catalogue::iso_42001()?;
    /// assert_eq!(catalogue.item("A.10.3").map(|item| item.title.as_str()), Some("Suppliers"));
    /// # Ok::<(), catalogue::CatalogueError>(())
    /// ```
    pub fn iso_42001() -> Result<Catalogue, CatalogueError> {
        Catalogue::read(ITEMS, RULES, FIVE)
    }

    /// Returns the requirement with this id, such as `9.3.1` or `A.10.3`.
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// Returns the rule with this id, such as `9.3-a.o`; a control's rule goes by the control's id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// Returns every rule that bears on this requirement, whatever its basis, in the catalogue's order.
    pub fn rules_of<'a>(&'a self, item: &'a str) -> impl Iterator<Item = &'a Rule> {
        self.rules
            .iter()
            .filter(move |rule| rule.bears_on.iter().any(|id| id == item))
    }

    fn read(items: &str, rules: &str, five: &str) -> Result<Catalogue, CatalogueError> {
        let items: ItemsFile = parse("items.toml", items)?;
        let rules: RulesFile = parse("rules.toml", rules)?;
        let five: FiveFile = parse("five.toml", five)?;
        let catalogue = Catalogue {
            edition: rules.edition,
            items: items.item,
            rules: rules.rule,
            five: five.answer,
        };
        check::check(&catalogue)?;
        Ok(catalogue)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemsFile {
    item: Vec<Item>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RulesFile {
    edition: String,
    rule: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FiveFile {
    answer: Vec<Answer>,
}

fn parse<T: DeserializeOwned>(file: &'static str, text: &str) -> Result<T, CatalogueError> {
    toml::from_str(text).map_err(|source| CatalogueError::Unreadable { file, source })
}
