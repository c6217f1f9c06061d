//! What was known by U stays what was known by U.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

use std::path::Path;
use std::sync::Arc;

use app::{Asked, FirstIds, GuardDir, Init, Ledger, Outcome, Writing};
use record::{Command, Day};
use serde_json::{Value, json};
use store::{Files, GOVERNANCE_LOG, Writer};

use crate::acts::generated;
use crate::asked::catalogue;
use crate::history::{AIMS_START, COUNCIL, FILE, HISTORIES, LEDGER_START, Submitted, day, id};

#[test]
fn facts_hold_no_word_that_a_group_holds() {
    for seed in 0..HISTORIES {
        let history = generated(seed);
        for (event, words) in history.events.iter().zip(&history.words) {
            let facts = serde_json::to_string(&*event.facts).unwrap();
            let mut groups = words.as_object().into_iter().flatten();
            let texts = groups.by_ref().flat_map(|(_, group)| {
                group
                    .as_object()
                    .into_iter()
                    .flatten()
                    .map(|(_, text)| text)
            });
            for text in texts.filter_map(Value::as_str) {
                assert!(!facts.contains(&json!(text).to_string()), "{text}: {facts}");
            }
        }
    }
}

/// A ledger on disk, played with what a history holds.
struct Played {
    dir: tempfile::TempDir,
    writing: Option<Writing>,
}

impl Played {
    fn data(&self) -> std::path::PathBuf {
        self.dir.path().join("data")
    }

    fn guard(&self) -> GuardDir {
        GuardDir(self.dir.path().join("guard"))
    }

    async fn begun() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let new = Init {
            organisation: "Council (fictional)".to_owned(),
            aims_start: Some(day(AIMS_START)),
            time_zone: "UTC".to_owned(),
            operator: None,
            simulated_clock: Some(format!("{LEDGER_START}T06:00:00Z")),
            ids: Some(FirstIds {
                organisation: id(COUNCIL),
                operator: id(9),
            }),
        };
        let mut played = Self { dir, writing: None };
        let model = app::Model {
            registry: Arc::new(kinds::registry()),
            catalogue: Arc::new(catalogue()),
        };
        let writing = app::init(&played.data(), model, &played.guard(), &new).await;
        played.writing = Some(writing.unwrap());
        let mut file = FILE.as_bytes();
        Files::in_dir(&played.data()).add(&mut file).await.unwrap();
        played
    }

    async fn play(&mut self, submitted: &[Submitted]) {
        let mut commands = Vec::new();
        for one in submitted {
            let mut command = one.command.clone();
            command["at"] = json!(format!("{}T09:00:00Z", one.on));
            commands.push(Command::parse(&command.to_string()).unwrap());
        }
        let writing = self.writing.as_mut().unwrap();
        for batch in commands.chunks(64) {
            for outcome in writing.submit(batch).await.unwrap() {
                if let Outcome::Refused(refusal) = outcome {
                    panic!("{refusal}");
                }
            }
        }
    }

    /// Destroys the words of every entry, as erasures would.
    async fn erase(&mut self) {
        self.writing = None;
        let mut writer = Writer::open(&self.data(), "test").await.unwrap();
        let entries = writer.read_back(GOVERNANCE_LOG, 0).await.unwrap();
        let mut batch = writer.begin().await.unwrap();
        for entry in entries {
            for group in entry.groups.iter().filter(|group| group.name != "facts") {
                batch
                    .erase_group(GOVERNANCE_LOG, entry.seq, &group.name)
                    .await
                    .unwrap();
            }
        }
        batch.commit().await.unwrap();
    }

    async fn ask(&self, about: Day, known_by: Day) -> Value {
        let ledger = open(&self.data()).await;
        let asked = Asked {
            as_of: Some(about.to_string()),
            known_by: Some(known_by.to_string()),
            findings: None,
        };
        let looked_up = serde_json::to_value(ledger.status(&asked).await.unwrap()).unwrap();
        let worked_out = ledger.status_worked_out(&asked).await.unwrap();
        assert_eq!(looked_up, serde_json::to_value(worked_out).unwrap());
        // Where a name is gone the short name stands for it, which differs in its capitals: what
        // a thing is called is no part of an answer.
        serde_json::from_str(&looked_up.to_string().to_lowercase()).unwrap()
    }
}

async fn open(data: &Path) -> Ledger {
    let registry = Arc::new(kinds::registry());
    Ledger::open(data, registry, Arc::new(catalogue()))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_ledger_on_disk_answers_by_u_the_same_before_and_after_what_follows() {
    for seed in 0..HISTORIES {
        let mut history = generated(seed);
        let submitted = history.submitted.clone();
        let mut played = Played::begun().await;
        let known_by = submitted[submitted.len() / 2].on;
        let cut = submitted.partition_point(|one| one.on <= known_by);
        played.play(&submitted[..cut]).await;
        let length = history.today.days_since(day(AIMS_START)) + 60;
        let asked = day(AIMS_START).plus_days(history.dice.days(length.unsigned_abs()));
        let before = played.ask(asked, known_by).await;
        played.play(&submitted[cut..]).await;
        assert_eq!(played.ask(asked, known_by).await, before, "history {seed}");
        played.erase().await;
        assert_eq!(played.ask(asked, known_by).await, before, "history {seed}");
    }
}
