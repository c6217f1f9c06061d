//! The data directory: who may open it, in which states, and how it is copied.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs::{self, OpenOptions, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use store::{Derived, Files, Head, NewRow, Reader, StoreError, Writer};
use tempfile::TempDir;

async fn append(writer: &mut Writer, seqs: std::ops::Range<u64>) {
    let size = seqs.end;
    let mut batch = writer.begin().await.unwrap();
    for seq in seqs {
        let row = NewRow {
            seq,
            bytes: vec![b'x'; 500],
            ..NewRow::default()
        };
        batch.append(&row).await.unwrap();
    }
    let head = Head {
        size,
        frontier: Vec::new(),
        root: [1; 32],
    };
    batch.set_head(0, &head).await.unwrap();
    batch.commit().await.unwrap();
}

/// Returns a data directory with 100 entries that nobody has open.
async fn at_rest() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(dir.path(), "test").await.unwrap();
    append(&mut writer, 0..100).await;
    dir
}

async fn size(dir: &Path) -> u64 {
    let reader = Reader::open(dir).await.unwrap();
    let snapshot = reader.snapshot().await.unwrap();
    let head = snapshot.rows().head(0).await.unwrap();
    head.map_or(0, |head| head.size)
}

/// Changes the database with SQLite itself.
fn alter(dir: &Path, sql: &str) {
    let database = rusqlite::Connection::open(dir.join("minutebook.db")).unwrap();
    database.execute_batch(sql).unwrap();
}

#[tokio::test]
async fn a_second_writer_is_refused_and_told_who_writes() {
    let dir = tempfile::tempdir().unwrap();
    let first = Writer::create(dir.path(), "serve 127.0.0.1:8042")
        .await
        .unwrap();
    let refused = Writer::open(dir.path(), "import").await.unwrap_err();
    let StoreError::InUse { holder, .. } = &refused else {
        panic!("{refused}");
    };
    assert_eq!(holder, "serve 127.0.0.1:8042");
    assert!(refused.to_string().contains("`serve 127.0.0.1:8042`"));
    drop(first);
    Writer::open(dir.path(), "import").await.unwrap();
}

#[tokio::test]
async fn a_directory_without_a_database_is_missing_and_stays_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let missing = Writer::open(dir.path(), "test").await;
    assert!(matches!(missing, Err(StoreError::Missing { .. })));
    let missing = Reader::open(dir.path()).await;
    assert!(matches!(missing, Err(StoreError::Missing { .. })));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_database_is_never_created_over_another() {
    let dir = at_rest().await;
    let refused = Writer::create(dir.path(), "test").await;
    assert!(matches!(refused, Err(StoreError::Exists { .. })));
    assert_eq!(size(dir.path()).await, 100);
}

#[tokio::test]
async fn a_newer_database_is_refused_and_left_alone() {
    let dir = at_rest().await;
    alter(dir.path(), "PRAGMA user_version = 99");
    let refusals = [
        Writer::open(dir.path(), "test").await.unwrap_err(),
        Reader::open(dir.path()).await.unwrap_err(),
    ];
    for refused in refusals {
        let newer = matches!(
            refused,
            StoreError::Newer {
                found: 99,
                known: 4
            }
        );
        assert!(newer, "{refused}");
    }
}

#[tokio::test]
async fn a_database_cut_short_is_refused_with_what_to_do() {
    for keep_bytes in [0, 50, 4096, 20_000] {
        let dir = at_rest().await;
        let path = dir.path().join("minutebook.db");
        let file = OpenOptions::new().write(true).open(path).unwrap();
        file.set_len(keep_bytes).unwrap();
        let refusals = [
            Writer::open(dir.path(), "test").await.unwrap_err(),
            Reader::open(dir.path()).await.unwrap_err(),
        ];
        for refused in refusals {
            let text = refused.to_string();
            assert!(text.contains("restore the latest backup"), "{text}");
        }
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_with_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("minutebook.db"), "minutes ".repeat(2000)).unwrap();
    let refusals = [
        Writer::open(dir.path(), "test").await.unwrap_err(),
        Reader::open(dir.path()).await.unwrap_err(),
    ];
    for refused in refusals {
        let other = matches!(refused, StoreError::NotADatabase { .. });
        assert!(other, "{refused}");
    }
}

#[tokio::test]
async fn a_database_of_another_program_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    alter(dir.path(), "CREATE TABLE song (title TEXT)");
    let refused = Writer::open(dir.path(), "test").await;
    assert!(matches!(refused, Err(StoreError::NotADatabase { .. })));
}

#[tokio::test]
async fn a_read_only_directory_can_be_read_and_not_written() {
    let dir = at_rest().await;
    let database = dir.path().join("minutebook.db");
    fs::set_permissions(&database, Permissions::from_mode(0o444)).unwrap();
    fs::set_permissions(dir.path().join("lock"), Permissions::from_mode(0o444)).unwrap();
    fs::set_permissions(dir.path(), Permissions::from_mode(0o555)).unwrap();
    // An administrator may write whatever the permissions say; the reading holds for them too.
    let enforced = fs::write(dir.path().join("probe"), "").is_err();
    assert_eq!(size(dir.path()).await, 100);
    let opened = Writer::open(dir.path(), "test").await;
    if enforced {
        assert!(matches!(opened, Err(StoreError::ReadOnly { .. })));
    } else {
        assert!(opened.is_ok());
    }
    fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).unwrap();
}

#[tokio::test]
async fn what_lies_beside_the_database_and_cannot_be_written_is_named() {
    let dir = at_rest().await;
    let beside = dir.path().join("minutebook.db-shm");
    // What a reader leaves beside a database that could not be written then.
    fs::write(&beside, "").unwrap();
    fs::set_permissions(&beside, Permissions::from_mode(0o444)).unwrap();
    let enforced = fs::OpenOptions::new().write(true).open(&beside).is_err();
    let opened = Writer::open(dir.path(), "test").await;
    match opened {
        Err(StoreError::ReadOnly { path }) if enforced => assert_eq!(path, beside),
        // An administrator may write whatever the permissions say.
        opened => assert!(!enforced && opened.is_ok()),
    }
}

#[tokio::test]
async fn a_writer_dropped_between_append_and_commit_leaves_nothing() {
    let dir = at_rest().await;
    let mut writer = Writer::open(dir.path(), "test").await.unwrap();
    let mut batch = writer.begin().await.unwrap();
    let row = NewRow {
        seq: 100,
        ..NewRow::default()
    };
    batch.append(&row).await.unwrap();
    drop(batch);
    drop(writer);
    let mut writer = Writer::open(dir.path(), "test").await.unwrap();
    assert_eq!(writer.rows().entry(0, 100).await.unwrap(), None);
    append(&mut writer, 100..101).await;
}

/// Copies the directory as it lies on disk: what a killed process would have left.
fn copy_as_killed(from: &Path) -> TempDir {
    let to = tempfile::tempdir().unwrap();
    for name in ["minutebook.db", "minutebook.db-wal", "lock"] {
        fs::copy(from.join(name), to.path().join(name)).unwrap();
    }
    to
}

#[tokio::test]
async fn what_was_committed_outlives_a_kill_and_what_was_not_does_not() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(dir.path(), "serve").await.unwrap();
    append(&mut writer, 0..100).await;
    let mut batch = writer.begin().await.unwrap();
    for seq in 100..20_000 {
        let row = NewRow {
            seq,
            bytes: vec![b'y'; 5000],
            derived: Derived::default(),
            ..NewRow::default()
        };
        batch.append(&row).await.unwrap();
    }
    let killed = copy_as_killed(dir.path());
    let writer = Writer::open(killed.path(), "serve").await.unwrap();
    assert_eq!(writer.rows().counts(0).await.unwrap().entries, 100);
    assert_eq!(writer.rows().head(0).await.unwrap().unwrap().size, 100);
}

#[tokio::test]
async fn the_log_is_moved_beside_a_reader_and_an_open_batch() {
    let dir = at_rest().await;
    let mut writer = Writer::open(dir.path(), "test").await.unwrap();
    let mut wal = writer.wal().await.unwrap();
    let reader = Reader::open(dir.path()).await.unwrap();
    append(&mut writer, 100..200).await;
    let old = reader.snapshot().await.unwrap();
    append(&mut writer, 200..300).await;
    let batch = writer.begin().await.unwrap();

    let state = wal.checkpoint_wal().await.unwrap();
    assert!(0 < state.moved && state.moved < state.pages, "{state:?}");
    assert!(!wal.empty().await.unwrap());
    assert_eq!(old.rows().head(0).await.unwrap().unwrap().size, 200);

    batch.rollback().await.unwrap();
    drop(old);
    let state = wal.checkpoint_wal().await.unwrap();
    assert_eq!(state.moved, state.pages);
    assert!(wal.empty().await.unwrap());
    let log = fs::metadata(dir.path().join("minutebook.db-wal")).unwrap();
    assert_eq!(log.len(), 0);
    assert_eq!(size(dir.path()).await, 300);
}

#[tokio::test]
async fn erased_bytes_are_gone_from_the_disk() {
    let secret = b"the name of the complainant";
    let on_disk = |dir: &Path| {
        ["minutebook.db", "minutebook.db-wal"].iter().any(|name| {
            let bytes = fs::read(dir.join(name)).unwrap();
            bytes.windows(secret.len()).any(|window| window == secret)
        })
    };
    let dir = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(dir.path(), "test").await.unwrap();
    let mut batch = writer.begin().await.unwrap();
    let row = NewRow {
        groups: vec![store::Group {
            name: "act".to_owned(),
            commitment: [0; 32],
            bytes: Some(secret.to_vec()),
            mark: None,
        }],
        ..NewRow::default()
    };
    batch.append(&row).await.unwrap();
    batch.commit().await.unwrap();
    assert!(on_disk(dir.path()));
    let mut batch = writer.begin().await.unwrap();
    assert!(batch.erase_group(0, 0, "act").await.unwrap());
    batch.commit().await.unwrap();
    assert!(writer.wal().await.unwrap().empty().await.unwrap());
    assert!(!on_disk(dir.path()));
}

#[tokio::test]
async fn a_backup_taken_beside_the_writer_opens_on_its_own() {
    let dir = at_rest().await;
    let mut writer = Writer::open(dir.path(), "test").await.unwrap();
    let files = Files::in_dir(dir.path());
    let hash = files.add(&mut &b"minutes"[..]).await.unwrap();
    let reader = Reader::open(dir.path()).await.unwrap();
    append(&mut writer, 100..200).await;
    let batch = writer.begin().await.unwrap();

    let out = tempfile::tempdir().unwrap();
    let target = out.path().join("monday");
    let copied = reader.backup(&target).await.unwrap();
    copied.finish().unwrap();
    batch.rollback().await.unwrap();
    append(&mut writer, 200..300).await;

    let mut names: Vec<_> = fs::read_dir(&target)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["files", "lock", "minutebook.db"]);
    assert_eq!(size(&target).await, 200);
    assert_eq!(Files::in_dir(&target).list().await.unwrap(), [hash]);
    let mut restored = Writer::open(&target, "restore").await.unwrap();
    append(&mut restored, 200..201).await;

    let refused = reader.backup(&target).await;
    assert!(matches!(refused, Err(StoreError::NotEmpty { .. })));
}

#[tokio::test]
async fn a_damaged_file_is_copied_as_it_is_and_a_sound_copy_of_it_stays() {
    let dir = at_rest().await;
    let files = Files::in_dir(dir.path());
    let hash = files.add(&mut &b"minutes"[..]).await.unwrap();
    let name = hex::encode(hash);
    let at = |dir: &Path| dir.join("files").join(&name[..2]).join(&name);
    let reader = Reader::open(dir.path()).await.unwrap();
    let out = tempfile::tempdir().unwrap();
    let [sound, damaged] = ["sound", "damaged"].map(|name| out.path().join(name));
    drop(reader.backup(&sound).await.unwrap());
    fs::write(at(dir.path()), "minute5").unwrap();
    // Each twice: the second run goes on with the first.
    for target in [&damaged, &damaged, &sound] {
        drop(reader.backup(target).await.unwrap());
    }
    assert_eq!(fs::read(at(&damaged)).unwrap(), b"minute5");
    assert_eq!(fs::read(at(&sound)).unwrap(), b"minutes");
    fs::write(at(&damaged), "of neither").unwrap();
    let refused = reader.backup(&damaged).await.unwrap_err();
    assert!(
        matches!(refused, StoreError::FileDamaged { .. }),
        "{refused}"
    );
}

#[tokio::test]
async fn a_copy_without_its_name_is_opened_by_nobody_and_gone_on_with() {
    let dir = at_rest().await;
    let files = Files::in_dir(dir.path());
    let hash = files.add(&mut &b"minutes"[..]).await.unwrap();
    let reader = Reader::open(dir.path()).await.unwrap();
    let out = tempfile::tempdir().unwrap();
    let target = out.path().join("monday");

    let copied = reader.backup(&target).await.unwrap();
    let beside = reader.backup(&target).await;
    assert!(matches!(beside, Err(StoreError::InUse { .. })));
    drop(copied);
    // As a process leaves it that is killed on the way.
    fs::write(target.join("minutebook.db.partial-journal"), "half").unwrap();
    fs::write(target.join("files/partial-1-1"), "half").unwrap();
    let opened = Reader::open(&target).await.unwrap_err();
    assert!(matches!(opened, StoreError::Unfinished { .. }), "{opened}");
    let made = Writer::create(&target, "init").await.unwrap_err();
    assert!(matches!(made, StoreError::Unfinished { .. }), "{made}");

    reader.backup(&target).await.unwrap().finish().unwrap();
    let left = fs::read_dir(&target).unwrap().count();
    assert_eq!(left, 3, "files, lock and the database");
    assert_eq!(size(&target).await, 100);
    assert_eq!(Files::in_dir(&target).list().await.unwrap(), [hash]);
}

#[tokio::test]
async fn an_unfinished_copy_with_other_files_is_not_gone_on_with() {
    let dir = at_rest().await;
    let reader = Reader::open(dir.path()).await.unwrap();
    let out = tempfile::tempdir().unwrap();
    let target = out.path().join("monday");
    drop(reader.backup(&target).await.unwrap());
    let other = Files::in_dir(&target);
    other.add(&mut &b"erased since"[..]).await.unwrap();
    let refused = reader.backup(&target).await.unwrap_err();
    assert!(matches!(refused, StoreError::OtherCopy { .. }), "{refused}");
}

#[tokio::test]
async fn a_directory_whose_name_looks_like_an_address_is_opened_by_its_path() {
    // Relative, as it is typed: one that begins at the root looks like no address.
    let beside = tempfile::Builder::new()
        .prefix("file:z?mode=memory")
        .tempdir_in(".")
        .unwrap();
    let dir = Path::new(beside.path().file_name().unwrap());
    let mut writer = Writer::create(dir, "test").await.unwrap();
    append(&mut writer, 0..100).await;
    drop(writer);
    assert!(dir.join("minutebook.db").is_file());
    assert_eq!(size(dir).await, 100);
    let copy = tempfile::Builder::new()
        .prefix("file:copy")
        .tempdir_in(".")
        .unwrap();
    let copy = Path::new(copy.path().file_name().unwrap());
    let reader = Reader::open(dir).await.unwrap();
    let copied = reader.backup(copy).await.unwrap();
    copied.finish().unwrap();
    assert_eq!(size(copy).await, 100);
    append(&mut Writer::open(copy, "test").await.unwrap(), 100..101).await;
    assert_eq!(size(copy).await, 101);
}
