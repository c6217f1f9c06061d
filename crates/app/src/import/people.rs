//! Rows that are people: each e-mail address is one person's.

use std::collections::BTreeMap;

use exchange::mapping::Mapping;
use exchange::plan::{Plan, RowOutcome};
use record::Refusal;
use uuid::Uuid;

use super::{in_the_table, kind, refuse};
use crate::addresses;
use crate::error::{AppError, Result};
use crate::writer::Writing;

impl Writing {
    /// Refuses on a dry run what recording would: people under an address that another holds.
    pub(super) async fn foresee(&mut self, plan: &mut Plan, mapping: &Mapping) -> Result<()> {
        if !kind(&self.desk.registry, &mapping.kind)?.is_a_person {
            return Ok(());
        }
        let mut given: BTreeMap<String, usize> = BTreeMap::new();
        for row in &mut plan.rows {
            let Some(email) = address(row) else {
                continue;
            };
            let id = match &row.id {
                Some(id) => id.parse().map_err(AppError::fault)?,
                None => Uuid::nil(),
            };
            let refusal = match given.get(&email.to_lowercase()) {
                Some(earlier) => Some(
                    Refusal::new("address_taken", format!("Row {earlier} has {email} already."))
                        .at("/body/email")
                        .hint("If it is the same person, delete one of the rows; if not, correct one of them."),
                ),
                None => addresses::held(self.writer.rows(), &email, id).await?,
            };
            given.entry(email.to_lowercase()).or_insert(row.row);
            if let Some(refusal) = refusal {
                refuse(row, in_the_table(refusal, mapping));
            }
        }
        Ok(())
    }
}

fn address(row: &RowOutcome) -> Option<String> {
    let email = row.body.as_ref()?.get("email")?.as_str()?;
    Some(email.to_owned())
}
