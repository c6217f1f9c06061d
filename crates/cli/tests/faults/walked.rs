//! Before anything is appended the whole ledger is read back, however long it is, and what
//! decisions are made from is held against it.

use std::sync::Arc;

use app::{Acting, GuardDir, Model, Opening, Outcome, WriterHandle, Writing};
use serde_json::{Value, json};

use crate::daily::Server;
use crate::desk::{Desk, finish, id, person};
use crate::newest::stopped_by_each;
use crate::tamper::{signed, small};

/// Returns a ledger of more entries than a start reads back.
pub fn long() -> Desk {
    let system = |n: u32| {
        json!({"do": "put", "kind": "ai_system", "id": id(1_000 + n),
            "body": {"title": format!("System {n}"), "purpose": "To find potholes."}})
    };
    let desk = Desk::simulated();
    let systems: Vec<Value> = (3..4_352).map(system).collect();
    desk.done(&systems);
    assert_eq!(desk.head().0, 4_352);
    desk
}

/// Changes of an entry and of a group behind the newest 4,096.
const OLD: [&str; 3] = [
    "UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'put', 'pit') AS BLOB) WHERE seq = 5",
    "UPDATE grp SET bytes = CAST(bytes || ' ' AS BLOB) WHERE seq = 5 AND name = 'words'",
    "DELETE FROM entry WHERE seq = 5; DELETE FROM grp WHERE seq = 5",
];

#[test]
fn an_old_entry_that_was_altered_is_signed_over_by_nobody() {
    let desk = long();
    stopped_by_each(&desk, OLD);
    let accept = ["guard", "accept", "--because", "a new disk"];
    desk.put_back_after(|desk| {
        desk.database().execute_batch(OLD[1]).unwrap();
        std::fs::remove_dir_all(desk.guard()).unwrap();
        let ran = desk.run(&accept);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        assert!(ran.err.contains("entry 5, group words"), "{ran:?}");
        std::fs::create_dir(desk.guard()).unwrap();
    });
    // A server is ready before it is found, and says so as soon as it is.
    desk.put_back_after(|desk| {
        desk.database().execute_batch(OLD[1]).unwrap();
        let before = signed(desk);
        let mut server = Server::start(desk);
        let said = server.checked();
        assert!(said.contains("NOTHING IS APPENDED"), "{said}");
        assert!(said.contains("ALARM: "), "{said}");
        assert!(said.contains("the daily check is not on record"), "{said}");
        let page = server.page();
        assert!(page.contains("Nothing can be recorded here: "), "{page}");
        assert!(page.contains("entry 5"), "{page}");
        let ready = server.get("/readyz", "");
        assert!(ready.starts_with("HTTP/1.1 503 "), "{ready}");
        drop(server);
        assert_eq!(signed(desk), before);
    });
    desk.done(&[person(9, "zoe")]);
    desk.holds();
}

fn opening(desk: &Desk) -> Opening {
    Opening {
        dir: desk.data(),
        model: Model {
            registry: Arc::new(kinds::registry()),
            catalogue: Arc::new(catalogue::Catalogue::iso_42001().unwrap()),
        },
        guard: GuardDir(desk.guard()),
        acting: Acting {
            email: None,
            holder: "test".to_owned(),
            accept_clock: false,
        },
    }
}

/// Returns the writer of a running server.
async fn writer(desk: &Desk) -> WriterHandle {
    WriterHandle::start(opening(desk)).await.unwrap()
}

/// Returns a writer that holds the ledger until it is dropped.
pub async fn writing(desk: &Desk) -> Writing {
    let opening = opening(desk);
    let (dir, acting) = (&opening.dir, &opening.acting);
    let opened = Writing::open(dir, opening.model, &opening.guard, acting).await;
    opened.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_altered_while_a_server_runs_stops_it_at_its_next_check() {
    for (edit, is_signed) in [
        ("UPDATE record SET title = 'x' WHERE kind = 'meeting'", true),
        (
            "UPDATE grp SET bytes = NULL WHERE seq = 5 AND name = 'words'",
            false,
        ),
        (OLD[0], false),
    ] {
        let desk = small();
        let writer = writer(&desk).await;
        writer.record_check(true).await.unwrap();
        desk.database().execute_batch(edit).unwrap();
        // What it holds in memory is sound, and it goes on with that until somebody looks.
        writer.record_check(true).await.unwrap();
        let before = signed(&desk);
        let checked = writer.record_check(false).await;
        assert_eq!(checked.is_ok(), is_signed, "{edit}: {checked:?}");
        assert_eq!(writer.against().is_some(), !is_signed, "{edit}");
        assert_eq!(signed(&desk) == before, !is_signed, "{edit}");
        let submitted = writer.record_check(true).await;
        assert_eq!(submitted.is_ok(), is_signed, "{edit}: {submitted:?}");
        if let Err(because) = submitted {
            let because = because.to_string();
            assert!(because.contains("nothing is appended: "), "{because}");
        }
    }
}

/// The records of `small`, as they are found in rows.
const BEA: &str = "x'00000000000040008000000000000001'";
const CABINET: &str = "x'00000000000040008000000000000002'";
const SYSTEM: &str = "x'00000000000040008000000000000003'";

/// Plays an edit and then a Command, which rests on nothing: nothing is appended.
fn rests_on_nothing(desk: &Desk, edit: &str, command: &Value) {
    desk.put_back_after(|desk| {
        desk.database().execute_batch(edit).unwrap();
        let before = signed(desk);
        let ran = desk.apply(std::slice::from_ref(command));
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{edit}: {ran:?}");
        assert!(ran.err.contains("minutebook verify"), "{edit}: {ran:?}");
        assert_eq!(signed(desk), before, "{edit}");
    });
}

fn system(purpose: &str) -> Value {
    json!({"do": "put", "kind": "ai_system", "id": id(3),
        "body": {"title": "Pavelook", "origin": "bought", "purpose": purpose}})
}

#[test]
fn no_decision_rests_on_the_row_of_a_record_that_its_entries_do_not_make() {
    let desk = small();
    let again = system("To find more.");
    for set in [
        "withdrawn = 1",
        "versions = 2",
        "title = 'Forged'",
        "kind = 'person'",
        "last_seq = 3",
        "first_seq = 3",
    ] {
        let edit = format!("UPDATE record SET {set} WHERE id = {SYSTEM}");
        rests_on_nothing(&desk, &edit, &again);
    }
    let gone = format!("DELETE FROM record WHERE id = {SYSTEM}");
    let untied = format!("DELETE FROM link WHERE to_id = {SYSTEM}");
    let otherwise = format!("UPDATE link SET to_version = 2 WHERE to_id = {SYSTEM} AND field = ''");
    for edit in [&gone, &untied, &format!("{gone}; {untied}"), &otherwise] {
        rests_on_nothing(&desk, edit, &again);
    }
    let edit = format!("UPDATE record SET withdrawn = 1 WHERE id = {BEA}");
    rests_on_nothing(&desk, &edit, &person(1, "bea"));
    desk.done(&[again, person(1, "bea")]);
    desk.holds();
}

#[test]
fn nothing_that_governs_is_left_out_of_a_decision() {
    let desk = small();
    for edit in [
        format!("DELETE FROM record WHERE id = {CABINET}"),
        format!("UPDATE record SET kind = 'ai_system' WHERE id = {CABINET}"),
        "DELETE FROM link WHERE from_seq = 4 AND field = ''".to_owned(),
        format!("UPDATE link SET to_id = {BEA} WHERE to_id = {CABINET} AND field = ''"),
        "INSERT INTO link SELECT to_id, to_version, 7, '' FROM link WHERE from_seq = 4 AND field = ''".to_owned(),
    ] {
        rests_on_nothing(&desk, &edit, &system("To find more."));
    }
    desk.done(&[system("To find more.")]);
    desk.holds();
}

#[test]
fn who_acts_and_what_was_recorded_before_are_found_as_the_entries_say() {
    let desk = small();
    let mut acting = person(9, "zoe");
    acting["as"] = "bea@council.example".into();
    let other = format!(
        "UPDATE field SET id = (SELECT id FROM record WHERE title = 'Ada Sample') WHERE id = {BEA}"
    );
    rests_on_nothing(&desk, &other, &acting);
    let mut keyed = system("To find potholes.");
    keyed["key"] = "pavelook".into();
    let gone = "DELETE FROM idempotency";
    for edit in [
        "UPDATE idempotency SET seq = 3",
        "UPDATE idempotency SET key = randomblob(32)",
        gone,
    ] {
        rests_on_nothing(&desk, edit, &keyed);
    }
    let unfound = format!("DELETE FROM field WHERE id = {BEA}");
    rests_on_nothing(&desk, &unfound, &person(9, "bea"));
    desk.done(&[keyed, acting]);
    desk.holds();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_taken_twice_behind_a_running_writer_is_named_and_the_rest_can_be_derived() {
    let desk = small();
    let mut keyed = system("To find potholes.");
    keyed["key"] = "pavelook".into();
    let keyed = [serde_json::from_value(keyed).unwrap()];
    let mut writing = writing(&desk).await;
    let first = writing.submit(&keyed).await.unwrap();
    assert!(matches!(&first[..], [Outcome::Done(done)] if done[0].is_repeat));
    let edit = "DELETE FROM idempotency";
    desk.database().execute_batch(edit).unwrap();
    let again = writing.submit(&keyed).await.unwrap();
    assert!(matches!(&again[..], [Outcome::Done(done)] if !done[0].is_repeat));
    drop(writing);
    let ran = desk.verify();
    assert_eq!(ran.code, 1, "{ran:?}");
    let failures = ran.json()["failures"].clone();
    let what = "an entry came with the key of an earlier one";
    assert_eq!(failures[0]["what"], what, "{failures}");
    assert_eq!(failures[0]["detail"], "that of entry 5");
    let copy = desk.dir.path().join("copy");
    let data = desk.data();
    let made = finish(desk.command_on(&copy, &["restore", data.to_str().unwrap()]));
    assert!(!made.err.contains("UNIQUE"), "{made:?}");
    desk.done(&[person(9, "zoe")]);
}
