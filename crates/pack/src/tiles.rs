//! The log as C2SP tiles, tile by tile, for an export or for a pack.
//!
//! Source: C2SP tlog-tiles, tile height 8.

use ledger::hash::leaf_hash;
use ledger::{BundleWriter, Frontier, Hash, HashTileWriter, TileError, TileFile};

/// Makes every tile of a log as its entries are added, none of them twice.
///
/// # Example
///
/// ```
/// let mut tiles = pack::tiles::Tiles::new();
/// let mut paths = Vec::new();
/// for entry in [&b"one"[..], b"two"] {
///     paths.extend(tiles.append(entry)?.iter().map(|file| file.tile.to_string()));
/// }
/// paths.extend(tiles.partial().iter().map(|file| file.tile.to_string()));
/// assert_eq!(paths, ["tile/0/000.p/2", "tile/entries/000.p/2"]);
/// # Ok::<(), ledger::TileError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Tiles {
    bundles: BundleWriter,
    hashes: HashTileWriter,
    frontier: Frontier,
}

impl Tiles {
    /// Returns a maker at the start of a log.
    pub fn new() -> Tiles {
        Tiles::default()
    }

    /// Adds one entry and returns the tiles that it fills; mostly none.
    ///
    /// # Errors
    ///
    /// [`TileError::EntryTooLong`].
    pub fn append(&mut self, entry: &[u8]) -> Result<Vec<TileFile>, TileError> {
        let bundle = self.bundles.append(entry)?;
        let leaf = leaf_hash(entry);
        self.frontier.append(leaf);
        let mut full = self.hashes.append(leaf);
        full.extend(bundle);
        Ok(full)
    }

    /// Returns the tiles that are not yet full; a published log has them too.
    pub fn partial(&self) -> Vec<TileFile> {
        let mut partial = self.hashes.partial();
        partial.extend(self.bundles.partial());
        partial
    }

    /// Returns the number of entries.
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// Returns the root of the tree over them.
    pub fn root(&self) -> Hash {
        self.frontier.root()
    }
}

/// Why an export stopped.
#[derive(Debug, thiserror::Error)]
pub enum ExportError<Fault> {
    /// The caller could not read an entry or store a tile.
    #[error(transparent)]
    Caller(Fault),
    /// An entry fits into no bundle.
    #[error(transparent)]
    Tile(#[from] TileError),
}

/// Hands every tile of a log to `store`, with its path such as `tile/0/x001/234.p/5`, and returns
/// the size and root of what was exported.
///
/// # Errors
///
/// [`ExportError`], with the first error of `entries` or of `store`.
pub fn export<Fault>(
    entries: impl IntoIterator<Item = Result<Vec<u8>, Fault>>,
    mut store: impl FnMut(&str, &[u8]) -> Result<(), Fault>,
) -> Result<(u64, Hash), ExportError<Fault>> {
    let mut tiles = Tiles::new();
    let mut give = |files: Vec<TileFile>| {
        files
            .iter()
            .try_for_each(|file| store(&file.tile.to_string(), &file.bytes))
            .map_err(ExportError::Caller)
    };
    for entry in entries {
        give(tiles.append(&entry.map_err(ExportError::Caller)?)?)?;
    }
    give(tiles.partial())?;
    Ok((tiles.size(), tiles.root()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io::Cursor;

    use super::*;
    use crate::PackReader;
    use crate::sample::Sample;

    #[test]
    fn an_export_has_the_tiles_of_the_pack_and_no_others() {
        let sample = Sample::of(600);
        let mut exported = BTreeMap::new();
        let entries = sample.encoded().into_iter().map(Ok::<_, String>);
        let (size, root) = export(entries, |path, bytes| {
            let twice = exported.insert(format!("log/{path}"), bytes.to_vec());
            twice.map_or(Ok(()), |_| Err(path.to_owned()))
        })
        .unwrap();
        let mut pack = PackReader::open(Cursor::new(sample.pack().unwrap())).unwrap();
        assert_eq!((size, root), (600, pack.checkpoint().root));
        let mut names = Vec::new();
        pack.each_name("log/", &mut |name| {
            names.push(name.to_owned());
            Ok(())
        })
        .unwrap();
        assert_eq!(names, exported.keys().cloned().collect::<Vec<_>>());
        for (name, bytes) in &exported {
            assert_eq!(pack.member(name).unwrap().as_ref(), Some(bytes), "{name}");
        }
    }

    #[test]
    fn a_caller_that_cannot_store_ends_the_export() {
        let entries = Sample::of(1).encoded().into_iter().map(Ok);
        let stopped = export(entries, |_, _| Err("full"));
        assert!(matches!(stopped, Err(ExportError::Caller("full"))));
    }
}
