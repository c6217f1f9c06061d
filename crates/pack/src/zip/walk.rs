//! The strict walk: everything the file says is written again and compared, byte for byte.

use std::io::{Read, Seek, SeekFrom};

use super::header::{
    CENTRAL_BYTES, END_BYTES, End, ZIP64_END_BYTES, central_tail_bytes, local_bytes, push_central,
    push_end, push_local, read_central, read_end,
};
use super::window::Window;
use super::{Directory, Member, ZipError, is_member_name};

/// A walk over the members in their order, which refuses whatever the writer would not have written.
///
/// A member's bytes are taken by [`Walk::body`], and it is for the taker to compare their CRC-32
/// with [`Member::crc32`]. When [`Walk::finish`] returns, every byte of the file is accounted for.
pub struct Walk<'s, R> {
    source: &'s mut R,
    end: End,
    data: Window,
    central: Window,
    member: Member,
    last_name: String,
    body_is_due: bool,
    wanted: Vec<u8>,
    directory: Directory,
}

impl<'s, R: Read + Seek> Walk<'s, R> {
    /// Reads and compares the records at the end, and stands in front of the first member.
    ///
    /// # Errors
    ///
    /// [`ZipError::Io`] or [`ZipError::Refused`].
    pub fn start(source: &'s mut R) -> Result<Walk<'s, R>, ZipError> {
        let length = source.seek(SeekFrom::End(0))?;
        let tail_length = length.min((END_BYTES + ZIP64_END_BYTES) as u64);
        let mut tail = vec![0; tail_length as usize];
        source.seek(SeekFrom::Start(length - tail_length))?;
        source.read_exact(&mut tail)?;
        let what = "the file does not end as a pack does";
        let refused = ZipError::Refused { at: length, what };
        let Some(end) = read_end(&tail) else {
            return Err(refused);
        };
        let mut wanted = Vec::new();
        push_end(&mut wanted, end);
        let central_end = end.offset.checked_add(end.size_bytes);
        let fits = central_end.and_then(|end| end.checked_add(wanted.len() as u64));
        let (Some(central_end), true) = (central_end, fits == Some(length)) else {
            return Err(refused);
        };
        if !tail.ends_with(&wanted) {
            return Err(refused);
        }
        Ok(Walk {
            source,
            end,
            data: Window::new(0, end.offset),
            central: Window::new(end.offset, central_end),
            member: Member::default(),
            last_name: String::new(),
            body_is_due: false,
            wanted,
            directory: Directory::new(end.offset..central_end),
        })
    }

    /// Returns the next member, both headers of which it has compared; nothing after the last.
    ///
    /// # Errors
    ///
    /// [`ZipError::Io`] or [`ZipError::Refused`].
    ///
    /// # Panics
    ///
    /// When the body of the member before was not taken.
    pub fn next_member(&mut self) -> Result<Option<&Member>, ZipError> {
        assert!(!self.body_is_due, "each body is taken");
        if self.directory.count() == self.end.count {
            return Ok(None);
        }
        std::mem::swap(&mut self.last_name, &mut self.member.name);
        self.central_record()?;
        let at = self.data.position();
        if self.member.offset != at {
            let what = "a member does not follow the one before";
            return Err(ZipError::Refused { at, what });
        }
        self.wanted.clear();
        push_local(&mut self.wanted, &self.member);
        let found = self.data.peek(self.source, self.wanted.len())?;
        if found != self.wanted {
            let what = "a member's header is not the one the writer writes";
            return Err(ZipError::Refused { at, what });
        }
        self.data.pass(local_bytes(&self.member));
        if self.member.size_bytes > self.data.left() {
            let what = "a member is longer than the file";
            return Err(ZipError::Refused { at, what });
        }
        self.body_is_due = true;
        Ok(Some(&self.member))
    }

    /// Returns the member last returned.
    pub fn member(&self) -> &Member {
        &self.member
    }

    /// Hands over the bytes of the member just returned, piece by piece.
    ///
    /// # Errors
    ///
    /// [`ZipError::Io`].
    pub fn body(&mut self, give: &mut dyn FnMut(&[u8])) -> Result<(), ZipError> {
        self.body_is_due = false;
        let at = self.data.position();
        if !self.data.take(self.source, self.member.size_bytes, give)? {
            let what = "a member is longer than the file";
            return Err(ZipError::Refused { at, what });
        }
        Ok(())
    }

    /// Checks that nothing is left, and returns what is needed to find members by name.
    ///
    /// # Errors
    ///
    /// [`ZipError::Refused`].
    pub fn finish(self) -> Result<Directory, ZipError> {
        for window in [&self.data, &self.central] {
            if window.left() > 0 {
                let (at, what) = (window.position(), "bytes that belong to no member");
                return Err(ZipError::Refused { at, what });
            }
        }
        Ok(self.directory)
    }

    fn central_record(&mut self) -> Result<(), ZipError> {
        let at = self.central.position();
        let what = "a record of the directory is not the one the writer writes";
        let refused = || ZipError::Refused { at, what };
        let head = self.central.peek(self.source, CENTRAL_BYTES)?;
        let length = CENTRAL_BYTES + central_tail_bytes(head).ok_or_else(refused)?;
        let record = self.central.peek(self.source, length)?;
        read_central(record, &mut self.member).ok_or_else(refused)?;
        self.wanted.clear();
        push_central(&mut self.wanted, &self.member);
        if record != self.wanted {
            return Err(refused());
        }
        self.central.pass(length);
        if !is_member_name(&self.member.name) {
            let what = "a member has a name that none may have";
            return Err(ZipError::Refused { at, what });
        }
        if self.member.name <= self.last_name {
            let what = "the members are not in the order of their names";
            return Err(ZipError::Refused { at, what });
        }
        self.directory.note(&self.member.name, at);
        Ok(())
    }
}
