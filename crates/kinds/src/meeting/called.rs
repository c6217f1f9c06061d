//! When a meeting was called and its papers went out: by the day it sat, and never ahead.

use record::{Day, Problem, Records, Refusal};
use serde_json::Value;
use uuid::Uuid;

use super::{Meeting, MeetingState};

impl Meeting {
    /// A meeting is called by the day it first sits, and its papers are out by the day it last
    /// does: of one that is to sit again, more may follow.
    pub(super) fn called_late(&self) -> Option<Problem> {
        let sat = || self.sittings.iter().map(|sitting| sitting.on);
        let (first, last) = sat().min().zip(sat().max())?;
        if self.called_on.is_some_and(|called| called > first) {
            return Some(Problem::new(
                "/called_on",
                format!(
                    "A meeting is called before it sits; this one first sat on {}.",
                    first.in_words()
                ),
                "Write the day it was called, or leave this out.",
            ));
        }
        let to_sit_again = self.state == MeetingState::Adjourned;
        let late = self.papers_out_on.is_some_and(|out| out > last);
        (late && !to_sit_again).then(|| {
            Problem::new(
                "/papers_out_on",
                format!(
                    "Papers go out before what they are for; this meeting last sat on {}.",
                    last.in_words()
                ),
                "Write the day they went out, or leave this out; what was brought on the day went out that day.",
            )
        })
    }
}

/// What was called was called by today, and what went out is out. When it is meant to sit is another
/// day, and so is what is older than the ledger: a meeting may sit in it that was called before.
pub(super) fn held_to_today(
    _: Uuid,
    facts: &Value,
    _: &Records,
    today: Day,
) -> Result<(), Refusal> {
    for field in ["called_on", "papers_out_on"] {
        let day = facts.get(field).and_then(Value::as_str);
        let day = day.and_then(|day| day.parse::<Day>().ok());
        if let Some(day) = day.filter(|day| *day > today) {
            let what = format!(
                "{} has not come yet; what happened cannot be dated after today, {}.",
                day.in_words(),
                today.in_words()
            );
            return Err(Refusal::new("in_future", what)
                .at(format!("/body/{field}"))
                .hint("Record it when it has happened; planned_on is the day the meeting is meant for."));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::drafts::{SOUND, hold};
    use crate::meeting::kind;

    #[test]
    fn a_meeting_is_called_before_it_sits_and_its_papers_are_out_by_then() {
        let called = "/body/called_on: A meeting is called before it sits; this one first sat on 24 September 2026.";
        let papers = "/body/papers_out_on: Papers go out before what they are for; this meeting last sat on 1 October 2026.";
        let days = json!([{"on": "2026-09-24"}, {"on": "2026-10-01"}]);
        let of = |state: &str, field: &str, day: &str| json!({"state": state, "sittings": days, field: day, "items": []});
        hold(
            &kind(),
            &[
                (of("held", "called_on", "2026-09-24"), SOUND),
                (of("held", "called_on", "2026-09-25"), called),
                (of("adjourned", "called_on", "2026-09-25"), called),
                (of("held", "papers_out_on", "2026-10-01"), SOUND),
                (of("held", "papers_out_on", "2026-10-02"), papers),
                (of("inquorate", "papers_out_on", "2026-10-02"), papers),
                (of("adjourned", "papers_out_on", "2026-10-02"), SOUND),
            ],
        );
    }
}
