//! The writer: members in, in the order of their names; the directory waits in a file of its own.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};

use super::header::{End, push_central, push_end, push_local};
use super::{Member, ZipError, member_name};

const COPY_BYTES: usize = 1 << 16;

/// Writes a zip from front to back. Its memory does not grow with the number of members.
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    position: u64,
    count: u64,
    last_name: String,
    directory: BufWriter<File>,
    directory_bytes: u64,
    header: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// Returns a writer to `out`, given an empty temporary file that can be read and written.
    pub fn new(out: W, directory: File) -> Writer<W> {
        Writer {
            out,
            position: 0,
            count: 0,
            last_name: String::new(),
            directory: BufWriter::new(directory),
            directory_bytes: 0,
            header: Vec::new(),
        }
    }

    /// Adds a member.
    ///
    /// # Errors
    ///
    /// [`ZipError::Io`], [`ZipError::Name`] or [`ZipError::Order`].
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), ZipError> {
        self.begin(name, bytes.len() as u64, crc32fast::hash(bytes))?;
        self.out.write_all(bytes)?;
        Ok(())
    }

    /// Adds a member whose length and CRC-32 are known from an earlier reading.
    ///
    /// # Errors
    ///
    /// As [`Writer::add`]; [`ZipError::Changed`] when `source` does not say the same again.
    pub fn add_from(
        &mut self,
        name: &str,
        (size_bytes, crc32): (u64, u32),
        source: &mut impl Read,
    ) -> Result<(), ZipError> {
        self.begin(name, size_bytes, crc32)?;
        // One byte more than promised is enough to know that it changed.
        let copied = copy(&mut source.take(size_bytes + 1), &mut self.out)?;
        if copied != (size_bytes, crc32) {
            let name = name.to_owned();
            return Err(ZipError::Changed { name });
        }
        Ok(())
    }

    /// Writes the directory and the end, and returns what was written to.
    ///
    /// # Errors
    ///
    /// [`ZipError::Io`].
    pub fn finish(mut self) -> Result<W, ZipError> {
        let end = End {
            count: self.count,
            size_bytes: self.directory_bytes,
            offset: self.position,
        };
        let mut directory = self
            .directory
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        directory.seek(SeekFrom::Start(0))?;
        io::copy(&mut directory, &mut self.out)?;
        self.header.clear();
        push_end(&mut self.header, end);
        self.out.write_all(&self.header)?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn begin(&mut self, name: &str, size_bytes: u64, crc32: u32) -> Result<(), ZipError> {
        let (text, name) = (name, name.to_owned());
        if member_name(text.as_bytes()).is_none() {
            return Err(ZipError::Name { name });
        }
        if name <= self.last_name {
            return Err(ZipError::Order { name });
        }
        let member = Member {
            name,
            size_bytes,
            crc32,
            offset: self.position,
        };
        self.header.clear();
        push_local(&mut self.header, &member);
        self.out.write_all(&self.header)?;
        self.position += self.header.len() as u64 + size_bytes;
        self.header.clear();
        push_central(&mut self.header, &member);
        self.directory.write_all(&self.header)?;
        self.directory_bytes += self.header.len() as u64;
        self.count += 1;
        self.last_name = member.name;
        Ok(())
    }
}

/// Copies all there is, and returns its length and CRC-32.
fn copy(source: &mut impl Read, out: &mut impl Write) -> io::Result<(u64, u32)> {
    let mut buffer = vec![0; COPY_BYTES];
    let mut crc = crc32fast::Hasher::new();
    let mut length = 0;
    loop {
        let count = source.read(&mut buffer)?;
        if count == 0 {
            return Ok((length, crc.finalize()));
        }
        crc.update(&buffer[..count]);
        out.write_all(&buffer[..count])?;
        length += count as u64;
    }
}
