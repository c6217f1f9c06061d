//! A task a meeting gave somebody.

use record::{Cite, Day, FileHash, Kind, KindSpec, Problem, TITLE_LENGTH_MAX, Token};
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

/// A task with one owner and a due date.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Its number, such as A26/11.
    #[schemars(length(max = TITLE_LENGTH_MAX))]
    title: String,
    /// What is to be done.
    text: String,
    /// The one person who does it.
    owner: Uuid,
    /// By when.
    due: Day,
    /// The meeting or resolution it comes from.
    from: Option<Cite>,
    /// The item.
    item: Option<Token>,
    /// How far it has come.
    status: Status,
    /// The meeting that was told of this status; left out where it was told to none, or the
    /// minutes do not say.
    status_at: Option<Cite>,
    /// The day it was done or dropped.
    closed_on: Option<Day>,
    /// What shows it.
    #[serde(default)]
    evidence: Vec<FileHash>,
    /// A word on its progress.
    progress: Option<String>,
}

/// How far an action has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// To be done.
    Open,
    /// Done.
    Done,
    /// Given up, for a reason.
    Dropped,
}

impl Kind for Action {
    fn check(&self) -> Vec<Problem> {
        if self.status != Status::Open && self.closed_on.is_none() {
            return vec![Problem::new(
                "/closed_on",
                "A closed action has the day it was closed.",
                "Add the day.",
            )];
        }
        if self.status == Status::Open && self.closed_on.is_some() {
            return vec![Problem::new(
                "/closed_on",
                "An action that is open was closed on no day.",
                "Leave the day out, or say that it was done or dropped.",
            )];
        }
        Vec::new()
    }
}

/// Returns the kind.
pub fn kind() -> KindSpec {
    KindSpec {
        happened: &["/closed_on"],
        cites: &[
            ("/owner", &["person"]),
            ("/from", &["meeting", "resolution"]),
            ("/status_at", &["meeting"]),
        ],
        ..KindSpec::of::<Action>("action", "Action", include_str!("sample.json"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::drafts::{SOUND, hold};

    #[test]
    fn an_action_that_is_closed_has_the_day() {
        let lacking = "/body/closed_on: A closed action has the day it was closed.";
        let open = "/body/closed_on: An action that is open was closed on no day.";
        hold(
            &kind(),
            &[
                (json!({"status": "open"}), SOUND),
                (json!({"status": "open", "closed_on": "2026-10-16"}), open),
                (json!({"status": "done"}), lacking),
                (json!({"status": "dropped"}), lacking),
                (json!({"status": "done", "closed_on": "2026-10-16"}), SOUND),
                (
                    json!({"status": "dropped", "closed_on": "2026-10-16"}),
                    SOUND,
                ),
            ],
        );
    }

    #[test]
    fn a_body_from_before_the_meeting_could_be_named_is_sound_as_it_stands() {
        let whole = json!({"title": "A26/05", "text": "Export test.",
            "owner": "00000000-0000-4000-8000-000000000002", "due": "2026-08-14",
            "from": {"id": "00000000-0000-4000-8000-000000000005", "version": 2}, "item": "30",
            "status": "done", "closed_on": "2026-09-04", "evidence": [], "progress": "Late."});
        assert!(kind().body.check(&whole).is_ok());
        let mut named = whole;
        named["status_at"] = json!({"id": "00000000-0000-4000-8000-000000000006", "version": 1});
        assert!(kind().body.check(&named).is_ok());
    }
}
