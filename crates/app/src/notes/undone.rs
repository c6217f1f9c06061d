//! That a withdrawn resolution had done something, which counts no longer, or is still so by another.

use record::approve::WITHDRAW;
use record::{Approval, Day};

use super::EntryNote;

/// What else did to a version what a withdrawn resolution had done.
pub(crate) struct Another {
    /// Whether a person did, and no resolution.
    pub is_person: bool,
    /// The day from which it counts.
    pub from: Day,
    /// The last day, where it has one.
    pub last: Option<Day>,
    /// When the version is to be reviewed, where it was kept.
    pub next_review: Option<Day>,
}

/// Returns what a resolution had done to a version before it was withdrawn, by their titles.
pub(crate) fn undone(title: &str, act: &Approval, of: &str) -> EntryNote {
    let (had, now) = done_to(act, of);
    EntryNote {
        code: "undone".to_owned(),
        hint: "If it was resolved, record it again as it was and have it attested; if not, let the body decide again what is to count.".to_owned(),
        message: format!("{title} had {had}; {now}."),
        of: Some(act.of),
        versions: Vec::new(),
    }
}

/// Returns what an act had done to a version, by its title, and what is so without it.
fn done_to(act: &Approval, of: &str) -> (String, &'static str) {
    let version = format!("“{of}”, version {}", act.of.version);
    match act.name.as_str() {
        "approve" => (
            format!("approved {version}"),
            "it is no longer in force by it",
        ),
        "keep" => (
            format!("kept {version}, as it is"),
            "its review is due as if it had not",
        ),
        "accept" => (
            format!("accepted {version}"),
            "it is no longer accepted by it",
        ),
        "end" => (format!("ended {version}"), "it no longer ends by it"),
        "move_slot" => (
            format!("moved a slot of {version}"),
            "the slot stands where it was",
        ),
        WITHDRAW => (
            format!("resolved that {version}, be withdrawn"),
            "no entry can withdraw it by that any more, and one that did stays",
        ),
        _ => (format!("acted on {version}"), "that counts no longer"),
    }
}

/// Returns what a resolution had done to a version before it was withdrawn, and that another still
/// does it, by their titles.
pub(crate) fn still_by_another(
    title: &str,
    act: &Approval,
    of: &str,
    (by, other): (&str, &Another),
) -> EntryNote {
    let (had, _) = done_to(act, of);
    let stays = match act.name.as_str() {
        "approve" => "it stays approved",
        "accept" => "it stays accepted",
        "keep" => "it stays kept",
        "end" => "it stays ended",
        _ => "that still counts",
    };
    let until = match other.last {
        None => "on".to_owned(),
        Some(last) => format!("until {}", last.in_words()),
    };
    let review = other.next_review.map_or_else(String::new, |next| {
        format!(", to be reviewed by {}", next.in_words())
    });
    EntryNote {
        code: "still_by_another".to_owned(),
        hint: next(act, other),
        message: format!(
            "{title} had {had}; {stays}, by “{by}” from {} {until}{review}.",
            other.from.in_words()
        ),
        of: Some(act.of),
        versions: Vec::new(),
    }
}

/// Says what to do where that is not so either. Nothing withdraws what a person did by a move.
fn next(act: &Approval, other: &Another) -> String {
    match (other.is_person, act.name.as_str()) {
        (false, _) => {
            "If that was not resolved either, withdraw it too, with its reason.".to_owned()
        }
        (true, "approve") => format!(
            "A person's own move is not withdrawn. If it is not to count, let a body that has the power rescind version {0}, or withdraw version {0} itself with its reason if it was entered in error.",
            act.of.version
        ),
        (true, _) => {
            "A person's own move is not withdrawn. If it is not to count, let it be decided again."
                .to_owned()
        }
    }
}
