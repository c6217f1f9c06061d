//! What the answer on the AI policy says.

use record::{Day, Version};

use crate::five::Words;
use crate::five_told::{POLICY, Told, lower, n_of};
use crate::rules::{self, policy};
use crate::status::Base;

impl Base<'_> {
    pub fn tell_policy(&self, words: Words, since: Option<Day>) -> Told {
        let at = &self.at;
        let Some(policy) = policy::current(at).filter(|_| words.in_hand == "yes") else {
            return self.tell_no_policy(since);
        };
        let approved = self.approved(policy, "adopted");
        let rule = self.q.catalogue.rule("5.2-a.o");
        let due = rule
            .and_then(|rule| {
                rules::due_review(at, policy, "/intervals/policy_months", rule.default_months)
            })
            .map(|review| review.due);
        let lead = format!(
            "{}, version {}, {approved}",
            self.version_in_sentence(policy.cite()),
            policy.number()
        );
        let because = match (words.holds, due) {
            ("yes", _) => format!("{lead}, is in force and was made known to staff."),
            ("unknown", _) if rules::told(at, policy, "communicate").is_some() => format!(
                "{lead}, is in force; the records do not say to whom and how it was made known since."
            ),
            ("unknown", _) => format!(
                "{lead}, is in force; the records do not say whether it was made known to staff."
            ),
            (_, Some(due)) if at.reached(due.next()) => format!(
                "{lead}, is in force, but was due for review on {}, {} ago.",
                due.in_words(),
                n_of(self.q.about.days_since(due), "day", "days")
            ),
            _ => format!(
                "{lead}, is in force, but {}",
                lower(&self.first_finding(&["5.2-a", "5.2-a.o"]))
            ),
        };
        Told {
            because,
            affected: None,
            next_due: self.due_or_over(policy, due),
            evidence: self.rests_on(policy, rules::made_known(at, policy)),
            ..self.by_declaration(&[POLICY])
        }
    }

    /// Says why there is no policy to hand over: what is in force instead, if anything is.
    fn tell_no_policy(&self, since: Option<Day>) -> Told {
        let at = &self.at;
        let several = at.all_in_force("policy");
        let because = match several[..] {
            [_, second, ..] => format!(
                "{} AI policies are in force at once since {}; there should be one.",
                several.len(),
                self.since_in_words(at.approved(second).map(|one| one.from))
            ),
            [lesser] => return self.tell_lesser_policy(lesser),
            [] => format!(
                "The records show no AI policy set by top management in force since {}.{}",
                self.since_in_words(since),
                self.inquorate("policy")
            ),
        };
        Told {
            because,
            ..Told::default()
        }
    }

    /// Says which policy is in force that top management did not set, and whose place it took.
    fn tell_lesser_policy(&self, lesser: &Version) -> Told {
        let displaced = policy::displaced(&self.at, lesser);
        let took = displaced.map_or_else(String::new, |before| {
            format!(
                "; it took the place of version {}, {}",
                before.number(),
                self.approved(before, "adopted")
            )
        });
        let mut evidence = self.rests_on(lesser, []);
        evidence.extend(displaced.into_iter().flat_map(|one| self.rests_on(one, [])));
        Told {
            because: format!(
                "{}, version {}, {}, is in force, and top management did not set it{took}.{}",
                self.version_in_sentence(lesser.cite()),
                lesser.number(),
                self.approved(lesser, "adopted"),
                self.inquorate_of_top("policy")
            ),
            evidence,
            ..Told::default()
        }
    }
}
