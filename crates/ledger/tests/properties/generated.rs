//! What the properties are tried on.

use ledger::hash::leaf_hash;
use ledger::{Entry, Group, Hash, Reference};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::Index;
use uuid::Uuid;

/// Trees of 1 to 600 leaves, so that they span three full tiles at most.
pub fn leaves() -> impl Strategy<Value = Vec<Hash>> {
    (1u32..=600, any::<u32>()).prop_map(|(size, salt)| {
        let leaf = |n: u32| leaf_hash(&[n.to_be_bytes(), salt.to_be_bytes()].concat());
        (0..size).map(leaf).collect()
    })
}

/// Names that an entry may hold.
fn name() -> impl Strategy<Value = String> {
    "[a-z0-9_][a-z0-9_-]{0,63}"
}

/// Entries with their references and groups in order.
pub fn entry() -> impl Strategy<Value = Entry> {
    let id = || any::<u128>().prop_map(Uuid::from_u128);
    let reference = (id(), any::<u32>()).prop_map(|(id, version)| Reference { id, version });
    let head = (
        any::<u64>(),
        name(),
        option::of(name()),
        option::of(any::<u32>()),
    );
    let subject = (
        option::of(id()),
        option::of(any::<u32>()),
        option::of(name()),
    );
    let refs = vec(reference, 0..5);
    let groups = btree_map(name(), any::<[u8; 32]>().prop_map(Hash), 0..5);
    (head, subject, refs, groups).prop_map(|(head, subject, mut refs, groups)| {
        let (time_unix_ms, act, kind, schema) = head;
        let (id, version, name_of_move) = subject;
        refs.sort();
        refs.dedup();
        let group = |(name, commitment)| Group { name, commitment };
        Entry {
            time_unix_ms,
            act,
            kind,
            schema,
            id,
            version,
            name_of_move,
            refs,
            groups: groups.into_iter().map(group).collect(),
        }
    })
}

/// One change of one byte, somewhere.
#[derive(Clone, Debug)]
pub struct Tampering {
    place: Index,
    bits: u8,
}

impl Tampering {
    pub fn any() -> impl Strategy<Value = Tampering> {
        let parts = (any::<Index>(), 1u8..);
        parts.prop_map(|(place, bits)| Tampering { place, bits })
    }

    /// Returns `bytes` with one byte changed.
    pub fn of(&self, bytes: &[u8]) -> Vec<u8> {
        let mut tampered = bytes.to_vec();
        tampered[self.place.index(bytes.len())] ^= self.bits;
        tampered
    }
}
