//! What stands beside an answer and changes neither of its words.

use catalogue::{Level, Rule};
use uuid::Uuid;

use crate::five::Words;
use crate::five_told::Told;
use crate::outcome::Says;
use crate::rules::{self, attested, policy, review, risk, scope};
use crate::status::{Base, each_once, failing};
use crate::view::Evidence;

/// What an answer is about: its name, and the record that it hands over, or is assessed by.
struct About<'a> {
    answer: &'a str,
    record: Option<Uuid>,
}

impl About<'_> {
    /// Returns whether a rule is asked here of one of its subjects alone.
    fn asks_one(&self, of: &rules::Of) -> bool {
        match of {
            rules::Of::Intervals | rules::Of::Approved => true,
            rules::Of::Each(_) => self.answer == "management_review" && self.record.is_some(),
            rules::Of::Whole | rules::Of::Named(_) => false,
        }
    }

    /// Returns whether a subject of a rule is what the answer is about.
    fn is_of(&self, of: &rules::Of, subject: &rules::Subject) -> bool {
        !self.asks_one(of)
            || match subject {
                rules::Subject::Interval(thing) => *thing == self.answer,
                rules::Subject::Record(id) => Some(*id) == self.record,
                _ => false,
            }
    }
}

impl Base<'_> {
    pub(crate) fn reservations(
        &self,
        answer: &catalogue::Answer,
        words: Words,
        told: &Told,
    ) -> Vec<String> {
        if words.in_hand != "yes" {
            return told.always.clone();
        }
        let rules = answer
            .reservations
            .iter()
            .filter_map(|rule| self.q.catalogue.rule(rule));
        let review = (answer.id == "management_review")
            .then(|| review::answering(&self.at))
            .flatten();
        let about = match answer.id.as_str() {
            "scope" => scope::current(&self.at),
            "policy" => policy::current(&self.at),
            "risk_assessment" => risk::current(&self.at),
            _ => review,
        };
        let of = About {
            answer: &answer.id,
            record: about.map(|version| version.put.id),
        };
        // Where the answer does not hold because of a rule, its sentence says so already.
        let told_already =
            |rule: &Rule| answer.holds.contains(&rule.id) && self.tally(&rule.id).fails > 0;
        let mut said: Vec<String> = rules
            .filter_map(|rule| match told_already(rule) {
                true => self.remark(rule, &of),
                false => self.reservation(rule, &of),
            })
            .collect();
        let open = review.map(|review| attested::of_review(&self.at, review));
        let open = open.into_iter().flatten();
        said.extend(open.map(|(on, one)| self.not_attested(on, one)));
        let evidence = each_once(told.evidence.iter().cloned());
        let mut others = self.of_evidence(&evidence, answer.id != "management_review");
        others.extend(told.reserved.iter().chain(&told.always).cloned());
        for one in others {
            if !said.contains(&one) {
                said.push(one);
            }
        }
        said
    }

    /// Returns what there is to say of how evidence came, and of what was decided by it. Of a review
    /// what was resolved there is told, and does not carry it.
    fn of_evidence(&self, evidence: &[Evidence], carries: bool) -> Vec<String> {
        let carrying = || evidence.iter().filter(move |_| carries);
        let came = evidence.iter();
        let came = came.filter_map(|one| self.came_otherwise(one, evidence));
        let before = evidence.iter().filter_map(|one| self.adopted_before(one));
        let again = evidence.iter().filter_map(|one| self.resolved_again(one));
        let conditions = carrying().filter_map(|one| self.under_conditions(one));
        let other = carrying().flat_map(|one| self.on_other_paper(one, evidence));
        let all = came.chain(before).chain(again);
        all.chain(conditions).chain(other).collect()
    }

    /// Returns what a rule reserves that also fails, as far as an answer is about it.
    fn remark(&self, rule: &Rule, about: &About<'_>) -> Option<String> {
        let of = rules::built(&rule.id)?.of;
        let mut first = self.said.get(&rule.id)?.first.iter();
        let (subject, since, outcome) = first.find(|(subject, _, outcome)| {
            let reserves = outcome.level == Some(Level::Reservation);
            outcome.says == Says::Remark && reserves && about.is_of(&of, subject)
        })?;
        Some(self.sentence(rule, outcome, (subject, *since), self.count(&rule.id)))
    }

    /// Returns what a rule reserves, as far as an answer is about it. A flag
    /// is a question beside its requirement, not a reservation to the answer; but for that
    /// beside a rule which is not built yet, which would tell the answer more.
    fn reservation(&self, rule: &Rule, about: &About<'_>) -> Option<String> {
        let Some(built) = rules::built(&rule.id) else {
            return self.flag(rule).map(|finding| finding.sentence);
        };
        if !about.asks_one(&built.of) {
            return self
                .finding(rule)
                .filter(|finding| finding.level != Level::Flag.as_str())
                .map(|finding| finding.sentence);
        }
        // What a rule says of other subjects, such as earlier reviews, is theirs.
        let said = self.said.get(&rule.id)?;
        let mut first = said.first.iter();
        let (subject, since, outcome) =
            first.find(|(subject, ..)| about.is_of(&built.of, subject))?;
        let level = outcome.level.unwrap_or(rule.level);
        (failing(outcome.says) && level != Level::Flag)
            .then(|| self.sentence(rule, outcome, (subject, *since), self.count(&rule.id)))
    }
}
