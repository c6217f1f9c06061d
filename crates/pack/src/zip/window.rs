//! A part of a file read from front to back, with a buffer of its own, so that two parts can be read in turn.

use std::io::{self, Read, Seek, SeekFrom};

const BUFFER_BYTES: usize = 1 << 16;

pub(super) struct Window {
    /// The offset in the file behind what is in the buffer.
    next: u64,
    /// The offset at which the part ends.
    end: u64,
    buffer: Vec<u8>,
    at: usize,
}

impl Window {
    pub(super) fn new(start: u64, end: u64) -> Window {
        Window {
            next: start,
            end,
            buffer: Vec::new(),
            at: 0,
        }
    }

    /// The offset in the file of the next byte.
    pub(super) fn position(&self) -> u64 {
        self.next - (self.buffer.len() - self.at) as u64
    }

    /// The number of bytes that are left.
    pub(super) fn left(&self) -> u64 {
        self.end - self.position()
    }

    /// Returns the next bytes without passing them: `count` of them, or all that are left.
    pub(super) fn peek(
        &mut self,
        source: &mut (impl Read + Seek),
        count: usize,
    ) -> io::Result<&[u8]> {
        if self.buffer.len() - self.at < count {
            self.fill(source, count)?;
        }
        let end = self.buffer.len().min(self.at + count);
        Ok(&self.buffer[self.at..end])
    }

    /// Passes bytes that [`Window::peek`] has shown.
    pub(super) fn pass(&mut self, count: usize) {
        self.at = self.buffer.len().min(self.at + count);
    }

    /// Passes the next bytes and hands them over piece by piece; false when there are not as many.
    pub(super) fn take(
        &mut self,
        source: &mut (impl Read + Seek),
        mut count: u64,
        give: &mut dyn FnMut(&[u8]),
    ) -> io::Result<bool> {
        if count > self.left() {
            return Ok(false);
        }
        while count > 0 {
            let wanted = count.min(BUFFER_BYTES as u64) as usize;
            // What is in the buffer first, whatever little it is.
            let wanted = match self.buffer.len() - self.at {
                0 => wanted,
                there => wanted.min(there),
            };
            give(self.peek(source, wanted)?);
            self.pass(wanted);
            count -= wanted as u64;
        }
        Ok(true)
    }

    fn fill(&mut self, source: &mut (impl Read + Seek), count: usize) -> io::Result<()> {
        self.buffer.drain(..self.at);
        self.at = 0;
        let there = self.buffer.len();
        let more = (self.end - self.next).min(BUFFER_BYTES.max(count - there) as u64) as usize;
        self.buffer.resize(there + more, 0);
        source.seek(SeekFrom::Start(self.next))?;
        source.read_exact(&mut self.buffer[there..])?;
        self.next += more as u64;
        Ok(())
    }
}
