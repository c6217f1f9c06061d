//! Members found by name, in a file whose every byte was compared before.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use super::directory::Records;
use super::{Directory, Found, Member, Part, Stretch, Walk, ZipError};

/// Finds and reads members by name. Its memory grows by two bytes a member.
#[derive(Clone, Debug)]
pub struct Reader<R> {
    source: R,
    directory: Arc<Directory>,
}

impl<R: Read + Seek> Reader<R> {
    /// Checks that the file is exactly what the writer would have written, CRC-32s included, and
    /// opens it.
    ///
    /// # Errors
    ///
    /// [`ZipError::Io`] or [`ZipError::Refused`].
    pub fn open(mut source: R) -> Result<Reader<R>, ZipError> {
        let mut walk = Walk::start(&mut source)?;
        let (mut spare, mut buffer) = (Stretch::default(), Vec::new());
        let what = "the bytes of a member do not have its CRC-32";
        while let Some(part) = walk.next_part(std::mem::take(&mut spare))? {
            match part {
                Part::Stretch(stretch) => {
                    for found in stretch.members(walk.source(), &mut buffer)? {
                        let Found {
                            body,
                            crc32,
                            offset: at,
                            ..
                        } = found?;
                        if crc32fast::hash(body) != crc32 {
                            return Err(ZipError::Refused { at, what });
                        }
                    }
                    spare = stretch;
                }
                Part::Long(member) => {
                    let mut crc = crc32fast::Hasher::new();
                    walk.body(&member, &mut |bytes| crc.update(bytes))?;
                    if crc.finalize() != member.crc32 {
                        let at = member.offset;
                        return Err(ZipError::Refused { at, what });
                    }
                }
            }
        }
        let directory = walk.finish()?;
        Ok(Reader::walked(source, directory))
    }

    /// Opens a file that was walked over already.
    pub(crate) fn walked(source: R, directory: Directory) -> Reader<R> {
        let directory = Arc::new(directory);
        Reader { source, directory }
    }

    /// Returns the number of members.
    pub fn count(&self) -> u64 {
        self.directory.count()
    }

    /// Returns the member of that name.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or changed meanwhile.
    pub fn find(&mut self, name: &str) -> io::Result<Option<Member>> {
        self.directory.find(&mut self.source, name)
    }

    /// Hands over, in order, every member whose name begins with `prefix`.
    ///
    /// # Errors
    ///
    /// As [`Reader::find`], and the first that `give` returns.
    pub fn each(
        &mut self,
        prefix: &str,
        give: &mut dyn FnMut(&mut Self, &Member) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut records: Records = self.directory.from(&mut self.source, prefix)?;
        while let Some(member) = records.next(&mut self.source)? {
            if !member.name.starts_with(prefix) {
                break;
            }
            give(self, member)?;
        }
        Ok(())
    }

    /// Returns the bytes of a member, as something to read from.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn body(&mut self, member: &Member) -> io::Result<Body<'_, R>> {
        self.source.seek(SeekFrom::Start(start_of(member)))?;
        let body = (&mut self.source).take(member.size_bytes);
        Ok(Body { body })
    }

    /// Returns the bytes of a member at once.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or changed meanwhile.
    pub fn read(&mut self, member: &Member) -> io::Result<Vec<u8>> {
        let size_bytes = usize::try_from(member.size_bytes).map_err(io::Error::other)?;
        // The length is one that the walk has seen in the file, so it is no empty promise.
        let mut bytes = vec![0; size_bytes];
        self.body(member)?.read_exact(&mut bytes)?;
        if crc32fast::hash(&bytes) != member.crc32 {
            return Err(io::Error::other("the pack changed while it was read"));
        }
        Ok(bytes)
    }

    /// Returns some bytes of the file, wherever they stand.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub(crate) fn bytes(&mut self, offset: u64, count: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; count];
        self.source.seek(SeekFrom::Start(offset))?;
        self.source.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// Returns the file.
    pub fn into_inner(self) -> R {
        self.source
    }
}

/// Returns where the bytes of a member begin in the file.
pub(crate) fn start_of(member: &Member) -> u64 {
    member.offset + member.said().local_bytes() as u64
}

/// The bytes of one member.
#[derive(Debug)]
pub struct Body<'r, R> {
    body: io::Take<&'r mut R>,
}

impl<R: Read> Read for Body<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.body.read(buffer)
    }
}
