//! Records put together by hand, and what the rules say of them.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

use assess::{Names, Question, Status, status};
use catalogue::{Basis, Catalogue, Rule};
use record::event::Begin;
use record::{Act, Approval, Approver, Cite, Day, Event, Facts, Quorum, Records};
use serde_json::{Value, json};
use uuid::Uuid;

/// The root body, top management itself, set up on the first day.
pub const ROOT: u128 = 1;
/// A board that is part of top management.
pub const BOARD: u128 = 2;
/// A body that is not.
pub const TEAM: u128 = 3;
/// A person with a seat on the root and the board.
pub const CHIEF: u128 = 11;
/// A person with no seat.
pub const OFFICER: u128 = 12;

/// The first day of the ledger and of the AI management system.
pub const START: &str = "2024-01-01";

pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub fn cite(n: u128, version: u32) -> Value {
    json!({"id": id(n), "version": version})
}

/// Said after a sentence on the first of both duties, where the second is concerned too.
pub const AND_REPORTING: &str = " 1 more is concerned: responsibility for reporting on the AI management system to top \
     management.";

/// How a version was approved, other than by the root and quorate.
#[derive(Debug, Clone)]
pub struct How {
    pub by: Approver,
    pub because: Option<&'static str>,
    pub carries: Value,
    pub effective_on: Option<Day>,
    pub decided_on: Option<Day>,
    pub quorum: Option<Quorum>,
    pub same_person: bool,
}

impl How {
    pub fn by(body: u128) -> Self {
        Self {
            by: Approver::Body {
                body: id(body),
                resolution: Cite {
                    id: id(900),
                    version: 1,
                },
            },
            because: None,
            carries: Value::Null,
            effective_on: None,
            decided_on: None,
            quorum: None,
            same_person: false,
        }
    }

    /// By the root, by another resolution.
    pub fn resolved(resolution: u128) -> Self {
        let cite = Cite {
            id: id(resolution),
            version: 1,
        };
        Self {
            by: Approver::Body {
                body: id(ROOT),
                resolution: cite,
            },
            ..Self::by(ROOT)
        }
    }

    pub fn person(person: u128) -> Self {
        Self {
            by: Approver::Person(id(person)),
            ..Self::by(ROOT)
        }
    }

    pub fn lost(because: &'static str) -> Self {
        Self {
            because: Some(because),
            ..Self::by(ROOT)
        }
    }

    /// By the root, without a record of who was there.
    pub fn unattended() -> Self {
        Self {
            quorum: Some(Quorum::NotShown),
            ..Self::by(ROOT)
        }
    }

    pub fn carrying(carries: Value) -> Self {
        Self {
            carries,
            ..Self::by(ROOT)
        }
    }

    pub fn decided(on: &str) -> Self {
        Self {
            decided_on: Some(day(on)),
            ..Self::by(ROOT)
        }
    }

    pub fn from(day_: &str) -> Self {
        Self {
            effective_on: Some(day(day_)),
            ..Self::by(ROOT)
        }
    }
}

/// Records in the making: each entry is recorded on the day last named.
#[derive(Debug, Clone)]
pub struct Book {
    pub records: Records,
    pub events: Vec<Event>,
    today: Day,
    seq: u64,
}

impl Book {
    /// Returns a ledger with its bodies and two persons.
    pub fn new() -> Self {
        Self::starting_on(START)
    }

    /// Returns the same, the ledger begun on a later day than the AI management system.
    pub fn starting_on(today: &str) -> Self {
        let mut book = Self::begun_on(today);
        book.put("organisation", 0xa, json!({"name": true}));
        book.put("person", CHIEF, json!({"name": true})).put(
            "person",
            OFFICER,
            json!({"name": true}),
        );
        for (body, top) in [(ROOT, "is"), (BOARD, "part"), (TEAM, "no")] {
            let seats = json!([{"person": id(CHIEF)}]);
            let terms = json!({"name": true, "top_management": top, "quorum": 1, "seats": seats});
            // The root stands on the operator's word.
            let by = match body {
                ROOT => Approver::Operator,
                _ => How::by(ROOT).by,
            };
            let how = How {
                by,
                ..How::by(ROOT)
            };
            book.put("body", body, terms).act("approve", body, 1, how);
        }
        book.put("resolution", 900, json!({"number": true}));
        book
    }

    /// Returns a ledger of which there is only the first entry.
    pub fn begun_on(today: &str) -> Self {
        let mut book = Self {
            records: Records::default(),
            events: Vec::new(),
            today: day(today),
            seq: 0,
        };
        let begin = Begin {
            origin: "example.org/test".to_owned(),
            aims_start: day(START),
            time_zone: "UTC".to_owned(),
            organisation: id(0xa),
            operator: id(0xb),
            simulated_clock: true,
        };
        book.add((Act::Begin, ""), "", 0, |facts| facts.begin = Some(begin));
        book
    }

    /// Records what follows on a later day.
    pub fn on(&mut self, today: &str) -> &mut Self {
        self.today = day(today);
        self
    }

    fn add(
        &mut self,
        (act, name): (Act, &str),
        kind: &str,
        n: u128,
        say: impl FnOnce(&mut Facts),
    ) -> &mut Self {
        let mut facts: Facts = serde_json::from_value(json!({"effective_on": self.today})).unwrap();
        say(&mut facts);
        let versions = self
            .records
            .get(id(n))
            .map_or(0, |record| record.versions.len());
        let event = Event {
            seq: self.seq,
            recorded_at: i64::try_from(self.seq).unwrap(),
            recorded_on: self.today,
            act,
            kind: kind.into(),
            id: id(n),
            version: u32::try_from(versions).unwrap() + u32::from(act == Act::Put),
            name: name.into(),
            refs: cites(&facts.body),
            facts: facts.into(),
        };
        self.events.push(event.clone());
        self.records.add(event);
        self.seq += 1;
        self
    }

    /// Returns the number that the next version of a record has.
    pub fn next_version(&self, record: u128) -> u32 {
        let record = self.records.get(id(record));
        record.map_or(1, |record| record.newest().number() + 1)
    }

    /// Puts a version that counts, or is claimed, from the day it is recorded.
    pub fn put(&mut self, kind: &str, n: u128, body: Value) -> &mut Self {
        self.put_by(maker(kind, &body), kind, n, body)
    }

    /// Puts a version as a person does, or the local operator without a name.
    pub fn put_by(&mut self, by: Option<Uuid>, kind: &str, n: u128, body: Value) -> &mut Self {
        self.add((Act::Put, ""), kind, n, |facts| {
            facts.by = by;
            facts.body = body;
        })
    }

    /// Puts a version about another day than that of recording.
    pub fn put_of(&mut self, kind: &str, n: u128, effective_on: &str, body: Value) -> &mut Self {
        let effective_on = day(effective_on);
        self.add((Act::Put, ""), kind, n, |facts| {
            facts.by = maker(kind, &body);
            facts.body = body;
            facts.effective_on = effective_on;
        })
    }

    /// Puts a version brought in from before the ledger.
    pub fn brought(&mut self, kind: &str, n: u128, effective_on: &str, body: Value) -> &mut Self {
        let effective_on = day(effective_on);
        self.add((Act::Put, ""), kind, n, |facts| {
            facts.body = body;
            facts.effective_on = effective_on;
            facts.brought_in = Some(serde_json::from_value(json!({})).unwrap());
        })
    }

    /// Puts a version as it stands in a file.
    pub fn filed(&mut self, kind: &str, n: u128, body: Value) -> &mut Self {
        let file = json!({"file": "ab".repeat(32)});
        self.add((Act::Put, ""), kind, n, |facts| {
            facts.body = body;
            facts.brought_in = Some(serde_json::from_value(file).unwrap());
        })
    }

    /// Moves the newest version.
    pub fn moved(&mut self, n: u128, name: &str, body: Value) -> &mut Self {
        self.add((Act::Move, name), "", n, |facts| facts.body = body)
    }

    /// A person accepts the newest version.
    pub fn accepted(&mut self, n: u128, by: u128, on: &str) -> &mut Self {
        self.add((Act::Move, "accept"), "", n, |facts| {
            facts.body = json!({"on": on});
            facts.by = Some(id(by));
        })
    }

    /// Approves a version on the day, by the root.
    pub fn approve(&mut self, n: u128, version: u32) -> &mut Self {
        self.act("approve", n, version, How::by(ROOT))
    }

    /// Decides on a version on the day.
    pub fn act(&mut self, name: &str, n: u128, version: u32, how: How) -> &mut Self {
        let person = matches!(how.by, Approver::Person(_));
        let resolution = match how.by {
            Approver::Body { resolution, .. } => resolution.id.as_u128(),
            _ => 900,
        };
        let of = Cite { id: id(n), version };
        let approval = approval(name, of, how, self.today);
        // A person moves the record itself; a body's resolution is attested.
        let (moved, kind, of) = if person {
            (name, "", n)
        } else {
            ("attest", "resolution", resolution)
        };
        self.add((Act::Move, moved), kind, of, |facts| {
            facts.acts = vec![approval];
        })
    }

    /// A body decides on a version, and that is attested on another day than that of recording.
    pub fn act_of(&mut self, effective_on: &str, name: &str, n: u128, how: How) -> &mut Self {
        let of = Cite {
            id: id(n),
            version: 1,
        };
        let (approval, effective_on) = (approval(name, of, how, self.today), day(effective_on));
        self.add((Act::Move, "attest"), "resolution", 900, |facts| {
            facts.acts = vec![approval];
            facts.effective_on = effective_on;
        })
    }

    /// Records a meeting otherwise, by which what was decided on a version counts or does not.
    pub fn otherwise(&mut self, meeting: u128, name: &str, n: u128, how: How) -> &mut Self {
        let of = Cite {
            id: id(n),
            version: 1,
        };
        let act = approval(name, of, how, self.today);
        self.add((Act::Put, ""), "meeting", meeting, |facts| {
            facts.acts = vec![act];
        })
    }

    /// Records that the ledger was read back.
    pub fn check(&mut self, result: &str) -> &mut Self {
        let body = json!({"result": result});
        self.add((Act::Check, ""), "", 0, |facts| facts.body = body)
    }

    /// Withdraws a meeting, by which what was approved at it counts no more.
    pub fn meeting_withdrawn(&mut self, meeting: u128, lost: &[(u128, How)]) -> &mut Self {
        let lost = lost.iter().map(|(n, how)| {
            let of = Cite {
                id: id(*n),
                version: 1,
            };
            let because = Some("minutes_corrected");
            let how = How {
                because,
                ..how.clone()
            };
            approval("approve", of, how, self.today)
        });
        let acts: Vec<Approval> = lost.collect();
        self.add((Act::Move, "withdraw"), "meeting", meeting, |facts| {
            facts.acts = acts;
        })
    }

    /// Returns the status about a day.
    pub fn about(&self, about: &str) -> Status {
        self.status(&Catalogue::iso_42001().unwrap(), about)
    }

    /// Returns the status about a day with every subject of a rule.
    pub fn listing(&self, rule: &str, about: &str) -> Status {
        self.asked(&Catalogue::iso_42001().unwrap(), about, Some(rule))
    }

    fn status(&self, catalogue: &Catalogue, about: &str) -> Status {
        self.asked(catalogue, about, None)
    }

    fn asked(&self, catalogue: &Catalogue, about: &str, all_of: Option<&str>) -> Status {
        status(&Question {
            records: &self.records,
            catalogue,
            names: &Names::new(),
            about: day(about),
            aims_start: day(START),
            before_ledger: false,
            then: &[],
            all_subjects_of: all_of,
        })
    }

    /// Returns what one rule says about a day: the level of its finding, or else `holds`,
    /// `unknown` or `not_due`.
    pub fn says(&self, rule: &str, about: &str) -> &'static str {
        self.says_with(rule, about, |_| {})
    }

    /// Returns the same of a rule whose data are changed.
    pub fn says_with(
        &self,
        rule: &str,
        about: &str,
        change: impl FnOnce(&mut Rule),
    ) -> &'static str {
        let mut catalogue = Catalogue::iso_42001().unwrap();
        catalogue.rules.retain(|one| one.id == rule);
        // Alone and counted, it is the verdict of the first requirement it bears on.
        catalogue.rules[0].basis = Basis::Clause;
        change(&mut catalogue.rules[0]);
        let bears_on = catalogue.rules[0].bears_on[0].clone();
        catalogue.items.retain(|item| item.id == bears_on);
        catalogue.five.clear();
        let status = self.status(&catalogue, about);
        let requirement = &status.requirements[0];
        match requirement.findings.first() {
            Some(finding) => finding.level,
            None => match requirement.verdict {
                "shown" => "holds",
                "not_known" => "unknown",
                verdict => verdict,
            },
        }
    }

    /// Holds one rule to what it must say on each of these days.
    #[track_caller]
    pub fn expect(&self, rule: &str, days: &[(&str, &str)]) {
        for (about, expected) in days {
            assert_eq!(self.says(rule, about), *expected, "{rule} on {about}");
        }
    }

    /// Returns an answer's two words about a day.
    pub fn words(&self, answer: &str, about: &str) -> (&'static str, &'static str) {
        let five = self.about(about).five;
        let found = five.iter().find(|one| one.id == answer).unwrap();
        (found.in_hand, found.holds)
    }

    /// Returns the sentence of a rule's finding about a day.
    pub fn sentence(&self, rule: &str, about: &str) -> String {
        let status = self.about(about);
        let findings = status.requirements.iter().flat_map(|one| &one.findings);
        let found = findings.clone().find(|finding| finding.rule == rule);
        found.map(|finding| finding.sentence.clone()).unwrap()
    }
}

fn approval(name: &str, of: Cite, how: How, today: Day) -> Approval {
    Approval {
        by: how.by,
        carries: how.carries,
        counts: how.because.is_none(),
        because: how.because.map(str::to_owned),
        decided_on: how.decided_on.unwrap_or(today),
        effective_on: how.effective_on,
        name: name.to_owned(),
        of,
        quorum: how.quorum,
        same_person: how.same_person,
    }
}

/// Returns who puts a version, where that is said nowhere: an attestation whoever makes it.
fn maker(kind: &str, body: &Value) -> Option<Uuid> {
    let made = (kind == "attestation").then(|| body["by"].clone())?;
    serde_json::from_value(made).ok()
}

/// Returns what a body cites, wherever it does.
fn cites(body: &Value) -> Vec<Cite> {
    let inside: Vec<&Value> = match body {
        Value::Array(values) => values.iter().collect(),
        Value::Object(fields) => fields.values().collect(),
        _ => Vec::new(),
    };
    let here = serde_json::from_value(body.clone()).ok();
    let inside = inside.into_iter().flat_map(cites);
    here.into_iter().chain(inside).collect()
}
