//! A history in the making: Commands decided one after another by the ordinary rules.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

use std::collections::HashMap;

use record::decide::{Either, Known};
use record::event::Begin;
use record::{
    Act, Actor, Command, Context, Day, Event, Facts, NewEntry, Records, Registry, decide,
};
use serde_json::{Value, json};
use uuid::Uuid;

/// How many histories every claim is tried on.
pub const HISTORIES: u64 = 100;

/// The first day of every ledger.
pub const LEDGER_START: &str = "2024-03-01";
/// The first day of every AI management system.
pub const AIMS_START: &str = "2024-02-01";

/// The one file that records cite, and its SHA-256.
pub const FILE: &str = "A file of the histories.";
pub const FILE_HASH: &str = "2ead415b1c45781907d088025d707798e25d5dfa1496214bc9b94b43aeb79055";

pub const CHIEF: u128 = 1;
pub const OFFICER: u128 = 2;
pub const ROOT: u128 = 3;
pub const BOARD: u128 = 4;
pub const COUNCIL: u128 = 5;
/// A person who writes nothing, and so may leave.
pub const DEPUTY: u128 = 6;

/// Numbers that look random and are the same in every run.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Returns a number below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n
    }

    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }

    /// Returns a number from 0 to `most`.
    pub fn days(&mut self, most: u64) -> i64 {
        i64::try_from(self.below(most + 1)).unwrap()
    }
}

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// What was submitted, to be played again elsewhere.
#[derive(Debug, Clone)]
pub struct Submitted {
    pub command: Value,
    pub on: Day,
}

/// A history.
#[derive(Debug, Clone)]
pub struct History {
    pub dice: Dice,
    pub today: Day,
    pub events: Vec<Event>,
    pub records: Records,
    /// Every word recorded, by entry.
    pub words: Vec<Value>,
    /// What was accepted.
    pub submitted: Vec<Submitted>,
    registry: Registry,
    known: HashMap<Uuid, Known>,
    next: u128,
}

impl History {
    /// Returns a ledger just begun, with three persons, the units, the root and a board.
    pub fn begun(seed: u64) -> Self {
        let mut history = Self {
            dice: Dice::new(seed),
            today: day(LEDGER_START),
            events: Vec::new(),
            records: Records::default(),
            words: Vec::new(),
            submitted: Vec::new(),
            registry: kinds::registry(),
            known: HashMap::new(),
            next: 1_000,
        };
        history.begin();
        history.person(CHIEF, "Ann Chief", "chief@example.org");
        history.person(OFFICER, "Ole Officer", "officer@example.org");
        history.person(DEPUTY, "Dee Deputy", "deputy@example.org");
        let unit = |id: &str, name: &str| json!({"id": id, "name": name});
        let units = json!([unit("housing", "Housing"), unit("planning", "Planning")]);
        let council = json!({"name": "Council (fictional)", "units": units});
        history.put("organisation", COUNCIL, council, None);
        history.body(ROOT, "is");
        history.body(BOARD, "part");
        history.resolve(ROOT, "approves", (BOARD, 1), &json!({}));
        history
    }

    fn begin(&mut self) {
        let begin = Begin {
            origin: "example.org/test".to_owned(),
            aims_start: day(AIMS_START),
            time_zone: "UTC".to_owned(),
            organisation: id(COUNCIL),
            operator: id(1),
            simulated_clock: true,
        };
        let mut facts: Facts = serde_json::from_value(json!({"effective_on": self.today})).unwrap();
        facts.begin = Some(begin);
        self.add(NewEntry {
            act: Act::Begin,
            kind: String::new(),
            schema: 0,
            id: Uuid::nil(),
            version: 0,
            name: None,
            refs: Vec::new(),
            facts,
            groups: Default::default(),
        });
    }

    fn person(&mut self, n: u128, name: &str, email: &str) {
        self.put("person", n, json!({"name": name, "email": email}), None);
    }

    fn body(&mut self, n: u128, top: &str) {
        let body = json!({"name": format!("Body {n}"), "top_management": top, "quorum": 1,
            "seats": [{"person": id(CHIEF)}, {"person": id(DEPUTY)}], "chair": id(CHIEF), "secretary": id(OFFICER),
            "powers": ["approve_scope", "review"], "written_procedure": true});
        self.put("body", n, body, None);
    }

    fn add(&mut self, entry: NewEntry) {
        let seq = self.events.len() as u64;
        self.words
            .push(serde_json::to_value(&entry.groups).unwrap());
        let event = entry.into_event(seq, i64::try_from(seq).unwrap(), self.today);
        if event.act == Act::Put {
            let known = Known {
                kind: event.kind.to_string(),
                versions: event.version,
            };
            self.known.insert(event.id, known);
        }
        self.events.push(event.clone());
        self.records.add(event);
    }

    /// Returns a number no record has.
    pub fn fresh(&mut self) -> u128 {
        self.next += 1;
        self.next
    }

    /// Returns the last number that no record had.
    pub fn last(&self) -> u128 {
        self.next
    }

    /// Submits a Command as a person; returns whether it was recorded.
    pub fn submit(&mut self, acting: u128, command: Value) -> bool {
        let parsed = Command::parse(&command.to_string()).unwrap();
        let actor = Actor {
            person: self.known.contains_key(&id(acting)).then(|| id(acting)),
            who: "somebody".to_owned(),
            assured: "a test".to_owned(),
        };
        let context = Context {
            registry: &self.registry,
            records: &self.records,
            known: &self.known,
            actor: &actor,
            today: self.today,
            new_id: Uuid::nil(),
        };
        let decided = match &parsed {
            Command::Put(put) => decide(&Either::Put(put), &context),
            Command::Move(one) => decide(&Either::Move(one), &context),
            Command::All(_) => return false,
        };
        let Ok(entry) = decided else {
            return false;
        };
        let named = actor.person.is_some();
        let email = ["chief@example.org", "officer@example.org"][usize::from(acting == OFFICER)];
        let mut command = command;
        if named {
            command["as"] = json!(email);
        }
        self.submitted.push(Submitted {
            command,
            on: self.today,
        });
        self.add(entry);
        true
    }

    /// Puts a version, claimed of another day or of today.
    pub fn put(&mut self, kind: &str, n: u128, body: Value, of: Option<Day>) -> bool {
        let mut command = json!({"do": "put", "kind": kind, "id": id(n), "body": body});
        if let Some(of) = of {
            command["effective_on"] = json!(of);
        }
        // Whatever may be dated before the ledger says where it comes from.
        if of.is_some_and(|of| of < day(LEDGER_START)) {
            command["brought_in"] = json!({"from": "a folder", "file": FILE_HASH});
        }
        self.submit(OFFICER, command)
    }

    /// Moves a version.
    pub fn moved(&mut self, n: u128, version: u32, name: &str, body: Value) -> bool {
        let command =
            json!({"do": "move", "id": id(n), "version": version, "move": name, "body": body});
        self.submit(OFFICER, command)
    }

    /// Has a body resolve something of a version, on the day, and attests it.
    pub fn resolve(&mut self, body: u128, verb: &str, of: (u128, u32), carries: &Value) -> bool {
        let resolution = self.fresh();
        let mut object = carries.clone();
        object["of"] = json!({"id": id(of.0), "version": of.1});
        // One in ten is passed by nobody: the body could not act.
        let answered = u32::from(!self.dice.chance(10));
        let text = json!({"number": format!("R{resolution}"), "text": "Resolved.", "body": id(body),
            "verb": verb, "objects": [object], "decided_on": self.today, "answered": answered});
        self.put("resolution", resolution, text, None)
            && self.moved(resolution, 1, "attest", json!({}))
    }

    /// Returns the number of versions of a record.
    pub fn versions(&self, n: u128) -> u32 {
        self.known.get(&id(n)).map_or(0, |known| known.versions)
    }
}

/// Returns the records of some entries, in the order given.
pub fn records<'a>(events: impl IntoIterator<Item = &'a Event>) -> Records {
    let mut records = Records::default();
    for event in events {
        records.add(event.clone());
    }
    records
}
