//! 7.5: what is kept under control.

use catalogue::Rule;
use record::Approver;

use super::{Subject, due_review, overdue};
use crate::at::At;
use crate::outcome::{Outcome, Says};
use crate::sentence::Param;

/// 7.5-a.p: whoever wrote the version in force did not approve it too. Where the duty to have
/// two was waived, the approval counts and is marked.
pub fn by_two(at: &At<'_>, _: &Rule, subject: &Subject) -> Outcome {
    let Subject::Record(id) = subject else {
        return Outcome::new(Says::Absent);
    };
    let record = at.records.get(*id);
    let Some(version) = record.and_then(|record| at.in_force(record)) else {
        return Outcome::new(Says::Absent);
    };
    let by = at.approved(version).filter(|one| one.act.same_person);
    let person = by.and_then(|one| match one.act.by {
        Approver::Person(person) => Some(person),
        Approver::Body { .. } | Approver::Operator => version.put.facts.by,
    });
    match person {
        None => Outcome::holds(),
        Some(person) => Outcome::fails()
            .with("person", Param::Record(person))
            .with("document", Param::Record(*id)),
    }
}

/// The requirements whose documents are here: risk criteria are those of 6.1.1, and under control as
/// any other. Processes, statements of applicability and objectives are no kinds yet.
pub const REVIEWED_FOR: &[&str] = &["7.5.2", "6.1.1"];

/// 7.5-a.o: criteria in force are looked at again by their date. Those that were withdrawn, ended
/// or replaced are not.
pub fn reviewed(at: &At<'_>, rule: &Rule, subject: &Subject) -> Outcome {
    let Subject::Record(id) = subject else {
        return Outcome::new(Says::Absent);
    };
    let record = at.records.get(*id);
    let Some(version) = record.and_then(|record| at.in_force(record)) else {
        return Outcome::new(Says::Absent);
    };
    let months = "/intervals/risk_criteria_months";
    let due = due_review(at, version, months, rule.default_months);
    overdue(at, due).with("document", *id)
}
