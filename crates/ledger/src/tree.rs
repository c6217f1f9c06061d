//! The Merkle tree: its growing edge, the proofs taken from it, and their verification.
//!
//! A proof is made in two steps, so that nothing here reads a store: a [`ProofPlan`] lists the
//! nodes whose hashes are needed, and [`ProofPlan::assemble`] makes the proof from those hashes.

use std::ops::Range;

use crate::hash::{EMPTY_ROOT, HASH_BYTES, Hash, node_hash};

/// The largest size a [`Frontier`] counts to: sizes stay within signed 64-bit integers, as they
/// do in databases and in the reference implementations of the C2SP formats.
pub const MAX_TREE_SIZE: u64 = i64::MAX as u64;

const SIZE_BYTES: usize = size_of::<u64>();

/// Why a proof cannot be made or does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The index names no leaf of a tree of that size.
    #[error("leaf {index} lies beyond a tree of {size} leaves")]
    IndexBeyondTree {
        /// The index asked about.
        index: u64,
        /// The number of leaves in the tree.
        size: u64,
    },
    /// The earlier tree is empty; every tree extends it, so a proof would say nothing.
    #[error("a proof from the empty tree says nothing")]
    FromEmptyTree,
    /// The later tree is smaller than the earlier one.
    #[error("a tree of {later} leaves cannot extend one of {earlier}")]
    Shrinks {
        /// The number of leaves in the earlier tree.
        earlier: u64,
        /// The number of leaves in the later tree.
        later: u64,
    },
    /// The number of hashes is not the one the sizes require.
    #[error("the number of hashes does not fit the sizes")]
    Length,
    /// The proof leads to another root than the one given.
    #[error("the proof leads to another root")]
    Root,
    /// The proof leads to another root of the earlier tree than the one given.
    #[error("the proof leads to another root of the earlier tree")]
    EarlierRoot,
    /// The bytes are not what [`Frontier::to_bytes`] writes.
    #[error("the stored edge of the tree is damaged")]
    Frontier,
}

/// The right edge of a tree: all that is needed to append to it and to know its root.
///
/// At most 63 hashes however large the tree, so its memory is flat.
///
/// # Example
///
/// ```
/// use ledger::hash::leaf_hash;
/// use ledger::tree::{Frontier, root};
///
/// let leaves = [leaf_hash(b"one"), leaf_hash(b"two"), leaf_hash(b"three")];
/// let mut frontier = Frontier::new();
/// for leaf in leaves {
///     frontier.append(leaf);
/// }
/// assert_eq!(frontier.size(), 3);
/// assert_eq!(frontier.root(), root(&leaves));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    // Invariant: one hash for each bit set in `size`, the largest subtree first.
    size: u64,
    hashes: Vec<Hash>,
}

impl Frontier {
    /// Returns the edge of the tree with no leaves.
    pub fn new() -> Frontier {
        Frontier::default()
    }

    /// Returns the edge of a tree of `size` leaves from the hashes of the nodes that
    /// [`frontier_nodes`] lists, in that order.
    ///
    /// # Errors
    ///
    /// [`ProofError::Frontier`] when the number of hashes does not fit the size, or the size is
    /// beyond [`MAX_TREE_SIZE`].
    pub fn from_parts(size: u64, hashes: Vec<Hash>) -> Result<Frontier, ProofError> {
        if size > MAX_TREE_SIZE || hashes.len() != size.count_ones() as usize {
            return Err(ProofError::Frontier);
        }
        Ok(Frontier { size, hashes })
    }

    /// Returns the number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Returns the hashes of the complete subtrees at the edge, the largest first.
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// Adds one leaf, given its leaf hash.
    pub fn append(&mut self, leaf: Hash) {
        let mut hash = leaf;
        let mut level_size = self.size;
        while level_size & 1 == 1 {
            let left = self.hashes.pop().expect("one hash for each bit of size");
            hash = node_hash(&left, &hash);
            level_size >>= 1;
        }
        self.hashes.push(hash);
        self.size += 1;
    }

    /// Returns the root of the tree; the hash of nothing while it has no leaves.
    ///
    /// Source: RFC 6962, section 2.1.
    pub fn root(&self) -> Hash {
        fold(&self.hashes).unwrap_or(EMPTY_ROOT)
    }

    /// Returns the edge as bytes for storage: the size as eight big-endian bytes, then the hashes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(SIZE_BYTES + self.hashes.len() * HASH_BYTES);
        bytes.extend_from_slice(&self.size.to_be_bytes());
        for hash in &self.hashes {
            bytes.extend_from_slice(hash.as_bytes());
        }
        bytes
    }

    /// Reads what [`Frontier::to_bytes`] writes, and nothing else.
    ///
    /// # Errors
    ///
    /// [`ProofError::Frontier`] when the bytes have another length than their size requires.
    pub fn from_bytes(bytes: &[u8]) -> Result<Frontier, ProofError> {
        let (size, rest) = bytes
            .split_first_chunk::<SIZE_BYTES>()
            .ok_or(ProofError::Frontier)?;
        let hashes = rest
            .chunks(HASH_BYTES)
            .map(Hash::try_from)
            .collect::<Result<Vec<Hash>, _>>()
            .map_err(|_| ProofError::Frontier)?;
        Frontier::from_parts(u64::from_be_bytes(*size), hashes)
    }
}

/// One complete subtree: the leaves from `index << level`, `1 << level` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node {
    /// The height above the leaves, 0 for a leaf itself.
    pub level: u32,
    /// The position among the nodes of that level, from the left, starting at 0.
    pub index: u64,
}

impl Node {
    /// Returns the indexes of the leaves below this node.
    ///
    /// # Panics
    ///
    /// When the node lies beyond the largest possible tree; the nodes of a plan never do.
    pub fn leaves(&self) -> Range<u64> {
        let first = self.index << self.level;
        first..first + (1 << self.level)
    }
}

/// The nodes whose hashes make up one proof.
///
/// # Example
///
/// ```
/// use ledger::hash::leaf_hash;
/// use ledger::tree::{ProofPlan, root, verify_inclusion};
///
/// let leaves: Vec<_> = (0u8..7).map(|n| leaf_hash(&[n])).collect();
/// let plan = ProofPlan::inclusion(2, 7)?;
/// // Here the hashes come from the leaves; a store would look the nodes up in its tiles.
/// let hashes: Vec<_> = plan
///     .nodes()
///     .iter()
///     .map(|node| {
///         let below = node.leaves();
///         root(&leaves[below.start as usize..below.end as usize])
///     })
///     .collect();
/// let proof = plan.assemble(&hashes)?;
/// verify_inclusion(&leaves[2], 2, 7, &proof, &root(&leaves))?;
/// # Ok::<(), ledger::ProofError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProofPlan {
    nodes: Vec<Node>,
    // Invariant: ascending positions in `nodes`, the last one its length; each closes one
    // element of the proof.
    element_ends: Vec<usize>,
}

impl ProofPlan {
    /// Returns the plan of the proof that leaf `index` is in the tree of `size` leaves.
    ///
    /// # Errors
    ///
    /// [`ProofError::IndexBeyondTree`] when the tree has no such leaf.
    ///
    /// Source: RFC 6962, section 2.1.1.
    pub fn inclusion(index: u64, size: u64) -> Result<ProofPlan, ProofError> {
        if index >= size {
            return Err(ProofError::IndexBeyondTree { index, size });
        }
        let (mut start, mut end) = (0, size);
        let mut elements = Vec::new();
        while end - start > 1 {
            let split = split(start, end);
            if index < split {
                elements.push(split..end);
                end = split;
            } else {
                elements.push(start..split);
                start = split;
            }
        }
        Ok(ProofPlan::of_elements(elements))
    }

    /// Returns the plan of the proof that the tree of `later` leaves extends that of `earlier`.
    ///
    /// Empty when both are the same size.
    ///
    /// # Errors
    ///
    /// [`ProofError::FromEmptyTree`] when `earlier` is 0, [`ProofError::Shrinks`] when `later` is
    /// smaller.
    ///
    /// Source: RFC 6962, section 2.1.2.
    pub fn consistency(earlier: u64, later: u64) -> Result<ProofPlan, ProofError> {
        check_sizes(earlier, later)?;
        let (mut start, mut end) = (0, later);
        let mut elements = Vec::new();
        while earlier != end {
            let split = split(start, end);
            if earlier <= split {
                elements.push(split..end);
                end = split;
            } else {
                elements.push(start..split);
                start = split;
            }
        }
        // A verifier knows the earlier root, so the subtree that is the whole earlier tree is
        // left out of the proof.
        if start > 0 {
            elements.push(start..end);
        }
        Ok(ProofPlan::of_elements(elements))
    }

    /// Returns the nodes whose hashes [`ProofPlan::assemble`] takes, in its order.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Returns the proof, given the hash of every node of [`ProofPlan::nodes`] in its order.
    ///
    /// # Errors
    ///
    /// [`ProofError::Length`] when there is not one hash for each node.
    pub fn assemble(&self, hashes: &[Hash]) -> Result<Vec<Hash>, ProofError> {
        if hashes.len() != self.nodes.len() {
            return Err(ProofError::Length);
        }
        let mut start = 0;
        let mut proof = Vec::with_capacity(self.element_ends.len());
        for &end in &self.element_ends {
            proof.extend(fold(&hashes[start..end]));
            start = end;
        }
        Ok(proof)
    }

    /// `elements` are ranges of leaves from the root downwards; a proof reads upwards.
    fn of_elements(elements: Vec<Range<u64>>) -> ProofPlan {
        let mut plan = ProofPlan::default();
        for element in elements.into_iter().rev() {
            push_nodes(&mut plan.nodes, element);
            plan.element_ends.push(plan.nodes.len());
        }
        plan
    }
}

/// Returns the nodes at the right edge of a tree of `size` leaves, the largest first.
pub fn frontier_nodes(size: u64) -> Vec<Node> {
    let mut nodes = Vec::new();
    push_nodes(&mut nodes, 0..size);
    nodes
}

/// Returns the root of the tree that has exactly these leaf hashes.
///
/// Source: RFC 6962, section 2.1.
pub fn root(leaves: &[Hash]) -> Hash {
    let mut frontier = Frontier::new();
    for leaf in leaves {
        frontier.append(*leaf);
    }
    frontier.root()
}

/// Returns the proof that leaf `index` is in the tree that has exactly these leaf hashes.
///
/// Work grows with the number of leaves; a large log makes its proofs from tiles instead.
///
/// # Errors
///
/// [`ProofError::IndexBeyondTree`] when there is no such leaf.
pub fn inclusion_proof(leaves: &[Hash], index: u64) -> Result<Vec<Hash>, ProofError> {
    let plan = ProofPlan::inclusion(index, leaves.len() as u64)?;
    plan.assemble(&node_hashes(leaves, plan.nodes()))
}

/// Returns the proof that the tree that has exactly these leaf hashes extends the tree of its
/// first `earlier` leaves.
///
/// Work grows with the number of leaves; a large log makes its proofs from tiles instead.
///
/// # Errors
///
/// [`ProofError::FromEmptyTree`] when `earlier` is 0, [`ProofError::Shrinks`] when there are
/// fewer leaves.
pub fn consistency_proof(leaves: &[Hash], earlier: u64) -> Result<Vec<Hash>, ProofError> {
    let plan = ProofPlan::consistency(earlier, leaves.len() as u64)?;
    plan.assemble(&node_hashes(leaves, plan.nodes()))
}

/// Checks that the leaf with hash `leaf` stands at `index` in the tree of `size` leaves and that
/// root.
///
/// # Errors
///
/// [`ProofError::IndexBeyondTree`], [`ProofError::Length`] or [`ProofError::Root`].
///
/// Source: RFC 9162, section 2.1.3.2 (the same tree as RFC 6962).
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::IndexBeyondTree { index, size });
    }
    let mut hash = *leaf;
    let (mut position, mut last) = (index, size - 1);
    for sibling in proof {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if position & 1 == 1 || position == last {
            hash = node_hash(sibling, &hash);
            (position, last) = skip_lone_levels(position, last);
        } else {
            hash = node_hash(&hash, sibling);
        }
        position >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofError::Length);
    }
    if hash != *root {
        return Err(ProofError::Root);
    }
    Ok(())
}

/// Checks that the tree of `later` leaves and root `later_root` extends the tree of `earlier`
/// leaves and root `earlier_root`.
///
/// # Errors
///
/// [`ProofError::FromEmptyTree`], [`ProofError::Shrinks`], [`ProofError::Length`],
/// [`ProofError::EarlierRoot`] or [`ProofError::Root`].
///
/// Source: RFC 9162, section 2.1.4.2 (the same tree as RFC 6962).
pub fn verify_consistency(
    earlier: u64,
    later: u64,
    proof: &[Hash],
    earlier_root: &Hash,
    later_root: &Hash,
) -> Result<(), ProofError> {
    check_sizes(earlier, later)?;
    if earlier == later {
        return match (proof.is_empty(), earlier_root == later_root) {
            (false, _) => Err(ProofError::Length),
            (true, false) => Err(ProofError::Root),
            (true, true) => Ok(()),
        };
    }
    let (mut position, mut last) = (earlier - 1, later - 1);
    let levels = position.trailing_ones();
    (position, last) = (position >> levels, last >> levels);
    // When the earlier tree is one complete subtree, the walk starts at its root, which the
    // proof leaves out.
    let (first, rest) = match (position, proof) {
        (0, rest) => (earlier_root, rest),
        (_, [first, rest @ ..]) => (first, rest),
        (_, []) => return Err(ProofError::Length),
    };
    let (mut earlier_hash, mut later_hash) = (*first, *first);
    for sibling in rest {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if position & 1 == 1 || position == last {
            earlier_hash = node_hash(sibling, &earlier_hash);
            later_hash = node_hash(sibling, &later_hash);
            (position, last) = skip_lone_levels(position, last);
        } else {
            later_hash = node_hash(&later_hash, sibling);
        }
        position >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofError::Length);
    }
    if earlier_hash != *earlier_root {
        return Err(ProofError::EarlierRoot);
    }
    if later_hash != *later_root {
        return Err(ProofError::Root);
    }
    Ok(())
}

/// Climbs past the levels at which the node at `position` is the last one and has no sibling.
fn skip_lone_levels(position: u64, last: u64) -> (u64, u64) {
    if position == 0 {
        return (position, last);
    }
    let levels = position.trailing_zeros();
    (position >> levels, last >> levels)
}

fn check_sizes(earlier: u64, later: u64) -> Result<(), ProofError> {
    if earlier == 0 {
        return Err(ProofError::FromEmptyTree);
    }
    if earlier > later {
        return Err(ProofError::Shrinks { earlier, later });
    }
    Ok(())
}

/// Where the range of at least two leaves divides: after the largest power of two below its
/// length (RFC 6962, section 2.1).
fn split(start: u64, end: u64) -> u64 {
    start + (1 << (end - start - 1).ilog2())
}

/// Adds the complete subtrees that cover `leaves`, from the left.
fn push_nodes(nodes: &mut Vec<Node>, leaves: Range<u64>) {
    let mut start = leaves.start;
    while start < leaves.end {
        // Every range that a plan asks about starts at a multiple of the largest power of two
        // that fits in it, so that no narrower subtree is ever needed on its left.
        let level = (leaves.end - start).ilog2();
        nodes.push(Node {
            level,
            index: start >> level,
        });
        start += 1 << level;
    }
}

/// The hash over complete subtrees that stand side by side, none larger than the one before.
fn fold(hashes: &[Hash]) -> Option<Hash> {
    let (last, before) = hashes.split_last()?;
    Some(
        before
            .iter()
            .rev()
            .fold(*last, |right, left| node_hash(left, &right)),
    )
}

fn node_hashes(leaves: &[Hash], nodes: &[Node]) -> Vec<Hash> {
    nodes
        .iter()
        .map(|node| {
            let below = node.leaves();
            // A plan only names nodes below the size it was made for, here the slice's length.
            root(&leaves[below.start as usize..below.end as usize])
        })
        .collect()
}
