//! The five answers, as drawn.

use app::StatusView;
use app::view::{Answer, Evidence};
use record::Day;

use crate::english;
use crate::prose::{Mark, Prose};
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
    pub affected: Option<String>,
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
pub fn drawn(view: &StatusView, strips: &app::Strip, known_by: Option<&str>) -> Vec<Drawn> {
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
            let pieces = pieces.map(|entries| piece(entries, view.about));
            one((index + 1, view.about), answer, pieces.collect(), strip)
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
            .map(|affected| english::affected(affected.n, affected.of)),
        evidence,
        more_words: english::more_evidence(more.len()),
        more,
        reservations: answer.reservations.iter().map(|r| Prose::new(r)).collect(),
        strip,
    }
}

/// A version, and what was done to it by later entries.
fn piece(entries: &[Evidence], about: Day) -> Piece {
    let entry = |one: &Evidence| Entry {
        words: Prose::new(&english::evidence(one)),
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
