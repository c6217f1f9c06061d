//! A bundle of entries, read entry by entry and hashed again.

use std::io;

use ledger::hash::leaf_hash;
use ledger::{EntryView, Frontier, GroupView, Hash, Tile, TileKind};
use record::approve::WITHDRAW;

use super::join::{Row, Standing};
use super::report::Failure;
use super::sum::{Secret, Sum};
use crate::reader::ReadError;
use crate::{ERASURE, FACTS};

/// What is found in one bundle of entries.
pub(super) struct BundleFound {
    pub(super) tile: Tile,
    /// The SHA-256 of the tile of leaf hashes that belongs to it.
    pub(super) leaf_tile: Hash,
    /// The tree over its leaves.
    pub(super) frontier: Frontier,
    /// What its entries commit to.
    pub(super) sums: BundleSums,
    /// The erasures among its entries, with the commitment to their facts.
    pub(super) erasures: Vec<(u64, Option<Hash>)>,
    /// When the first and the last entry that can be read were recorded.
    pub(super) times: Option<(u64, u64)>,
    pub(super) failures: Vec<Failure>,
}

/// What the entries of one bundle commit to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct BundleSums {
    /// Facts that are never left out.
    pub(super) needed: Sum,
    /// Everything else: words, and the facts that are left out when they came too late.
    pub(super) others: Sum,
}

/// Reads a member of `log/`, given its path there; nothing when it is no bundle of entries.
pub(super) fn read(path: &str, bytes: &[u8], secret: Secret) -> Option<BundleFound> {
    let tile = Tile::parse(path).ok()?;
    if tile.kind() != TileKind::Entries {
        return None;
    }
    let entries = tile.entries(bytes).ok()?;
    let mut leaves = Vec::with_capacity(entries.len() * ledger::hash::HASH_BYTES);
    let mut found = BundleFound {
        tile,
        leaf_tile: ledger::hash::EMPTY_ROOT,
        frontier: Frontier::new(),
        sums: BundleSums::default(),
        erasures: Vec::new(),
        times: None,
        failures: Vec::new(),
    };
    let mut view = EntryView::default();
    for (seq, entry) in (tile.leaves().start..).zip(entries) {
        let leaf = leaf_hash(entry);
        leaves.extend_from_slice(leaf.as_bytes());
        found.frontier.append(leaf);
        match view.read(entry) {
            Ok(()) => found.enter(seq, &view, secret),
            Err(error) => found.failures.push(Failure::new(Some(seq), "entry", error)),
        }
    }
    found.leaf_tile = ledger::hash::sha256(&leaves);
    Some(found)
}

/// Hands over what the entries of a bundle commit to, as far as they can be read.
pub(super) fn each_row(
    tile: &Tile,
    bytes: &[u8],
    give: &mut dyn FnMut(Row) -> io::Result<()>,
) -> Result<(), ReadError> {
    let mut view = EntryView::default();
    for (seq, entry) in (tile.leaves().start..).zip(tile.entries(bytes)?) {
        if view.read(entry).is_ok() {
            for (commitment, standing) in commitments(&view) {
                give(Row::new(commitment, seq, standing))?;
            }
        }
    }
    Ok(())
}

/// Returns what an entry commits to, and how each of it stands.
fn commitments(entry: &EntryView<'_>) -> impl Iterator<Item = (Hash, Standing)> {
    let facts_must_be_here = is_erasure(entry) || entry.name_of_move == Some(WITHDRAW.as_bytes());
    entry.groups.iter().map(move |group| {
        let standing = match (is_facts(group), facts_must_be_here) {
            (true, true) => Standing::FactsNeeded,
            (true, false) => Standing::Facts,
            (false, _) => Standing::Words,
        };
        (group.commitment, standing)
    })
}

impl BundleFound {
    fn enter(&mut self, seq: u64, entry: &EntryView<'_>, secret: Secret) {
        let (first, last) = self
            .times
            .unwrap_or((entry.time_unix_ms, entry.time_unix_ms));
        if entry.time_unix_ms < last {
            self.failures.push(earlier(seq));
        }
        self.times = Some((first, entry.time_unix_ms));
        for (commitment, standing) in commitments(entry) {
            let sum = match standing {
                Standing::FactsNeeded => &mut self.sums.needed,
                _ => &mut self.sums.others,
            };
            sum.add(Sum::of(secret, &commitment));
        }
        if is_erasure(entry) {
            let facts = entry.groups.iter().find(|group| is_facts(group));
            self.erasures
                .push((seq, facts.map(|facts| facts.commitment)));
        }
    }
}

fn is_erasure(entry: &EntryView<'_>) -> bool {
    entry.act == ERASURE.as_bytes()
}

fn is_facts(group: &GroupView<'_>) -> bool {
    group.name == FACTS.as_bytes()
}

/// The failure of an entry that is earlier than the one before it.
pub(super) fn earlier(seq: u64) -> Failure {
    Failure::new(
        Some(seq),
        "time",
        "it was recorded before the entry before it",
    )
}
