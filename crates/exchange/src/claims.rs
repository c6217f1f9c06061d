//! Finds the record of an earlier run that each row of a file is of.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use crate::key::{Keys, plain};
use crate::plan::{Earlier, says_the_same};

/// How many rows are compared with a record that several could be of.
const COMPARED_MAX: usize = 64;

/// The rows of a file and the records of earlier runs, by what they are known by.
struct Claims<'f, 'e> {
    keys: &'f Keys,
    /// What each row says; none where it is refused.
    bodies: &'f [Option<&'f Value>],
    earlier: &'e BTreeMap<String, Earlier>,
    /// The key of the record that each row is of.
    of_rows: Vec<Option<&'e str>>,
    claimed: HashSet<&'e str>,
}

/// Returns the key of the record that each row is of; none for a row that no record is found for.
///
/// A record keeps the key that it was made under. It is found by that, or by what it could be known
/// by `besides`, as long as a row has those values, whichever set of columns the row is known by
/// now: another row that repeats its number or its name makes no new record of it. No record is
/// claimed by two rows. Where several rows could be of one record, it is that of the row that says
/// the same, else of the one whose key it has, else of the one most like it.
pub(crate) fn claims<'e>(
    keys: &Keys,
    bodies: &[Option<&Value>],
    earlier: &'e BTreeMap<String, Earlier>,
    besides: impl Fn(&str, &Earlier) -> Vec<String>,
) -> Vec<Option<&'e str>> {
    let mut claims = Claims {
        keys,
        bodies,
        earlier,
        of_rows: vec![None; keys.of_rows.len()],
        claimed: HashSet::new(),
    };
    let mut records: HashMap<String, Vec<&'e str>> = HashMap::new();
    for (key, record) in earlier {
        let also = besides(key, record).into_iter();
        for known_by in also.chain([plain(key).to_owned()]) {
            records.entry(known_by).or_default().push(key);
        }
    }
    for set in &keys.by_set {
        let mut rows: HashMap<&str, Vec<usize>> = HashMap::new();
        for (row, key) in set.iter().enumerate() {
            let known = key.as_deref().filter(|key| records.contains_key(*key));
            if let Some(key) = known.filter(|_| claims.of_rows[row].is_none()) {
                rows.entry(key).or_default().push(row);
            }
        }
        for (key, rows) in rows {
            claims.settle(&rows, &records[key]);
        }
    }
    claims.of_rows
}

impl<'e> Claims<'_, 'e> {
    /// Settles which of these rows, which have the same values, are of which of these records.
    fn settle(&mut self, rows: &[usize], records: &[&'e str]) {
        let among: HashSet<&str> = records.iter().copied().collect();
        let own = |claims: &Self, row: usize| claims.own(row).filter(|own| among.contains(own));
        for row in rows {
            if let Some(record) = own(self, *row).filter(|record| self.is_same(*row, record)) {
                self.claim(*row, record);
            }
        }
        for record in records {
            if self.claimed.contains(record) {
                continue;
            }
            let mut left = self.left(rows).into_iter();
            if let Some(row) = left.find(|row| self.is_same(*row, record)) {
                self.claim(row, record);
            }
        }
        for row in rows {
            if let Some(record) = own(self, *row) {
                self.claim(*row, record);
            }
        }
        for _ in 0..COMPARED_MAX {
            let Some((row, record)) = self.most_alike(rows, records) else {
                return;
            };
            self.claim(row, record);
        }
        // More than that are hardly ever left; they are taken in their order.
        let mut rows = rows.iter().filter(|row| self.of_rows[**row].is_none());
        let records = records.iter().filter(|one| !self.claimed.contains(*one));
        let pairs: Vec<(usize, &str)> = records
            .map_while(|record| Some((*rows.next()?, *record)))
            .collect();
        for (row, record) in pairs {
            self.claim(row, record);
        }
    }

    /// Returns the row and the record that are most alike, of those that are left; the first of
    /// those that are equally so.
    fn most_alike(&self, rows: &[usize], records: &[&'e str]) -> Option<(usize, &'e str)> {
        let rows = self.left(rows);
        let records = records.iter().filter(|one| !self.claimed.contains(*one));
        let pairs = records
            .take(COMPARED_MAX)
            .flat_map(|record| rows.iter().map(move |row| (*row, *record)));
        let alike = pairs.map(|(row, record)| (self.likeness(row, record), row, record));
        let best = alike.reduce(|best, pair| if pair.0 > best.0 { pair } else { best })?;
        Some((best.1, best.2))
    }

    /// Returns the record that has the key of a row.
    fn own(&self, row: usize) -> Option<&'e str> {
        let key = self.keys.of_rows[row].as_ref()?;
        let (key, _) = self.earlier.get_key_value(key)?;
        Some(key)
    }

    /// Returns the first of these rows that no record was found for yet, not more than are compared.
    fn left(&self, rows: &[usize]) -> Vec<usize> {
        let left = rows.iter().filter(|row| self.of_rows[**row].is_none());
        left.copied().take(COMPARED_MAX).collect()
    }

    fn claim(&mut self, row: usize, record: &'e str) {
        if self.of_rows[row].is_none() && self.claimed.insert(record) {
            self.of_rows[row] = Some(record);
        }
    }

    fn is_same(&self, row: usize, record: &str) -> bool {
        self.bodies[row].is_some_and(|body| says_the_same(&self.earlier[record].body, body))
    }

    /// Returns how many fields of a row say what the record says.
    fn likeness(&self, row: usize, record: &str) -> usize {
        let fields = self.bodies[row].and_then(Value::as_object);
        let said = &self.earlier[record].body;
        let alike = |(name, value): &(&String, &Value)| said.get(name.as_str()) == Some(value);
        fields.map_or(0, |fields| fields.iter().filter(alike).count())
    }
}
