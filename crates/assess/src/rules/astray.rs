//! A slot that no review holds, and a review on record that might be taken for its.

use record::slots::Slot;
use record::{Day, Version};

use super::reviewed::Reviewed;
use super::{review, reviewed};
use crate::at::{At, day, id};
use crate::outcome::Outcome;

/// A review that does not hold a slot, though it claims it or was held in it.
#[derive(Debug, Clone, Copy)]
pub struct Astray<'a> {
    /// The review.
    pub review: &'a Version,
    /// Why it does not.
    pub why: Why,
}

/// Why a review does not hold a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It claims it, and last sat on this day, outside it.
    Outside(Day),
    /// It claims it, and a meeting of its was adjourned on this day and is to sit again.
    Adjourned(Day),
    /// It claims it, and a meeting of its was withdrawn or does not stand as held.
    Unheld,
    /// It claims it, and was held in it, last on this day, before the AI management system started.
    Before(Day),
    /// It claims it and was held in it, last on this day, and no version of its minutes is on record.
    Unminuted(Day),
    /// It was held in it on this day, and claims none.
    Unclaimed(Day),
    /// It was held in it on the first of these days, and claims another slot, which has the second
    /// as its first day and in which it was not held.
    Elsewhere(Day, Day),
}

impl<'a> Astray<'a> {
    /// Returns a review that claims a slot in which, as its meetings stand, it was not held.
    pub fn claiming(at: &At<'_>, one: &Reviewed<'a>, slot: &Slot) -> Option<Self> {
        let why = match (one.sat.filter(|_| one.stands), one.adjourned) {
            (None, Some(on)) if one.stands => Why::Adjourned(on),
            (None, _) => Why::Unheld,
            (Some(sat), _) if at.reached(sat) && !slot.holds_day(sat) => Why::Outside(sat),
            (Some(sat), _) if at.reached(sat) && sat < at.aims_start => Why::Before(sat),
            (Some(sat), _) if at.reached(sat) && one.recorded.is_none() => Why::Unminuted(sat),
            (Some(_), _) => return None,
        };
        let review = one.review;
        Some(Self { review, why })
    }

    /// Returns the last review that was held in a slot which nobody claims, and that claims none
    /// in which it was.
    pub fn unclaiming(at: &At<'a>, slot: &Slot) -> Option<Self> {
        let held = review::held(at).into_iter();
        let mut in_slot = held.filter(|(on, _)| slot.holds_day(*on));
        let (on, review) = in_slot.rfind(|(on, review)| !claims_its_own(at, review, *on))?;
        let why = match day(review.body(), "/slot/first_day") {
            None => Why::Unclaimed(on),
            Some(first) => Why::Elsewhere(on, first),
        };
        Some(Self { review, why })
    }

    /// Says of a slot that fails which review might be taken for its.
    pub fn told(self, fails: Outcome) -> Outcome {
        let fails = fails.with("review", self.review.put.id);
        match self.why {
            Why::Outside(sat) => fails.with("case", "outside").with("on", sat),
            Why::Adjourned(on) => fails.with("case", "adjourned").with("on", on),
            Why::Unheld => fails.with("case", "unheld"),
            Why::Before(on) => fails.with("case", "before").with("on", on),
            Why::Unminuted(on) => fails.with("case", "unminuted").with("on", on),
            Why::Unclaimed(on) => fails.with("case", "unclaimed").with("on", on),
            Why::Elsewhere(on, first) => {
                let fails = fails.with("case", "elsewhere").with("on", on);
                fails.with("first", first)
            }
        }
    }
}

/// Whether a review claims a slot in which it was held.
fn claims_its_own(at: &At<'_>, review: &Version, on: Day) -> bool {
    let mut planned = reviewed::series(at).iter().flatten();
    planned.any(|one| {
        let claimed = id(review.body(), "/slot/declaration") == Some(one.declaration)
            && day(review.body(), "/slot/first_day") == Some(one.slot.first_day);
        claimed && review::as_moved(at, &one.slot).holds_day(on)
    })
}
