//! What the answer on the AI policy says.

use record::{Approval, Day, Version};

use crate::ended::{Cause, Ended};
use crate::five::Words;
use crate::five_told::{POLICY, Told, lower, n_of};
use crate::rules::{self, delegation, policy};
use crate::sentence::Param;
use crate::status::{Base, stands_since};

impl Base<'_> {
    pub fn tell_policy(&self, words: Words, since: Option<Day>) -> Told {
        let at = &self.at;
        let Some(policy) = policy::current(at).filter(|_| words.in_hand == "yes") else {
            return self.tell_no_policy(since);
        };
        let approved = self.approved_until(policy, "adopted");
        let rule = self.q.catalogue.rule("5.2-a.o");
        let review = rule.and_then(|rule| {
            rules::due_review(at, policy, "/intervals/policy_months", rule.default_months)
        });
        // Of one that was not overdue until its interval was changed, its finding says so.
        let broken = review.as_ref().is_some_and(rules::DueReview::is_broken);
        let next_due = review.as_ref().map(rules::DueReview::came_due);
        let due = review.map(|review| review.due);
        let lead = format!(
            "{}, version {}, {approved}",
            self.version_in_sentence(policy.cite()),
            policy.number()
        );
        let (short, named) = match words.holds {
            "yes" | "unknown" => Cause::default(),
            _ => self.falls_short(due.filter(|_| !broken)),
        };
        let because = match words.holds {
            "yes" => format!("{lead}, is in force and was made known to staff."),
            "unknown" => format!("{lead}, is in force{}.", self.not_known(policy)),
            _ => format!("{lead}, is in force, but {short}"),
        };
        let mut evidence = self.rests_on(policy, rules::made_known(at, policy));
        evidence.extend(self.to_end(policy));
        let mut by_declaration = self.by_declaration(&[POLICY]);
        by_declaration.besides.extend(named);
        if let Some((told, ended)) = self.keeper_until(policy) {
            by_declaration.reserved.push(told);
            evidence.extend(ended);
        }
        Told {
            because,
            affected: None,
            next_due: self.due_or_over(policy, next_due),
            evidence,
            ..by_declaration
        }
    }

    /// Says what a policy in force falls short of: what it is itself, and its date, where the
    /// organisation set one.
    fn falls_short(&self, due: Option<Day>) -> Cause {
        let overdue = |due: Day| {
            let days = n_of(self.q.about.days_since(due), "day", "days");
            format!("was due for review on {}, {days} ago", due.in_words())
        };
        let is_overdue = self.tally("5.2-a.o").fails > 0;
        let overdue = due.filter(|_| is_overdue).map(overdue);
        if self.tally("5.2-a").fails == 0
            && let Some(overdue) = overdue
        {
            let (lost, named) = self.inquorate("policy");
            let before = self.told_also("5.2-a.o");
            return (format!("{overdue}.{before}{lost}"), named);
        }
        let (short, named) = self.first_finding(&["5.2-a", "5.2-a.o"]);
        let short = lower(&short);
        let said = match overdue {
            Some(overdue) => format!(
                "{}, and {overdue}.{}",
                short.trim_end_matches('.'),
                self.told_also("5.2-a.o")
            ),
            None => short,
        };
        (said, named)
    }

    /// Says what is not known of how a policy was made known, as the end of a sentence.
    fn not_known(&self, policy: &Version) -> String {
        let released = self.at.unbroken(policy).map(|one| one.from);
        let told = rules::told(&self.at, policy, "communicate");
        match (told, released) {
            (None, _) => "; the records do not say whether it was made known to staff".to_owned(),
            (Some((_, on)), Some(released)) if on < released => format!(
                " since {}; it was made known on {}, and the records do not say that it was since it is in force",
                released.in_words(),
                on.in_words()
            ),
            (Some((_, on)), _) => format!(
                "; it was made known on {}, and the records do not say to whom and how",
                on.in_words()
            ),
        }
    }

    /// Says why there is no policy to hand over: what is in force instead, if anything is.
    fn tell_no_policy(&self, since: Option<Day>) -> Told {
        match self.at.together_in_force("policy")[..] {
            [] => self.tell_none_set(since),
            [lesser] => self.tell_lesser_policy(lesser),
            _ => self.tell_several_policies(),
        }
    }

    /// Says since when no policy has been in force, and what ended the last.
    fn tell_none_set(&self, since: Option<Day>) -> Told {
        let by_top = |act: &Approval| delegation::by_top_management(&self.at, act);
        let ended = self.ended_last("policy", by_top);
        // Before that day there may have been one too many.
        let over = ended.as_ref().map(Ended::over);
        let since = since.unwrap_or(self.q.aims_start);
        let since = over.map_or(since, |over| over.max(since));
        let (why, evidence) = self.ended_since(ended.as_ref(), since);
        let (lost, besides) = self.inquorate("policy");
        Told {
            because: format!(
                "The records show no AI policy set by top management in force since {}{why}.{lost}",
                since.in_words()
            ),
            evidence,
            besides,
            ..Told::default()
        }
    }

    /// Names the policies that are in force at once, and the first day on which two were.
    fn tell_several_policies(&self) -> Told {
        let several = self.at.together_in_force("policy");
        let cites = several.iter().map(|one| one.cite()).collect();
        Told {
            because: format!(
                "{} AI policies are in force at once since {}: {}; there should be one.",
                several.len(),
                self.since_in_words(self.several_since()),
                self.named(&Param::Versions(cites))
                    .render(self.q.names, self.q.about)
            ),
            evidence: several
                .into_iter()
                .flat_map(|one| self.rests_on(one, []))
                .collect(),
            ..Told::default()
        }
    }

    /// Returns the first of the days without a break on which more than one policy was in force, as
    /// the finding on them has it: those that made them several may have taken effect again since.
    fn several_since(&self) -> Option<Day> {
        let (rule, said) = (self.q.catalogue.rule("5.2-a")?, self.said.get("5.2-a")?);
        let (.., outcome) = said.first.first()?;
        let began = outcome.began();
        began.or_else(|| stands_since(said, rule, self.q.about))
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
        let (until, ended) = self.approver_until(lesser);
        evidence.extend(ended);
        let (lost, besides) = self.inquorate_of_top("policy");
        Told {
            because: format!(
                "{}, version {}, {}, is in force, and top management did not set it{until}{took}.{lost}",
                self.version_in_sentence(lesser.cite()),
                lesser.number(),
                self.approved_until(lesser, "adopted")
            ),
            evidence,
            besides,
            ..Told::default()
        }
    }
}
