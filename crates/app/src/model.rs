//! What the records can be, and what is asked of them.

use std::sync::Arc;

use catalogue::Catalogue;
use record::Registry;

/// The kinds and the rules.
#[derive(Debug, Clone)]
pub struct Model {
    /// The kinds.
    pub registry: Arc<Registry>,
    /// The rules.
    pub catalogue: Arc<Catalogue>,
}
