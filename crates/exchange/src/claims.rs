//! Finds the record of an earlier run that each row of a file is of.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ptr;

use serde_json::Value;

use crate::key::{Keys, Known, plain, unpadded};
use crate::plan::{Earlier, says_the_same};
use crate::table::Table;

/// How many rows are compared with a record that several could be of.
const COMPARED_MAX: usize = 64;

/// The record that a row is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Claim<'e> {
    /// Its key.
    pub key: &'e str,
    /// Whether it was found by columns after those that it was made under.
    pub is_by_later: bool,
}

/// The rows of a file and the records of earlier runs, by what they are known by.
struct Claims<'f, 'e> {
    keys: &'f Keys,
    /// What each row says; none where it is refused.
    bodies: &'f [Option<&'f Value>],
    earlier: &'e BTreeMap<String, Earlier>,
    /// How the keys of the records are written in this file.
    known: &'f BTreeMap<&'e str, Known>,
    /// The records by their keys as those of this file are written.
    own: HashMap<&'f str, &'e str>,
    /// The record that each row is of.
    of_rows: Vec<Option<Claim<'e>>>,
    claimed: HashSet<&'e str>,
    is_by_later: bool,
}

/// Returns the record that each row is of; none for a row that no record is found for.
///
/// A record keeps the key that it was made under. It is found by that, or by what it could be known
/// by besides, as long as a row has those values, whichever set of columns the row is known by
/// now: another row that repeats its number or its name makes no new record of it. No record is
/// claimed by two rows. Where several rows could be of one record, it is that of the row that says
/// the same, else of the one whose key it has, else, among equals, of the one most like it. A number
/// that several rows have tells nothing by itself, nor does one that several records have and none
/// was made under: such rows are known by the columns after it. Where rows of several values could
/// be of one record, those come first whose values it was made under, then the earliest.
///
/// What is left of both is found by less: the same row of the same file, read in another encoding;
/// a number with other zeros in front of it; and, for a row that has lost its number, the columns
/// it is known by without.
pub(crate) fn claims<'e>(
    keys: &Keys,
    bodies: &[Option<&Value>],
    earlier: &'e BTreeMap<String, Earlier>,
    known: &BTreeMap<&'e str, Known>,
    table: &Table,
) -> Vec<Option<Claim<'e>>> {
    let mut claims = Claims {
        keys,
        bodies,
        earlier,
        known,
        own: own(known),
        of_rows: vec![None; keys.of_rows.len()],
        claimed: HashSet::new(),
        is_by_later: false,
    };
    let mut records: HashMap<&str, Vec<&'e str>> = HashMap::new();
    let mut later: HashMap<&str, Vec<&'e str>> = HashMap::new();
    for (key, known) in known {
        for known_by in known
            .besides
            .iter()
            .map(String::as_str)
            .chain([plain(&known.key)])
        {
            records.entry(known_by).or_default().push(key);
        }
        for known_by in &known.later {
            later.entry(known_by).or_default().push(key);
        }
    }
    for set in &keys.by_set {
        claims.settle_set(set, &records, |_, _| true);
    }
    claims.settle_same_rows(table);
    for set in &keys.by_set {
        claims.settle_unpadded(set, &records);
    }
    claims.is_by_later = true;
    for set in &keys.by_set {
        // A row that has a number of its own is none that lost it.
        let is_known_by = |row: usize, key: &str| {
            let own = keys.of_rows[row].as_deref();
            own.is_some_and(|own| plain(own) == key)
        };
        claims.settle_set(set, &later, is_known_by);
    }
    claims.of_rows
}

/// Returns the records by their keys as those of this file are written. Of two that are written
/// alike now, that counts whose key always was so.
fn own<'f, 'e>(known: &'f BTreeMap<&'e str, Known>) -> HashMap<&'f str, &'e str> {
    let mut own: HashMap<&str, &str> = HashMap::new();
    for (key, known) in known {
        if known.key == *key || !own.contains_key(known.key.as_str()) {
            own.insert(&known.key, key);
        }
    }
    own
}

/// Returns groups of rows by what they have in common: first those that say what a record was made
/// under, then by their first row.
fn in_order<K>(
    groups: HashMap<K, Vec<usize>>,
    is_own: impl Fn(&K) -> bool,
) -> Vec<(K, Vec<usize>)> {
    let mut groups: Vec<_> = groups.into_iter().collect();
    // Invariant: no row is in two groups, so that no two are equal in this.
    groups.sort_by_cached_key(|(key, rows)| (!is_own(key), rows[0]));
    groups
}

impl<'e> Claims<'_, 'e> {
    /// Settles the rows of which a set of columns tells the record, by its key under that set.
    fn settle_set(
        &mut self,
        set: &[Option<String>],
        records: &HashMap<&str, Vec<&'e str>>,
        takes_part: impl Fn(usize, &str) -> bool,
    ) {
        let is_last = self
            .keys
            .by_set
            .last()
            .is_some_and(|last| ptr::eq(last.as_slice(), set));
        let mut rows: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut having: HashMap<&str, usize> = HashMap::new();
        for key in set.iter().flatten() {
            *having.entry(key).or_default() += 1;
        }
        for (row, key) in set.iter().enumerate() {
            let known = key.as_deref().filter(|key| records.contains_key(*key));
            let known = known.filter(|key| self.of_rows[row].is_none() && takes_part(row, key));
            if let Some(key) = known {
                rows.entry(key).or_default().push(row);
            }
        }
        let is_own = |key: &&str| records[*key].iter().any(|one| self.plain(one) == *key);
        for (key, rows) in in_order(rows, is_own) {
            let records = &records[key];
            let alike = match self.is_by_later {
                true => records.clone(),
                false => self.told_by(key, records, is_last || having[key] == 1),
            };
            self.settle(&rows, records, &alike);
        }
    }

    /// Returns those of the records with a key that it alone may tell: made under it, else the only
    /// one there is; none where the key does not know a row.
    fn told_by(&self, key: &str, records: &[&'e str], knows: bool) -> Vec<&'e str> {
        let made = records.iter().filter(|record| self.plain(record) == key);
        let made: Vec<&str> = made.copied().collect();
        match (knows, made.is_empty(), records) {
            (true, false, _) => made,
            (true, true, [only]) => vec![only],
            _ => Vec::new(),
        }
    }

    /// Settles the rows of a file that was imported before, as it is to the byte, and read in
    /// another encoding: they differ from their records in letters beyond ASCII alone.
    fn settle_same_rows(&mut self, table: &Table) {
        let mut records: HashMap<u64, &'e str> = HashMap::new();
        for (key, record) in self.earlier {
            let body = record.as_imported.as_ref().unwrap_or(&record.body);
            let row = body.pointer("/source/row").and_then(Value::as_u64);
            let file = body.pointer("/source/file").and_then(Value::as_str);
            if let Some(row) = row.filter(|_| file == Some(&table.sha256)) {
                records.insert(row, key);
            }
        }
        let ascii = |key: &str| key.chars().filter(char::is_ascii).collect::<String>();
        for (at, row) in table.rows.iter().enumerate() {
            let (Some(record), Some(key)) =
                (records.get(&(row.number as u64)), &self.keys.of_rows[at])
            else {
                continue;
            };
            if ascii(&self.known[record].key) == ascii(key) {
                self.claim(at, record);
            }
        }
    }

    /// Settles the rows whose number has other zeros in front of it than that of one record, and
    /// is that of no other row.
    fn settle_unpadded(&mut self, set: &[Option<String>], records: &HashMap<&str, Vec<&'e str>>) {
        let mut rows: HashMap<String, Vec<usize>> = HashMap::new();
        for (row, key) in set.iter().enumerate() {
            // What a record has as it is was settled by that.
            if let Some(key) = key.as_deref().filter(|key| !records.contains_key(key)) {
                let unpadded = unpadded(key).into_owned();
                rows.entry(unpadded).or_default().push(row);
            }
        }
        let mut left: HashMap<String, Vec<&'e str>> = HashMap::new();
        for (key, of) in records {
            let of = of.iter().filter(|record| !self.claimed.contains(*record));
            let unpadded = unpadded(key).into_owned();
            left.entry(unpadded).or_default().extend(of);
        }
        let alone = |key: &String| match left.get(key).map(Vec::as_slice) {
            Some([record]) => Some(*record),
            _ => None,
        };
        let is_own = |key: &String| alone(key).is_some_and(|one| unpadded(self.plain(one)) == *key);
        for (key, rows) in in_order(rows, is_own) {
            if let ([row], Some(record)) = (&rows[..], alone(&key)) {
                self.claim(*row, record);
            }
        }
    }

    /// Settles which of these rows, which have the same values, are of which of these records;
    /// by likeness, of which of those that may be told by it.
    fn settle(&mut self, rows: &[usize], records: &[&'e str], alike: &[&'e str]) {
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
            let Some((row, record)) = self.most_alike(rows, alike) else {
                return;
            };
            self.claim(row, record);
        }
        // More than that are hardly ever left; they are taken in their order.
        let mut rows = rows.iter().filter(|row| self.of_rows[**row].is_none());
        let alike = alike.iter().filter(|one| !self.claimed.contains(*one));
        let pairs: Vec<(usize, &str)> = alike
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

    /// Returns what a record was made under, as this file is written.
    fn plain(&self, record: &str) -> &str {
        plain(&self.known[record].key)
    }

    /// Returns the record that has the key of a row.
    fn own(&self, row: usize) -> Option<&'e str> {
        let key = self.keys.of_rows[row].as_deref()?;
        self.own.get(key).copied()
    }

    /// Returns the first of these rows that no record was found for yet, not more than are compared.
    fn left(&self, rows: &[usize]) -> Vec<usize> {
        let left = rows.iter().filter(|row| self.of_rows[**row].is_none());
        left.copied().take(COMPARED_MAX).collect()
    }

    fn claim(&mut self, row: usize, record: &'e str) {
        if self.of_rows[row].is_none() && self.claimed.insert(record) {
            self.of_rows[row] = Some(Claim {
                key: record,
                is_by_later: self.is_by_later,
            });
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
