//! The tree: every small one, and its largest and damaged edges.

use ledger::hash::{EMPTY_ROOT, HASH_BYTES, leaf_hash, node_hash};
use ledger::tree::{
    MAX_TREE_SIZE, consistency_proof, frontier_nodes, inclusion_proof, root, verify_consistency,
    verify_inclusion,
};
use ledger::{Frontier, Hash, ProofError, ProofPlan};

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect()
}

/// RFC 6962, section 2.1, word for word: the slow way to a root.
fn root_by_definition(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => EMPTY_ROOT,
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node_hash(&root_by_definition(left), &root_by_definition(right))
        }
    }
}

#[test]
fn the_root_is_that_of_the_definition() {
    let leaves = leaves(70);
    for size in 0..=70 {
        let leaves = &leaves[..size];
        assert_eq!(root(leaves), root_by_definition(leaves), "{size}");
    }
}

#[test]
fn the_edge_survives_storage_and_goes_on_growing() {
    let leaves = leaves(40);
    let mut stored = Frontier::new().to_bytes();
    for (size, leaf) in leaves.iter().enumerate() {
        let mut frontier = Frontier::from_bytes(&stored).unwrap();
        assert_eq!(frontier.root(), root(&leaves[..size]));
        frontier.append(*leaf);
        stored = frontier.to_bytes();
    }
    assert_eq!(stored.len(), 8 + 2 * HASH_BYTES, "40 leaves are 32 and 8");
}

#[test]
fn a_damaged_edge_is_refused() {
    let mut frontier = Frontier::new();
    for leaf in leaves(3) {
        frontier.append(leaf);
    }
    let bytes = frontier.to_bytes();
    for length in 0..bytes.len() {
        assert_eq!(
            Frontier::from_bytes(&bytes[..length]),
            Err(ProofError::Frontier)
        );
    }
    let longer = [&bytes[..], &[0]].concat();
    assert_eq!(Frontier::from_bytes(&longer), Err(ProofError::Frontier));
}

#[test]
fn the_edge_counts_to_the_largest_tree_and_no_further() {
    let parts = |size: u64| {
        let hashes = vec![EMPTY_ROOT; size.count_ones() as usize];
        Frontier::from_parts(size, hashes)
    };
    assert!(parts(MAX_TREE_SIZE).is_ok());
    assert_eq!(parts(MAX_TREE_SIZE + 1), Err(ProofError::Frontier));
}

#[test]
fn every_leaf_of_every_small_tree_is_proved() {
    let leaves = leaves(33);
    for size in 1..=33u64 {
        let leaves = &leaves[..size as usize];
        for (index, leaf) in (0u64..).zip(leaves) {
            let proof = inclusion_proof(leaves, index).unwrap();
            let checked = verify_inclusion(leaf, index, size, &proof, &root(leaves));
            assert_eq!(checked, Ok(()), "{index} of {size}");
        }
    }
}

#[test]
fn every_small_tree_extends_every_smaller_one() {
    let leaves = leaves(33);
    for later in 1..=33 {
        let whole = &leaves[..later as usize];
        for earlier in 1..=later {
            let proof = consistency_proof(whole, earlier).unwrap();
            let earlier_root = root(&whole[..earlier as usize]);
            let checked = verify_consistency(earlier, later, &proof, &earlier_root, &root(whole));
            assert_eq!(checked, Ok(()), "{earlier} to {later}");
        }
    }
}

#[test]
fn what_cannot_be_proved_is_refused() {
    let beyond = |index, size| ProofError::IndexBeyondTree { index, size };
    assert_eq!(ProofPlan::inclusion(0, 0), Err(beyond(0, 0)));
    assert_eq!(ProofPlan::inclusion(5, 5), Err(beyond(5, 5)));
    let from_empty = ProofPlan::consistency(0, 5);
    assert_eq!(from_empty, Err(ProofError::FromEmptyTree));
    let (earlier, later) = (6, 5);
    let shrinks = ProofPlan::consistency(earlier, later);
    assert_eq!(shrinks, Err(ProofError::Shrinks { earlier, later }));
    let plan = ProofPlan::inclusion(1, 2).unwrap();
    assert_eq!(plan.assemble(&[]), Err(ProofError::Length));
}

#[test]
fn plans_reach_the_largest_sizes() {
    let plan = ProofPlan::inclusion(u64::MAX - 1, u64::MAX).unwrap();
    assert_eq!(plan.nodes().len(), 63);
    let plan = ProofPlan::consistency(u64::MAX - 1, u64::MAX).unwrap();
    assert!(plan.nodes().iter().all(|node| node.level < 64));
    assert_eq!(frontier_nodes(u64::MAX).len(), 64);
}
