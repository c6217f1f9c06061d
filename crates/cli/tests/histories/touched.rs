//! What an entry does not touch, by the kinds that a question says it reads, it does not change.

use std::collections::{BTreeMap, BTreeSet};

use assess::{At, Inquiry, RuleSubject, Stretch};
use record::{Act, Event, Records};

use crate::acts::generated;
use crate::asked::catalogue;
use crate::history::{AIMS_START, HISTORIES, day};

/// The kind that questions are asked of each record of, whose own entries always touch it.
const MANY: &str = "ai_system";

/// What is answered along time, by question and subject.
type Answers = BTreeMap<(String, String), Vec<Stretch>>;

/// Answers the questions, of every subject but some systems.
fn answers(asked: &[&Inquiry<'_>], records: &Records, but: &BTreeSet<uuid::Uuid>) -> Answers {
    let start = day(AIMS_START);
    let mut answers = Answers::new();
    for one in asked {
        // What was worked out for another question is read again.
        let at = At::new(records, start, start, start.plus_days(900));
        for subject in one.subjects(&at) {
            let own = matches!(&subject, RuleSubject::Record(id) if but.contains(id));
            if !(own && one.of_each(MANY)) {
                let name = (one.id().to_owned(), format!("{subject:?}"));
                answers.insert(name, one.stretches(&at, &subject));
            }
        }
    }
    answers
}

/// Returns the questions that an entry does not touch, and the systems it is about.
fn untouched<'i, 'c>(
    asked: &'i [Inquiry<'c>],
    records: &Records,
    event: &Event,
) -> (Vec<&'i Inquiry<'c>>, BTreeSet<uuid::Uuid>) {
    let mut kinds = assess::kinds_touched(records, event);
    let mut systems = BTreeSet::from_iter(assess::systems_touched(records, event));
    if &*event.kind == MANY {
        systems.insert(event.id);
        if !assess::systems_attested(records).contains(&event.id) {
            kinds.remove(MANY);
        }
    }
    let untouched = asked.iter().filter(|one| !one.touched(&kinds));
    (untouched.collect(), systems)
}

#[test]
fn an_entry_changes_no_answer_that_reads_none_of_its_kinds() {
    let catalogue = catalogue();
    let asked = assess::inquiries(&catalogue);
    let mut persons = 0;
    for seed in 0..HISTORIES {
        let mut history = generated(seed);
        let mut records = Records::default();
        for event in &history.events {
            let leaves = &*event.kind == "person" && event.version > 1;
            // Nothing is kept before the first entry.
            if event.act == Act::Begin || !leaves && !history.dice.chance(15) {
                records.add(event.clone());
                continue;
            }
            persons += usize::from(leaves);
            let (kept, systems) = untouched(&asked, &records, event);
            let before = answers(&kept, &records, &systems);
            records.add(event.clone());
            let after = answers(&kept, &records, &systems);
            let changed = after
                .iter()
                .find(|(name, said)| before.get(name) != Some(said));
            let changed = changed.map(|(name, _)| name);
            let gone = before.keys().find(|name| !after.contains_key(*name));
            let place = format!("history {seed}, entry {}, a {}", event.seq, event.kind);
            assert_eq!(changed.or(gone), None, "{place}");
        }
    }
    assert!(persons > 100, "{persons}");
}
