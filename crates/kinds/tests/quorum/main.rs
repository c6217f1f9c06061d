//! What a fictional board resolved, and whether it could: a table of boards, meetings and
//! resolutions.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

mod circulated;
mod sittings;

use record::approve::by_resolution;
use record::decide::{Actor, Context, Either, Known, NewEntry, decide};
use record::spec::Counts;
use record::{
    Act, Approval, Approver, Cite, Command, Event, Facts, KindSpec, Quorum, Records, Registry,
};
use serde_json::{Value, json};
use uuid::Uuid;

const ROOT: u128 = 1;
const BOARD: u128 = 2;
const MEETING: u128 = 3;
const SCOPE: u128 = 4;
const RESOLUTION: u128 = 5;
/// Three of the four members, and two people who are none.
const ASH: u128 = 11;
const BIRCH: u128 = 12;
const CEDAR: u128 = 13;
const ELM: u128 = 15;
const FIR: u128 = 16;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn member(n: u128) -> Value {
    json!({"person": id(n), "role": "member"})
}

fn deputy(n: u128, member: u128) -> Value {
    json!({"person": id(n), "role": "deputy", "deputy_for": id(member)})
}

/// A board of four seats and quorum three, its meeting, and its resolution on a scope.
struct Case {
    board: Value,
    meetings: Vec<Value>,
    resolution: Value,
    brought_in: bool,
    /// The first day of the ledger.
    began: &'static str,
}

impl Case {
    fn new() -> Self {
        let seats: Vec<Value> = (ASH..ASH + 4).map(|n| json!({"person": id(n)})).collect();
        Self {
            board: json!({"name": true, "top_management": "no", "quorum": 3, "seats": seats,
                "powers": ["approve_scope"], "written_procedure": false}),
            meetings: vec![json!({"body": id(BOARD), "state": "held",
                "sittings": [{"on": "2026-03-12"}, {"on": "2026-03-26"}],
                "items": [{"number": "1"}, {"number": "2"}],
                "present": [member(ASH), member(BIRCH), member(CEDAR)]})],
            resolution: json!({"body": id(BOARD), "verb": "approves",
                "decided_on": "2026-03-12", "item": "2",
                "meeting": {"id": id(MEETING), "version": 1},
                "objects": [{"of": {"id": id(SCOPE), "version": 1}}]}),
            brought_in: false,
            began: "2026-01-01",
        }
    }

    fn board(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.board[field] = value.into();
        self
    }

    fn meeting(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.meetings[0][field] = value.into();
        self
    }

    /// Adds a later version of the meeting, changed in one field.
    fn then(mut self, field: &str, value: impl Into<Value>) -> Self {
        let mut later = self.meetings[0].clone();
        later[field] = value.into();
        self.meetings.push(later);
        self
    }

    fn says(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.resolution[field] = value.into();
        self
    }

    fn circulated(self, answered: impl Into<Value>) -> Self {
        self.says("meeting", Value::Null)
            .says("item", Value::Null)
            .says("answered", answered)
    }

    fn brought_in(mut self, began: &'static str) -> Self {
        self.brought_in = true;
        self.began = began;
        self
    }

    fn records(&self) -> Records {
        let mut records = begun(self.began);
        let mut put = |kind: &str, n: u128, version: u32, body: &Value| {
            let mut facts: Facts =
                serde_json::from_value(json!({"effective_on": "2026-01-01", "body": body}))
                    .unwrap();
            match kind {
                "body" => facts.acts = vec![set_up(n)],
                "scope" => facts.by = Some(id(ELM)),
                "resolution" if self.brought_in => {
                    facts.brought_in = Some(serde_json::from_value(json!({})).unwrap());
                }
                _ => {}
            }
            records.add(Event {
                seq: records.size,
                recorded_at: 0,
                recorded_on: facts.effective_on,
                act: Act::Put,
                kind: kind.into(),
                id: id(n),
                version,
                name: "".into(),
                refs: Vec::new(),
                facts: facts.into(),
            });
        };
        let cabinet = json!({"top_management": "is", "quorum": 1, "seats": []});
        put("body", ROOT, 1, &cabinet);
        put("body", BOARD, 1, &self.board);
        for (version, meeting) in (1..).zip(&self.meetings) {
            put("meeting", MEETING, version, meeting);
        }
        put("scope", SCOPE, 1, &json!({}));
        put("resolution", RESOLUTION, 1, &self.resolution);
        records
    }

    /// Returns the quorum found, and why the approval does not count.
    fn decided(&self) -> (Quorum, Option<String>) {
        let (registry, records) = (kinds::registry(), self.records());
        let version = records.get(id(RESOLUTION)).unwrap().newest();
        let read = registry.get("resolution").unwrap().authority.resolves;
        let resolves = read.unwrap()(version.body());
        let act = by_resolution((&records, &registry), (version, &resolves), None).remove(0);
        assert_eq!(act.counts, act.because.is_none());
        (act.quorum.unwrap(), act.because)
    }

    /// Returns the word with which a person's attestation is refused.
    fn attested(&self, person: u128) -> Option<String> {
        attest(&kinds::registry(), &self.records(), ("attest", person)).err()
    }
}

/// Attests the resolution, by the move of that name; returns the word with which it is refused.
fn attest(
    registry: &Registry,
    records: &Records,
    (name, person): (&str, u128),
) -> Result<NewEntry, String> {
    let known = Known {
        kind: "resolution".to_owned(),
        versions: 1,
    };
    let context = Context {
        registry,
        records,
        known: &[(id(RESOLUTION), known)].into(),
        actor: &Actor {
            person: Some(id(person)),
            who: "somebody".to_owned(),
            assured: "a test".to_owned(),
        },
        today: "2026-04-01".parse().unwrap(),
        new_id: Uuid::nil(),
    };
    let attest = json!({"do": "move", "id": id(RESOLUTION), "version": 1, "move": name});
    let Command::Move(attest) = Command::parse(&attest.to_string()).unwrap() else {
        panic!("{attest} is no move");
    };
    decide(&Either::Move(&attest), &context).map_err(|refusal| refusal.code)
}

/// Returns records of a ledger that began on a day.
fn begun(day: &str) -> Records {
    let begin = json!({"aims_start": day, "operator": id(9), "organisation": id(8),
        "origin": "example.org/test", "simulated_clock": true, "time_zone": "UTC"});
    let facts = json!({"effective_on": day, "begin": begin});
    let mut records = Records::default();
    records.add(Event {
        seq: 0,
        recorded_at: 0,
        recorded_on: day.parse().unwrap(),
        act: Act::Begin,
        kind: "".into(),
        id: Uuid::nil(),
        version: 0,
        name: "".into(),
        refs: Vec::new(),
        facts: serde_json::from_value::<record::Facts>(facts)
            .unwrap()
            .into(),
    });
    records
}

fn set_up(n: u128) -> Approval {
    Approval {
        because: None,
        by: Approver::Operator,
        carries: Value::Null,
        counts: true,
        decided_on: "2026-01-01".parse().unwrap(),
        effective_on: None,
        name: "approve".to_owned(),
        of: Cite {
            id: id(n),
            version: 1,
        },
        quorum: None,
        same_person: false,
    }
}

#[track_caller]
fn expect(quorum: Quorum, cases: &[(&str, Case)]) {
    let because = (quorum == Quorum::Inquorate).then_some("inquorate");
    for (name, case) in cases {
        let because = because.map(str::to_owned);
        assert_eq!(case.decided(), (quorum, because), "{name}");
    }
}

/// Holds cases in which the body could not act to why.
#[track_caller]
fn could_not(because: &str, cases: &[(&str, Case)]) {
    for (name, case) in cases {
        let expected = (Quorum::Inquorate, Some(because.to_owned()));
        assert_eq!(case.decided(), expected, "{name}");
    }
}

#[test]
fn a_board_decides_at_a_meeting_of_its_own_that_was_held() {
    let new = Case::new;
    let meeting = |field: &str, value: Value| new().meeting(field, value);
    let called = || meeting("state", json!("called"));
    let other = json!({"id": id(SCOPE), "version": 1});
    let nobody = meeting("present", json!([]));
    expect(
        Quorum::Quorate,
        &[
            ("held", new()),
            ("to sit again", meeting("state", json!("adjourned"))),
            ("held since", called().then("state", "held")),
        ],
    );
    expect(
        Quorum::NotShown,
        &[
            ("nothing of who was there", meeting("present", Value::Null)),
            ("no items", meeting("items", json!([]))),
            (
                "no items, one there for a part",
                third("to_item", "1")
                    .says("item", "2")
                    .meeting("items", json!([])),
            ),
        ],
    );
    could_not(
        "not_met",
        &[
            ("only called", called()),
            ("cancelled", meeting("state", json!("cancelled"))),
            ("cancelled since", new().then("state", "cancelled")),
            ("of another body", meeting("body", json!(id(ROOT)))),
            ("no meeting but a scope", new().says("meeting", other)),
            (
                "on a day it did not sit",
                new().says("decided_on", "2026-03-13"),
            ),
        ],
    );
    could_not(
        "no_such_item",
        &[("an item that it did not have", new().says("item", "9"))],
    );
    expect(
        Quorum::Inquorate,
        &[
            ("without a quorum", meeting("state", json!("inquorate"))),
            ("answers beside a meeting", nobody.says("answered", 4)),
        ],
    );
}

#[test]
fn each_seat_counts_once_and_so_does_each_person() {
    let there = |rows: Value| Case::new().meeting("present", rows);
    let two = |third: Value| there(json!([member(ASH), member(BIRCH), third]));
    let one = |rest: [Value; 2]| {
        let [second, third] = rest;
        there(json!([member(ASH), second, third])).board("deputies_count", true)
    };
    let thrice = there(json!([member(ASH), member(ASH), member(ASH)]));
    expect(
        Quorum::Quorate,
        &[("a deputy", one([member(BIRCH), deputy(ELM, CEDAR)]))],
    );
    expect(
        Quorum::Inquorate,
        &[
            ("one member thrice", thrice),
            (
                "a member beside their deputy",
                one([member(BIRCH), deputy(ELM, ASH)]),
            ),
            (
                "two deputies of one",
                one([deputy(ELM, CEDAR), deputy(FIR, CEDAR)]),
            ),
            (
                "one deputy of two",
                one([deputy(ELM, BIRCH), deputy(ELM, CEDAR)]),
            ),
            (
                "a member for another",
                one([member(BIRCH), deputy(ASH, CEDAR)]),
            ),
            ("a deputy not allowed", two(deputy(ELM, CEDAR))),
            ("no member", two(member(ELM))),
        ],
    );
}

#[test]
fn only_who_was_at_the_sitting_and_the_item_counts() {
    let with = |field: &str, value: Value| {
        let mut third = member(CEDAR);
        third[field] = value;
        let present = json!([member(ASH), member(BIRCH), third]);
        Case::new().meeting("present", present)
    };
    let second = || with("sittings", json!([2]));
    expect(
        Quorum::Quorate,
        &[
            ("at this sitting", with("sittings", json!([1]))),
            (
                "decided at the other",
                second().says("decided_on", "2026-03-26"),
            ),
            ("left after", with("to_item", json!("2"))),
        ],
    );
    expect(
        Quorum::Inquorate,
        &[
            ("at the other sitting", second()),
            ("left before", with("to_item", json!("1"))),
            ("left at an item that was none", with("to_item", json!("9"))),
        ],
    );
}

fn no_item(case: Case) -> Case {
    case.says("item", Value::Null)
}

fn there(rows: Value) -> Case {
    no_item(Case::new().meeting("present", rows))
}

fn with(n: u128, field: &str, value: impl Into<Value>) -> Value {
    let mut one = member(n);
    one[field] = value.into();
    one
}

fn third(field: &str, value: impl Into<Value>) -> Case {
    there(json!([
        member(ASH),
        member(BIRCH),
        with(CEDAR, field, value)
    ]))
}

fn withdrew(item: impl Into<Value>) -> Case {
    let interest = json!({"person": id(CEDAR), "item": item.into(), "withdrew": true});
    no_item(Case::new().meeting("interests", json!([interest])))
}

#[test]
fn a_resolution_that_names_no_item_counts_where_each_had_a_quorum() {
    let relieved = json!([
        member(ASH),
        member(BIRCH),
        with(CEDAR, "to_item", "1"),
        with(ASH + 3, "from_item", "2"),
    ]);
    let all_left = [ASH, BIRCH, CEDAR].map(|n| with(n, "to_item", "1"));
    let silent_on_items = no_item(Case::new()).meeting("items", json!([]));
    expect(
        Quorum::Quorate,
        &[
            ("all there throughout", no_item(Case::new())),
            ("one comes as another leaves", there(relieved)),
            ("silent on items", silent_on_items),
            ("nobody stayed for the second", there(json!(all_left))),
            (
                "a withdrawal at another item",
                withdrew("2").says("item", "1"),
            ),
        ],
    );
    let silent = there(Value::Null);
    expect(Quorum::NotShown, &[("nothing of who was there", silent)]);
}

#[test]
fn a_resolution_that_names_no_item_adopts_nothing_where_one_had_no_quorum() {
    let never_together = json!([with(ASH, "to_item", "1"), with(BIRCH, "from_item", "2")]);
    let no_items = |case: Case| case.meeting("items", json!([]));
    expect(
        Quorum::Inquorate,
        &[
            ("one left", third("to_item", "1")),
            ("one came", third("from_item", "2")),
            ("one came to no item", third("from_item", "9")),
            ("at the other sitting", third("sittings", json!([2]))),
            ("one left, no items", no_items(third("to_item", "1"))),
            (
                "never two together",
                there(never_together).board("quorum", 2),
            ),
        ],
    );
    could_not(
        "recused",
        &[
            ("one withdrew", withdrew("2")),
            (
                "one withdrew, from the item",
                withdrew("2").says("item", "2"),
            ),
            ("one withdrew, not said from what", withdrew(Value::Null)),
            (
                "one withdrew, not said from what, at an item",
                withdrew(Value::Null).says("item", "1"),
            ),
            ("one withdrew, no items", no_items(withdrew("2"))),
        ],
    );
    // Too few were there besides.
    let fewer = withdrew("2").meeting("present", json!([member(ASH), member(CEDAR)]));
    expect(Quorum::Inquorate, &[("one withdrew of two", fewer)]);
}

#[test]
fn a_resolution_that_names_no_item_is_held_to_the_items_of_its_own_sitting() {
    // Cedar left before the second item.
    let left = |taken: Value| {
        let items = json!([{"number": "1", "sitting": 1}, {"number": "2", "sitting": taken}]);
        third("to_item", "1").meeting("items", items)
    };
    let second = || left(json!(2));
    expect(Quorum::Quorate, &[("put off to the second", second())]);
    expect(
        Quorum::Inquorate,
        &[
            ("not said at which", left(Value::Null)),
            ("at the first", left(json!(1))),
            (
                "at the second, by the second",
                second().says("decided_on", "2026-03-26"),
            ),
        ],
    );
    let named = |item: &str| second().says("item", item);
    expect(Quorum::Quorate, &[("the first item", named("1"))]);
    could_not("no_such_item", &[("taken at the second", named("2"))]);
}

#[test]
fn a_board_that_does_not_decide_approves_nothing() {
    let may = |may: Value| Case::new().board("may", may).decided().1;
    let no_power = Some("no_power".to_owned());
    assert_eq!(may(json!(["advise"])), no_power);
    assert_eq!(may(json!(["recommend", "advise"])), no_power);
    assert_eq!(may(json!(["decide", "advise"])), None);
    assert_eq!(may(json!([])), None);
}

#[test]
fn a_board_withdraws_what_it_has_the_power_to_approve() {
    let withdraws = || Case::new().says("verb", "withdraws");
    assert_eq!(withdraws().decided(), (Quorum::Quorate, None));
    let powerless = withdraws().board("powers", json!(["declare"]));
    assert_eq!(powerless.decided().1.as_deref(), Some("no_power"));
    let inquorate = withdraws().meeting("present", json!([member(ASH)]));
    assert_eq!(inquorate.decided().0, Quorum::Inquorate);
}

#[test]
fn whoever_wrote_it_attests_only_as_secretary_or_chair() {
    let refused = |code: &str| Some(code.to_owned());
    // Elm wrote the scope.
    assert_eq!(Case::new().attested(ELM), refused("same_person"));
    assert_eq!(Case::new().attested(FIR), None);
    assert_eq!(Case::new().says("verb", "notes").attested(ELM), None);
    let secretary = Case::new().board("secretary", json!(id(ELM)));
    assert_eq!(secretary.attested(ELM), None);
    assert_eq!(secretary.attested(FIR), refused("no_authority"));
}

#[test]
fn a_resolution_is_attested_once_whatever_the_move_that_attests_is_called() {
    let mut all: Vec<KindSpec> = kinds::registry().iter().cloned().collect();
    let attests = all
        .iter_mut()
        .flat_map(|kind| &mut kind.moves)
        .find(|one| one.counts == Counts::Attests);
    attests.unwrap().name = "sign";
    let registry = Registry::new(all);
    let mut records = Case::new().records();
    let sign = |records: &Records| attest(&registry, records, ("sign", FIR));
    let entry = sign(&records).unwrap();
    records.add(entry.into_event(records.size, 0, "2026-04-01".parse().unwrap()));
    assert_eq!(sign(&records).err().as_deref(), Some("already_attested"));
}
