//! What a standard asks: its sub-clauses and controls.

use serde::Deserialize;

/// Holds one requirement. Identifier and short title are the standard's; the sentence is ours (ISO/IEC 42001:2023).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Holds the standard's identifier, such as `9.3.1` or `A.10.3`.
    pub id: String,
    /// Says whether this is a sub-clause or a control.
    #[serde(rename = "type")]
    pub item_type: ItemType,
    /// Holds the short title.
    pub title: String,
    /// Says in one sentence of our own what is asked.
    pub asks: String,
    /// Names who has to act: `top management` or `organisation`. Present for sub-clauses, absent for controls.
    pub actor: Option<String>,
    /// Says whether the standard itself asks for a document or record, so that its absence is the failure itself.
    pub documented: bool,
}

/// Says what sort of requirement an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemType {
    /// A leaf of clauses 4 to 10, which nobody can exclude.
    SubClause,
    /// A control of Annex A, which applies if the Statement of Applicability in force says so.
    Control,
}

impl ItemType {
    /// Returns the word the files use.
    pub fn as_str(self) -> &'static str {
        match self {
            ItemType::SubClause => "sub-clause",
            ItemType::Control => "control",
        }
    }
}
