//! Tiles: the tree and its entries as files that never change once full.
//!
//! A hash tile holds up to 256 hashes of one level; an entry bundle holds the entries below one
//! tile of leaf hashes. [`crate::tile_writer`] makes them as a log grows.
//!
//! Source: C2SP tlog-tiles, tile height 8.

use std::fmt;
use std::ops::Range;

use crate::decimal;
use crate::entry::MAX_ENTRY_BYTES;
use crate::hash::{HASH_BYTES, Hash};
use crate::tree::{MAX_TREE_SIZE, Node, root};

/// The number of levels of the tree that one tile spans.
pub const TILE_HEIGHT: u32 = 8;

/// The number of hashes of a full tile, and of entries of a full bundle.
pub const TILE_WIDTH: u64 = 1 << TILE_HEIGHT;

/// The number of tile levels that the largest tree has.
pub const TILE_LEVELS: u8 = 8;

const LENGTH_BYTES: usize = size_of::<u16>();

/// What a tile holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TileKind {
    /// Hashes of this tile level: leaf hashes at level 0, then hashes of full tiles of the level
    /// below. At most 7, the level of the largest tree.
    Hashes(u8),
    /// Entries.
    Entries,
}

/// The name of one tile; shown and read as its path, such as `tile/0/x001/234.p/5`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    // Invariant: the level is one the largest tree has, the width is 1 to 256, and the leaves
    // below lie within the largest tree.
    pub(crate) kind: TileKind,
    pub(crate) index: u64,
    pub(crate) width: u16,
}

/// A tile and its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TileFile {
    /// Its name.
    pub tile: Tile,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Why a path names no tile, or bytes are not the content of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// The path is not the one way of writing the name of a tile.
    #[error("the path names no tile")]
    Path,
    /// No tree has such a tile.
    #[error("no tree has such a tile")]
    NoSuchTile,
    /// The content has another length than the tile's width requires.
    #[error("the content does not have the tile's length")]
    Length,
    /// An entry has more than [`MAX_ENTRY_BYTES`].
    #[error("an entry of {size_bytes} bytes is over the limit of {MAX_ENTRY_BYTES}")]
    EntryTooLong {
        /// The size it has.
        size_bytes: usize,
    },
    /// The node is not within the tile.
    #[error("the node is not within the tile")]
    OtherTile,
}

impl Tile {
    /// Returns the name of the tile of that kind, index and width (1 to 256, 256 when full).
    ///
    /// # Errors
    ///
    /// [`TileError::NoSuchTile`] when no tree has it.
    pub fn new(kind: TileKind, index: u64, width: u16) -> Result<Tile, TileError> {
        let level = match kind {
            TileKind::Hashes(level) => level,
            TileKind::Entries => 0,
        };
        let end = index
            .checked_mul(TILE_WIDTH)
            .and_then(|first| first.checked_add(width.into()))
            .ok_or(TileError::NoSuchTile)?;
        let fits = level < TILE_LEVELS
            && (1..=TILE_WIDTH).contains(&width.into())
            && end <= MAX_TREE_SIZE >> (TILE_HEIGHT * u32::from(level));
        if !fits {
            return Err(TileError::NoSuchTile);
        }
        Ok(Tile { kind, index, width })
    }

    /// Returns the tile that holds the hashes from which the hash of `node` is made, as wide as
    /// it is in a tree of `size` leaves.
    ///
    /// # Errors
    ///
    /// [`TileError::NoSuchTile`] when that tree has no such node.
    pub fn of_node(node: Node, size: u64) -> Result<Tile, TileError> {
        let level = node.level / TILE_HEIGHT;
        let first = node
            .index
            .checked_mul(1 << (node.level % TILE_HEIGHT))
            .ok_or(TileError::NoSuchTile)?;
        let index = first / TILE_WIDTH;
        let level = u8::try_from(level).map_err(|_| TileError::NoSuchTile)?;
        let tile = Tile::in_tree(TileKind::Hashes(level), index, size)?;
        tile.hash_range(node).map_err(|_| TileError::NoSuchTile)?;
        Ok(tile)
    }

    /// Returns the tile of that kind and index as wide as it is in a tree of `size` leaves.
    ///
    /// # Errors
    ///
    /// [`TileError::NoSuchTile`] when that tree has nothing there.
    pub fn in_tree(kind: TileKind, index: u64, size: u64) -> Result<Tile, TileError> {
        // The narrowest tile there; it also checks the level and the index.
        let narrowest = Tile::new(kind, index, 1)?;
        let hashes = size >> narrowest.height();
        let width = hashes.saturating_sub(index * TILE_WIDTH).min(TILE_WIDTH);
        Tile::new(kind, index, width as u16)
    }

    /// Returns what the tile holds.
    pub fn kind(&self) -> TileKind {
        self.kind
    }

    /// Returns the position among the tiles of its kind, starting at 0.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// Returns the number of hashes or entries, 1 to 256.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Says whether the tile is full, and so never changes.
    pub fn is_full(&self) -> bool {
        u64::from(self.width) == TILE_WIDTH
    }

    /// Says whether a tree of `size` leaves has all that the tile holds.
    pub fn is_within(&self, size: u64) -> bool {
        self.leaves().end <= size
    }

    /// Returns the indexes of the leaves below the tile.
    pub fn leaves(&self) -> Range<u64> {
        let first = self.index * TILE_WIDTH;
        let end = first + u64::from(self.width);
        first << self.height()..end << self.height()
    }

    /// Reads a path as [`Tile`] is shown, and nothing else.
    ///
    /// # Errors
    ///
    /// [`TileError::Path`] or [`TileError::NoSuchTile`].
    ///
    /// # Example
    ///
    /// ```
    /// use ledger::{Tile, TileKind};
    ///
    /// let tile = Tile::parse("tile/0/x001/234.p/5")?;
    /// assert_eq!(tile, Tile::new(TileKind::Hashes(0), 1234, 5)?);
    /// assert_eq!(tile.leaves(), 1234 * 256..1234 * 256 + 5);
    /// assert_eq!(tile.to_string(), "tile/0/x001/234.p/5");
    /// # Ok::<(), ledger::TileError>(())
    /// ```
    pub fn parse(path: &str) -> Result<Tile, TileError> {
        let rest = path.strip_prefix("tile/").ok_or(TileError::Path)?;
        let (kind, rest) = rest.split_once('/').ok_or(TileError::Path)?;
        let kind = match kind {
            "entries" => TileKind::Entries,
            level => TileKind::Hashes(decimal::parse(level).ok_or(TileError::Path)?),
        };
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, decimal::parse(width).ok_or(TileError::Path)?),
            None => (rest, TILE_WIDTH as u16),
        };
        let index = parse_index(index).ok_or(TileError::Path)?;
        let tile = Tile::new(kind, index, width)?;
        // One tile has one path: no `x000` in front, no `.p/256` behind.
        if tile.to_string() != path {
            return Err(TileError::Path);
        }
        Ok(tile)
    }

    /// Returns the hashes that the bytes of this hash tile hold.
    ///
    /// # Errors
    ///
    /// [`TileError::Length`].
    pub fn hashes(&self, bytes: &[u8]) -> Result<Vec<Hash>, TileError> {
        if bytes.len() != usize::from(self.width) * HASH_BYTES {
            return Err(TileError::Length);
        }
        let hashes = bytes.chunks_exact(HASH_BYTES).map(Hash::try_from);
        hashes
            .collect::<Result<_, _>>()
            .map_err(|_| TileError::Length)
    }

    /// Returns the hash of `node`, given the bytes of this tile, which is [`Tile::of_node`]'s.
    ///
    /// # Errors
    ///
    /// [`TileError::OtherTile`] or [`TileError::Length`].
    pub fn node_hash(&self, bytes: &[u8], node: Node) -> Result<Hash, TileError> {
        let range = self.hash_range(node)?;
        Ok(root(&self.hashes(bytes)?[range]))
    }

    /// Returns the entries that the bytes of this bundle hold.
    ///
    /// # Errors
    ///
    /// [`TileError::Length`] when they are not exactly as many entries as the bundle is wide.
    pub fn entries<'b>(&self, bytes: &'b [u8]) -> Result<Vec<&'b [u8]>, TileError> {
        let mut entries = Vec::with_capacity(self.width.into());
        let mut rest = bytes;
        while !rest.is_empty() && entries.len() < usize::from(self.width) {
            let (length, after) = rest
                .split_first_chunk::<LENGTH_BYTES>()
                .ok_or(TileError::Length)?;
            let (entry, after) = after
                .split_at_checked(u16::from_be_bytes(*length).into())
                .ok_or(TileError::Length)?;
            entries.push(entry);
            rest = after;
        }
        if !rest.is_empty() || entries.len() != usize::from(self.width) {
            return Err(TileError::Length);
        }
        Ok(entries)
    }

    /// The levels of the tree below one hash of this tile.
    fn height(&self) -> u32 {
        match self.kind {
            TileKind::Hashes(level) => TILE_HEIGHT * u32::from(level),
            TileKind::Entries => 0,
        }
    }

    /// The positions in this tile of the hashes below `node`.
    fn hash_range(&self, node: Node) -> Result<Range<usize>, TileError> {
        let levels = node
            .level
            .checked_sub(self.height())
            .filter(|levels| *levels < TILE_HEIGHT && self.kind != TileKind::Entries)
            .ok_or(TileError::OtherTile)?;
        let first = node.index.checked_mul(1 << levels);
        let start = first
            .and_then(|first| first.checked_sub(self.index * TILE_WIDTH))
            .filter(|start| start + (1 << levels) <= u64::from(self.width))
            .ok_or(TileError::OtherTile)?;
        Ok(start as usize..start as usize + (1 << levels))
    }
}

impl fmt::Display for Tile {
    /// Writes the path.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Hashes(level) => write!(formatter, "tile/{level}/")?,
            TileKind::Entries => write!(formatter, "tile/entries/")?,
        }
        let digits = self.index.to_string();
        let length = digits.len().next_multiple_of(3);
        let digits = format!("{digits:0>length$}");
        let (front, last) = digits.split_at(length - 3);
        for start in (0..front.len()).step_by(3) {
            write!(formatter, "x{}/", &front[start..start + 3])?;
        }
        write!(formatter, "{last}")?;
        if !self.is_full() {
            write!(formatter, ".p/{}", self.width)?;
        }
        Ok(())
    }
}

fn parse_index(text: &str) -> Option<u64> {
    let mut index: u64 = 0;
    let mut parts = text.split('/').peekable();
    while let Some(part) = parts.next() {
        let digits = match parts.peek() {
            Some(_) => part.strip_prefix('x')?,
            None => part,
        };
        if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        index = index.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
    }
    Some(index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::leaf_hash;

    fn hashes(level: u8, index: u64, width: u16) -> Tile {
        Tile::new(TileKind::Hashes(level), index, width).unwrap()
    }

    #[test]
    fn tiles_have_their_paths() {
        let entries = |index, width| Tile::new(TileKind::Entries, index, width).unwrap();
        let cases = [
            (hashes(0, 0, 256), "tile/0/000"),
            (hashes(0, 999, 1), "tile/0/999.p/1"),
            (hashes(1, 1000, 256), "tile/1/x001/000"),
            (hashes(0, 1_234_067, 255), "tile/0/x001/x234/067.p/255"),
            (hashes(7, 0, 127), "tile/7/000.p/127"),
            (entries(1234, 5), "tile/entries/x001/234.p/5"),
            (entries(42, 256), "tile/entries/042"),
        ];
        for (tile, path) in cases {
            assert_eq!(tile.to_string(), path);
            assert_eq!(Tile::parse(path), Ok(tile));
        }
    }

    #[test]
    fn other_paths_are_refused() {
        let malformed = [
            "",
            "tile",
            "tile/0",
            "tile/0/",
            "/tile/0/000",
            "tile/0/000/",
            "tile/00/000",
            "tile/+0/000",
            "tile/0/00",
            "tile/0/0000",
            "tile/0/x000/000",
            "tile/0/001/000",
            "tile/0/x001",
            "tile/0/X001/000",
            "tile/0/000.p",
            "tile/0/000.p/",
            "tile/0/000.p/01",
            "tile/0/000.p/256",
            "tile/0/000.p/1.p/1",
            "tile/data/000",
            "tile/8/0/000",
            "tile/0/+01",
            "tile/0/../000",
        ];
        for path in malformed {
            assert_eq!(Tile::parse(path), Err(TileError::Path), "{path}");
        }
        let beyond = [
            "tile/8/000",
            "tile/7/000",
            "tile/7/000.p/128",
            "tile/0/000.p/0",
            "tile/0/000.p/257",
            "tile/0/x999/x999/x999/x999/x999/999",
        ];
        for path in beyond {
            assert_eq!(Tile::parse(path), Err(TileError::NoSuchTile), "{path}");
        }
    }

    #[test]
    fn a_tile_is_as_wide_as_the_tree_at_its_place() {
        // The example of C2SP tlog-tiles: a tree of 70,000.
        let cases = [
            (0, 272, Ok(256)),
            (0, 273, Ok(112)),
            (0, 274, Err(TileError::NoSuchTile)),
            (1, 0, Ok(256)),
            (1, 1, Ok(17)),
            (2, 0, Ok(1)),
            (2, 1, Err(TileError::NoSuchTile)),
            (3, 0, Err(TileError::NoSuchTile)),
        ];
        for (level, index, width) in cases {
            let tile = Tile::in_tree(TileKind::Hashes(level), index, 70_000);
            assert_eq!(tile.map(|tile| tile.width()), width, "{level} {index}");
        }
        assert!(hashes(1, 1, 17).is_within(70_000));
        assert!(!hashes(1, 1, 18).is_within(70_000));
        assert_eq!(hashes(1, 1, 17).leaves(), 65_536..65_536 + 17 * 256);
    }

    #[test]
    fn a_node_is_found_in_its_tile() {
        let leaves: Vec<Hash> = (0u8..5).map(|n| leaf_hash(&[n])).collect();
        let bytes: Vec<u8> = leaves.iter().flat_map(|leaf| leaf.0).collect();
        let tile = hashes(0, 0, 5);
        let node = |level, index| Node { level, index };
        for (node, below) in [(node(0, 4), 4..5), (node(1, 1), 2..4), (node(2, 0), 0..4)] {
            assert_eq!(Tile::of_node(node, 5), Ok(tile));
            assert_eq!(tile.node_hash(&bytes, node), Ok(root(&leaves[below])));
        }
        for outside in [node(0, 5), node(1, 2), node(3, 0), node(0, 256), node(8, 0)] {
            assert_eq!(tile.node_hash(&bytes, outside), Err(TileError::OtherTile));
            assert_eq!(Tile::of_node(outside, 5), Err(TileError::NoSuchTile));
        }
        let cut = &bytes[1..];
        assert_eq!(tile.node_hash(cut, node(0, 0)), Err(TileError::Length));
        assert_eq!(Tile::of_node(node(8, 1), 70_000), Ok(hashes(1, 0, 256)));
        let farthest = node(63, u64::MAX);
        assert_eq!(Tile::of_node(farthest, 5), Err(TileError::NoSuchTile));
    }

    #[test]
    fn a_bundle_holds_exactly_as_many_entries_as_it_is_wide() {
        let bundle = |width| Tile::new(TileKind::Entries, 0, width).unwrap();
        let bytes = b"\x00\x03one\x00\x00\x00\x03two";
        let entries: [&[u8]; 3] = [b"one", b"", b"two"];
        assert_eq!(bundle(3).entries(bytes), Ok(entries.to_vec()));
        assert_eq!(bundle(2).entries(bytes), Err(TileError::Length));
        assert_eq!(bundle(4).entries(bytes), Err(TileError::Length));
        for end in 0..bytes.len() {
            assert_eq!(bundle(3).entries(&bytes[..end]), Err(TileError::Length));
        }
    }
}
