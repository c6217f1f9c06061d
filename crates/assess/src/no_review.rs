//! What the answer on management reviews says where no review answers it.

use crate::five::Words;
use crate::rules::astray::Why;
use crate::rules::review;
use crate::status::Base;

impl Base<'_> {
    /// Says why no review answers about the day.
    pub fn no_review_because(
        &self,
        words: Words,
        slots: &[review::SlotAt<'_>],
        waits: &str,
    ) -> String {
        let declared = self.at.declaration("/series/management_review");
        match (words.in_hand, review::newest_ended(slots)) {
            ("not_due", _) if !waits.is_empty() => {
                format!("No management review was due before{waits}.")
            }
            ("not_due", _) => "No slot for a management review has ended yet.".to_owned(),
            (_, Some(slot)) if declared.is_some() => {
                format!("{}{waits}.", self.empty_in_words(slot))
            }
            _ => {
                let none = if review::held(&self.at).is_empty() {
                    ", and none is on record as held"
                } else {
                    ""
                };
                format!(
                    "Since {} no record declares when management reviews are due{none}.",
                    review::undeclared_since(&self.at).in_words()
                )
            }
        }
    }

    /// Says that a slot is empty, and of a review that might be taken for its why it is.
    fn empty_in_words(&self, slot: &review::SlotAt<'_>) -> String {
        let (first, last) = slot.slot.days();
        let days = format!("from {} to {}", first.in_words(), last.in_words());
        let none = format!("No record shows a management review held {days}");
        let Some(astray) = slot.astray else {
            return none;
        };
        let review = self.in_sentence(astray.review.put.id);
        let why = match astray.why {
            Why::Outside(sat) => format!("last sat on {}", sat.in_words()),
            Why::Adjourned(on) => format!(
                "is of a meeting that was adjourned on {} and is to sit again",
                on.in_words()
            ),
            Why::Unheld => {
                "is of a meeting that was withdrawn, or that does not stand as held".to_owned()
            }
            Why::Unclaimed(on) => {
                return format!(
                    "No management review claims the slot {days}: {review}, held in it on {}, \
                        claims none",
                    on.in_words()
                );
            }
        };
        format!("{none}: {review}, which claims that slot, {why}")
    }
}
