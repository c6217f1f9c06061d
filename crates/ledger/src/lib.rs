//! The ledger core: bytes in; sequence number, proof, checkpoint out.
//!
//! It owns the formats that outsiders verify (entry, group, Merkle tree, tiles, signed notes,
//! checkpoints, proofs) and the rule of the signing guard. Every function is pure: no input or
//! output, no clock, no randomness.
//!
//! It must not know what an entry means: no kind, no state, no person, no JSON, no storage.

pub mod checkpoint;
pub mod entry;
pub mod entry_view;
pub mod group;
pub mod guard;
pub mod hash;
pub mod key;
pub mod note;
pub mod proof;
pub mod tile;
pub mod tile_writer;
pub mod tree;

mod decimal;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use entry::{Entry, EntryError, Group, Reference};
pub use entry_view::{EntryView, GroupView};
pub use group::{GroupError, GroupState};
pub use guard::{GuardError, GuardMark, GuardRefusal};
pub use hash::{Hash, HashError};
pub use key::{KeyError, SigningKey, VerifierKey};
pub use note::{Note, NoteError, NoteSignature};
pub use proof::{TlogProof, TlogProofError};
pub use tile::{Tile, TileError, TileFile, TileKind};
pub use tile_writer::{BundleWriter, HashTileWriter};
pub use tree::{Frontier, Node, ProofError, ProofPlan};
