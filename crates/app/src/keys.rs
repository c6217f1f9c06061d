//! The log's signing key, a file in the data directory that only its owner reads.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use ledger::{Note, SigningKey};
use sha2::{Digest, Sha256};
use store::{GOVERNANCE_LOG, Rows};
use zeroize::Zeroizing;

use crate::chance;
use crate::error::{AppError, Result};

const FILE: &str = "key";

/// Bytes read at once where the secret is looked for.
const BUFFER_BYTES: usize = 64 * 1024;

/// What the secret is made for, and nothing else is.
const SECRET: &[u8] = b"minutebook: digests of Commands\n";

/// 32 bytes that nobody knows who has not the log's key.
pub struct Secret(pub(crate) Zeroizing<[u8; 32]>);

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret")
    }
}

/// The key of a log, with the origin that its checkpoints name.
#[derive(Debug)]
pub struct LogKey {
    /// The key.
    pub signing: SigningKey,
    seed: Zeroizing<[u8; 32]>,
}

impl LogKey {
    /// Makes a new key and keeps it, readable by its owner alone, durable on return.
    ///
    /// # Errors
    /// When there is a key already, or the file cannot be written.
    pub fn create(dir: &Path, origin: &str) -> Result<Self> {
        let seed = Zeroizing::new(chance::bytes()?);
        let key = Self::of(origin, &seed)?;
        let file = store::private_file().create_new(true).open(dir.join(FILE));
        // A file is as durable as its name in the directory.
        file.and_then(|file| key.write(file))
            .and_then(|()| File::open(dir)?.sync_all())
            .map_err(|error| AppError::io("creating the log key", error))?;
        Ok(key)
    }

    /// Keeps a copy of the key in the directory of an unfinished copy of its ledger. It is
    /// durable once the directory is, and never half there.
    ///
    /// # Errors
    /// When another key is there, or the file cannot be written.
    pub fn keep(&self, dir: &Path) -> Result<()> {
        let path = dir.join(FILE);
        match fs::read_to_string(&path).map(Zeroizing::new) {
            Ok(there) if there == self.text() => return Ok(()),
            Ok(_) => {
                let dir = dir.to_owned();
                return Err(store::StoreError::OtherCopy { dir }.into());
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(AppError::io("reading the copy of the log key", error)),
        }
        let partial = dir.join("key.partial");
        let file = store::private_file()
            .create(true)
            .truncate(true)
            .open(&partial);
        file.and_then(|file| self.write(file))
            .and_then(|()| fs::rename(&partial, &path))
            .map_err(|error| AppError::io("copying the log key", error))
    }

    fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{}\n{}\n", self.origin(), hex::encode(*self.seed)))
    }

    fn write(&self, mut file: File) -> io::Result<()> {
        file.write_all(self.text().as_bytes())?;
        file.sync_all()
    }

    /// Returns whether a source holds the secret, as the file of the key writes it, in capitals or
    /// in UTF-16 too, or as plain bytes.
    ///
    /// # Errors
    /// A fault of the source.
    pub(crate) fn is_in(&self, source: &mut dyn Read) -> io::Result<bool> {
        let written = Zeroizing::new(hex::encode(*self.seed));
        let mut buffer = Zeroizing::new(vec![0; BUFFER_BYTES]);
        // The end of what was read stays: the secret may lie across two reads.
        let (mut plain, mut text) = (Zeroizing::new(Vec::new()), Zeroizing::new(Vec::new()));
        loop {
            let read = match source.read(&mut buffer) {
                Ok(0) => return Ok(false),
                Ok(read) => &buffer[..read],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            plain.extend_from_slice(read);
            // UTF-16 writes each of these digits beside a zero.
            let digits = read.iter().filter(|byte| **byte != 0);
            text.extend(digits.map(u8::to_ascii_lowercase));
            if holds(&plain, &*self.seed) || holds(&text, written.as_bytes()) {
                return Ok(true);
            }
            keep_end(&mut plain, self.seed.len());
            keep_end(&mut text, written.len());
        }
    }

    /// Reads the key.
    ///
    /// # Errors
    /// When the file is missing or no key.
    pub fn open(dir: &Path) -> Result<Self> {
        let path = dir.join(FILE);
        let text = fs::read_to_string(&path)
            .map(Zeroizing::new)
            .map_err(|error| missing_or_unreadable(&path, error))?;
        let no_key = || {
            AppError::Fault("the file `key` in the data directory is not a log key; restore it from where you keep it".to_owned())
        };
        let (origin, seed) = text.trim_end().split_once('\n').ok_or_else(no_key)?;
        let mut bytes = Zeroizing::new([0_u8; 32]);
        hex::decode_to_slice(seed, bytes.as_mut()).map_err(|_| no_key())?;
        Self::of(origin, &bytes)
    }

    /// Reads the key, where there is one.
    ///
    /// # Errors
    /// When the file cannot be read, or is no key.
    pub(crate) fn if_there(dir: &Path) -> Result<Option<Self>> {
        match fs::symlink_metadata(dir.join(FILE)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            _ => Self::open(dir).map(Some),
        }
    }

    /// Reads the key, and makes sure that the newest checkpoint is signed by it.
    ///
    /// # Errors
    /// As `open`, or when it is the key of another ledger.
    pub async fn of_ledger(dir: &Path, rows: Rows<'_>) -> Result<Self> {
        let key = Self::open(dir)?;
        let latest = rows.latest_checkpoint(GOVERNANCE_LOG).await?;
        match latest.and_then(|latest| key.other_signer(&latest.note)) {
            None => Ok(key),
            Some(signer) => Err(AppError::OtherKey {
                message: format!(
                    "{} is not the key of this ledger: the newest checkpoint is signed by {signer}, and the file holds {}",
                    dir.join(FILE).display(),
                    key.called()
                ),
                hint: "put the ledger's own `key` back, from the latest backup or from where else you keep it; nothing is signed meanwhile".to_owned(),
            }),
        }
    }

    /// Names who signed a note, where that was another key. What is no note names nobody.
    pub(crate) fn other_signer(&self, note: &str) -> Option<String> {
        let note = Note::parse(note.as_bytes()).ok()?;
        let own = self.signing.verifier();
        let is_own = |name: &str, id| name == own.name() && id == own.key_id();
        let mut by = note.signatures.iter();
        if by.any(|one| is_own(&one.name, one.key_id)) {
            return None;
        }
        let first = note.signatures.first()?;
        Some(format!("{}+{:08x}", first.name, first.key_id))
    }

    /// Returns what the key is called: its name and id, as its verifier key begins.
    pub(crate) fn called(&self) -> String {
        let own = self.signing.verifier();
        format!("{}+{:08x}", own.name(), own.key_id())
    }

    fn of(origin: &str, seed: &[u8; 32]) -> Result<Self> {
        SigningKey::from_seed(origin, seed)
            .map(|signing| Self {
                signing,
                seed: Zeroizing::new(*seed),
            })
            .map_err(AppError::fault)
    }

    /// Returns the same key under the name it signs packs with.
    ///
    /// # Errors
    /// When the name does not fit a key.
    pub fn for_pack(&self) -> Result<SigningKey> {
        SigningKey::from_seed(&pack::key_name(self.origin()), &self.seed).map_err(AppError::fault)
    }

    /// Returns the ledger's secret, which the digests of Commands' content are made with.
    pub fn secret(&self) -> Secret {
        let digest = Sha256::new().chain_update(SECRET).chain_update(*self.seed);
        Secret(Zeroizing::new(digest.finalize().into()))
    }

    /// Returns the origin.
    pub fn origin(&self) -> &str {
        self.signing.verifier().name()
    }

    /// Returns a short name for the key, for the guard's file.
    pub fn short(&self) -> String {
        hex::encode(&self.signing.verifier().as_bytes()[..16])
    }
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Takes away what no part of that length that goes on after it can begin in.
fn keep_end(bytes: &mut Vec<u8>, part_bytes: usize) {
    let past = bytes.len().saturating_sub(part_bytes - 1);
    bytes.drain(..past);
}

fn missing_or_unreadable(path: &Path, error: io::Error) -> AppError {
    let shown = path.display();
    if error.kind() != io::ErrorKind::NotFound {
        return AppError::io(format!("reading the log key {shown}"), error);
    }
    AppError::Fault(format!(
        "the log key {shown} is missing, and nothing can be signed without it; put it back from the latest backup, or from where else you keep it"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a few bytes at a time.
    struct Dripping<'a>(&'a [u8], usize);

    impl Read for Dripping<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let some = self.0.len().min(self.1).min(out.len());
            out[..some].copy_from_slice(&self.0[..some]);
            self.0 = &self.0[some..];
            Ok(some)
        }
    }

    #[test]
    fn the_secret_is_found_however_it_is_written_and_whatever_is_around_it() {
        let seed: [u8; 32] = std::array::from_fn(|at| (at * 7 + 9) as u8);
        let key = LogKey::of("minutebook/of-a-test", &seed).unwrap();
        let written = hex::encode(seed);
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let around = |part: &[u8]| [&[b'x'; 99][..], part, &[b'y'; 99]].concat();
        let holding: [Vec<u8>; 5] = [
            key.text().as_bytes().to_vec(),
            written.as_bytes().to_vec(),
            written.to_uppercase().into_bytes(),
            utf16(&written),
            seed.to_vec(),
        ];
        let without: [Vec<u8>; 4] = [
            Vec::new(),
            key.origin().as_bytes().to_vec(),
            written.as_bytes()[1..].to_vec(),
            key.signing.verifier().as_bytes().to_vec(),
        ];
        for at_once in [1, 31, 64, BUFFER_BYTES] {
            for bytes in &holding {
                let found = key.is_in(&mut Dripping(&around(bytes), at_once)).unwrap();
                assert!(found, "{at_once} {bytes:?}");
            }
            for bytes in &without {
                let found = key.is_in(&mut Dripping(&around(bytes), at_once)).unwrap();
                assert!(!found, "{at_once} {bytes:?}");
            }
        }
    }
}
