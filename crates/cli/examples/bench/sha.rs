//! The bare limit of verifying a pack: the same SHA-256 calls on buffers in memory, on all cores.

use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context;
use pack::PackReader;

use crate::figure::timed;

/// More than any cache holds, so that the bytes come from memory as those of a pack do.
const BUFFER_BYTES: usize = 64 << 20;
/// Calls taken at once by a thread.
const CHUNK: usize = 4_096;
/// A bundle of entries, and the tile of their leaf hashes.
const BUNDLE: u64 = 256;
const NODE_BYTES: u32 = 65;
const HASH_BYTES: u32 = 32;

/// Returns the length of every call that a verification makes: of groups, of entries as leaves, of
/// bundles and tiles as members, of the inner nodes of the tree.
pub fn lengths(pack: &Path) -> anyhow::Result<Vec<u32>> {
    let mut reader = PackReader::open(File::open(pack)?).context("opening the pack")?;
    let mut lengths = Vec::new();
    let mut take = |_, group: Vec<u8>| {
        lengths.push(group.len() as u32);
        Ok(())
    };
    reader.each_group(&mut take)?;
    let mut bundle = 0;
    let count = reader.entry_count();
    for seq in 0..count {
        let length = reader.entry(seq)?.len() as u32;
        lengths.push(length + 1);
        bundle += length + 2;
        if (seq + 1) % BUNDLE == 0 || seq + 1 == count {
            lengths.extend([bundle, HASH_BYTES * BUNDLE as u32]);
            bundle = 0;
        }
        if seq > 0 {
            lengths.push(NODE_BYTES);
        }
    }
    Ok(lengths)
}

/// Makes the calls and returns how long they took, in seconds.
pub fn hash(lengths: &[u32]) -> anyhow::Result<f64> {
    let buffer: Vec<u8> = (0..BUFFER_BYTES).map(|n| (n * 31) as u8).collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut seen = 0_u8;
        loop {
            let from = next.fetch_add(CHUNK, Ordering::Relaxed);
            let Some(rest) = lengths.get(from..) else {
                break;
            };
            let mut at = from * 1_021 % (BUFFER_BYTES / 2);
            for length in rest.iter().take(CHUNK) {
                let length = *length as usize;
                at = if at + length > BUFFER_BYTES { 0 } else { at };
                seen ^= ledger::hash::sha256(&buffer[at..at + length]).0[0];
                at += length;
            }
        }
        seen
    };
    let run = || {
        std::thread::scope(|scope| {
            let started: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            for thread in started {
                std::hint::black_box(thread.join().ok());
            }
        });
        Ok(())
    };
    timed(run).map(|(seconds, ())| seconds)
}
