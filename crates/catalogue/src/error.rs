//! What can be wrong with a catalogue.

use thiserror::Error;

/// Says what is wrong with a catalogue and where. A fault of its files, never of a user.
#[derive(Debug, Error)]
pub enum CatalogueError {
    /// The file is no TOML, or holds an unknown field or word.
    #[error("{file} cannot be read")]
    Unreadable {
        /// The file's name.
        file: &'static str,
        /// What the parser said, with line and column.
        source: toml::de::Error,
    },
    /// Two entries of one file go by the same id.
    #[error("{file}: {id} stands there twice")]
    Repeated {
        /// The file's name.
        file: &'static str,
        /// The id.
        id: String,
    },
    /// An entry names an item or rule that does not exist.
    #[error("{id} names {named}, which does not exist")]
    Unknown {
        /// The rule or answer that names it.
        id: String,
        /// What it names.
        named: String,
    },
    /// An entry breaks a rule about catalogues.
    #[error("{id}: {rule}")]
    Malformed {
        /// The item, rule or answer.
        id: String,
        /// The rule it breaks, as a sentence without its full stop.
        rule: &'static str,
    },
}
