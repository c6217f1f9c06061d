//! Reads a log as tiles and holds it against what the ledger would write itself.

use std::path::Path;

use ledger::tile::TILE_WIDTH;
use ledger::tree::{Node, verify_inclusion};
use ledger::{Hash, HashTileWriter, ProofPlan, Tile, TileKind};

use crate::folder;

/// Returns the leaf hashes of the log of that size in `folder`.
pub fn leaf_hashes(folder: &Path, size: u64) -> Vec<Hash> {
    (0..size.div_ceil(TILE_WIDTH))
        .map(|index| Tile::in_tree(TileKind::Hashes(0), index, size).expect("within the log"))
        .flat_map(|tile| {
            let bytes = folder::bytes(&folder.join(tile.to_string()));
            tile.hashes(&bytes)
                .expect("as many hashes as the tile is wide")
        })
        .collect()
}

/// Checks that the ledger writes these leaves into the very tiles that lie in `folder`, and returns
/// how many there are.
pub fn check_written_alike(folder: &Path, leaves: &[Hash]) -> usize {
    let mut writer = HashTileWriter::new();
    let mut files: Vec<_> = leaves
        .iter()
        .flat_map(|leaf| writer.append(*leaf))
        .collect();
    files.extend(writer.partial());
    for file in &files {
        let path = folder.join(file.tile.to_string());
        assert_eq!(folder::bytes(&path), file.bytes, "{}", file.tile);
    }
    files.len()
}

/// Checks that each of `indexes` is proved from the tiles alone.
pub fn check_proofs(folder: &Path, leaves: &[Hash], indexes: &[u64], root: &Hash) {
    let size = leaves.len() as u64;
    for index in indexes {
        let plan = ProofPlan::inclusion(*index, size).expect("within the log");
        let hashes: Vec<Hash> = plan
            .nodes()
            .iter()
            .map(|node| node_hash(folder, *node, size))
            .collect();
        let proof = plan.assemble(&hashes).expect("one hash for each node");
        let leaf = &leaves[*index as usize];
        assert_eq!(
            verify_inclusion(leaf, *index, size, &proof, root),
            Ok(()),
            "{index}"
        );
    }
}

fn node_hash(folder: &Path, node: Node, size: u64) -> Hash {
    let tile = Tile::of_node(node, size).expect("within the log");
    let bytes = folder::bytes(&folder.join(tile.to_string()));
    tile.node_hash(&bytes, node).expect("within the tile")
}
