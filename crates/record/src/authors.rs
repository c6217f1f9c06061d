//! Who wrote a version, where whoever wrote or last edited does not approve.

use uuid::Uuid;

use crate::records::{Records, Version};

/// Returns whether a person wrote a version or what it was made from: it, or one before it since the
/// last that was approved, withdrawn though it may be. What nobody put their name to, the operator
/// named when the ledger began did.
///
/// Source: ISO/IEC 42001:2023, 7.5.2; whoever wrote or last edited does not approve.
pub(crate) fn wrote(records: &Records, version: &Version, person: Uuid) -> bool {
    let operator = || Some(records.begin.as_ref()?.0.operator);
    let put_it = |one: &Version| one.put.facts.by.or_else(operator) == Some(person);
    let record = records.get(version.put.id);
    let before = record
        .into_iter()
        .flat_map(|record| record.versions.iter().rev());
    let before = before.filter(|one| one.number() < version.number());
    let mut drafts = before.take_while(|one| one.approval().is_none());
    put_it(version) || drafts.any(put_it)
}
