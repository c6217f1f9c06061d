//! What keeps a resolution from adopting a version, whoever passed it and however many were there.

use crate::fields::{Cite, Day};
use crate::records::Records;

/// Says why nobody could decide so on a version on a day, if that is so.
pub(crate) fn kept_from(
    records: &Records,
    (of, name): (Cite, &str),
    on: Day,
) -> Option<&'static str> {
    let version = records.cited(of)?;
    let over = || version.last_day().is_some_and(|last| last < on);
    if version.withdrawn.is_some() {
        Some("withdrawn")
    } else if name == "keep" && over() {
        Some("ended")
    } else {
        None
    }
}
