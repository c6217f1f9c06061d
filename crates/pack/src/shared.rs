//! A file that several readers read at once, each from a place of its own.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

/// A reader over a file; a copy of it reads on from the same place, and neither moves the other.
#[derive(Clone, Debug)]
pub struct Shared {
    file: Arc<File>,
    at: u64,
}

impl From<File> for Shared {
    fn from(file: File) -> Shared {
        let file = Arc::new(file);
        Shared { file, at: 0 }
    }
}

impl Read for Shared {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        #[cfg(unix)]
        let count = std::os::unix::fs::FileExt::read_at(&*self.file, buffer, self.at)?;
        #[cfg(windows)]
        let count = std::os::windows::fs::FileExt::seek_read(&*self.file, buffer, self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Shared {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (base, by) = match to {
            SeekFrom::Start(at) => (at, 0),
            SeekFrom::Current(by) => (self.at, by),
            SeekFrom::End(by) => (self.file.metadata()?.len(), by),
        };
        let at = base.checked_add_signed(by);
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn each_reader_has_a_place_of_its_own() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"minutebook").unwrap();
        let mut one = Shared::from(file);
        let mut other = one.clone();
        let read = |from: &mut Shared| {
            let mut bytes = [0; 3];
            from.read_exact(&mut bytes).unwrap();
            bytes
        };
        assert_eq!(read(&mut one), *b"min");
        assert_eq!(read(&mut other), *b"min");
        assert_eq!(read(&mut one), *b"ute");
        assert_eq!(other.seek(SeekFrom::End(-4)).unwrap(), 6);
        assert_eq!(read(&mut other), *b"boo");
        assert_eq!(other.seek(SeekFrom::Current(-9)).unwrap(), 0);
        assert!(other.seek(SeekFrom::Current(-1)).is_err());
        assert_eq!(other.read(&mut [0; 20]).unwrap(), 10);
        assert_eq!(other.read(&mut [0; 20]).unwrap(), 0);
    }
}
