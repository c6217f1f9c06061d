//! Asking a history, and what of an answer is compared.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

use std::collections::{BTreeMap, BTreeSet};

use assess::{At, Names, Question, Status, StripOf, said_at, status, status_of, strip};
use catalogue::Catalogue;
use record::{Day, Records};

use crate::history::{AIMS_START, day};

/// Asks about a day.
pub fn about(records: &Records, catalogue: &Catalogue, about: Day) -> Status {
    status(&question(records, catalogue, &Names::new(), about))
}

/// Asks about a day as if no day before it had been asked.
pub fn apart(records: &Records, catalogue: &Catalogue, about: Day) -> Status {
    let mut at = At::new(records, day(AIMS_START), about, about.plus_months(1));
    at.start = about;
    let said = said_at(&at, catalogue, None);
    status_of(&question(records, catalogue, &Names::new(), about), &said)
}

fn question<'a>(
    records: &'a Records,
    catalogue: &'a Catalogue,
    names: &'a Names,
    about: Day,
) -> Question<'a> {
    Question {
        records,
        catalogue,
        names,
        about,
        aims_start: day(AIMS_START),
        before_ledger: false,
        then: &[],
        all_subjects_of: None,
    }
}

/// Returns the words of the five answers through a day.
pub fn along(records: &Records, catalogue: &Catalogue, through: Day) -> StripOf {
    let start = day(AIMS_START);
    let at = At::new(records, start, through, through);
    let said = said_at(&at, catalogue, None);
    let words = said.iter().map(|(id, said)| (id.as_str(), &said.words));
    strip(&words.collect(), catalogue, start, through)
}

pub fn catalogue() -> Catalogue {
    Catalogue::iso_42001().unwrap()
}

/// What an answer says: verdicts, the words of the five, and each finding with its level,
/// number affected and subjects.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    pub verdicts: BTreeMap<String, &'static str>,
    pub five: BTreeMap<String, (&'static str, &'static str)>,
    pub findings: BTreeMap<String, (&'static str, i64, i64, BTreeSet<String>)>,
}

impl Said {
    pub fn of(status: &Status) -> Self {
        let findings = status.requirements.iter().flat_map(|one| &one.findings);
        Self {
            verdicts: status
                .requirements
                .iter()
                .map(|one| (one.id.clone(), one.verdict))
                .collect(),
            five: status
                .five
                .iter()
                .map(|one| (one.id.clone(), (one.in_hand, one.holds)))
                .collect(),
            findings: findings
                .map(|one| {
                    let subjects = one.subjects.iter().map(|subject| subject.id.clone());
                    let said = (
                        one.level,
                        one.affected.n,
                        one.affected.of,
                        subjects.collect(),
                    );
                    (one.rule.clone(), said)
                })
                .collect(),
        }
    }
}

/// Since when each word of an answer stands.
pub fn sinces(status: &Status) -> BTreeMap<String, Option<Day>> {
    let verdicts = status.requirements.iter().map(|one| (&one.id, one.since));
    let five = status.five.iter().map(|one| (&one.id, one.since));
    let findings = status.requirements.iter().flat_map(|one| &one.findings);
    let findings = findings.map(|one| (format!("finding {}", one.rule), Some(one.since)));
    verdicts
        .chain(five)
        .map(|(id, since)| (id.clone(), since))
        .chain(findings)
        .collect()
}
