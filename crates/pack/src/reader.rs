//! A pack opened for reading: its entries, groups, files and other members, found without holding them in memory.

use std::collections::BTreeSet;
use std::io::{self, BufReader, Read, Seek, Write};

use ledger::tree::Node;
use ledger::{Checkpoint, CheckpointError, Hash, Note, Tile, TileError, TileKind};

use crate::manifest::{Manifest, ManifestError};
use crate::withheld::{self, Withheld, WithheldError};
use crate::zip::{self, ZipError};
use crate::{CHECKPOINT, FILES, GROUPS, LOG, MANIFEST, PROOF_SUFFIX, PROOFS, WITHHELD};

/// Why something of a pack cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be read, or changed meanwhile.
    #[error("the pack cannot be read: {0}")]
    Io(#[from] io::Error),
    /// The file is not a pack's zip.
    #[error("the file is no pack: {0}")]
    Zip(ZipError),
    /// A member that every pack has is not there.
    #[error("the pack has no member {name}")]
    Missing {
        /// Its name.
        name: String,
    },
    /// The manifest is malformed.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The checkpoint is malformed.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// A tile is malformed, or the log has no such entry.
    #[error("the log: {0}")]
    Tile(#[from] TileError),
    /// `withheld.json` is malformed.
    #[error(transparent)]
    Withheld(WithheldError),
}

impl From<WithheldError> for ReadError {
    fn from(error: WithheldError) -> ReadError {
        match error {
            WithheldError::Io(error) => ReadError::Io(error),
            malformed => ReadError::Withheld(malformed),
        }
    }
}

impl From<ZipError> for ReadError {
    fn from(error: ZipError) -> ReadError {
        match error {
            ZipError::Io(error) => ReadError::Io(error),
            refused => ReadError::Zip(refused),
        }
    }
}

/// Reads a pack. What it returns is worth what the verification of that pack found.
#[derive(Clone, Debug)]
pub struct PackReader<R> {
    zip: zip::Reader<R>,
    manifest: Manifest,
    checkpoint: Checkpoint,
    /// The bundle last read, for entries are mostly asked for in order.
    bundle: Option<(u64, Vec<Vec<u8>>)>,
}

/// Where an entry stands in the file, so that it is found again without its bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryPlace {
    offset: u64,
    count: usize,
}

impl<R: Read + Seek> PackReader<R> {
    /// Opens a pack after comparing its zip byte for byte; nothing that it says is verified.
    ///
    /// # Errors
    ///
    /// Every [`ReadError`] but [`ReadError::Tile`] and [`ReadError::Withheld`].
    pub fn open(source: R) -> Result<PackReader<R>, ReadError> {
        PackReader::of(zip::Reader::open(source)?)
    }

    pub(crate) fn of(mut zip: zip::Reader<R>) -> Result<PackReader<R>, ReadError> {
        let [manifest, checkpoint] = [MANIFEST, CHECKPOINT].map(|name| required(&mut zip, name));
        let note = |bytes: Vec<u8>| Note::parse(&bytes).map(|note| note.text);
        let manifest = note(manifest?).map_err(ManifestError::Note)?;
        let checkpoint = note(checkpoint?).map_err(CheckpointError::Note)?;
        Ok(PackReader {
            zip,
            manifest: Manifest::parse(&manifest)?,
            checkpoint: Checkpoint::parse(&checkpoint)?,
            bundle: None,
        })
    }

    /// Returns what the manifest says.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Returns what the checkpoint says.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// Returns the number of entries, as the checkpoint says it.
    pub fn entry_count(&self) -> u64 {
        self.checkpoint.size
    }

    /// Returns the bytes of an entry. Reading them in order reads each bundle once.
    ///
    /// # Errors
    ///
    /// [`ReadError::Io`]; [`ReadError::Tile`] or [`ReadError::Missing`] when there is no such entry.
    pub fn entry(&mut self, seq: u64) -> Result<Vec<u8>, ReadError> {
        let index = seq / ledger::tile::TILE_WIDTH;
        let position = (seq % ledger::tile::TILE_WIDTH) as usize;
        if self.bundle.as_ref().is_none_or(|(held, _)| *held != index) {
            let tile = Tile::in_tree(TileKind::Entries, index, self.checkpoint.size)?;
            let bytes = self.required(&format!("{LOG}{tile}"))?;
            let entries = tile.entries(&bytes)?;
            let entries = entries.into_iter().map(<[u8]>::to_vec).collect();
            self.bundle = Some((index, entries));
        }
        let held = self
            .bundle
            .as_ref()
            .and_then(|(_, held)| held.get(position));
        Ok(held.cloned().ok_or(TileError::NoSuchTile)?)
    }

    /// Returns the entries of a bundle in order, each with where it stands.
    ///
    /// # Errors
    ///
    /// As [`PackReader::entry`].
    pub fn bundle(&mut self, index: u64) -> Result<Vec<(Vec<u8>, EntryPlace)>, ReadError> {
        let tile = Tile::in_tree(TileKind::Entries, index, self.checkpoint.size)?;
        let name = format!("{LOG}{tile}");
        let member = self.zip.find(&name)?.ok_or_else(|| missing(&name))?;
        let bytes = self.zip.read(&member)?;
        let mut offset = zip::start_of(&member);
        let placed = tile.entries(&bytes)?.into_iter().map(|entry| {
            let place = EntryPlace {
                // Its length, in two bytes, stands in front of it.
                offset: offset + 2,
                count: entry.len(),
            };
            offset = place.offset + entry.len() as u64;
            (entry.to_vec(), place)
        });
        Ok(placed.collect())
    }

    /// Returns the bytes of the entry that stands there.
    ///
    /// # Errors
    ///
    /// [`ReadError::Io`].
    pub fn entry_at(&mut self, place: EntryPlace) -> Result<Vec<u8>, ReadError> {
        Ok(self.zip.bytes(place.offset, place.count)?)
    }

    /// Returns every entry in order.
    pub fn entries(&mut self) -> impl Iterator<Item = Result<Vec<u8>, ReadError>> + '_ {
        (0..self.checkpoint.size).map(|seq| self.entry(seq))
    }

    /// Returns the bytes of a disclosed group; nothing when it is not in the pack.
    ///
    /// # Errors
    ///
    /// [`ReadError::Io`].
    pub fn group(&mut self, commitment: &Hash) -> Result<Option<Vec<u8>>, ReadError> {
        self.member(&format!("{GROUPS}{commitment}"))
    }

    /// Says whether a group is in the pack.
    pub(crate) fn has_group(&mut self, commitment: &Hash) -> io::Result<bool> {
        let found = self.zip.find(&format!("{GROUPS}{commitment}"))?;
        Ok(found.is_some())
    }

    /// Says whether a file is in the pack.
    ///
    /// # Errors
    ///
    /// [`ReadError::Io`].
    pub fn has_file(&mut self, hash: &Hash) -> Result<bool, ReadError> {
        Ok(self.zip.find(&format!("{FILES}{hash}"))?.is_some())
    }

    /// Writes the bytes of a file to `out`; false when it is not in the pack.
    ///
    /// # Errors
    ///
    /// [`ReadError::Io`].
    pub fn file(&mut self, hash: &Hash, out: &mut impl Write) -> Result<bool, ReadError> {
        let Some(member) = self.zip.find(&format!("{FILES}{hash}"))? else {
            return Ok(false);
        };
        io::copy(&mut self.zip.body(&member)?, out)?;
        Ok(true)
    }

    /// Hands over every disclosed group in the order of the commitments, which is the order of
    /// the file and the fastest.
    ///
    /// # Errors
    ///
    /// [`ReadError::Io`], and the first that `give` returns.
    pub fn each_group(
        &mut self,
        give: &mut dyn FnMut(Hash, Vec<u8>) -> io::Result<()>,
    ) -> Result<(), ReadError> {
        self.each_member(GROUPS, &mut |name, sealed| {
            let hash = name[GROUPS.len()..].parse();
            give(hash.map_err(io::Error::other)?, sealed)
        })
    }

    /// Hands over the hash and the number of bytes of every file, in the order of the hashes.
    ///
    /// # Errors
    ///
    /// [`ReadError::Io`], and the first that `give` returns.
    pub fn each_file(
        &mut self,
        give: &mut dyn FnMut(Hash, u64) -> io::Result<()>,
    ) -> Result<(), ReadError> {
        Ok(self.zip.each(FILES, &mut |_, member| {
            let hash = member.name[FILES.len()..].parse();
            give(hash.map_err(io::Error::other)?, member.size_bytes)
        })?)
    }

    /// Returns the numbers of the entries that have a proof in the pack.
    ///
    /// # Errors
    ///
    /// [`ReadError::Io`].
    pub fn proofs(&mut self) -> Result<BTreeSet<u64>, ReadError> {
        let mut found = BTreeSet::new();
        self.each_name(PROOFS, &mut |name| {
            let seq = name[PROOFS.len()..].strip_suffix(PROOF_SUFFIX);
            found.extend(seq.and_then(|seq| seq.parse::<u64>().ok()));
            Ok(())
        })?;
        Ok(found)
    }

    /// Hands over what the pack says is withheld.
    ///
    /// # Errors
    ///
    /// [`ReadError::Io`], [`ReadError::Missing`] or [`ReadError::Withheld`], and what `give`
    /// returns.
    pub fn withheld(
        &mut self,
        give: &mut dyn FnMut(Withheld) -> Result<(), WithheldError>,
    ) -> Result<(), ReadError> {
        let member = self.zip.find(WITHHELD)?;
        let member = member.ok_or_else(|| missing(WITHHELD))?;
        let body = BufReader::new(self.zip.body(&member)?);
        Ok(withheld::read(body, give)?)
    }

    /// Returns the bytes of a member, such as `status.json`; nothing when there is none.
    ///
    /// # Errors
    ///
    /// [`ReadError::Io`].
    pub fn member(&mut self, name: &str) -> Result<Option<Vec<u8>>, ReadError> {
        match self.zip.find(name)? {
            Some(member) => Ok(Some(self.zip.read(&member)?)),
            None => Ok(None),
        }
    }

    /// Returns the file the pack is read from.
    pub fn into_inner(self) -> R {
        self.zip.into_inner()
    }

    /// Returns the hash of a node of the log's tree, from its tiles.
    pub(crate) fn node(&mut self, node: Node, size: u64) -> Result<Hash, ReadError> {
        let tile = Tile::of_node(node, size)?;
        let bytes = self.required(&format!("{LOG}{tile}"))?;
        Ok(tile.node_hash(&bytes, node)?)
    }

    /// Hands over the names and the bytes of the members that begin with `prefix`.
    pub(crate) fn each_member(
        &mut self,
        prefix: &str,
        give: &mut dyn FnMut(&str, Vec<u8>) -> io::Result<()>,
    ) -> Result<(), ReadError> {
        Ok(self.zip.each(prefix, &mut |zip, member| {
            give(&member.name, zip.read(member)?)
        })?)
    }

    /// Returns the names of the members that begin with `prefix`.
    pub(crate) fn each_name(
        &mut self,
        prefix: &str,
        give: &mut dyn FnMut(&str) -> io::Result<()>,
    ) -> Result<(), ReadError> {
        Ok(self.zip.each(prefix, &mut |_, member| give(&member.name))?)
    }

    pub(crate) fn required(&mut self, name: &str) -> Result<Vec<u8>, ReadError> {
        required(&mut self.zip, name)
    }
}

fn required<R: Read + Seek>(zip: &mut zip::Reader<R>, name: &str) -> Result<Vec<u8>, ReadError> {
    let member = zip.find(name)?.ok_or_else(|| missing(name))?;
    Ok(zip.read(&member)?)
}

fn missing(name: &str) -> ReadError {
    ReadError::Missing {
        name: name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::sample::Sample;

    fn opened(sample: &Sample) -> PackReader<Cursor<Vec<u8>>> {
        PackReader::open(Cursor::new(sample.pack().unwrap())).unwrap()
    }

    #[test]
    fn entries_groups_and_files_are_found_by_number_and_hash() {
        let sample = Sample::of(300);
        let mut pack = opened(&sample);
        assert_eq!(pack.entry_count(), 300);
        let entries: Result<Vec<_>, _> = pack.entries().collect();
        assert_eq!(entries.unwrap(), sample.encoded());
        assert_eq!(pack.entry(7).unwrap(), sample.encoded()[7]);
        let bundle = pack.bundle(1).unwrap();
        assert_eq!(bundle.len(), 300 - 256);
        for ((entry, place), meant) in bundle.iter().zip(&sample.encoded()[256..]) {
            assert_eq!(entry, meant);
            assert_eq!(&pack.entry_at(*place).unwrap(), meant);
        }
        assert!(matches!(pack.entry(300), Err(ReadError::Tile(_))));
        for (hash, sealed) in &sample.groups {
            assert_eq!(pack.group(hash).unwrap().as_ref(), Some(sealed));
        }
        assert_eq!(pack.group(&ledger::hash::EMPTY_ROOT).unwrap(), None);
        for (hash, content) in &sample.files {
            let mut out = Vec::new();
            assert!(pack.file(hash, &mut out).unwrap());
            assert_eq!(&out, content);
        }
        assert!(!pack.has_file(&ledger::hash::EMPTY_ROOT).unwrap());
    }

    #[test]
    fn groups_and_files_come_in_the_order_of_their_hashes() {
        let sample = Sample::of(300);
        let mut pack = opened(&sample);
        let (mut groups, mut files) = (Vec::new(), Vec::new());
        pack.each_group(&mut |hash, sealed| {
            groups.push((hash, sealed));
            Ok(())
        })
        .unwrap();
        pack.each_file(&mut |hash, size_bytes| {
            files.push((hash, size_bytes as usize));
            Ok(())
        })
        .unwrap();
        assert_eq!(
            groups,
            sample.groups.clone().into_iter().collect::<Vec<_>>()
        );
        let wanted = sample
            .files
            .iter()
            .map(|(hash, bytes)| (*hash, bytes.len()));
        assert_eq!(files, wanted.collect::<Vec<_>>());
    }

    #[test]
    fn a_file_that_cannot_be_read_is_not_a_broken_pack() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("the disk"))
            }
        }
        impl Seek for Broken {
            fn seek(&mut self, _: io::SeekFrom) -> io::Result<u64> {
                Ok(100)
            }
        }
        assert!(matches!(PackReader::open(Broken), Err(ReadError::Io(_))));
    }
}
