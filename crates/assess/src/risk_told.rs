//! What the answer on risk assessments says.

use record::{Day, Version};

use crate::five::{self, Words};
use crate::five_told::{ASSESSMENTS, Told, n_of};
use crate::kept::{self, SUBJECTS_SHOWN};
use crate::rules::{self, acceptance, effect, risk, scope};
use crate::sentence::{Param, grouped};
use crate::status::{Base, failing};
use crate::view::{Affected, Evidence};

impl Base<'_> {
    pub fn tell_risk(&self, words: Words, since: Option<Day>) -> Told {
        let at = &self.at;
        let said = self.said.get(kept::SHORT);
        let tally = self.tally(kept::SHORT);
        let (due, failing) = (tally.of(), tally.fails);
        let affected = Some(Affected {
            n: failing,
            of: due,
        });
        let first = || said.into_iter().flat_map(|said| &said.first);
        let next_due = first()
            .filter_map(|(_, _, outcome)| match outcome.params.get("due") {
                Some(Param::Day(day)) => Some(*day),
                _ => None,
            })
            .min();
        let counting = self.newest_that_counts();
        let latest = counting.or_else(|| five::any_complete(at));
        let lead = latest
            .map(|one| self.decision(one, counting.is_some()))
            .unwrap_or_default();
        let because = self.risk_because(words, since, due, &lead);
        // Besides the last one, those of the systems that fall due first.
        let newest = first()
            .take(SUBJECTS_SHOWN)
            .filter_map(|(subject, ..)| match subject {
                rules::Subject::Record(id) => risk::newest(at, *id),
                _ => None,
            });
        let assessments = latest.into_iter().chain(newest).map(|(_, version)| version);
        let by_declaration = self.by_declaration(ASSESSMENTS);
        let mut reserved = by_declaration.reserved;
        reserved.extend(self.second("risk_criteria", "set of risk criteria"));
        let mut besides = self.promised();
        besides.extend(by_declaration.besides);
        Told {
            because,
            affected,
            next_due,
            evidence: self.assessments(assessments),
            besides,
            reserved,
            always: self.stage_moved(),
        }
    }

    /// Returns what is reserved of systems that are assessed no more since the stage for that was
    /// declared later: of none that is due, it stands beside an answer that is not due either.
    fn stage_moved(&self) -> Vec<String> {
        let rule = self.q.catalogue.rule("8.2");
        let flag = rule.and_then(|rule| self.flag(rule));
        flag.into_iter().map(|one| one.sentence).collect()
    }

    /// Returns the assessment whose promise is reserved: no later record shows it.
    fn promised(&self) -> Vec<Evidence> {
        let said = self.said.get(kept::PROMISED);
        let mut first = said.into_iter().flat_map(|said| &said.first);
        let found = first.find_map(|(subject, _, outcome)| match subject {
            rules::Subject::Record(id) if failing(outcome.says) => self.q.records.get(*id),
            _ => None,
        });
        let version = found.and_then(|record| risk::counting(&self.at, record));
        version.map_or_else(Vec::new, |version| self.assessed(version))
    }

    fn risk_because(&self, words: Words, since: Option<Day>, due: i64, lead: &str) -> String {
        // Where no scope ever was in force, nothing is in one.
        let placed = if self.was_scoped() { " in scope" } else { "" };
        let all = match due {
            1 => format!("The one system{placed} that is due has"),
            _ => format!(
                "Each of the {} systems{placed} that are due has",
                grouped(due)
            ),
        };
        match (words.in_hand, words.holds) {
            ("not_due", _) => format!(
                "No AI system{placed} is at a stage at which it must be assessed{}.",
                self.undecided()
            ),
            ("yes", "yes") => {
                format!(
                    "{all} a complete risk assessment within its interval; {lead}.{}",
                    self.unscoped()
                )
            }
            ("yes", _) => {
                let (finding, _) = self.first_finding(&["8.2", "8.2.o"]);
                let finding = finding.trim_end_matches('.');
                format!("{finding}; {lead}.{}", self.unscoped())
            }
            _ => format!(
                "{} a complete risk assessment on record, since {}.{}{}",
                match due {
                    1 => "The one system that is due lacks".to_owned(),
                    _ => format!("None of {} systems that are due has", grouped(due)),
                },
                self.since_in_words(since),
                self.told_also("8.2"),
                self.unscoped()
            ),
        }
    }

    /// Returns whether some scope is in force or was.
    fn was_scoped(&self) -> bool {
        let mut scopes = self.q.records.of_kind("scope");
        scopes.any(|record| record.last_in_force(self.q.about).is_some())
    }

    /// Says that each system counts as in scope since the scope ended, after a space.
    fn unscoped(&self) -> &'static str {
        match scope::current(&self.at).is_none() && self.was_scoped() {
            true => " No scope is in force any more, so that each system counts as in scope.",
            false => "",
        }
    }

    /// Says how many systems await a decision on scope, as the end of a sentence.
    fn undecided(&self) -> String {
        let awaiting = self.tally("4.1-c").of() - self.tally(kept::AWAITING).holds;
        match awaiting {
            _ if scope::current(&self.at).is_none() => String::new(),
            ..1 => String::new(),
            n => format!(
                "; {} {} a decision on scope",
                n_of(n, "AI system", "AI systems"),
                if n == 1 { "awaits" } else { "await" }
            ),
        }
    }

    /// Returns the newest complete assessment that is so for a system that it is of: one may be whole
    /// and its system has changed since, or is assessed anew.
    fn newest_that_counts(&self) -> Option<(Day, &Version)> {
        let first = &self.said.get(kept::COUNTING)?.first;
        let systems = first.iter().filter_map(|(subject, ..)| match subject {
            rules::Subject::Record(id) => Some(*id),
            _ => None,
        });
        let newest = systems.filter_map(|system| risk::newest(&self.at, system));
        newest.max_by_key(|(on, version)| (*on, version.put.seq))
    }

    /// Says what an assessment led to, and when that was seen; and whether it counts for its system.
    fn decision(&self, (on, version): (Day, &Version), counts: bool) -> String {
        let says = risk::decided(&self.at, version);
        let ended = acceptance::ended(&self.at, version).filter(|_| says.is_none());
        let accepted = acceptance::current(&self.at, version).or(ended);
        let changed = match (says, accepted) {
            (Some("treat"), _) => "led to treatment".to_owned(),
            (Some("accept"), _) => "led to acceptance of the risk".to_owned(),
            (Some("stop"), _) => "led to a stop".to_owned(),
            (None, Some(one)) => {
                let until = one
                    .last
                    .map_or_else(String::new, |last| format!(" until {}", last.in_words()));
                format!("was {}{until}", self.decided_by(one.act, "accepted"))
            }
            _ => "changed nothing, for a stated reason".to_owned(),
        };
        let seen = effect::shown_on(&self.at, version).map_or_else(String::new, |day| {
            format!(", seen to work on {}", day.in_words())
        });
        let title = self.undated(version.cite(), on);
        let newest = match ended {
            None if counts => "the newest complete one",
            _ => "the newest that was complete",
        };
        format!("{newest}, “{title}” of {}, {changed}{seen}", on.in_words())
    }
}
