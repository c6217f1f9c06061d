//! From findings to verdicts: what each requirement is said to be, since when and why.

use std::collections::BTreeSet;

use catalogue::{Basis, Item, ItemType, Level, Rule};
use record::{Day, listed};

use crate::outcome::Says;
use crate::rules::built_for;
use crate::status::Base;
use crate::step::Steps;
use crate::view::{Finding, Requirement};

impl Base<'_> {
    pub(crate) fn requirement(&self, item: &Item) -> Requirement {
        let rules: Vec<&Rule> = self.q.catalogue.rules_of(&item.id).collect();
        let steps = self.verdicts(item, &rules);
        let (since, verdict) = if self.q.before_ledger && self.due() {
            (None, "not_known")
        } else if !self.due() {
            (None, "not_due")
        } else {
            steps
                .on(self.q.about)
                .map_or((None, "not_known"), |(since, verdict)| {
                    (Some(since), *verdict)
                })
        };
        let findings: Vec<Finding> = if self.due() && !self.q.before_ledger {
            let found = |rule: &&Rule| {
                self.finding_beside(rule, &item.id)
                    .or_else(|| self.flag(rule))
            };
            rules.iter().filter_map(found).collect()
        } else {
            Vec::new()
        };
        let mut because = self.requirement_because(item, verdict, &rules, &findings);
        if let Some(otherwise) = self.verdict_otherwise((item, &rules), verdict) {
            because = format!("{because} {otherwise}");
        }
        Requirement {
            id: item.id.clone(),
            title: item.title.clone(),
            verdict,
            since,
            because,
            findings,
        }
    }

    fn verdicts(&self, item: &Item, rules: &[&Rule]) -> Steps<&'static str> {
        let mut days: BTreeSet<Day> = BTreeSet::from([self.q.aims_start]);
        days.extend(
            rules
                .iter()
                .filter_map(|rule| self.said.get(&rule.id))
                .flat_map(|said| said.words.days()),
        );
        Steps::new(
            days.into_iter()
                .map(|day| (day, self.verdict_on(item, rules, day))),
        )
    }

    fn verdict_on(&self, item: &Item, rules: &[&Rule], day: Day) -> &'static str {
        Self::verdict_by(item, rules, |rule| {
            self.said.get(&rule.id).map(|said| {
                said.words
                    .on(day)
                    .map_or(Says::Absent, |(_, word)| word.says)
            })
        })
    }

    /// Returns the verdict that the words of rules come to.
    pub(crate) fn verdict_by(
        item: &Item,
        rules: &[&Rule],
        says: impl Fn(&Rule) -> Option<Says>,
    ) -> &'static str {
        if item.item_type == ItemType::Control {
            // The Statement of Applicability is no kind yet: at most a file or an item of minutes.
            return "not_known";
        }
        let says = |rule: &Rule| says(rule).filter(|_| built_for(rule, &item.id));
        let counted: Vec<Option<Says>> = rules
            .iter()
            .filter(|rule| rule.basis != Basis::Practice)
            .map(|rule| says(rule))
            .collect();
        if counted.is_empty() {
            let shown = rules.iter().all(|rule| says(rule) == Some(Says::Holds));
            return if shown { "shown" } else { "not_known" };
        }
        if counted.contains(&Some(Says::Fails)) {
            "not_shown"
        } else if counted
            .iter()
            .any(|says| matches!(says, None | Some(Says::Unknown)))
        {
            "not_known"
        } else if counted
            .iter()
            .any(|says| matches!(says, Some(Says::Holds | Says::Remark)))
        {
            "shown"
        } else {
            "not_due"
        }
    }

    fn requirement_because(
        &self,
        item: &Item,
        verdict: &str,
        rules: &[&Rule],
        findings: &[Finding],
    ) -> String {
        let start = self.q.aims_start.in_words();
        match verdict {
            "not_due" if !self.due() => format!("The AI management system starts on {start}; nothing was due before."),
            "not_due" => "Nothing was due yet on that date.".to_owned(),
            "shown" => "Every rule that decides it holds on the records.".to_owned(),
            "not_shown" => findings
                .iter()
                .find(|finding| finding.level == Level::NotShown.as_str() || finding.level == Level::Overdue.as_str())
                .map_or_else(|| "A rule for it fails.".to_owned(), |finding| finding.sentence.clone()),
            _ if self.q.before_ledger => "Nothing was on record: the ledger began later.".to_owned(),
            _ if item.item_type == ItemType::Control => {
                "Whether it applies is for a Statement of Applicability to say; this version of Minutebook does not keep that kind of record yet.".to_owned()
            }
            _ => self.open_because(item, rules),
        }
    }

    fn open_because(&self, item: &Item, rules: &[&Rule]) -> String {
        let is_built = |rule: &Rule| built_for(rule, &item.id);
        let open = rules
            .iter()
            .filter(|rule| rule.basis != Basis::Practice && is_built(rule))
            .find(|rule| self.tally(&rule.id).says() == Says::Unknown);
        if let Some(rule) = open
            && let Some(said) = self.said.get(&rule.id)
            && let Some((subject, since, outcome)) = said
                .first
                .iter()
                .find(|(_, _, outcome)| outcome.says == Says::Unknown)
        {
            return self.sentence(rule, outcome, (subject, *since), self.count(&rule.id));
        }
        let customary = rules.iter().all(|rule| rule.basis == Basis::Practice);
        let missing: Vec<&Rule> = rules
            .iter()
            .copied()
            .filter(|rule| !is_built(rule) && (customary || rule.basis != Basis::Practice))
            .collect();
        // One that is built for others has findings there.
        let elsewhere = missing.iter().any(|rule| rule.built);
        let for_this = if elsewhere {
            " for this requirement"
        } else {
            ""
        };
        let ids: Vec<String> = missing.iter().map(|rule| rule.id.clone()).collect();
        let cannot = "This version of Minutebook cannot decide it yet";
        match &ids[..] {
            [] => "The records leave it open.".to_owned(),
            [rule] => format!("{cannot}: rule {rule} is not built{for_this}."),
            rules => format!("{cannot}: rules {} are not built{for_this}.", listed(rules)),
        }
    }
}
