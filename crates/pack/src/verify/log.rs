//! The tree, rebuilt from the bundles as they pass, and compared with the tiles and the checkpoint.

use ledger::{Checkpoint, Frontier, Hash, HashTileWriter, Tile, TileKind};

use super::batch::TileFound;
use super::bundle::{BundleFound, BundleSums, earlier};
use super::report::{Failure, Report};
use crate::LOG;

/// A tile as it is found or as it has to be: its name and the SHA-256 of its content.
type NamedHash = (Tile, Hash);

/// What is kept of the log while its members pass: 80 bytes for each tile, 64 for each bundle.
#[derive(Default)]
pub(super) struct Log {
    /// The hash tiles in the pack.
    found: Vec<NamedHash>,
    /// The tiles of leaf hashes that the bundles give.
    leaf_tiles: Vec<NamedHash>,
    /// The tiles above; to this writer, the roots of full bundles are the leaves.
    upper: HashTileWriter,
    upper_tiles: Vec<NamedHash>,
    bundles: Frontier,
    /// The leaves of the last bundle, when it is not full.
    rest: Option<Frontier>,
    entries: u64,
    last_time: u64,
    /// Erasures, with the commitments to their facts.
    erasures: Vec<(u64, Option<Hash>)>,
    sums: Vec<BundleSums>,
}

/// What is known of the log when all of it has passed.
pub(super) struct LogFound {
    pub(super) entries: u64,
    pub(super) erasures: Vec<(u64, Option<Hash>)>,
    /// What the entries of each bundle commit to.
    pub(super) sums: Vec<BundleSums>,
}

impl Log {
    /// Takes the next member of `log/`, in order of names.
    pub(super) fn take(&mut self, tile: TileFound) -> Result<Vec<Failure>, Failure> {
        let refused = |why| Failure::new(None, "log", format!("{} {why}", tile.name));
        let name = Tile::parse(&tile.name[LOG.len()..]);
        let name = name.map_err(|_| refused("is no tile of a log"))?;
        if name.kind() != TileKind::Entries {
            self.found.push((name, tile.hash));
            return Ok(Vec::new());
        }
        let Some(bundle) = tile.bundle else {
            return Err(refused("is not a bundle of as many entries as it says"));
        };
        if name.leaves().start != self.entries {
            return Err(refused("does not follow the bundle before it"));
        }
        Ok(self.take_bundle(*bundle))
    }

    fn take_bundle(&mut self, bundle: BundleFound) -> Vec<Failure> {
        let mut failures = bundle.failures;
        if let Some((first, last)) = bundle.times {
            if first < self.last_time {
                failures.push(earlier(self.entries));
            }
            self.last_time = last;
        }
        self.erasures.extend(bundle.erasures);
        self.sums.push(bundle.sums);
        self.entries += u64::from(bundle.tile.width());
        let width = bundle.tile.width();
        let leaves = Tile::new(TileKind::Hashes(0), bundle.tile.index(), width);
        let leaves = leaves.expect("a bundle has the tile of leaves beside it");
        self.leaf_tiles.push((leaves, bundle.leaf_tile));
        if bundle.tile.is_full() {
            let root = bundle.frontier.root();
            self.bundles.append(root);
            let full = self.upper.append(root);
            self.keep_upper(full);
        } else {
            self.rest = Some(bundle.frontier);
        }
        failures
    }

    fn keep_upper(&mut self, files: Vec<ledger::TileFile>) {
        for file in files {
            let TileKind::Hashes(level) = file.tile.kind() else {
                continue;
            };
            // A log that fits into a pack has few levels; one that does not was refused before.
            let tile = Tile::new(
                TileKind::Hashes(level + 1),
                file.tile.index(),
                file.tile.width(),
            );
            if let Ok(tile) = tile {
                self.upper_tiles
                    .push((tile, ledger::hash::sha256(&file.bytes)));
            }
        }
    }

    /// Compares what the entries give with the tiles in the pack and with its checkpoint.
    pub(super) fn conclude(mut self, checkpoint: &Checkpoint, report: &mut Report) -> LogFound {
        let partial = self.upper.partial();
        self.keep_upper(partial);
        self.found.sort_unstable();
        let mut wanted = self.leaf_tiles;
        wanted.append(&mut self.upper_tiles);
        wanted.sort_unstable();
        if let Some(detail) = difference(&self.found, &wanted) {
            report.fail(Failure::new(None, "tile", detail));
        }
        let mut edge = self.bundles.hashes().to_vec();
        if let Some(rest) = &self.rest {
            edge.extend(rest.hashes());
        }
        let root = Frontier::from_parts(self.entries, edge).map(|edge| edge.root());
        if self.entries != checkpoint.size || root != Ok(checkpoint.root) {
            let detail = format!(
                "the checkpoint is of {} entries with the root {}; the {} entries in the pack have another",
                checkpoint.size, checkpoint.root, self.entries
            );
            report.fail(Failure::new(None, "root", detail));
        }
        report.entries = self.entries;
        LogFound {
            entries: self.entries,
            erasures: self.erasures,
            sums: self.sums,
        }
    }
}

/// Names the first tile that is not as the entries give it.
fn difference(found: &[NamedHash], wanted: &[NamedHash]) -> Option<String> {
    let pairs = found.iter().zip(wanted);
    let differs = pairs.clone().find(|(found, wanted)| found != wanted);
    let (name, why) = match (differs, found.len().cmp(&wanted.len())) {
        (Some((found, wanted)), _) if found.0 == wanted.0 => (found.0, "does not hold the hashes"),
        (Some((found, wanted)), _) if found.0 < wanted.0 => (found.0, "is no tile"),
        (Some((_, wanted)), _) => (wanted.0, "is missing, one"),
        (None, std::cmp::Ordering::Less) => (wanted[found.len()].0, "is missing, one"),
        (None, std::cmp::Ordering::Greater) => (found[wanted.len()].0, "is no tile"),
        (None, std::cmp::Ordering::Equal) => return None,
    };
    Some(format!("{LOG}{name} {why} of the log's entries"))
}
