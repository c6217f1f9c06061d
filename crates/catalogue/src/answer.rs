//! The five answers, as lists of rules.

use serde::Deserialize;

/// Holds one of the five things that an organisation should be able to hand over, and the rules that decide it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Holds the answer's id, such as `management_review`.
    pub id: String,
    /// Holds the question as a director would ask it.
    pub question: String,
    /// Lists the rules that decide whether it would withstand an auditor. Never empty. Whether there is
    /// something to hand over is asked of fewer conditions than any rule has, in `assess`.
    pub holds: Vec<String>,
    /// Lists the rules whose findings stand beside the answer and change neither word.
    pub reservations: Vec<String>,
}
