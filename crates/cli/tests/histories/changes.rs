//! A version of a system that says to every rule what the one before said is passed over: what is
//! answered is the same as where each version says something of its own.

use std::collections::HashMap;
use std::sync::Arc;

use assess::At;
use record::{Act, Event, Records};
use serde_json::{Value, json};

use crate::acts::generated;
use crate::asked::catalogue;
use crate::history::{AIMS_START, HISTORIES, day, records};

const MANY: &str = "ai_system";

/// Has two of three versions of systems that followed another say again what that one said, of
/// whatever day they are.
fn repeated(events: &[Event]) -> Vec<Event> {
    let mut events = events.to_vec();
    let mut said: HashMap<uuid::Uuid, Value> = HashMap::new();
    for event in &mut events {
        if &*event.kind != MANY || event.act != Act::Put {
            continue;
        }
        if let Some(before) = said.get(&event.id)
            && event.seq % 3 > 0
        {
            Arc::make_mut(&mut event.facts).body = before.clone();
        }
        said.insert(event.id, event.facts.body.clone());
    }
    events
}

/// Has each version of a system name a day of its own, on which nothing significant changed: so none
/// says what another says, and no rule makes anything of it.
fn told_apart(events: &[Event]) -> Vec<Event> {
    let mut events = events.to_vec();
    for event in &mut events {
        let significant = event.facts.body.get("significant_change") == Some(&Value::Bool(true));
        if &*event.kind == MANY && event.act == Act::Put && !significant {
            let own = day("2020-01-01").plus_days(i64::try_from(event.seq).unwrap_or(0));
            Arc::make_mut(&mut event.facts).body["changed_on"] = json!(own);
        }
    }
    events
}

/// Returns how many versions of systems say nothing new.
fn nothing_new(records: &Records) -> usize {
    let of_record = |record: &record::Record| {
        let read: Vec<String> = record
            .versions
            .iter()
            .map(|version| assess::read_of_system(&version.put))
            .collect();
        read.windows(2).filter(|two| two[0] == two[1]).count()
    };
    records.of_kind(MANY).map(of_record).sum()
}

#[test]
fn a_version_that_says_nothing_new_changes_no_answer() {
    let catalogue = catalogue();
    let asked = assess::inquiries(&catalogue);
    let start = day(AIMS_START);
    // A version that changes significantly names its day already.
    let (mut passed_over, mut in_the_other) = (0, 0);
    for seed in 0..HISTORIES {
        let history = generated(seed);
        let events = repeated(&history.events);
        let (again, apart) = (records(&events), records(&told_apart(&events)));
        let last = history.today.plus_days(500);
        let at = At::new(&again, start, start, last);
        let at_apart = At::new(&apart, start, start, last);
        for one in &asked {
            for subject in one.subjects(&at) {
                let (said, meant) = (
                    one.stretches(&at, &subject),
                    one.stretches(&at_apart, &subject),
                );
                assert_eq!(said, meant, "history {seed}, {} of {subject:?}", one.id());
            }
        }
        passed_over += nothing_new(&again);
        in_the_other += nothing_new(&apart);
    }
    assert!(
        passed_over > 80 && passed_over > 4 * in_the_other,
        "{passed_over}, and {in_the_other} where they are told apart"
    );
}
