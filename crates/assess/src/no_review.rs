//! What the answer on management reviews says where no review answers it.

use record::{Day, Version};

use crate::ended::Cause;
use crate::five::Words;
use crate::rules::astray::Why;
use crate::rules::review;
use crate::status::Base;
use crate::view::Evidence;

impl Base<'_> {
    /// Says why no review answers about the day, and names the last on record where there is one, or one
    /// that might be taken for it.
    pub fn no_review_because(
        &self,
        words: Words,
        slots: &[review::SlotAt<'_>],
        waits: &str,
    ) -> Cause {
        let declared = self.at.declaration("/series/management_review");
        let empty = review::newest_ended(slots).filter(|_| declared.is_some());
        let last = empty
            .filter(|slot| words.in_hand != "not_due" && slot.astray.is_none())
            .and_then(|_| review::held(&self.at).pop());
        let mut named = last.map_or_else(Vec::new, |(on, one)| self.review_evidence(one, on));
        let because = match (words.in_hand, empty) {
            ("not_due", _) if !waits.is_empty() => {
                let lacks = self.lacks_minutes(slots);
                format!("No management review is missing yet{waits}{lacks}.")
            }
            ("not_due", _) => {
                let lacks = self.lacks_minutes(slots);
                format!("No slot for a management review has ended yet{lacks}.")
            }
            (_, Some(slot)) => {
                let last = last.map_or_else(String::new, |(on, review)| {
                    format!(
                        "; the last on record, {}, was held on {}",
                        self.undated(review.cite(), on),
                        on.in_words()
                    )
                });
                let newest = newest_empty(slots);
                let (moved, resolution) = self.moved_nothing(slot.declaration, slot.slot.first_day);
                named.extend(slot.astray.iter().flat_map(|one| self.astray(one.review)));
                named.extend(resolution);
                let next = next_in_words(slot);
                let empty = self.empty_in_words(slot, newest);
                format!("{empty}{last}{waits}.{moved}{next}")
            }
            _ => {
                let none = if review::on_record(&self.at).is_empty() {
                    ", and none is on record as held"
                } else {
                    ""
                };
                let (lost, resolution) = self.inquorate_series();
                named.extend(resolution);
                format!(
                    "Since {} no record declares when management reviews are due{none}.{lost}",
                    review::undeclared_since(&self.at).in_words()
                )
            }
        };
        (because, named)
    }

    /// Returns the records of a review that does not hold the slot of which it is told.
    fn astray(&self, review: &Version) -> Vec<Evidence> {
        let held = review::held_on(&self.at, review);
        self.review_evidence(review, held.unwrap_or(review.put.facts.effective_on))
    }

    /// Says of the review of a slot that is open, or whose record is awaited, that it lacks only its
    /// minutes, as the end of a sentence.
    fn lacks_minutes(&self, slots: &[review::SlotAt<'_>]) -> String {
        let unminuted = slots.iter().find_map(|one| {
            use review::SlotState::{AwaitingRecord, Open};
            let astray = one
                .astray
                .filter(|_| matches!(one.state, AwaitingRecord | Open))?;
            match astray.why {
                Why::Unminuted(on) => Some((astray.review.put.id, on)),
                _ => None,
            }
        });
        unminuted.map_or_else(String::new, |(review, on)| {
            format!(
                "; {}, held on {}, is on record, and its minutes are not",
                self.in_sentence(review),
                on.in_words()
            )
        })
    }

    /// Says that a slot is empty, the newest of so many, and of a review that might be taken for
    /// its why it is.
    fn empty_in_words(&self, slot: &review::SlotAt<'_>, newest_of: usize) -> String {
        let (first, last) = slot.slot.days();
        let days = format!("from {} to {}", first.in_words(), last.in_words());
        let none = "No record shows a management review held";
        let none = match newest_of {
            0 | 1 => format!("{none} {days}"),
            n => format!("{none} in the last {n} slots, the newest {days}"),
        };
        let Some(astray) = slot.astray else {
            return none;
        };
        let review = self.in_sentence(astray.review.put.id);
        let unclaimed = |on: Day, claims: &str| {
            let before = match newest_of {
                0 | 1 => String::new(),
                2 => "; the one before it is empty too".to_owned(),
                n => format!("; the {} before it are empty too", n - 1),
            };
            format!(
                "No management review claims the slot {days}: {review}, held in it on {}, \
                    claims {claims}{before}",
                on.in_words()
            )
        };
        let why = match astray.why {
            Why::Outside(sat) => format!("last sat on {}", sat.in_words()),
            Why::Adjourned(on) => format!(
                "is of a meeting that was adjourned on {} and is to sit again",
                on.in_words()
            ),
            Why::Before(on) => format!(
                "was held on {}, before the AI management system started",
                on.in_words()
            ),
            Why::Unheld => {
                "is of a meeting that was withdrawn, or that does not stand as held".to_owned()
            }
            Why::Unminuted(on) => {
                return format!(
                    "{none}: of {review}, held on {}, no minutes are on record",
                    on.in_words()
                );
            }
            Why::Unclaimed(on) => return unclaimed(on, "none"),
            Why::Elsewhere(on, first) => {
                let first = first.in_words();
                let other = format!("the slot from {first}, in which it did not sit");
                return unclaimed(on, &other);
            }
        };
        format!("{none}: {review}, which claims that slot, {why}")
    }
}

/// Says what to do next about a review that claims another slot than its own.
fn next_in_words(slot: &review::SlotAt<'_>) -> &'static str {
    match slot.astray.map(|astray| astray.why) {
        Some(Why::Elsewhere(..)) => " Put a version of that review that claims its own slot.",
        _ => "",
    }
}

/// Returns how many of the newest slots that ended are empty, one after the other.
fn newest_empty(slots: &[review::SlotAt<'_>]) -> usize {
    let ended = slots.iter().rev().map(|one| one.state).filter(|state| {
        use review::SlotState::{Empty, Held, HeldLate};
        matches!(state, Empty | Held | HeldLate)
    });
    ended
        .take_while(|state| *state == review::SlotState::Empty)
        .count()
}
