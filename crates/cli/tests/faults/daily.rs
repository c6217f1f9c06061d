//! The server's daily check: what it finds is on record, and what it may not sign over is said.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
#[cfg(target_os = "linux")]
use std::path::Path;
use std::process::{Child, ChildStderr};
#[cfg(target_os = "linux")]
use std::{process::Command, sync::mpsc, time::Duration};

use serde_json::{Value, json};

use crate::desk::{BEGAN, Desk, id, person};
use crate::walked::writing;

/// A server until it is dropped, and what it says.
pub struct Server {
    child: Child,
    err: BufReader<ChildStderr>,
    address: String,
    link: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended already cannot be killed.
        let _ = self.child.kill();
        self.child.wait().unwrap();
    }
}

impl Server {
    pub fn start(desk: &Desk) -> Self {
        let mut child = desk.start(&["serve", "--listen", "127.0.0.1:0"]);
        let mut err = BufReader::new(child.stderr.take().unwrap());
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let Some(rest) = line.trim().strip_prefix("http://") else {
            let mut said = String::new();
            err.read_to_string(&mut said).unwrap();
            panic!("no link in {line:?}: {said}");
        };
        let (address, path) = rest.split_once('/').unwrap();
        Self {
            child,
            err,
            address: address.to_owned(),
            link: format!("/{path}"),
        }
    }

    /// Returns what it said until the daily check was made.
    pub fn checked(&mut self) -> String {
        let mut said = String::new();
        while !said.contains("the daily check") {
            let read = self.err.read_line(&mut said).unwrap();
            assert_ne!(read, 0, "it ended: {said}");
        }
        said
    }

    pub fn get(&self, path: &str, cookie: &str) -> String {
        #[expect(
            clippy::disallowed_methods,
            reason = "the page is asked for as a browser does, on this machine"
        )]
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let host = &self.address;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Returns the first page, signed in.
    pub fn page(&self) -> String {
        let signed_in = self.get(&self.link, "");
        let (_, cookie) = signed_in.split_once("set-cookie: ").unwrap();
        self.get("/", cookie.split(';').next().unwrap())
    }
}

/// What is found of entries that do not read back.
fn found(desk: &Desk) -> (Value, Vec<String>) {
    let status = desk.run(&["status", "--json"]).json();
    let requirements = status["requirements"].as_array().unwrap();
    let kept = requirements.iter().find(|one| one["id"] == "7.5.3");
    let kept = kept.unwrap();
    let findings = kept["findings"].as_array().unwrap().iter();
    let sentences = findings
        .filter(|finding| finding["rule"] == "7.5-b")
        .map(|finding| finding["sentence"].as_str().unwrap().to_owned());
    (kept["verdict"].clone(), sentences.collect())
}

/// Moves the simulated clock by recording something.
fn on(desk: &Desk, at: &str, number: u32) {
    let mut command = person(number, &format!("person-{number}"));
    command["at"] = at.into();
    desk.done(&[command]);
}

/// Serves a ledger with a file that is not as it was received, and returns its head after that.
fn stopped_by(desk: &Desk, file: &str) -> (u64, String) {
    let mut server = Server::start(desk);
    let said = server.checked();
    assert!(said.contains("NOTHING IS APPENDED"), "{said}");
    assert!(said.contains("ALARM: ") && said.contains(file), "{said}");
    let page = server.page();
    assert!(page.contains("Nothing can be recorded here: "), "{page}");
    drop(server);
    desk.head()
}

/// Returns a ledger with a meeting whose minutes are a file, where that came from, and its hash.
fn with_minutes() -> (Desk, std::path::PathBuf, String) {
    let desk = Desk::simulated();
    let minutes = desk.file("minutes.txt", b"The scope was approved.");
    let file = desk.run(&["file", "add", minutes.to_str().unwrap()]).out;
    let file = file.trim().to_owned();
    desk.done(&[
        json!({"do": "put", "kind": "body", "id": id(2), "body": {"name": "Cabinet",
            "top_management": "is", "quorum": 1, "may": ["decide"], "powers": []}}),
        json!({"do": "put", "kind": "meeting", "id": id(4), "body": {"title": "Cabinet",
            "body": id(2), "state": "held", "sittings": [{"on": &BEGAN[..10]}],
            "minutes": {"file": file}}}),
    ]);
    (desk, minutes, file)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_altered_while_a_server_runs_stays_on_record_and_the_next_start_is_stopped()
{
    let (desk, minutes, file) = with_minutes();
    let file = file.as_str();
    let said = Server::start(&desk).checked();
    assert!(
        said.contains("found the ledger sound, which is entry 5"),
        "{said}"
    );
    assert!(!said.contains("ALARM"), "{said}");
    assert_eq!(found(&desk), ("not_known".into(), vec![]));

    on(&desk, "2026-01-06T09:00:00Z", 11);
    let kept = desk.data().join("files").join(&file[..2]).join(file);
    fs::write(&kept, "The scope was refused. ").unwrap();
    let before = desk.head();
    assert_eq!(stopped_by(&desk, file), before);
    fs::copy(&minutes, &kept).unwrap();
    // What it finds while it runs stands against no entry: it goes on recording.
    let mut writing = writing(&desk).await;
    writing.record_check(true).await.unwrap();
    fs::write(&kept, "The scope was refused. ").unwrap();
    assert_eq!(writing.record_check(false).await.unwrap().seq, 8);
    writing.record_check(true).await.unwrap();
    fs::remove_file(&kept).unwrap();
    assert_eq!(writing.record_check(false).await.unwrap().seq, 10);
    drop(writing);
    let ran = desk.apply(&[person(13, "person-13")]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    assert!(ran.err.contains("which is missing"), "{ran:?}");
    let warning =
        "WARNING: the last check on record, entry 10 of 6 January 2026, found the ledger ALTERED.";
    assert!(desk.run(&["status"]).out.starts_with(warning));
    let told = desk.run(&["status", "--json"]).json();
    assert!(told["warning"].as_str().unwrap().starts_with(warning));
    let (verdict, sentences) = found(&desk);
    assert_eq!(verdict, "not_shown");
    assert_eq!(sentences.len(), 1);
    assert!(
        sentences[0].contains("noticed on 6 January 2026"),
        "{sentences:?}"
    );

    fs::copy(&minutes, &kept).unwrap();
    on(&desk, "2026-01-07T09:00:00Z", 12);
    let said = Server::start(&desk).checked();
    assert!(
        said.contains("found the ledger sound, which is entry 12"),
        "{said}"
    );
    assert_eq!(found(&desk), (verdict, sentences));
    assert!(!desk.run(&["status"]).out.contains("WARNING"));
    desk.holds();
}

/// Serves a ledger that may not be appended to: it is read, and says so everywhere.
fn only_read(desk: &Desk, because: &str) {
    let before = desk.head();
    let mut server = Server::start(desk);
    let said = server.checked();
    assert!(said.contains("NOTHING IS APPENDED: "), "{said}");
    assert!(said.contains(because), "{said}");
    assert!(said.contains("ALARM: "), "{said}");
    assert!(said.contains("the daily check is not on record"), "{said}");
    let page = server.page();
    assert!(page.starts_with("HTTP/1.1 200 "), "{page}");
    assert!(page.contains("Nothing can be recorded here: "), "{page}");
    assert!(page.contains(because), "{page}");
    assert!(page.contains("Example Council (fictional)"), "{page}");
    let ready = server.get("/readyz", "");
    assert!(ready.starts_with("HTTP/1.1 503 "), "{ready}");
    drop(server);
    assert_eq!(desk.head(), before);
}

#[test]
fn a_server_over_damaged_entries_reads_on_and_signs_nothing() {
    let desk = Desk::simulated();
    let put = json!({"do": "put", "kind": "ai_system", "id": id(3), "body": {
        "title": "Pavelook", "purpose": "To find potholes."}});
    desk.done(&[put]);
    let database = rusqlite::Connection::open(desk.data().join("minutebook.db")).unwrap();
    let damage = "UPDATE grp SET bytes = CAST(bytes || ' ' AS BLOB) WHERE seq = 3 AND name = 'act'";
    assert_eq!(database.execute(damage, []).unwrap(), 1);
    drop(database);
    only_read(&desk, "entry 3, group act");
}

#[test]
fn a_server_without_its_guard_reads_on_until_that_is_accepted() {
    let desk = Desk::simulated();
    fs::remove_dir_all(desk.guard()).unwrap();
    only_read(&desk, "guard of this ledger is missing");
    let accept = ["guard", "accept", "--because", "a new disk"];
    assert_eq!(desk.run(&accept).code, 0);
    let said = Server::start(&desk).checked();
    assert!(said.contains("found the ledger sound"), "{said}");
}

#[test]
fn a_fault_is_in_the_log_under_the_number_that_the_page_gives() {
    let desk = Desk::simulated();
    let mut server = Server::start(&desk);
    let said = server.checked();
    assert!(!said.contains("fault"), "{said}");
    let signed_in = server.get(&server.link, "");
    let (_, cookie) = signed_in.split_once("set-cookie: ").unwrap();
    let cookie = cookie.split(';').next().unwrap();
    let database = rusqlite::Connection::open(desk.data().join("minutebook.db")).unwrap();
    database.execute_batch("DROP TABLE verdict").unwrap();
    let page = server.get("/?as_of=2026-01-05", cookie);
    assert!(page.starts_with("HTTP/1.1 500"), "{page}");
    let (_, number) = page.split_once("under the number ").unwrap();
    let number = &number[..8];
    let mut logged = String::new();
    while !logged.contains(number) {
        let read = server.err.read_line(&mut logged).unwrap();
        assert_ne!(read, 0, "{number}: {logged}");
    }
    assert!(logged.contains("ERROR fault"), "{logged}");
}

/// Sends a signal to a process.
#[cfg(target_os = "linux")]
fn signal(name: &str, process: u32) {
    let sent = Command::new("kill")
        .args([name, &process.to_string()])
        .status();
    assert!(sent.unwrap().success());
}

/// Says whether a process has a file open.
#[cfg(target_os = "linux")]
fn has_open(process: u32, file: &Path) -> bool {
    let opened = fs::read_dir(format!("/proc/{process}/fd")).unwrap();
    opened
        .flatten()
        .any(|one| fs::read_link(one.path()).is_ok_and(|path| path == file))
}

#[cfg(target_os = "linux")]
#[test]
fn a_check_that_takes_long_holds_up_neither_the_pages_nor_the_stop() {
    let desk = Desk::simulated();
    let minutes = desk.file("minutes.txt", b"The scope was approved.");
    let file = desk.run(&["file", "add", minutes.to_str().unwrap()]).out;
    let file = file.trim();
    let kept = desk.data().join("files").join(&file[..2]).join(file);
    // Nothing is in it, and it takes as long to read as 4 TiB do.
    fs::remove_file(&kept).unwrap();
    fs::File::create(&kept).unwrap().set_len(4 << 40).unwrap();
    let kept = kept.canonicalize().unwrap();
    let mut server = Server::start(&desk);
    let process = server.child.id();
    let (ended, waiting) = mpsc::channel::<()>();
    let watch = std::thread::spawn(move || {
        if waiting.recv_timeout(Duration::from_secs(120)) == Err(mpsc::RecvTimeoutError::Timeout) {
            signal("-KILL", process);
        }
    });
    while !has_open(process, &kept) {
        std::thread::yield_now();
    }
    for path in ["/healthz", "/readyz"] {
        let answer = server.get(path, "");
        assert!(answer.starts_with("HTTP/1.1 200 "), "{path}: {answer}");
    }
    assert!(server.page().starts_with("HTTP/1.1 200 "));
    signal("-TERM", process);
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
    drop(ended);
    watch.join().unwrap();
    fs::remove_file(&kept).unwrap();
    fs::copy(&minutes, &kept).unwrap();
    let said = Server::start(&desk).checked();
    assert!(said.contains("found the ledger sound"), "{said}");
    desk.holds();
}
