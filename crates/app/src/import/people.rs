//! Rows that are people: one who is on record under the row's e-mail address is that row's record.

use std::collections::{BTreeMap, HashSet};

use exchange::mapping::Mapping;
use exchange::plan::{Earlier, Outcome as RowIs, Plan, RowOutcome, says_the_same};
use record::Refusal;
use serde_json::Value;
use uuid::Uuid;

use super::{Importing, earlier, in_the_table, kind, refuse};
use crate::addresses;
use crate::error::{AppError, Result};

impl Importing<'_> {
    /// Finds the people who are on record already: by the key of their row, else by its address.
    /// What no column of the mapping fills stays as it is on record: a last day, above all.
    pub(super) async fn meet(&self, plan: &mut Plan, mapping: &Mapping) -> Result<()> {
        if !kind(self.registry, &mapping.kind)?.is_a_person {
            return Ok(());
        }
        let ids = plan.rows.iter().filter_map(|row| row.id.clone());
        let mut met: HashSet<String> = ids.collect();
        for row in &mut plan.rows {
            let found = match row.outcome {
                RowIs::Created => self.under_address(row, mapping).await?,
                RowIs::Revised => self.on_record(row.id.as_deref()).await?,
                RowIs::Unchanged | RowIs::Refused => None,
            };
            let Some(found) = found else { continue };
            if row.outcome == RowIs::Revised || met.insert(found.id.clone()) {
                become_of(row, found, mapping);
            }
        }
        plan.absent.retain(|absent| !met.contains(&absent.id));
        Ok(())
    }

    /// Returns the one person who holds the address that a row gives, unless they were made from
    /// a row of another register: whether both mean one person is for people to say.
    async fn under_address(&self, row: &RowOutcome, mapping: &Mapping) -> Result<Option<Earlier>> {
        let Some(email) = address(row) else {
            return Ok(None);
        };
        let rows = self.rows;
        let holders = addresses::holders(rows, &email, self.registry).await?;
        let [person] = holders.as_slice() else {
            return Ok(None);
        };
        let found = earlier::newest(self, person).await?;
        let register = found
            .body
            .pointer("/source/mapping")
            .and_then(Value::as_str);
        let is_ours = register.is_none_or(|name| name == mapping.name);
        Ok(Some(found).filter(|_| is_ours))
    }

    async fn on_record(&self, id: Option<&str>) -> Result<Option<Earlier>> {
        let id = id.and_then(|id| id.parse().ok()).unwrap_or(Uuid::nil());
        let rows = self.rows;
        match rows.record(id).await? {
            Some(row) => Ok(Some(earlier::newest(self, &row).await?)),
            None => Ok(None),
        }
    }

    /// Refuses on a dry run what recording would: people under an address that another holds.
    pub(super) async fn foresee(&self, plan: &mut Plan, mapping: &Mapping) -> Result<()> {
        if !kind(self.registry, &mapping.kind)?.is_a_person {
            return Ok(());
        }
        let mut given: BTreeMap<String, usize> = BTreeMap::new();
        // What these hold is what their rows give them, and no more what is on record.
        let mut revised: HashSet<Uuid> = HashSet::new();
        for row in plan.rows.iter_mut().filter(|row| row.body.is_some()) {
            let id = match &row.id {
                Some(id) => id.parse().map_err(AppError::fault)?,
                None => Uuid::nil(),
            };
            let email = address(row);
            let refusal = match &email {
                None => None,
                Some(email) => match given.get(&email.to_lowercase()) {
                    Some(earlier) => Some(given_already(*earlier, email)),
                    None => {
                        let is_another = |other| other != id && !revised.contains(&other);
                        addresses::held(self.rows, email, self.registry, is_another).await?
                    }
                },
            };
            if let Some(refusal) = refusal {
                refuse(row, in_the_table(refusal, mapping));
                continue;
            }
            revised.insert(id);
            given.extend(email.map(|email| (email.to_lowercase(), row.row)));
        }
        Ok(())
    }
}

fn given_already(row: usize, email: &str) -> Refusal {
    Refusal::new("address_taken", format!("Row {row} has {email} already."))
        .at("/body/email")
        .hint("If it is the same person, delete one of the rows; if not, correct one of them.")
}

fn address(row: &RowOutcome) -> Option<String> {
    let email = row.body.as_ref()?.get("email")?.as_str()?;
    Some(email.to_owned())
}

/// Makes a row a version of a record, or nothing where that says the same already.
fn become_of(row: &mut RowOutcome, found: Earlier, mapping: &Mapping) {
    let Some(Value::Object(body)) = &mut row.body else {
        return;
    };
    for (name, value) in found.body.as_object().into_iter().flatten() {
        if !mapping.fills(name) {
            body.insert(name.clone(), value.clone());
        }
    }
    let same = row
        .body
        .as_ref()
        .is_some_and(|body| says_the_same(&found.body, body));
    row.outcome = if same {
        RowIs::Unchanged
    } else {
        RowIs::Revised
    };
    row.body = row.body.take().filter(|_| !same);
    row.effective_on = found.effective_on.filter(|_| same);
    row.id = Some(found.id);
    row.if_version = (!same).then_some(found.version);
}
