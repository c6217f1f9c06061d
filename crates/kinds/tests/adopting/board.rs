//! A fictional board and its records: Commands decided one after another by the ordinary rules.

use std::collections::HashMap;

use record::decide::{Actor, Context, Either, Known, decide};
use record::{Act, Command, Day, Event, Facts, Records, Registry, Version};
use serde_json::{Value, json};
use uuid::Uuid;

/// Three members, of whom Cedar is the secretary, and somebody who is none.
pub const ASH: u128 = 11;
pub const BIRCH: u128 = 12;
pub const CEDAR: u128 = 13;
pub const ELM: u128 = 15;

/// On whose word the root stands.
pub const OPERATOR: u128 = 9;

pub const BOARD: u128 = 2;
pub const MEETING: u128 = 3;
pub const POLICY: u128 = 4;
pub const DECLARATION: u128 = 5;

/// The first day of the ledger.
pub const BEGAN: &str = "2026-01-05";

pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub fn cite(n: u128, version: u32) -> Value {
    json!({"id": id(n), "version": version})
}

pub fn with(mut value: Value, field: &str, to: impl Into<Value>) -> Value {
    value[field] = to.into();
    value
}

pub fn put(kind: &str, n: u128, body: &Value) -> Value {
    json!({"do": "put", "kind": kind, "id": id(n), "body": body})
}

pub fn moved(n: u128, version: u32, name: &str, body: &Value) -> Value {
    json!({"do": "move", "id": id(n), "version": version, "move": name, "body": body})
}

/// Where older evidence comes from.
pub fn from_a_file(command: Value, on: &str) -> Value {
    let brought = json!({"from": "A drive", "file": "ab".repeat(32)});
    with(with(command, "effective_on", on), "brought_in", brought)
}

/// A board of the three, of whom two can act.
pub fn terms() -> Value {
    let seats: Vec<Value> = (ASH..=CEDAR).map(|n| json!({"person": id(n)})).collect();
    json!({"name": "Board", "top_management": "is", "quorum": 2, "seats": seats,
        "secretary": id(CEDAR), "written_procedure": true})
}

pub fn policy() -> Value {
    let contents =
        json!({"purpose": "1", "objectives": "2", "requirements": "3", "improvement": "4"});
    json!({"title": "AI policy", "text": "We care.", "contents": contents})
}

pub fn scope() -> Value {
    json!({"title": "Scope", "statement": "All."})
}

/// A meeting of the board on a day, at which these were.
pub fn meeting(on: &str, there: &[u128]) -> Value {
    let member = |n: &u128| json!({"person": id(*n), "role": "member"});
    let there: Vec<Value> = there.iter().map(member).collect();
    json!({"title": "Board", "body": id(BOARD), "state": "held", "sittings": [{"on": on}],
        "items": [{"number": "1", "title": "Policy"}], "present": there})
}

/// What the board resolves of a version, by circulation; all answered.
pub fn resolution(verb: &str, of: (u128, u32), decided_on: &str) -> Value {
    json!({"number": "26/1", "text": "That it be so.", "body": id(BOARD), "verb": verb,
        "decided_on": decided_on, "answered": 3, "objects": [{"of": cite(of.0, of.1)}]})
}

/// Why an act did not count, and nothing where it did.
pub type Because = Option<String>;

/// The records, as they come to be.
#[derive(Debug, Clone)]
pub struct Board {
    pub events: Vec<Event>,
    pub records: Records,
    registry: Registry,
    known: HashMap<Uuid, Known>,
    today: Day,
    next: u128,
}

impl Board {
    /// Returns a ledger of four people and no body.
    pub fn without() -> Self {
        let mut board = Self {
            events: Vec::new(),
            records: Records::default(),
            registry: kinds::registry(),
            known: HashMap::new(),
            today: day(BEGAN),
            next: 900,
        };
        let begin = json!({"aims_start": BEGAN, "operator": id(OPERATOR), "organisation": id(8),
            "origin": "example.org/test", "simulated_clock": true, "time_zone": "UTC"});
        let facts = json!({"effective_on": BEGAN, "begin": begin});
        board.add(Event {
            seq: 0,
            recorded_at: 0,
            recorded_on: board.today,
            act: Act::Begin,
            kind: "".into(),
            id: Uuid::nil(),
            version: 0,
            name: "".into(),
            refs: Vec::new(),
            facts: serde_json::from_value::<Facts>(facts).unwrap().into(),
        });
        for n in [ASH, BIRCH, CEDAR, ELM] {
            board.person(n, &json!({}));
        }
        board
    }

    /// Returns the same with the board, which is the root, and a policy that Elm wrote.
    pub fn new() -> Self {
        let mut board = Self::without();
        board.done(None, put("body", BOARD, &terms()));
        board.done(Some(ELM), put("policy", POLICY, &policy()));
        board
    }

    pub fn person(&mut self, n: u128, more: &Value) {
        let mut body = json!({"name": format!("Person {n}"), "email": format!("p{n}@example.org")});
        for (field, value) in more.as_object().unwrap() {
            body[field] = value.clone();
        }
        self.done(None, put("person", n, &body));
    }

    pub fn on(&mut self, today: &str) -> &mut Self {
        self.today = day(today);
        self
    }

    fn add(&mut self, event: Event) {
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

    /// Submits a Command as somebody; returns the word with which it is refused, if it is.
    pub fn submit(&mut self, acting: Option<u128>, command: &Value) -> Result<(), String> {
        let parsed = Command::parse(&command.to_string()).unwrap();
        let actor = Actor {
            person: acting.map(id),
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
            Command::All(_) => panic!("{command} is several"),
        };
        let entry = decided.map_err(|refusal| refusal.code)?;
        let seq = self.records.size;
        let event = entry.into_event(seq, i64::try_from(seq).unwrap(), self.today);
        self.add(event);
        Ok(())
    }

    #[track_caller]
    pub fn done(&mut self, acting: Option<u128>, command: Value) {
        assert_eq!(self.submit(acting, &command), Ok(()), "{command}");
    }

    /// Records a resolution and has the secretary attest it; returns its number.
    #[track_caller]
    pub fn resolve(&mut self, resolution: &Value) -> u128 {
        self.next += 1;
        let n = self.next;
        self.done(None, put("resolution", n, resolution));
        self.done(Some(CEDAR), moved(n, 1, "attest", &json!({})));
        n
    }

    /// Returns why what a resolution did to a version does not count, if it does not.
    pub fn because(&self, resolution: u128, of: (u128, u32)) -> Because {
        let version = self.version(of);
        let by = |event: &Event| event.id == id(resolution);
        let (act, _) = version.acts.iter().find(|(_, event)| by(event)).unwrap();
        assert_eq!(act.counts, act.because.is_none());
        act.because.clone()
    }

    pub fn version(&self, (n, version): (u128, u32)) -> &Version {
        self.records.get(id(n)).unwrap().version(version).unwrap()
    }

    /// Returns the number of the version in force on a day.
    pub fn in_force(&self, n: u128, on: &str) -> Option<u32> {
        let record = self.records.get(id(n)).unwrap();
        record.in_force(day(on)).map(Version::number)
    }

    /// Returns the same as known from so many entries.
    pub fn known_then(&self, size: usize, n: u128, on: &str) -> Option<u32> {
        let mut records = Records::default();
        self.events[..size]
            .iter()
            .for_each(|event| records.add(event.clone()));
        let record = records.get(id(n)).unwrap();
        record.in_force(day(on)).map(Version::number)
    }
}
