//! A register that is imported again and again.

use std::collections::BTreeMap;

use exchange::mapping::Mapping;
use exchange::plan::{Earlier, Outcome, Plan, plan};
use exchange::table::Table;

use super::{small, table};

/// The records of a register, as each import leaves them.
pub struct Register {
    mapping: Mapping,
    pub records: BTreeMap<String, Earlier>,
}

impl Default for Register {
    fn default() -> Self {
        Self::under(small())
    }
}

impl Register {
    pub fn under(mapping: Mapping) -> Self {
        let records = BTreeMap::new();
        Self { mapping, records }
    }

    /// Imports a file, carries its plan out, and returns created, revised, unchanged and absent.
    pub fn import(&mut self, text: &str) -> [usize; 4] {
        self.import_table(&table(text))
    }

    pub fn import_table(&mut self, table: &Table) -> [usize; 4] {
        self.carry_out(&self.foreseen(table))
    }

    pub fn foreseen(&self, table: &Table) -> Plan {
        plan(table, &self.mapping, &self.records).unwrap()
    }

    pub fn carry_out(&mut self, plan: &Plan) -> [usize; 4] {
        for row in &plan.rows {
            let Some(body) = &row.body else { continue };
            let id = row.id.clone();
            let id = id.unwrap_or_else(|| format!("id-{}", self.records.len() + 1));
            let key = body["source"]["key"].as_str().unwrap().to_owned();
            assert_eq!(row.key.as_deref(), Some(key.as_str()));
            let before = self.records.insert(key, earlier(&id, body.clone()));
            let is_new = row.outcome == Outcome::Created;
            assert_eq!(before.is_none(), is_new, "row {}", row.row);
            assert!(before.is_none_or(|before| before.id == id));
        }
        let counts = plan.counts();
        let sum = counts.created + counts.revised + counts.unchanged + counts.refused;
        assert_eq!(sum, counts.rows);
        [
            counts.created,
            counts.revised,
            counts.unchanged,
            counts.absent,
        ]
    }

    pub fn titles(&self) -> BTreeMap<&str, &str> {
        let records = self.records.values();
        records
            .map(|one| (one.id.as_str(), one.body["title"].as_str().unwrap()))
            .collect()
    }
}

fn earlier(id: &str, body: serde_json::Value) -> Earlier {
    Earlier {
        id: id.to_owned(),
        version: 1,
        body,
        as_imported: None,
        effective_on: None,
        withdrawn: None,
    }
}
