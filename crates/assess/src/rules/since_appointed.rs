//! The flag beside 5.3: a reorganisation that came after it was last looked at who answers for the AI
//! management system, once the recording tolerance has passed.

use catalogue::Rule;
use record::Day;

use super::{Subject, last_look, owner, since_scope};
use crate::at::At;
use crate::outcome::{Outcome, Says};

/// Returns the day on which the appointment in force was last looked at; of one for each
/// responsibility the earlier. None where nobody holds one of them, which the rule says.
fn looked_at(at: &At<'_>) -> Option<Day> {
    let looked = owner::DUTIES.map(|duty| last_look(at, owner::holder(at, duty)?.appointment));
    let [conformity, reporting] = looked;
    Some(conformity?.min(reporting?))
}

/// A unit came, went, or was moved to another part of the organisation.
pub fn reorganised(at: &At<'_>, _: &Rule, subject: &Subject) -> Outcome {
    since_scope::changed_since(at, subject, || looked_at(at)).unwrap_or(Outcome::new(Says::Absent))
}
