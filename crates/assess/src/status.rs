//! The status about a day: five answers and every requirement, as INTERFACE shows it.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::{Basis, Catalogue, Item, ItemType, Level, Rule};
use record::{Day, Records, Version, slots};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::at::{At, day, id};
use crate::five::{self, Words};
use crate::outcome::{Outcome, Says, Span, timeline};
use crate::rules::{self, review};
use crate::sentence::{Names, Sentence};
use crate::step::{Steps, Tally, tally};

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

/// `n` of `of`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Affected {
    /// How many.
    pub n: i64,
    /// Of how many.
    pub of: i64,
}

/// A record that an answer rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evidence {
    /// Its id.
    pub id: Uuid,
    /// The version.
    pub version: u32,
    /// Its kind.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// The entry.
    pub seq: u64,
    /// The day claimed.
    pub effective_on: Day,
    /// When it was recorded: Unix milliseconds, written as an instant at the edge.
    #[serde(serialize_with = "instant")]
    pub recorded_at: i64,
    /// in_time, late or brought_in.
    pub provenance: &'static str,
}

fn instant<S: serde::Serializer>(ms: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    match jiff::Timestamp::from_millisecond(*ms) {
        Ok(instant) => serializer.collect_str(&instant),
        Err(_) => serializer.serialize_i64(*ms),
    }
}

/// One of the five answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// scope, policy, owner, risk_assessment or management_review.
    pub id: String,
    /// The question.
    pub question: String,
    /// yes, no or not_due.
    pub in_hand: &'static str,
    /// yes, no or unknown.
    pub holds: &'static str,
    /// The first day of the unbroken stretch.
    pub since: Option<Day>,
    /// One sentence.
    pub because: String,
    /// How much of it is affected.
    pub affected: Option<Affected>,
    /// What changes neither word.
    pub reservations: Vec<String>,
    /// When something is due next.
    pub next_due: Option<Day>,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// The words along time, for the strip: not part of the JSON.
    #[serde(skip)]
    pub strip: Vec<(Day, &'static str, &'static str)>,
}

/// A subject of a finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Subject {
    /// A record's id, or a short name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Since when it fails.
    pub since: Day,
    /// What a person said of it.
    pub disposition: Option<Disposition>,
}

/// What a person said of a finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Disposition {
    /// nonconformity, elsewhere or not_a_failure.
    #[serde(rename = "as")]
    pub says: String,
    /// The record.
    pub record: Uuid,
    /// Why.
    pub because: String,
}

/// A finding: one for each rule that fails.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// The rule.
    pub rule: String,
    /// not_shown, overdue, flag or reservation.
    pub level: &'static str,
    /// clause, control, own or practice.
    pub basis: &'static str,
    /// The first day of the unbroken stretch.
    pub since: Day,
    /// The sentence.
    pub sentence: String,
    /// How many subjects, of how many.
    pub affected: Affected,
    /// The first of them: at most 20, unless all were asked for.
    pub subjects: Vec<Subject>,
}

/// A requirement.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Requirement {
    /// Its id.
    pub id: String,
    /// Its short title.
    pub title: String,
    /// The verdict.
    pub verdict: &'static str,
    /// The first day of the unbroken stretch.
    pub since: Option<Day>,
    /// Why, in a sentence.
    pub because: String,
    /// Findings.
    pub findings: Vec<Finding>,
}

/// A slot of the management review.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SlotView {
    /// The declaration.
    pub declaration: Uuid,
    /// Its first day: its name.
    pub first_day: Day,
    /// Its last day, as declared.
    pub last_day: Day,
    /// Its state.
    pub state: &'static str,
    /// Where it was moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<[Day; 2]>,
}

/// Top management, and on whose word.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TopManagement {
    /// The body.
    pub body: String,
    /// Who vouched.
    pub vouched_by: String,
}

/// Everything that `status` says of the records; the caller adds the log and the dates asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Status {
    /// Top management.
    pub top_management: Option<TopManagement>,
    /// The slots.
    pub slots: Vec<SlotView>,
    /// The five answers.
    pub five: Vec<Answer>,
    /// The requirements, in the standard's order.
    pub requirements: Vec<Requirement>,
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
struct Timelines {
    each: Vec<(rules::Subject, Vec<Span>)>,
    tally: Steps<Tally>,
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
    timelines: &'a BTreeMap<&'a str, Timelines>,
    tallies: &'a BTreeMap<String, Steps<Tally>>,
}

fn span_on(spans: &[Span], about: Day) -> Option<(Day, &Outcome)> {
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
    fn due(&self) -> bool {
        self.q.about >= self.q.aims_start
    }

    pub fn title(&self, id: Uuid) -> String {
        self.q
            .names
            .get(&id)
            .cloned()
            .unwrap_or_else(|| id.to_string())
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

    fn sentence(
        &self,
        rule: &Rule,
        outcome: &Outcome,
        (first, since): (&rules::Subject, Day),
        affected: Affected,
    ) -> String {
        let mut sentence = Sentence::new(rule.sentence.clone());
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
            .or_insert(crate::Param::DaysSince(since));
        for name in ["system", "unit", "responsibility"] {
            sentence.params.entry(name).or_insert_with(|| first.param());
        }
        let mut text = sentence.render(self.q.names, self.q.about);
        // Only the rule that wanted an approval reads first what is approved.
        if outcome.says == Says::Fails
            && let Some(kind) = rule.reads.first()
        {
            text.push_str(&self.inquorate(kind));
        }
        text
    }

    fn subject(&self, rule: &Rule, subject: &rules::Subject, since: Day) -> Subject {
        let title = match subject {
            rules::Subject::Record(id) => self.title(*id),
            rules::Subject::Named(name) => name.clone(),
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

    fn requirement(&self, item: &Item) -> Requirement {
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
            rules.iter().filter_map(|rule| self.finding(rule)).collect()
        } else {
            Vec::new()
        };
        let because = self.requirement_because(item, verdict, &rules, &findings);
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
                .filter_map(|rule| self.tallies.get(&rule.id))
                .flat_map(Steps::days),
        );
        Steps::new(
            days.into_iter()
                .map(|day| (day, self.verdict_on(item, rules, day))),
        )
    }

    fn verdict_on(&self, item: &Item, rules: &[&Rule], day: Day) -> &'static str {
        if item.item_type == ItemType::Control {
            // No Statement of Applicability can be on record yet.
            return "not_known";
        }
        let says = |rule: &Rule| {
            self.tallies.get(&rule.id).map(|steps| {
                steps
                    .on(day)
                    .map_or(Says::Absent, |(_, tally)| tally.says())
            })
        };
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
            "shown" => "Every rule for it holds on the records.".to_owned(),
            "not_shown" => findings
                .iter()
                .find(|finding| finding.level == Level::NotShown.as_str() || finding.level == Level::Overdue.as_str())
                .map_or_else(|| "A rule for it fails.".to_owned(), |finding| finding.sentence.clone()),
            _ if self.q.before_ledger => "Nothing was on record: the ledger began later.".to_owned(),
            _ if item.item_type == ItemType::Control => {
                "No Statement of Applicability is on record, so it is not known whether this control applies.".to_owned()
            }
            _ => self.open_because(rules),
        }
    }

    fn open_because(&self, rules: &[&Rule]) -> String {
        let open = rules
            .iter()
            .filter(|rule| rule.basis != Basis::Practice)
            .find(|rule| {
                let says = self
                    .tallies
                    .get(&rule.id)
                    .and_then(|steps| steps.on(self.q.about));
                says.is_some_and(|(_, tally)| tally.says() == Says::Unknown)
            });
        if let Some(rule) = open {
            let outcome = self.timelines.get(rule.id.as_str()).and_then(|timelines| {
                timelines.each.iter().find_map(|(subject, spans)| {
                    let (since, outcome) = span_on(spans, self.q.about)?;
                    (outcome.says == Says::Unknown)
                        .then(|| (subject.clone(), since, outcome.clone()))
                })
            });
            if let Some((subject, since, outcome)) = outcome {
                return self.sentence(rule, &outcome, (&subject, since), self.count(&rule.id));
            }
        }
        let missing: Vec<&str> = rules
            .iter()
            .filter(|rule| !rule.built && rule.basis != Basis::Practice)
            .map(|rule| rule.id.as_str())
            .collect();
        if missing.is_empty() {
            return "The records leave it open.".to_owned();
        }
        format!(
            "This product cannot decide it yet: {} {} not built.",
            missing.join(", "),
            if missing.len() == 1 { "is" } else { "are" }
        )
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
                one.title
            )),
            "late" => Some(format!("{} was recorded late.", one.title)),
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
