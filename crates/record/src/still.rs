//! What a version still is, where a resolution that made it so was withdrawn: by what else.

use std::sync::Arc;

use crate::approve::{Approval, Approver};
use crate::event::Event;
use crate::fields::{Cite, Day};
use crate::records::{Approved, Version, event_day};

/// What does the same to a version as an act that counts no more.
#[derive(Debug, Clone, Copy)]
pub struct Still<'a> {
    /// The act.
    pub act: &'a Approval,
    /// The entry that is it.
    pub event: &'a Event,
    /// The day from which it counts.
    pub from: Day,
    /// The last day, where it has one.
    pub last: Option<Day>,
}

impl<'a> Still<'a> {
    fn of((act, event): &'a (Approval, Arc<Event>)) -> Self {
        Self {
            act,
            event,
            from: act.takes_effect(),
            last: None,
        }
    }
}

impl Version {
    /// Returns the version without what a version of a resolution did to it.
    #[must_use]
    pub fn without_resolution(&self, of: Cite) -> Self {
        let by_other = |act: &Approval| {
            let by_it = matches!(act.by, Approver::Body { resolution, .. } if resolution == of);
            !by_it
        };
        let mut left = self.clone();
        left.acts.retain(|(act, _)| by_other(act));
        left.corrected.retain(|one| by_other(&one.was.0));
        left
    }

    /// Returns what does the same to it as an act, on a day or a later one: it is approved or
    /// accepted and not over, ended and not approved again since, its slot of the same first day
    /// moved, or it is kept, by the last who did.
    pub fn still(&self, act: &Approval, today: Day) -> Option<Still<'_>> {
        let counted = || {
            let acts = self.acts.iter();
            acts.filter(|(one, _)| one.counts && one.name == act.name)
        };
        match act.name.as_str() {
            name @ ("approve" | "accept") => {
                let lasting = self.lasting(name == "accept", today);
                let first = lasting.min_by_key(|one| (one.from, one.event.seq))?;
                Some(Still {
                    act: first.act,
                    event: first.event,
                    from: first.from,
                    last: first.last,
                })
            }
            "end" => {
                let lasts = |is_accepted| self.lasting(is_accepted, today).next().is_some();
                let begun = ["approve", "accept"].map(|name| self.counted(name));
                let begun = begun.into_iter().flatten();
                let begun = begun.map(|(one, event)| (one.decided_on, event.seq)).max();
                let ends = counted().filter(|(end, at)| Some((end.decided_on, at.seq)) >= begun);
                let first = ends.min_by_key(|(end, _)| end.takes_effect());
                first
                    .filter(|_| !lasts(false) && !lasts(true))
                    .map(Still::of)
            }
            "keep" => {
                let last = counted().max_by_key(|(one, event)| (one.takes_effect(), event.seq));
                // What is over is not kept any more.
                let is_over = self.last_day().is_some_and(|last| last < today);
                last.filter(|_| !is_over).map(Still::of)
            }
            name => {
                let slot = act.carries.get("first_day").and_then(|day| day.as_str());
                let same = |one: &&(Approval, Arc<Event>)| {
                    let other = event_day(&one.0, &one.1, "/first_day");
                    name != "move_slot" || other.map(|day| day.to_string()).as_deref() == slot
                };
                let others = counted().filter(same);
                let first = others.min_by_key(|(one, _)| one.takes_effect());
                first.map(Still::of)
            }
        }
    }

    /// Returns the stretches of days for which it was approved, or accepted, that are not over by a
    /// day.
    fn lasting(&self, is_accepted: bool, today: Day) -> impl Iterator<Item = Approved<'_>> {
        let name = if is_accepted { "accept" } else { "approve" };
        let all = self.counted(name).flat_map(|one| {
            let ended = self.ended_on(one, |last, _| last);
            self.approved_by(one).without(ended)
        });
        all.filter(move |one| {
            one.last
                .is_none_or(|last| one.from <= last && today <= last)
        })
    }
}
