//! Writes what became of each row, as a CSV file.

use crate::plan::Plan;
use crate::refusal::Refusal;

/// How every result file begins: the columns there were from the first on. Later ones follow.
pub const BEGIN: &str = "row,key,outcome,id,code,message,warnings";

const HEADINGS: [&str; 10] = [
    "row",
    "key",
    "outcome",
    "id",
    "code",
    "message",
    "warnings",
    "field",
    "hint",
    "effective_on",
];

/// Returns the result file: one line for each row of the input in its order,
/// then one for each record whose row is gone, with a blank row number and
/// the outcome `absent`. UTF-8, comma, LF.
///
/// Set the `id` and the day of new versions in the plan first, to have them here.
///
/// # Example
/// ```
/// let plan = exchange::plan::Plan { rows: vec![], absent: vec![], warnings: vec![] };
/// assert!(exchange::results::write(&plan).starts_with(exchange::results::BEGIN.as_bytes()));
/// ```
pub fn write(plan: &Plan) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut record = |fields: [&str; 10]| {
        let fields = fields.map(inert);
        writer
            .write_record(fields.iter().map(String::as_bytes))
            .expect("memory takes all it is given");
    };
    record(HEADINGS);
    for row in &plan.rows {
        let refusal = row.refusal.as_ref();
        let said = |what: fn(&Refusal) -> &str| refusal.map_or("", what);
        record([
            &row.row.to_string(),
            row.key.as_deref().unwrap_or_default(),
            row.outcome.word(),
            row.id.as_deref().unwrap_or_default(),
            said(|refusal| &refusal.code),
            said(|refusal| &refusal.message),
            &row.warnings.join("; "),
            said(|refusal| refusal.field.as_deref().unwrap_or_default()),
            said(|refusal| &refusal.hint),
            &row.effective_on
                .map(|day| day.to_string())
                .unwrap_or_default(),
        ]);
    }
    for absent in &plan.absent {
        record([
            "",
            &absent.key,
            "absent",
            &absent.id,
            "",
            "",
            "",
            "",
            "",
            "",
        ]);
    }
    writer.into_inner().expect("memory takes all it is given")
}

/// A cell that a spreadsheet would take for a formula gets an apostrophe in
/// front: the text comes from a file somebody sent.
fn inert(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}
