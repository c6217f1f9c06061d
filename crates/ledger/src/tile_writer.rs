//! The writers of tiles: fed one leaf at a time, they hand back each tile as it becomes full.
//!
//! They keep at most one unfinished tile of each level, so their memory does not grow with the log.
//!
//! Source: C2SP tlog-tiles, tile height 8.

use crate::hash::Hash;
use crate::tile::{TILE_HEIGHT, TILE_LEVELS, TILE_WIDTH, Tile, TileError, TileFile, TileKind};
use crate::tree::root;

/// Writes the hash tiles of every level of a log that grows.
///
/// # Example
///
/// ```
/// use ledger::{HashTileWriter, hash::leaf_hash};
///
/// let mut writer = HashTileWriter::new();
/// let mut paths = Vec::new();
/// for n in 0u16..300 {
///     let full = writer.append(leaf_hash(&n.to_be_bytes()));
///     paths.extend(full.iter().map(|file| file.tile.to_string()));
/// }
/// paths.extend(writer.partial().iter().map(|file| file.tile.to_string()));
/// assert_eq!(paths, ["tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HashTileWriter {
    size: u64,
    // Invariant: at level l, the last `(size >> 8 * l) % 256` hashes of that level.
    levels: [Vec<Hash>; TILE_LEVELS as usize],
}

impl HashTileWriter {
    /// Returns a writer at the start of a log.
    pub fn new() -> HashTileWriter {
        HashTileWriter::default()
    }

    /// Adds one leaf, given its leaf hash, and returns the tiles that it fills, from level 0 up;
    /// mostly none.
    pub fn append(&mut self, leaf: Hash) -> Vec<TileFile> {
        let mut full = Vec::new();
        let mut hash = leaf;
        self.size += 1;
        for level in 0..TILE_LEVELS {
            let hashes = &mut self.levels[usize::from(level)];
            hashes.push(hash);
            if (hashes.len() as u64) < TILE_WIDTH {
                break;
            }
            hash = root(hashes);
            full.push(self.file(level));
            self.levels[usize::from(level)].clear();
        }
        full
    }

    /// Returns the tiles that are not yet full, from level 0 up, none of them empty.
    pub fn partial(&self) -> Vec<TileFile> {
        (0..TILE_LEVELS)
            .filter(|level| !self.levels[usize::from(*level)].is_empty())
            .map(|level| self.file(level))
            .collect()
    }

    fn file(&self, level: u8) -> TileFile {
        let hashes = &self.levels[usize::from(level)];
        let count = self.size >> (TILE_HEIGHT * u32::from(level));
        TileFile {
            tile: Tile {
                kind: TileKind::Hashes(level),
                index: (count - 1) / TILE_WIDTH,
                width: hashes.len() as u16,
            },
            bytes: hashes.iter().flat_map(|hash| hash.0).collect(),
        }
    }
}

/// Writes the entry bundles of a log that grows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BundleWriter {
    // Invariant: `bytes` holds the last `size % 256` entries.
    size: u64,
    bytes: Vec<u8>,
}

impl BundleWriter {
    /// Returns a writer at the start of a log.
    pub fn new() -> BundleWriter {
        BundleWriter::default()
    }

    /// Adds one entry, and returns the bundle when it is full.
    ///
    /// # Errors
    ///
    /// [`TileError::EntryTooLong`]; the writer is then as it was.
    pub fn append(&mut self, entry: &[u8]) -> Result<Option<TileFile>, TileError> {
        let size_bytes = entry.len();
        let length = u16::try_from(size_bytes);
        let length = length.map_err(|_| TileError::EntryTooLong { size_bytes })?;
        self.bytes.extend_from_slice(&length.to_be_bytes());
        self.bytes.extend_from_slice(entry);
        self.size += 1;
        if !self.size.is_multiple_of(TILE_WIDTH) {
            return Ok(None);
        }
        let full = self.file(TILE_WIDTH as u16);
        self.bytes.clear();
        Ok(Some(full))
    }

    /// Returns the bundle that is not yet full; nothing when it would be empty.
    pub fn partial(&self) -> Option<TileFile> {
        match (self.size % TILE_WIDTH) as u16 {
            0 => None,
            width => Some(self.file(width)),
        }
    }

    fn file(&self, width: u16) -> TileFile {
        TileFile {
            tile: Tile {
                kind: TileKind::Entries,
                index: (self.size - 1) / TILE_WIDTH,
                width,
            },
            bytes: self.bytes.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::MAX_ENTRY_BYTES;
    use crate::hash::leaf_hash;

    fn paths(files: &[TileFile]) -> Vec<String> {
        files.iter().map(|file| file.tile.to_string()).collect()
    }

    #[test]
    fn tiles_of_three_levels_come_out_as_they_fill() {
        let mut writer = HashTileWriter::new();
        let mut full = Vec::new();
        for n in 0u32..70_000 {
            full.extend(writer.append(leaf_hash(&n.to_be_bytes())));
        }
        assert_eq!(full.len(), 273 + 1);
        assert_eq!(
            paths(&full[254..257]),
            ["tile/0/254", "tile/0/255", "tile/1/000"]
        );
        let partial = writer.partial();
        let expected = ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"];
        assert_eq!(paths(&partial), expected);
        for file in full.iter().chain(&partial) {
            assert!(file.tile.hashes(&file.bytes).is_ok());
        }
    }

    #[test]
    fn bundles_come_out_as_they_fill() {
        let mut writer = BundleWriter::new();
        let mut full = Vec::new();
        for n in 0u32..300 {
            full.extend(writer.append(&n.to_be_bytes()).unwrap());
        }
        assert_eq!(paths(&full), ["tile/entries/000"]);
        let entries = full[0].tile.entries(&full[0].bytes).unwrap();
        assert_eq!(entries.len(), 256);
        assert_eq!(entries[255], 255u32.to_be_bytes());
        let partial = writer.partial().unwrap();
        assert_eq!(partial.tile.to_string(), "tile/entries/001.p/44");
    }

    #[test]
    fn an_entry_fits_the_limit_of_a_bundle_and_no_more() {
        let mut writer = BundleWriter::new();
        let longest = vec![b'x'; MAX_ENTRY_BYTES];
        assert_eq!(writer.append(&longest), Ok(None));
        let before = writer.clone();
        let size_bytes = MAX_ENTRY_BYTES + 1;
        let refused = writer.append(&vec![b'x'; size_bytes]);
        assert_eq!(refused, Err(TileError::EntryTooLong { size_bytes }));
        assert_eq!(writer, before);
        let file = writer.partial().unwrap();
        assert_eq!(file.tile.entries(&file.bytes), Ok(vec![&longest[..]]));
    }
}
