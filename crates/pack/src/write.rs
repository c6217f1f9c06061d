//! The writer of packs: everything is handed to it in order, and it keeps almost nothing.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use ledger::{
    Checkpoint, CheckpointError, Hash, Note, NoteError, SigningKey, TileError, TileFile, TileKind,
};
use sha2::{Digest as _, Sha256};

use crate::digest::{Digest, push_named_line, push_summed_line};
use crate::manifest::{Manifest, ManifestError};
use crate::tiles::Tiles;
use crate::withheld::{self, After, WithheldError, WithheldFile, WithheldGroup};
use crate::zip::{self, ZipError};
use crate::{
    CHECKPOINT, FILES, GROUPS, LOG, MANIFEST, MAX_ENTRIES, MAX_GROUP_BYTES, NewTemporary, PROOFS,
    README, STATUS, WITHHELD,
};

/// What the caller's own reading may fail with.
pub type Source = Box<dyn std::error::Error + Send + Sync>;

/// An iterator over what the caller reads.
pub type Items<'a, Item> = &'a mut dyn Iterator<Item = Result<Item, Source>>;

/// What can be read twice, as a file must be to be packed.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

/// What a pack is made from.
pub struct PackInput<'a> {
    /// The text of `README.txt`.
    pub readme: &'a str,
    /// The bytes of `status.json`.
    pub status_json: &'a [u8],
    /// The latest signed checkpoint, a note; it names the log, and must be of exactly these entries.
    pub checkpoint: &'a str,
    /// All entries of the log, in order.
    pub entries: Items<'a, Vec<u8>>,
    /// The disclosed groups: commitment and bytes as stored, in the order of the commitments.
    pub groups: Items<'a, (Hash, Vec<u8>)>,
    /// The files: hash and content, in the order of the hashes.
    pub files: Items<'a, (Hash, Box<dyn ReadSeek>)>,
    /// What is left out.
    pub withheld: Withholding<'a>,
    /// For each entry that gets one: its number and its proof, a `.tlog-proof` text.
    pub proofs: Vec<(u64, String)>,
    /// The date the pack is about, as `status.json` has it.
    pub as_of: &'a str,
    /// The date by which everything was known, as `status.json` has it.
    pub known_by: &'a str,
    /// The edition of the rules.
    pub rules: &'a str,
    /// Whom the pack is for.
    pub profile: &'a str,
    /// The key of the log under the name that [`crate::key_name`] returns.
    pub key: &'a SigningKey,
}

/// What is left out of a pack, and on what basis.
pub struct Withholding<'a> {
    /// The entries recorded after what the pack knows of, if any.
    pub after: Option<After>,
    /// Files, in the order of their hashes.
    pub files: Items<'a, WithheldFile>,
    /// Groups, in the order of entries and of their names.
    pub groups: Items<'a, WithheldGroup>,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The number of entries.
    pub entries: u64,
    /// The manifest that was signed.
    pub manifest: Manifest,
}

/// Why a pack cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A temporary file cannot be made, written or read.
    #[error("a temporary file: {0}")]
    Temporary(#[from] io::Error),
    /// The pack cannot be written.
    #[error("the pack: {0}")]
    Zip(#[from] ZipError),
    /// What goes into the pack cannot be read.
    #[error("what goes into the pack cannot be read: {0}")]
    Source(#[source] Source),
    /// The checkpoint is malformed.
    #[error("the checkpoint: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The entries are not those of the checkpoint.
    #[error("the {entries} entries are not those the checkpoint is of")]
    OtherEntries {
        /// Their number.
        entries: u64,
    },
    /// An entry fits into no bundle, or there are too many.
    #[error("an entry: {0}")]
    Tile(#[from] TileError),
    /// The log has more than [`MAX_ENTRIES`].
    #[error("a pack holds at most {MAX_ENTRIES} entries")]
    TooManyEntries,
    /// The bytes of a file do not have the hash they were handed over with.
    #[error("the content of the file {0} does not have that hash")]
    OtherFile(Hash),
    /// The bytes of a group do not have the hash they were handed over with.
    #[error("the content of {name} does not have that hash")]
    OtherGroup {
        /// The member it was to become.
        name: String,
    },
    /// A group has more than [`MAX_GROUP_BYTES`].
    #[error("the group {name} is over {MAX_GROUP_BYTES} bytes")]
    GroupTooLong {
        /// The member it was to become.
        name: String,
    },
    /// What is withheld is out of order or without basis.
    #[error(transparent)]
    Withheld(#[from] WithheldError),
    /// The manifest cannot be written or signed.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
}

impl From<NoteError> for WriteError {
    fn from(error: NoteError) -> WriteError {
        WriteError::Checkpoint(error.into())
    }
}

/// Writes a pack and returns what it wrote. The same input gives the same bytes.
///
/// `temporary` is asked for four files, which together grow to about the size of the log. What is
/// written to `out` before an error is no pack.
///
/// # Errors
///
/// Each [`WriteError`].
pub fn write<W: Write>(
    out: W,
    input: PackInput<'_>,
    temporary: &mut NewTemporary<'_>,
) -> Result<Written, WriteError> {
    let checkpoint = Checkpoint::parse(&Note::parse(input.checkpoint.as_bytes())?.text)?;
    let mut packing = Packing {
        zip: zip::Writer::new(out, temporary()?),
        lines: Vec::new(),
    };
    packing.zip.add(README, input.readme.as_bytes())?;
    packing.zip.add(CHECKPOINT, input.checkpoint.as_bytes())?;
    let files = packing.files(input.files)?;
    let groups = packing.groups(input.groups)?;
    let log = packing.log(input.entries, &checkpoint, temporary)?;
    let mut proofs: Vec<(String, String)> = input.proofs.into_iter().map(named).collect();
    proofs.sort_unstable();
    let mut withheld = spool_withheld(input.withheld, temporary()?)?;
    let content = measure(&mut withheld)?;
    let manifest = Manifest {
        entries: checkpoint.size,
        root: checkpoint.root,
        as_of: input.as_of.to_owned(),
        known_by: input.known_by.to_owned(),
        rules: input.rules.to_owned(),
        profile: input.profile.to_owned(),
        files: files.tally(),
        groups: groups.tally(),
        log: log.tally(),
        proofs: packing.proofs_digest(&proofs).tally(),
        single: [
            ledger::hash::sha256(input.readme.as_bytes()),
            ledger::hash::sha256(input.checkpoint.as_bytes()),
            ledger::hash::sha256(input.status_json),
            content.sha256,
        ],
    };
    let signed = manifest.sign(&checkpoint.origin, input.key)?;
    packing.zip.add(MANIFEST, signed.as_bytes())?;
    for (name, proof) in &proofs {
        packing.zip.add(name, proof.as_bytes())?;
    }
    packing.zip.add(STATUS, input.status_json)?;
    withheld.seek(SeekFrom::Start(0))?;
    packing
        .zip
        .add_from(WITHHELD, content.known(), &mut withheld)?;
    packing.zip.finish()?;
    Ok(Written {
        entries: checkpoint.size,
        manifest,
    })
}

fn named((seq, proof): (u64, String)) -> (String, String) {
    (format!("{PROOFS}{seq}{}", crate::PROOF_SUFFIX), proof)
}

struct Packing<W> {
    zip: zip::Writer<W>,
    /// Room for the line of one member.
    lines: Vec<u8>,
}

impl<W: Write> Packing<W> {
    fn files(&mut self, files: Items<'_, (Hash, Box<dyn ReadSeek>)>) -> Result<Digest, WriteError> {
        let mut digest = Digest::default();
        for file in files {
            let (hash, mut source) = file.map_err(WriteError::Source)?;
            let name = format!("{FILES}{hash}");
            let read = |error: io::Error| WriteError::Source(error.into());
            let content = measure(&mut source).map_err(read)?;
            if content.sha256 != hash {
                return Err(WriteError::OtherFile(hash));
            }
            source.seek(SeekFrom::Start(0)).map_err(read)?;
            self.zip.add_from(&name, content.known(), &mut source)?;
            self.named_line(&mut digest, &name[FILES.len()..]);
        }
        Ok(digest)
    }

    fn groups(&mut self, groups: Items<'_, (Hash, Vec<u8>)>) -> Result<Digest, WriteError> {
        let mut digest = Digest::default();
        for group in groups {
            let (hash, bytes) = group.map_err(WriteError::Source)?;
            let name = format!("{GROUPS}{hash}");
            if bytes.len() > MAX_GROUP_BYTES {
                return Err(WriteError::GroupTooLong { name });
            }
            if ledger::group::commitment(&bytes) != hash {
                return Err(WriteError::OtherGroup { name });
            }
            self.zip.add(&name, &bytes)?;
            self.named_line(&mut digest, &name[GROUPS.len()..]);
        }
        Ok(digest)
    }

    /// Entries come once and their hash tiles go first, so both wait in temporary files.
    fn log(
        &mut self,
        entries: Items<'_, Vec<u8>>,
        checkpoint: &Checkpoint,
        temporary: &mut NewTemporary<'_>,
    ) -> Result<Digest, WriteError> {
        let mut tiles = Tiles::new();
        let mut spool = TileSpool {
            leaves: Spool::new(temporary()?),
            upper: Vec::new(),
            bundles: Spool::new(temporary()?),
        };
        for entry in entries {
            if tiles.size() == MAX_ENTRIES {
                return Err(WriteError::TooManyEntries);
            }
            let entry = entry.map_err(WriteError::Source)?;
            spool.keep(tiles.append(&entry)?)?;
        }
        spool.keep(tiles.partial())?;
        if tiles.size() != checkpoint.size || tiles.root() != checkpoint.root {
            let entries = tiles.size();
            return Err(WriteError::OtherEntries { entries });
        }
        let mut digest = Digest::default();
        spool
            .leaves
            .each(|name, bytes| self.tile(&mut digest, name, bytes))?;
        // By level first: of each, tiles were kept in order.
        spool.upper.sort_by_key(|file| match file.tile.kind() {
            TileKind::Hashes(level) => level,
            TileKind::Entries => u8::MAX,
        });
        for file in &spool.upper {
            self.tile(&mut digest, &format!("{LOG}{}", file.tile), &file.bytes)?;
        }
        spool
            .bundles
            .each(|name, bytes| self.tile(&mut digest, name, bytes))?;
        Ok(digest)
    }

    fn tile(&mut self, digest: &mut Digest, name: &str, bytes: &[u8]) -> Result<(), WriteError> {
        self.zip.add(name, bytes)?;
        self.lines.clear();
        push_summed_line(&mut self.lines, &ledger::hash::sha256(bytes), name);
        digest.add(1, &self.lines);
        Ok(())
    }

    fn proofs_digest(&mut self, proofs: &[(String, String)]) -> Digest {
        let mut digest = Digest::default();
        for (name, proof) in proofs {
            self.lines.clear();
            push_summed_line(
                &mut self.lines,
                &ledger::hash::sha256(proof.as_bytes()),
                name,
            );
            digest.add(1, &self.lines);
        }
        digest
    }

    fn named_line(&mut self, digest: &mut Digest, hash: &str) {
        self.lines.clear();
        push_named_line(&mut self.lines, hash.as_bytes());
        digest.add(1, &self.lines);
    }
}

/// The tiles of a log, each kind where it waits for its turn.
struct TileSpool {
    leaves: Spool,
    /// The tiles above: one byte for each eight entries.
    upper: Vec<TileFile>,
    bundles: Spool,
}

impl TileSpool {
    fn keep(&mut self, files: Vec<TileFile>) -> io::Result<()> {
        for file in files {
            match file.tile.kind() {
                TileKind::Hashes(0) => self.leaves.keep(&file)?,
                TileKind::Hashes(_) => self.upper.push(file),
                TileKind::Entries => self.bundles.keep(&file)?,
            }
        }
        Ok(())
    }
}

/// Tiles in a temporary file: for each the lengths of its name and content, and both.
struct Spool {
    file: BufWriter<File>,
    count: u64,
}

impl Spool {
    fn new(file: File) -> Spool {
        Spool {
            file: BufWriter::new(file),
            count: 0,
        }
    }

    fn keep(&mut self, file: &TileFile) -> io::Result<()> {
        let name = format!("{LOG}{}", file.tile);
        for length in [name.len(), file.bytes.len()] {
            self.file.write_all(&(length as u64).to_le_bytes())?;
        }
        self.file.write_all(name.as_bytes())?;
        self.file.write_all(&file.bytes)?;
        self.count += 1;
        Ok(())
    }

    fn each(
        self,
        mut give: impl FnMut(&str, &[u8]) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        let file = self
            .file
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        let mut file = BufReader::new(file);
        file.seek(SeekFrom::Start(0))?;
        for _ in 0..self.count {
            let mut lengths = [0; 16];
            file.read_exact(&mut lengths)?;
            let [name, content] = [0, 8].map(|at| {
                let bytes: [u8; 8] = std::array::from_fn(|n| lengths[at + n]);
                u64::from_le_bytes(bytes) as usize
            });
            let (mut name, mut content) = (vec![0; name], vec![0; content]);
            file.read_exact(&mut name)?;
            file.read_exact(&mut content)?;
            let name = String::from_utf8(name).map_err(io::Error::other)?;
            give(&name, &content)?;
        }
        Ok(())
    }
}

fn spool_withheld(withheld: Withholding<'_>, temporary: File) -> Result<File, WriteError> {
    let out = BufWriter::new(temporary);
    let mut writer = withheld::Writer::new(out, withheld.after.as_ref())?;
    for file in withheld.files {
        writer.file(&file.map_err(WriteError::Source)?)?;
    }
    writer.groups()?;
    for group in withheld.groups {
        writer.group(&group.map_err(WriteError::Source)?)?;
    }
    let out = writer.finish()?;
    Ok(out.into_inner().map_err(io::IntoInnerError::into_error)?)
}

/// What a first reading of something finds.
struct Content {
    size_bytes: u64,
    crc32: u32,
    sha256: Hash,
}

impl Content {
    fn known(&self) -> (u64, u32) {
        (self.size_bytes, self.crc32)
    }
}

fn measure(source: &mut (impl Read + Seek)) -> io::Result<Content> {
    source.seek(SeekFrom::Start(0))?;
    let mut buffer = vec![0; 1 << 16];
    let (mut crc, mut sha, mut size_bytes) = (crc32fast::Hasher::new(), Sha256::new(), 0);
    loop {
        let count = source.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        crc.update(&buffer[..count]);
        sha.update(&buffer[..count]);
        size_bytes += count as u64;
    }
    Ok(Content {
        size_bytes,
        crc32: crc.finalize(),
        sha256: Hash(sha.finalize().into()),
    })
}
