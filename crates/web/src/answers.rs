//! The five answers, as drawn.

use app::view::{Answer, Evidence};
use app::{StatusView, Zone};
use record::Day;

use crate::english;
use crate::prose::{Mark, Prose};
use crate::requirements::Place;
use crate::strip::{Scale, Strip};

/// How much evidence stands in view; the rest folds away.
const IN_VIEW: usize = 6;

/// One answer.
#[derive(Debug)]
pub struct Drawn {
    pub number: usize,
    pub id: String,
    pub question: String,
    pub marks: [Mark; 2],
    pub because: Prose,
    pub since: Option<Prose>,
    pub due: &'static str,
    pub next_due: Option<Prose>,
    pub affected: Option<Prose>,
    pub evidence: Vec<Piece>,
    pub more: Vec<Piece>,
    pub more_words: String,
    pub reservations: Vec<Prose>,
    pub strip: Strip,
}

/// A record that an answer rests on.
#[derive(Debug)]
pub struct Piece {
    pub title: String,
    pub entries: Vec<Entry>,
}

/// An entry that added it, or did something to it.
#[derive(Debug)]
pub struct Entry {
    pub words: Prose,
    pub later: bool,
}

/// Returns the five answers with their strips, all on one scale.
pub fn drawn(
    view: &StatusView,
    strips: &app::Strip,
    known_by: Option<&str>,
    place: Place<'_>,
) -> Vec<Drawn> {
    let scale = Scale::new(view.aims_start, view.about);
    view.says
        .five
        .iter()
        .enumerate()
        .map(|(index, answer)| {
            let steps = strips.get(&answer.id).map_or(&[][..], Vec::as_slice);
            let strip = Strip::new(&answer.id, steps, &scale, known_by);
            let same =
                |one: &Evidence, next: &Evidence| (one.id, one.version) == (next.id, next.version);
            let pieces = answer.evidence.chunk_by(same);
            let pieces = pieces.map(|entries| piece(entries, view.about, place.zone));
            let drawn = one((index + 1, view.about), answer, pieces.collect(), strip);
            counted(drawn, answer, view, place)
        })
        .collect()
}

fn one(
    (number, about): (usize, Day),
    answer: &Answer,
    mut evidence: Vec<Piece>,
    strip: Strip,
) -> Drawn {
    let more = evidence.split_off(evidence.len().min(IN_VIEW));
    Drawn {
        number,
        id: answer.id.clone(),
        question: answer.question.clone(),
        marks: [
            Mark {
                drawing: drawing(answer.in_hand),
                word: english::in_hand(answer.in_hand),
            },
            Mark {
                drawing: drawing(answer.holds),
                word: english::holds(answer.holds),
            },
        ],
        because: Prose::new(&answer.because),
        since: answer.since.map(Prose::short_day),
        due: english::due(answer.next_due.is_some_and(|due| due < about)),
        next_due: answer.next_due.map(Prose::short_day),
        affected: answer
            .affected
            .filter(|affected| affected.n > 0)
            .map(|affected| Prose::new(&english::affected(affected.n, affected.of))),
        evidence,
        more_words: english::more_evidence(more.len()),
        more,
        reservations: answer.reservations.iter().map(|r| Prose::new(r)).collect(),
        strip,
    }
}

/// A requirement, and rules that bear on it.
type Of = (&'static str, &'static [&'static str]);

/// Returns the requirement that the count of an answer is of, and the rules whose finding may list
/// what it counts.
fn counts(answer: &str) -> Option<Of> {
    Some(match answer {
        "scope" => ("4.3", &["4.3-b.o"]),
        "owner" => ("5.3", &["5.3"]),
        "risk_assessment" => ("8.2", &["8.2", "8.2.o"]),
        "management_review" => ("9.3.2", &["9.3-b"]),
        _ => return None,
    })
}

/// Links the count of an answer to the finding that lists what it counts, or else to the
/// requirement that it is of.
fn counted(mut drawn: Drawn, answer: &Answer, view: &StatusView, place: Place<'_>) -> Drawn {
    let of = counts(&answer.id).and_then(|(id, rules)| {
        let mut all = view.says.requirements.iter();
        Some((all.find(|one| one.id == id)?, rules))
    });
    let Some((affected, (of, rules))) = answer.affected.zip(of) else {
        return drawn;
    };
    // One of the rules may count others than the answer: some that are overdue of all that wait.
    let mut findings = of.findings.iter();
    let lists = findings.find(|one| rules.contains(&one.rule.as_str()) && one.affected == affected);
    let address = lists.map_or_else(
        || format!("#r-{}", of.id),
        |finding| place.lists(&of.id, &finding.rule),
    );
    let words = english::affected(affected.n, affected.of);
    drawn.affected = drawn.affected.map(|said| said.linked(&words, &address));
    let count = english::n_of(affected.n, affected.of);
    drawn.because = drawn.because.linked(&count, &address);
    drawn
}

/// A version, and what was done to it by later entries.
fn piece(entries: &[Evidence], about: Day, zone: &Zone) -> Piece {
    let entry = |one: &Evidence| Entry {
        words: Prose::new(&english::evidence(one)).at(zone.at(one.recorded_at)),
        later: one.recorded_on > about,
    };
    Piece {
        title: entries[0].title.clone(),
        entries: entries.iter().map(entry).collect(),
    }
}

fn drawing(word: &str) -> &'static str {
    match word {
        "yes" => "shown",
        "no" => "not-shown",
        "not_due" => "not-due",
        _ => "not-known",
    }
}

#[cfg(test)]
mod tests {
    use catalogue::Catalogue;

    use super::*;

    #[test]
    fn the_rules_whose_findings_list_what_an_answer_counts_bear_on_its_requirement() {
        let catalogue = Catalogue::iso_42001().unwrap();
        let mut rules = 0;
        for answer in &catalogue.five {
            let (id, named) = counts(&answer.id).unwrap_or_default();
            for rule in named {
                let rule = catalogue.rule(rule).unwrap();
                assert!(rule.bears_on.iter().any(|one| one == id), "{}", rule.id);
                rules += 1;
            }
        }
        assert_eq!(rules, 5);
    }

    #[test]
    fn the_day_on_which_evidence_was_recorded_late_says_the_instant() {
        let zone = Zone::named("Europe/London").unwrap();
        let day: Day = "2024-05-03".parse().unwrap();
        let one = Evidence {
            id: "00000000-0000-4000-8000-000000000001".parse().unwrap(),
            version: 2,
            kind: "meeting".to_owned(),
            title: "Cabinet".to_owned(),
            seq: 12,
            name_of_move: None,
            effective_on: "2024-03-21".parse().unwrap(),
            recorded_at: 1_714_735_800_000,
            provenance: "late",
            recorded_on: day,
        };
        let piece = piece(&[one], day, &zone);
        assert_eq!(
            piece.entries[0].words.to_string(),
            "version 2, recorded late, on <time datetime=\"2024-05-03T12:30:00+01:00\" \
             title=\"Friday 3 May 2024, 12:30:00 +01:00 (Europe/London)\">3 May 2024</time>, entry 12"
        );
    }
}
