//! Files are stored once, whole, and never changed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::{self, Read};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use store::{FILE_BYTES_MAX, FileCheck, Files, Hash, StoreError};
use tempfile::TempDir;

/// The SHA-256 of `abc` (FIPS 180-4, example B.1).
const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

fn files() -> (TempDir, Files) {
    let dir = tempfile::tempdir().unwrap();
    let files = Files::in_dir(dir.path());
    (dir, files)
}

fn abc() -> Hash {
    let mut hash = Hash::default();
    hex::decode_to_slice(ABC, &mut hash).unwrap();
    hash
}

#[tokio::test]
async fn a_file_is_stored_under_its_hash_and_read_again() {
    let (dir, files) = files();
    assert_eq!(files.list().await.unwrap(), [] as [Hash; 0]);
    assert_eq!(files.add(&mut &b"abc"[..]).await.unwrap(), abc());
    assert!(dir.path().join("files/ba").join(ABC).is_file());
    let mut bytes = Vec::new();
    let mut stored = files.open(&abc()).await.unwrap();
    stored.read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes, b"abc");
    assert_eq!(files.list().await.unwrap(), [abc()]);
    assert_eq!(files.verify(&abc()).await.unwrap(), FileCheck::Sound);
}

#[tokio::test]
async fn the_same_bytes_again_leave_the_file_as_it_is() {
    let (dir, files) = files();
    files.add(&mut &b"abc"[..]).await.unwrap();
    let path = dir.path().join("files/ba").join(ABC);
    let before = fs::metadata(&path).unwrap().modified().unwrap();
    assert_eq!(files.add(&mut &b"abc"[..]).await.unwrap(), abc());
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), before);
    assert_eq!(fs::read_dir(dir.path().join("files")).unwrap().count(), 1);
}

#[tokio::test]
async fn a_damaged_file_is_named_and_not_replaced() {
    let (dir, files) = files();
    files.add(&mut &b"abc"[..]).await.unwrap();
    let path = dir.path().join("files/ba").join(ABC);
    fs::write(&path, "abd").unwrap();
    assert_eq!(files.verify(&abc()).await.unwrap(), FileCheck::Damaged);
    let refused = files.add(&mut &b"abc"[..]).await.unwrap_err();
    assert!(matches!(refused, StoreError::FileDamaged { sha256 } if sha256 == ABC));
    assert_eq!(fs::read(&path).unwrap(), b"abd");
}

#[tokio::test]
async fn a_file_that_is_not_there_is_named() {
    let (_dir, files) = files();
    assert_eq!(files.verify(&abc()).await.unwrap(), FileCheck::Missing);
    let refused = files.open(&abc()).await.unwrap_err();
    assert!(matches!(refused, StoreError::NoFile { sha256 } if sha256 == ABC));
}

#[tokio::test]
async fn a_file_at_the_limit_is_stored_and_one_beyond_leaves_nothing() {
    let (dir, mut files) = files();
    assert_eq!(files.limit_bytes, FILE_BYTES_MAX);
    files.limit_bytes = 3;
    files.add(&mut &b"abc"[..]).await.unwrap();
    let refused = files.add(&mut &b"abcd"[..]).await.unwrap_err();
    assert!(matches!(refused, StoreError::TooLarge { limit_bytes: 3 }));
    assert_eq!(files.list().await.unwrap(), [abc()]);
    assert_eq!(fs::read_dir(dir.path().join("files")).unwrap().count(), 1);
}

#[tokio::test]
async fn a_source_that_fails_leaves_nothing() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the upload ended early"))
        }
    }
    let (dir, files) = files();
    let failed = files.add(&mut (&b"abc"[..]).chain(Broken)).await;
    assert!(failed.is_err());
    assert_eq!(fs::read_dir(dir.path().join("files")).unwrap().count(), 0);
}

/// A source that adds another file before it gives its first byte.
struct Between<'a> {
    files: &'a Files,
    given: &'a [u8],
}

impl Read for Between<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == BETWEEN {
            let mut another = &b"another"[..];
            let adding = pin!(self.files.add(&mut another));
            let added = adding.poll(&mut Context::from_waker(Waker::noop()));
            assert!(matches!(added, Poll::Ready(Ok(_))));
        }
        self.given.read(buffer)
    }
}

const BETWEEN: &[u8] = b"one";

#[tokio::test]
async fn what_was_left_half_written_goes_with_the_next_file_and_what_is_being_written_stays() {
    let (_dir, files) = files();
    files.add(&mut &b"first"[..]).await.unwrap();
    let left = files.folder.join("partial-1-1");
    fs::write(&left, "half").unwrap();
    let mut source = Between {
        files: &files,
        given: BETWEEN,
    };
    let hash = files.add(&mut source).await.unwrap();
    assert!(!left.exists());
    assert_eq!(files.verify(&hash).await.unwrap(), FileCheck::Sound);
    assert_eq!(files.list().await.unwrap().len(), 3);
    let begun = fs::read_dir(&files.folder).unwrap();
    let mut names = begun.map(|one| one.unwrap().file_name().into_string().unwrap());
    assert!(names.all(|name| name.len() == 2));
}

#[tokio::test]
async fn a_half_written_file_that_is_no_file_is_not_waited_for() {
    let (_dir, files) = files();
    fs::create_dir(&files.folder).unwrap();
    let left = files.folder.join("partial-1-1");
    let made = std::process::Command::new("mkfifo").arg(&left).status();
    assert!(made.unwrap().success());
    files.add(&mut &b"first"[..]).await.unwrap();
    assert!(!left.exists());
}
