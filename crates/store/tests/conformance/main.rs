//! What every database behind the store has to do. Each claim runs on each kind of database.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod verdicts;

use std::path::Path;

use store::{
    Batch, Checkpoint, Citation, Derived, FOR_EVER, Fields, GOVERNANCE_LOG, Governing, Group, Head,
    Key, Link, NewRow, Reader, RecordRow, Rows, StoreError, StoredEntry, WithGroup, Writer,
};
use uuid::Uuid;
use verdicts::{known, stretch};

/// The databases there are; a claim is made of each.
#[derive(Debug, Clone, Copy)]
enum Database {
    Sqlite,
}

const DATABASES: [Database; 1] = [Database::Sqlite];

impl Database {
    async fn create(self, dir: &Path) -> Writer {
        match self {
            Self::Sqlite => Writer::create(dir, "conformance").await.unwrap(),
        }
    }

    async fn read(self, dir: &Path) -> Reader {
        match self {
            Self::Sqlite => Reader::open(dir).await.unwrap(),
        }
    }
}

/// Runs a claim on a new database of each kind.
fn on_each(claim: impl AsyncFn(Writer, Reader)) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    for database in DATABASES {
        let dir = tempfile::tempdir().unwrap();
        runtime.block_on(async {
            let writer = database.create(dir.path()).await;
            let reader = database.read(dir.path()).await;
            claim(writer, reader).await;
        });
    }
}

fn id(n: u8) -> Uuid {
    Uuid::from_bytes([n; 16])
}

fn group(name: &str, text: &str) -> Group {
    Group {
        name: name.to_owned(),
        commitment: [7; 32],
        bytes: Some(text.as_bytes().to_vec()),
        mark: (name == "act").then(|| "personal".to_owned()),
    }
}

/// Returns what is derived from version `version` of policy `n`, put by entry `seq`, which began
/// at `first_seq` and cites policy 9.
fn derived(n: u8, version: u32, first_seq: u64, seq: u64) -> Derived {
    let link = |to: u8, to_version, field: &str| Link {
        to_id: id(to),
        to_version,
        field: field.to_owned(),
    };
    Derived {
        record: Some(RecordRow {
            id: id(n),
            kind: "policy".to_owned(),
            versions: version,
            title: format!("Policy {n}\tof the \"council\""),
            first_seq,
            last_seq: seq,
            withdrawn: false,
        }),
        links: vec![link(n, version, ""), link(9, 1, "replaces")],
        key: Some(Key {
            key: [u8::try_from(seq).unwrap(); 32],
            content: [n; 32],
        }),
        fields: Some(Fields {
            id: id(n),
            values: vec![
                ("owner".to_owned(), format!("owner {version}")),
                ("site".to_owned(), "north".to_owned()),
            ],
        }),
        governing: Some(Governing {
            entry: format!("entry {seq}").into_bytes(),
            facts: b"{}".to_vec(),
        }),
    }
}

fn row(seq: u64, derived: Derived) -> NewRow {
    NewRow {
        log: GOVERNANCE_LOG,
        seq,
        bytes: format!("entry {seq}").into_bytes(),
        groups: vec![group("facts", "{}"), group("act", "who")],
        derived,
    }
}

/// Puts policies 1 and 2, then version 2 of policy 1.
async fn three_entries(batch: &mut Batch<'_>) {
    for entry in [
        row(0, derived(1, 1, 0, 0)),
        row(1, derived(2, 1, 1, 1)),
        row(2, derived(1, 2, 0, 2)),
    ] {
        batch.append(&entry).await.unwrap();
    }
    batch.set_head(GOVERNANCE_LOG, &head(3)).await.unwrap();
}

fn head(size: u64) -> Head {
    Head {
        size,
        frontier: vec![5; 64],
        root: [u8::try_from(size).unwrap(); 32],
    }
}

async fn dump(rows: Rows<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    rows.dump_derived(&mut |line| lines.push(line.to_owned()))
        .await
        .unwrap();
    lines
}

#[test]
fn what_was_committed_is_read_as_it_was_written() {
    on_each(async |mut writer, reader| {
        let mut batch = writer.begin().await.unwrap();
        three_entries(&mut batch).await;
        batch.set_meta("origin", "council.example").await.unwrap();
        batch.commit().await.unwrap();

        let snapshot = reader.snapshot().await.unwrap();
        let rows = snapshot.rows();
        assert_eq!(rows.head(0).await.unwrap(), Some(head(3)));
        assert_eq!(rows.head(1).await.unwrap(), None);
        assert_eq!(
            rows.entry(0, 1).await.unwrap().as_deref(),
            Some(&b"entry 1"[..])
        );
        assert_eq!(rows.entry(0, 3).await.unwrap(), None);
        assert_eq!(
            rows.groups(0, 1).await.unwrap(),
            [group("act", "who"), group("facts", "{}")]
        );
        assert_eq!(
            rows.group(0, 1, "facts").await.unwrap(),
            Some(group("facts", "{}"))
        );
        assert_eq!(
            rows.meta("origin").await.unwrap().as_deref(),
            Some("council.example")
        );
        let counts = rows.counts(0).await.unwrap();
        assert_eq!((counts.entries, counts.groups), (3, 6));
        assert_eq!(counts.records, [("policy".to_owned(), 2)]);
    });
}

#[test]
fn records_are_found_by_kind_history_citation_field_and_key() {
    on_each(async |mut writer, reader| {
        let mut batch = writer.begin().await.unwrap();
        three_entries(&mut batch).await;
        batch.commit().await.unwrap();

        let snapshot = reader.snapshot().await.unwrap();
        let rows = snapshot.rows();
        let first = rows.records("policy", None, 1).await.unwrap();
        assert_eq!(first, [derived(1, 2, 0, 2).record.unwrap()]);
        let next = rows.records("policy", Some(0), 9).await.unwrap();
        assert_eq!(next, [derived(2, 1, 1, 1).record.unwrap()]);
        assert_eq!(rows.record(id(1)).await.unwrap(), first.into_iter().next());
        assert_eq!(rows.record(id(3)).await.unwrap(), None);
        assert_eq!(rows.history(id(1)).await.unwrap(), [0, 2]);
        let cites = |from_seq| Citation {
            from_seq,
            field: "replaces".to_owned(),
            to_version: 1,
        };
        assert_eq!(
            rows.cited_by(id(9)).await.unwrap(),
            [cites(0), cites(1), cites(2)]
        );
        assert_eq!(rows.by_field("owner", "owner 2").await.unwrap(), [id(1)]);
        assert_eq!(rows.by_field("owner", "owner 1").await.unwrap(), [id(2)]);
        assert_eq!(rows.key(&[1; 32]).await.unwrap(), Some(([2; 32], 1)));
        assert_eq!(rows.key(&[9; 32]).await.unwrap(), None);
    });
}

#[test]
fn a_batch_sees_what_it_wrote_and_readers_do_not() {
    on_each(async |mut writer, reader| {
        let mut batch = writer.begin().await.unwrap();
        three_entries(&mut batch).await;
        assert_eq!(batch.rows().head(0).await.unwrap(), Some(head(3)));
        let snapshot = reader.snapshot().await.unwrap();
        assert_eq!(snapshot.rows().head(0).await.unwrap(), None);
        batch.commit().await.unwrap();
    });
}

#[test]
fn a_snapshot_stays_while_the_writer_commits() {
    on_each(async |mut writer, reader| {
        let before = reader.snapshot().await.unwrap();
        let mut batch = writer.begin().await.unwrap();
        three_entries(&mut batch).await;
        batch.commit().await.unwrap();
        assert_eq!(before.rows().head(0).await.unwrap(), None);
        assert_eq!(before.rows().entry(0, 0).await.unwrap(), None);
        let after = reader.snapshot().await.unwrap();
        assert_eq!(after.rows().head(0).await.unwrap(), Some(head(3)));
        drop(before);
        let again = reader.snapshot().await.unwrap();
        assert_eq!(again.rows().head(0).await.unwrap(), Some(head(3)));
    });
}

#[test]
fn a_batch_dropped_or_rolled_back_leaves_nothing() {
    on_each(async |mut writer, reader| {
        let mut dropped = writer.begin().await.unwrap();
        three_entries(&mut dropped).await;
        drop(dropped);
        let mut given_up = writer.begin().await.unwrap();
        three_entries(&mut given_up).await;
        given_up.rollback().await.unwrap();

        let snapshot = reader.snapshot().await.unwrap();
        let rows = snapshot.rows();
        assert_eq!(rows.counts(0).await.unwrap().entries, 0);
        assert_eq!(dump(rows).await, Vec::<String>::new());
    });
}

#[test]
fn a_place_in_the_log_is_taken_once() {
    on_each(async |mut writer, _| {
        let mut batch = writer.begin().await.unwrap();
        let entry = row(0, Derived::default());
        batch.append(&entry).await.unwrap();
        let again = batch.append(&entry).await;
        assert!(matches!(again, Err(StoreError::Sql(_))), "{again:?}");
    });
}

#[test]
fn a_committed_batch_is_read_back_with_its_groups() {
    on_each(async |mut writer, _| {
        let mut batch = writer.begin().await.unwrap();
        three_entries(&mut batch).await;
        batch.commit().await.unwrap();
        let back = writer.read_back(0, 1).await.unwrap();
        let stored = |seq| StoredEntry {
            seq,
            bytes: format!("entry {seq}").into_bytes(),
            groups: vec![group("act", "who"), group("facts", "{}")],
        };
        assert_eq!(back, [stored(1), stored(2)]);
    });
}

#[test]
fn entries_come_in_chunks_in_order() {
    on_each(async |mut writer, reader| {
        let mut batch = writer.begin().await.unwrap();
        for seq in 0..1000 {
            let entry = row(seq, Derived::default());
            batch.append(&entry).await.unwrap();
        }
        batch.commit().await.unwrap();
        let snapshot = reader.snapshot().await.unwrap();
        let mut entries = snapshot.rows().entries(0, 10..990);
        let (mut seen, mut largest) = (Vec::new(), 0);
        while let Some(chunk) = entries.next().await.unwrap() {
            largest = largest.max(chunk.len());
            seen.extend(chunk.into_iter().map(|entry| entry.seq));
        }
        assert!(seen.into_iter().eq(10..990));
        assert!(largest <= 256);
    });
}

#[test]
fn logs_are_apart() {
    on_each(async |mut writer, reader| {
        let mut batch = writer.begin().await.unwrap();
        three_entries(&mut batch).await;
        let mut other = row(0, Derived::default());
        other.log = 4;
        other.bytes = b"another log".to_vec();
        batch.append(&other).await.unwrap();
        batch.commit().await.unwrap();
        let snapshot = reader.snapshot().await.unwrap();
        let entry = snapshot.rows().entry(4, 0).await.unwrap();
        assert_eq!(entry.as_deref(), Some(&b"another log"[..]));
        assert_eq!(snapshot.rows().counts(4).await.unwrap().entries, 1);
    });
}

#[test]
fn checkpoints_are_listed_by_size_and_gain_cosignatures() {
    on_each(async |mut writer, reader| {
        for (size, note) in [(3, "three"), (5, "five"), (3, "three, cosigned")] {
            writer.put_checkpoint(0, size, note).await.unwrap();
        }
        let snapshot = reader.snapshot().await.unwrap();
        let rows = snapshot.rows();
        let checkpoint = |size, note: &str| Checkpoint {
            size,
            note: note.to_owned(),
        };
        assert_eq!(
            rows.checkpoints(0, None, 9).await.unwrap(),
            [checkpoint(3, "three, cosigned"), checkpoint(5, "five")]
        );
        let later = rows.checkpoints(0, Some(3), 9).await.unwrap();
        assert_eq!(later, [checkpoint(5, "five")]);
        let latest = rows.latest_checkpoint(0).await.unwrap();
        assert_eq!(latest, Some(checkpoint(5, "five")));
        assert_eq!(rows.latest_checkpoint(1).await.unwrap(), None);
        let counted = (store::CHECKPOINTS.to_owned(), "2".to_owned());
        assert_eq!(rows.metas().await.unwrap(), [counted]);
    });
}

#[test]
fn a_whole_database_finds_nothing_wrong_and_names_its_logs() {
    on_each(async |mut writer, reader| {
        let mut batch = writer.begin().await.unwrap();
        three_entries(&mut batch).await;
        batch.commit().await.unwrap();
        writer.put_checkpoint(4, 1, "of another log").await.unwrap();
        let snapshot = reader.snapshot().await.unwrap();
        let rows = snapshot.rows();
        assert_eq!(rows.damage().await.unwrap(), Vec::<String>::new());
        assert_eq!(rows.logs().await.unwrap(), [0, 4]);
        let declared = rows.declared().await.unwrap();
        assert_eq!(declared, writer.rows().declared().await.unwrap());
        assert!(
            declared
                .iter()
                .any(|one| one.starts_with("table entry on entry: "))
        );
    });
}

#[test]
fn what_governs_is_read_in_the_order_of_the_log_and_nothing_else_is() {
    on_each(async |mut writer, reader| {
        let mut batch = writer.begin().await.unwrap();
        for seq in [2, 0] {
            batch
                .append(&row(seq, derived(1, 1, 0, seq)))
                .await
                .unwrap();
        }
        batch.append(&row(1, Derived::default())).await.unwrap();
        batch.commit().await.unwrap();
        let governing = |seq: u64| WithGroup {
            seq,
            entry: format!("entry {seq}").into_bytes(),
            group: Some(b"{}".to_vec()),
        };
        let snapshot = reader.snapshot().await.unwrap();
        let found = snapshot.rows().governing().await.unwrap();
        assert_eq!(found, [governing(0), governing(2)]);
    });
}

#[test]
fn an_erased_group_keeps_its_commitment_and_loses_its_bytes() {
    on_each(async |mut writer, reader| {
        let mut batch = writer.begin().await.unwrap();
        three_entries(&mut batch).await;
        assert!(batch.erase_group(0, 1, "act").await.unwrap());
        assert!(!batch.erase_group(0, 1, "act").await.unwrap());
        assert!(!batch.erase_group(0, 1, "minutes").await.unwrap());
        batch.commit().await.unwrap();
        let snapshot = reader.snapshot().await.unwrap();
        let erased = snapshot.rows().group(0, 1, "act").await.unwrap();
        let expected = Group {
            bytes: None,
            ..group("act", "")
        };
        assert_eq!(erased, Some(expected));
        let counts = snapshot.rows().counts(0).await.unwrap();
        assert_eq!((counts.groups, counts.groups_erased), (6, 1));
    });
}

#[test]
fn derived_rows_rebuilt_in_another_order_are_the_same_rows() {
    on_each(async |mut writer, reader| {
        let shown = [stretch(0, FOR_EVER, "shown")];
        let verdicts = |subject| known(subject, 0, &shown);
        let mut batch = writer.begin().await.unwrap();
        three_entries(&mut batch).await;
        batch.set_verdicts(&verdicts(b"a")).await.unwrap();
        batch.set_verdicts(&verdicts(b"b")).await.unwrap();
        batch.set_fact("rules", "edition 1").await.unwrap();
        batch.commit().await.unwrap();
        let before = reader.snapshot().await.unwrap();

        let mut batch = writer.begin().await.unwrap();
        batch.drop_derived().await.unwrap();
        assert_eq!(dump(batch.rows()).await, Vec::<String>::new());
        batch.set_fact("rules", "edition 1").await.unwrap();
        batch.set_verdicts(&verdicts(b"b")).await.unwrap();
        batch.set_verdicts(&verdicts(b"a")).await.unwrap();
        for (seq, derived) in [
            (1, derived(2, 1, 1, 1)),
            (0, derived(1, 1, 0, 0)),
            (2, derived(1, 2, 0, 2)),
        ] {
            batch.put_derived(seq, &derived).await.unwrap();
        }
        batch.commit().await.unwrap();
        let after = reader.snapshot().await.unwrap();
        let lines = dump(after.rows()).await;
        assert_eq!(lines, dump(before.rows()).await);
        assert_eq!(
            lines[0],
            "record\tx01010101010101010101010101010101\t\"policy\"\t2\
             \t\"Policy 1\\tof the \"council\"\"\t0\t2\t0"
        );
        assert_eq!(lines.len(), 2 + 6 + 3 + 4 + 2 + 3 + 1);
    });
}

#[test]
fn reading_and_writing_can_move_between_threads() {
    fn movable<T: Send>(future: T) -> T {
        future
    }
    on_each(async |mut writer, reader| {
        let mut batch = movable(writer.begin()).await.unwrap();
        let entry = row(0, Derived::default());
        movable(batch.append(&entry)).await.unwrap();
        movable(batch.commit()).await.unwrap();
        let snapshot = movable(reader.snapshot()).await.unwrap();
        let found = movable(snapshot.rows().entry(0, 0)).await.unwrap();
        assert_eq!(found, Some(entry.bytes));
        let shared: &(dyn Sync + Send) = &reader;
        let _ = shared;
    });
}
