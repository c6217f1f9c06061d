//! Append then prove; tamper then fail.

use ledger::hash::HASH_BYTES;
use ledger::tree::{
    consistency_proof, frontier_nodes, inclusion_proof, root, verify_consistency, verify_inclusion,
};
use ledger::{Frontier, Hash, HashTileWriter, Node, ProofPlan, Tile, TileFile};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::generated::{Tampering, leaves};

/// Returns the proof with one of its bytes changed.
fn tampered(proof: &[Hash], tampering: &Tampering) -> Vec<Hash> {
    let bytes: Vec<u8> = proof.iter().flat_map(|hash| hash.0).collect();
    let hashes = tampering.of(&bytes);
    hashes
        .chunks_exact(HASH_BYTES)
        .map(|bytes| Hash::try_from(bytes).expect("a chunk of that length"))
        .collect()
}

/// Returns the files of the whole tree.
fn tile_files(leaves: &[Hash]) -> Vec<TileFile> {
    let mut writer = HashTileWriter::new();
    let mut files: Vec<_> = leaves
        .iter()
        .flat_map(|leaf| writer.append(*leaf))
        .collect();
    files.extend(writer.partial());
    files
}

fn hash_from_tiles(files: &[TileFile], node: Node, size: u64) -> Hash {
    let tile = Tile::of_node(node, size).expect("the node is in the tree");
    let file = files.iter().find(|file| file.tile == tile);
    let bytes = &file.expect("the tile was written").bytes;
    tile.node_hash(bytes, node)
        .expect("the node is in the tile")
}

proptest! {
    #[test]
    fn what_was_appended_is_proved_and_nothing_else_is(
        leaves in leaves(),
        place in any::<Index>(),
        tampering in Tampering::any(),
    ) {
        let (size, root) = (leaves.len() as u64, root(&leaves));
        let index = place.index(leaves.len());
        let (leaf, index) = (leaves[index], index as u64);
        let proof = inclusion_proof(&leaves, index).unwrap();
        prop_assert_eq!(verify_inclusion(&leaf, index, size, &proof, &root), Ok(()));

        let other = tampered(&[leaf], &tampering)[0];
        prop_assert!(verify_inclusion(&other, index, size, &proof, &root).is_err());
        prop_assert!(verify_inclusion(&leaf, index + 1, size, &proof, &root).is_err());
        prop_assert!(verify_inclusion(&leaf, index, size, &proof, &other).is_err());
        let longer = [&proof[..], &[other]].concat();
        prop_assert!(verify_inclusion(&leaf, index, size, &longer, &root).is_err());
        if !proof.is_empty() {
            let shorter = &proof[1..];
            prop_assert!(verify_inclusion(&leaf, index, size, shorter, &root).is_err());
            let other = tampered(&proof, &tampering);
            prop_assert!(verify_inclusion(&leaf, index, size, &other, &root).is_err());
        }
    }

    #[test]
    fn what_was_extended_is_proved_and_nothing_else_is(
        leaves in leaves(),
        place in any::<Index>(),
        tampering in Tampering::any(),
    ) {
        let later = leaves.len() as u64;
        let earlier = place.index(leaves.len()) as u64 + 1;
        let roots = (root(&leaves[..earlier as usize]), root(&leaves));
        let proof = consistency_proof(&leaves, earlier).unwrap();
        let holds = |proof: &[Hash], roots: &(Hash, Hash)| {
            verify_consistency(earlier, later, proof, &roots.0, &roots.1).is_ok()
        };
        prop_assert!(holds(&proof, &roots));

        let other_earlier = tampered(&[roots.0], &tampering)[0];
        let other_later = tampered(&[roots.1], &tampering)[0];
        prop_assert!(!holds(&proof, &(other_earlier, roots.1)));
        prop_assert!(!holds(&proof, &(roots.0, other_later)));
        prop_assert!(!holds(&[&proof[..], &[roots.0]].concat(), &roots));
        if !proof.is_empty() {
            prop_assert!(!holds(&proof[1..], &roots));
            prop_assert!(!holds(&tampered(&proof, &tampering), &roots));
        }
    }

    #[test]
    fn a_frontier_grows_alike_from_any_size_on(leaves in leaves(), place in any::<Index>()) {
        let (before, after) = leaves.split_at(place.index(leaves.len()));
        let mut frontier = Frontier::new();
        before.iter().for_each(|leaf| frontier.append(*leaf));
        let mut frontier = Frontier::from_bytes(&frontier.to_bytes()).unwrap();
        after.iter().for_each(|leaf| frontier.append(*leaf));
        prop_assert_eq!(frontier.root(), root(&leaves));
        prop_assert_eq!(frontier.size(), leaves.len() as u64);
    }

    #[test]
    fn tiles_alone_give_every_proof_and_the_root(leaves in leaves(), place in any::<Index>()) {
        let size = leaves.len() as u64;
        let index = place.index(leaves.len()) as u64;
        let files = tile_files(&leaves);
        let look_up = |nodes: &[Node]| -> Vec<Hash> {
            nodes.iter().map(|node| hash_from_tiles(&files, *node, size)).collect()
        };
        let plan = ProofPlan::inclusion(index, size).unwrap();
        let proof = plan.assemble(&look_up(plan.nodes()));
        prop_assert_eq!(proof, inclusion_proof(&leaves, index));
        let plan = ProofPlan::consistency(index + 1, size).unwrap();
        let proof = plan.assemble(&look_up(plan.nodes()));
        prop_assert_eq!(proof, consistency_proof(&leaves, index + 1));
        let edge = look_up(&frontier_nodes(size));
        let frontier = Frontier::from_parts(size, edge).unwrap();
        prop_assert_eq!(frontier.root(), root(&leaves));
    }
}
