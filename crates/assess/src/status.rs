//! The status about a day: five answers and every requirement, as INTERFACE shows it.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::{Catalogue, Level, Rule};
use record::{Day, Records, Version, slots};
use serde_json::Value;
use uuid::Uuid;

use crate::at::{At, day, id};
use crate::five::{self, Words};
use crate::outcome::{Outcome, Says, Span, timeline};
use crate::rules::{self, review};
use crate::sentence::{Names, Sentence};
use crate::step::{Steps, Tally, tally};
use crate::view::{
    Affected, Answer, Disposition, Evidence, Finding, SlotView, Status, Subject, TopManagement,
};

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The records known by U.
    pub records: &'a Records,
    /// The rules.
    pub catalogue: &'a Catalogue,
    /// Titles, for rendering.
    pub names: &'a Names,
    /// The day asked about.
    pub about: Day,
    /// The first day of the AI management system, whatever U is.
    pub aims_start: Day,
    /// Whether U is before the ledger's start.
    pub before_ledger: bool,
    /// The rule whose every subject is wanted.
    pub all_subjects_of: Option<&'a str>,
}

const SUBJECTS_SHOWN: usize = 20;

/// Returns the status. Pure: the same question gives the same answer.
pub fn status(question: &Question<'_>) -> Status {
    let q = question;
    let horizon = q.about.max(q.aims_start).plus_months(1);
    let at = At::new(q.records, q.aims_start, q.about, horizon);
    let timelines: BTreeMap<&str, Timelines> = q
        .catalogue
        .rules
        .iter()
        .filter_map(|rule| {
            Some((
                rule.id.as_str(),
                Timelines::of(&at, rule, rules::built(&rule.id)?),
            ))
        })
        .collect();
    let tallies: BTreeMap<String, Steps<Tally>> = timelines
        .iter()
        .map(|(id, timelines)| ((*id).to_owned(), timelines.tally.clone()))
        .collect();
    let base = Base {
        q,
        at: &at,
        timelines: &timelines,
        tallies: &tallies,
    };
    Status {
        top_management: base.top_management(),
        slots: base.slots(),
        five: q
            .catalogue
            .five
            .iter()
            .map(|answer| base.answer(answer))
            .collect(),
        requirements: q
            .catalogue
            .items
            .iter()
            .map(|item| base.requirement(item))
            .collect(),
    }
}

/// Returns the tallies of every rule that is built.
pub(crate) fn tallies(at: &At<'_>, catalogue: &Catalogue) -> BTreeMap<String, Steps<Tally>> {
    let of = |rule: &Rule| {
        Some((
            rule.id.clone(),
            Timelines::of(at, rule, rules::built(&rule.id)?).tally,
        ))
    };
    catalogue.rules.iter().filter_map(of).collect()
}

/// Every subject's timeline under one rule.
pub(crate) struct Timelines {
    pub each: Vec<(rules::Subject, Vec<Span>)>,
    pub tally: Steps<Tally>,
}

impl Timelines {
    fn of(at: &At<'_>, rule: &Rule, built: rules::Built) -> Self {
        let each: Vec<_> = (built.subjects)(at)
            .into_iter()
            .map(|subject| {
                let spans = timeline(at, |at| (built.evaluate)(at, rule, &subject));
                (subject, spans)
            })
            .collect();
        let tally = tally(each.iter().map(|(_, spans)| spans.as_slice()));
        Self { each, tally }
    }
}

/// What every part of the answer is made from.
pub(crate) struct Base<'a> {
    pub q: &'a Question<'a>,
    pub at: &'a At<'a>,
    pub timelines: &'a BTreeMap<&'a str, Timelines>,
    pub tallies: &'a BTreeMap<String, Steps<Tally>>,
}

pub(crate) fn span_on(spans: &[Span], about: Day) -> Option<(Day, &Outcome)> {
    let index = spans
        .partition_point(|span| span.from <= about)
        .checked_sub(1)?;
    let says = spans[index].outcome.says;
    let mut from = spans[index].from;
    for span in spans[..index].iter().rev() {
        if span.outcome.says != says {
            break;
        }
        from = span.from;
    }
    Some((from, &spans[index].outcome))
}

fn failing(says: Says) -> bool {
    matches!(says, Says::Fails | Says::Remark)
}

impl Base<'_> {
    pub(crate) fn due(&self) -> bool {
        self.q.about >= self.q.aims_start
    }

    pub fn title(&self, id: Uuid) -> String {
        self.q
            .names
            .get(&id)
            .cloned()
            .unwrap_or_else(|| id.to_string())
    }

    /// Returns a record's title as a sentence has room for.
    pub fn in_sentence(&self, id: Uuid) -> String {
        self.q.names.in_sentence(&id)
    }

    /// Returns how many subjects fail a rule about the day, and of how many.
    pub fn count(&self, rule: &str) -> Affected {
        let tally = self
            .tallies
            .get(rule)
            .and_then(|steps| steps.on(self.q.about))
            .map(|(_, tally)| *tally);
        let tally = tally.unwrap_or_default();
        Affected {
            n: tally.fails + tally.remarks,
            of: tally.of(),
        }
    }

    /// Returns whether any of these rules fails a subject about the day.
    pub fn fails_any(&self, rules: &[&str]) -> i64 {
        let failing: BTreeSet<String> = rules
            .iter()
            .filter_map(|rule| self.timelines.get(rule))
            .flat_map(|timelines| &timelines.each)
            .filter(|(_, spans)| {
                span_on(spans, self.q.about).is_some_and(|(_, outcome)| outcome.says == Says::Fails)
            })
            .map(|(subject, _)| subject.id())
            .collect();
        i64::try_from(failing.len()).unwrap_or(i64::MAX)
    }

    /// Returns the outcome of a rule for its first failing subject, with the day since.
    pub fn finding(&self, rule: &Rule) -> Option<Finding> {
        let timelines = self.timelines.get(rule.id.as_str())?;
        let about = self.q.about;
        // Both give one finding; it is another only where its level is.
        let look = |tally: &Tally| match tally {
            tally if tally.fails > 0 => Some(rule.level),
            tally if tally.remarks > 0 => Some(Level::Reservation),
            _ => None,
        };
        let (since, tally) = timelines.tally.since(about, look)?;
        if tally.fails + tally.remarks == 0 {
            return None;
        }
        let mut failures: Vec<(Day, &rules::Subject, &Outcome)> = timelines
            .each
            .iter()
            .filter_map(|(subject, spans)| {
                span_on(spans, about).map(|(since, outcome)| (since, subject, outcome))
            })
            .filter(|(_, _, outcome)| failing(outcome.says))
            .collect();
        failures.sort_by(|a, b| (b.2.says, a.0, a.1).cmp(&(a.2.says, b.0, b.1)));
        let (_, first, outcome) = failures.first()?;
        let level = outcome.level.unwrap_or(rule.level);
        let affected = Affected {
            n: tally.fails + tally.remarks,
            of: tally.of(),
        };
        let limit = if self.q.all_subjects_of == Some(rule.id.as_str()) {
            usize::MAX
        } else {
            SUBJECTS_SHOWN
        };
        let subjects = failures
            .iter()
            .take(limit)
            .map(|(since, subject, _)| self.subject(rule, subject, *since));
        Some(Finding {
            rule: rule.id.clone(),
            level: level.as_str(),
            basis: rule.basis.as_str(),
            since,
            sentence: self.sentence(rule, outcome, (first, since), affected),
            affected,
            subjects: subjects.collect(),
        })
    }

    pub(crate) fn sentence(
        &self,
        rule: &Rule,
        outcome: &Outcome,
        (first, since): (&rules::Subject, Day),
        affected: Affected,
    ) -> String {
        let mut sentence = Sentence::new("");
        sentence.params = outcome.params.clone();
        for (name, value) in [("n", affected.n), ("of", affected.of)] {
            sentence.params.entry(name).or_insert_with(|| value.into());
        }
        sentence
            .params
            .entry("date")
            .or_insert_with(|| since.into());
        sentence
            .params
            .entry("days")
            // Both days count: the first is one day.
            .or_insert(crate::Param::DaysSince(since.plus_days(-1)));
        for name in ["system", "unit", "responsibility"] {
            sentence.params.entry(name).or_insert_with(|| first.param());
        }
        sentence.template = self
            .template(rule, outcome.says, &sentence.params, affected)
            .to_owned();
        let mut text = sentence.render(self.q.names, self.q.about);
        // Only the rule that wanted an approval reads first what is approved; none that is
        // asked of each record does, and those are many.
        if outcome.says == Says::Fails
            && !matches!(first, rules::Subject::Record(_))
            && let Some(kind) = rule.reads.first()
        {
            text.push_str(&self.inquorate(kind));
        }
        text
    }

    fn subject(&self, rule: &Rule, subject: &rules::Subject, since: Day) -> Subject {
        let title = match subject {
            rules::Subject::Record(id) => self.title(*id),
            rules::Subject::Named(name) => self.q.names.called(name).to_owned(),
            rules::Subject::Duty(duty) => crate::wording::capital(rules::owner::in_words(duty)),
            rules::Subject::Whole => "The organisation".to_owned(),
        };
        Subject {
            id: subject.id(),
            title,
            since,
            disposition: self.disposition(rule, subject, since),
        }
    }

    /// A disposition names rule, subject and the finding's since: a later breach is new.
    fn disposition(
        &self,
        rule: &Rule,
        subject: &rules::Subject,
        since: Day,
    ) -> Option<Disposition> {
        let found = self
            .q
            .records
            .of_kind("disposition")
            .filter_map(|record| self.at.counting(record))
            .find(|version| {
                let body = version.body();
                let about_it = match subject {
                    rules::Subject::Record(one) => id(body, "/subject") == Some(*one),
                    _ => body.get("subject").is_none(),
                };
                body.get("rule").and_then(Value::as_str) == Some(&rule.id)
                    && day(body, "/since") == Some(since)
                    && about_it
            })?;
        Some(Disposition {
            says: found
                .body()
                .get("says")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            record: found.put.id,
            because: self.title(found.put.id),
        })
    }

    fn slots(&self) -> Vec<SlotView> {
        let view = |one: review::SlotAt<'_>| SlotView {
            declaration: one.declaration,
            first_day: one.slot.first_day,
            last_day: one.slot.last_day,
            state: one.state.as_str(),
            moved_to: one
                .slot
                .moved_to
                .map(|moved| [moved.first_day, moved.last_day]),
        };
        review::slots_at(self.at)
            .into_iter()
            .flat_map(|one| {
                // The old days show `moved`; the new days are the slot from then on.
                let old = one.slot.moved_to.map(|_| SlotView {
                    state: "moved",
                    moved_to: None,
                    ..view(one.clone())
                });
                let mut now = view(one);
                if let Some([first, last]) = now.moved_to {
                    now.first_day = first;
                    now.last_day = last;
                }
                old.into_iter().chain([now])
            })
            .collect()
    }

    fn top_management(&self) -> Option<TopManagement> {
        let root = self.q.records.of_kind("body").find(|record| {
            record.standing().next().is_some_and(|version| {
                version.body().get("top_management") == Some(&Value::String("is".into()))
            })
        })?;
        let vouched = root.standing().next()?.put.facts.by;
        let vouched_by = vouched.map_or_else(
            || "the local operator".to_owned(),
            |person| self.title(person),
        );
        Some(TopManagement {
            body: self.title(root.id),
            vouched_by,
        })
    }

    fn answer(&self, answer: &catalogue::Answer) -> Answer {
        let steps = five::steps(self.at, self.q.catalogue, answer, self.tallies);
        let (since, words) = if !self.due() {
            (None, Words::NOT_DUE)
        } else if self.q.before_ledger {
            (None, Words::NO)
        } else {
            steps
                .on(self.q.about)
                .map_or((None, Words::NO), |(since, words)| (Some(since), *words))
        };
        let told = if self.due() && !self.q.before_ledger {
            self.tell(&answer.id, words, since)
        } else {
            crate::five_told::Told::default()
        };
        let because = match (self.due(), self.q.before_ledger) {
            (false, _) => format!(
                "The AI management system starts on {}; nothing was due before.",
                self.q.aims_start.in_words()
            ),
            (_, true) => "Nothing was on record: the ledger began later.".to_owned(),
            _ => told.because,
        };
        Answer {
            id: answer.id.clone(),
            question: answer.question.clone(),
            in_hand: words.in_hand,
            holds: words.holds,
            since,
            because,
            affected: told.affected,
            reservations: self.reservations(answer, words, &told.evidence),
            next_due: told.next_due,
            evidence: told.evidence,
            strip: steps
                .iter()
                .map(|(day, words)| (*day, words.in_hand, words.holds))
                .collect(),
        }
    }

    fn reservations(
        &self,
        answer: &catalogue::Answer,
        words: Words,
        evidence: &[Evidence],
    ) -> Vec<String> {
        if words.in_hand != "yes" {
            return Vec::new();
        }
        let rules = answer
            .reservations
            .iter()
            .filter_map(|rule| self.q.catalogue.rule(rule));
        let review = (answer.id == "management_review")
            .then(|| review::answering(self.at))
            .flatten()
            .map(|review| rules::Subject::Record(review.put.id));
        let mut said: Vec<String> = rules
            .filter_map(|rule| self.reservation(rule, review.as_ref()))
            .collect();
        said.extend(evidence.iter().filter_map(|one| match one.provenance {
            "brought_in" => Some(format!(
                "{} was brought in from before the ledger began.",
                self.in_sentence(one.id)
            )),
            "late" => Some(format!("{} was recorded late.", self.in_sentence(one.id))),
            _ => None,
        }));
        said
    }

    /// Returns what a rule reserves: of one subject, where it is asked about that one. A flag
    /// is a question beside the answer, not a reservation to it.
    fn reservation(&self, rule: &Rule, of: Option<&rules::Subject>) -> Option<String> {
        let timelines = self.timelines.get(rule.id.as_str())?;
        let one = timelines
            .each
            .iter()
            .find(|(subject, _)| Some(subject) == of);
        let Some((subject, spans)) = one else {
            // A rule on other subjects than this: those of earlier reviews are theirs.
            let is_each = of.is_some()
                && timelines
                    .each
                    .iter()
                    .all(|(subject, _)| matches!(subject, rules::Subject::Record(_)));
            return self
                .finding(rule)
                .filter(|finding| !is_each && finding.level != Level::Flag.as_str())
                .map(|finding| finding.sentence);
        };
        let (since, outcome) = span_on(spans, self.q.about)?;
        let level = outcome.level.unwrap_or(rule.level);
        (failing(outcome.says) && level != Level::Flag)
            .then(|| self.sentence(rule, outcome, (subject, since), self.count(&rule.id)))
    }

    /// Returns a version as evidence.
    pub fn evidence(&self, version: &Version, done_on: Option<Day>) -> Evidence {
        let put = &version.put;
        let effective_on = done_on.unwrap_or(put.facts.effective_on);
        let brought = put.facts.brought_in.is_some()
            && self
                .q
                .records
                .ledger_start()
                .is_some_and(|start| put.facts.effective_on < start || effective_on < start);
        let provenance = if brought {
            "brought_in"
        } else if put.recorded_on > effective_on.plus_days(self.at.on(put.recorded_on).tolerance())
        {
            "late"
        } else {
            "in_time"
        };
        Evidence {
            id: put.id,
            version: put.version,
            kind: put.kind.to_string(),
            title: self.title(put.id),
            seq: put.seq,
            effective_on,
            recorded_at: put.recorded_at,
            provenance,
            recorded_after: Some(put.recorded_on).filter(|day| *day > self.q.about),
        }
    }

    /// Returns the slots about the day, for the answer on reviews.
    pub fn slot_days(&self) -> Vec<review::SlotAt<'_>> {
        review::slots_at(self.at)
    }

    /// Returns the first day a declaration counts, if any does.
    pub fn declared_from(&self) -> Option<Day> {
        self.q
            .records
            .of_kind("declaration")
            .flat_map(record::Record::standing)
            .filter_map(|version| slots::counts_from(self.q.records, version))
            .min()
    }
}
