//! Rows of a unit that the organisation does not list: nobody is asked to attest for it.

use std::collections::{BTreeMap, BTreeSet};

use exchange::plan::{Outcome, Plan};
use record::{Records, counted};
use serde_json::Value;

/// Where an organisation lists its units.
const UNITS: &str = "/units";

/// Warns of each row whose unit is none that the organisation lists, and of the first of them for
/// the file as a whole. Where it lists none at all, only the file is warned of: no row is odd then.
pub(super) fn warn(records: &Records, plan: &mut Plan) {
    let listed = listed(records);
    let mut unlisted: BTreeMap<String, usize> = BTreeMap::new();
    for row in &mut plan.rows {
        let unit = row.unit.clone().filter(|unit| !listed.contains(unit));
        let Some(unit) = unit.filter(|_| row.outcome != Outcome::Refused) else {
            continue;
        };
        if !listed.is_empty() {
            let warning = format!("its unit {unit:?} is not one the organisation lists");
            row.warnings.push(warning);
        }
        *unlisted.entry(unit).or_default() += 1;
    }
    plan.warnings.extend(in_words(&listed, &unlisted));
}

/// Returns the units that the organisation lists now.
fn listed(records: &Records) -> BTreeSet<String> {
    let organisation = records.begin.as_ref().map(|(begin, _)| begin.organisation);
    let organisation = organisation.and_then(|id| records.get(id));
    let units = organisation.and_then(|record| record.newest().body().pointer(UNITS));
    let units = units.and_then(Value::as_array).into_iter().flatten();
    let ids = units.filter_map(|unit| unit.get("id").and_then(Value::as_str));
    ids.map(str::to_owned).collect()
}

fn in_words(listed: &BTreeSet<String>, unlisted: &BTreeMap<String, usize>) -> Option<String> {
    let rows = counted(unlisted.values().sum::<usize>(), "row");
    let next = "nobody is asked to attest for it; list it in the organisation's record, or correct the unit";
    let mut units = unlisted.keys();
    match (units.next()?, units.len()) {
        (unit, 0) => Some(format!(
            "the unit {unit:?} of {rows} is not one the organisation lists: {next}"
        )),
        (unit, more) if listed.is_empty() => Some(format!(
            "the organisation lists no units, and {rows} name {}, such as {unit:?}: nobody is asked to attest for them",
            more + 1
        )),
        (unit, more) => Some(format!(
            "{} of {rows} are not ones the organisation lists, such as {unit:?}: {next}",
            counted(more + 1, "unit")
        )),
    }
}
