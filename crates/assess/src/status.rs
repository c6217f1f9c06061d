//! The status about a day: five answers and every requirement, as INTERFACE shows it.

use std::cmp::Reverse;

use catalogue::{Basis, Catalogue, Level, Rule};
use record::approve::{self, Approver};
use record::{Cite, Day, Record, Records};
use uuid::Uuid;

use crate::at::At;
use crate::disposed::Disposed;
use crate::ended::Cause;
use crate::five::{self, Words};
use crate::five_told::{Told, count};
use crate::kept::{self, RuleAt, SUBJECTS_SHOWN, SaidAt};
use crate::known_then::KnownThen;
use crate::outcome::{Outcome, Says};
use crate::rules::{self, review, scope};
use crate::sentence::{Names, Sentence};
use crate::step::{Tally, Word};
use crate::view::{Affected, Answer, Evidence, Finding, SlotView, Status, Subject, TopManagement};
use crate::wording;

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
    /// What was known of the day on itself, where more is known than that, and what was in time,
    /// where still more is.
    pub then: &'a [KnownThen],
    /// The rule whose every subject is wanted.
    pub all_subjects_of: Option<&'a str>,
}

impl<'a> Question<'a> {
    /// Returns the reading of the records that the question is about.
    pub fn at(&self) -> At<'a> {
        let horizon = self.about.max(self.aims_start).plus_months(1);
        At::new(self.records, self.aims_start, self.about, horizon)
    }
}

/// Returns the status from the records alone. Pure: the same question gives the same answer.
pub fn status(question: &Question<'_>) -> Status {
    let said = kept::said_at(&question.at(), question.catalogue, question.all_subjects_of);
    status_of(question, &said)
}

/// Returns the status where what the rules say about the day is known already. The records of
/// kinds that may be very many are then not asked for.
pub fn status_of(question: &Question<'_>, said: &SaidAt) -> Status {
    let q = question;
    let base = Base {
        q,
        at: q.at(),
        said,
        disposed: Disposed::default(),
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

/// What every part of the answer is made from.
pub(crate) struct Base<'a> {
    pub q: &'a Question<'a>,
    pub at: At<'a>,
    pub said: &'a SaidAt,
    pub disposed: Disposed<'a>,
}

/// Whoever acted without a name.
pub(crate) const LOCAL_OPERATOR: &str = "the local operator";

/// Returns pieces of evidence without those that stand among them before.
pub(crate) fn each_once(evidence: impl Iterator<Item = Evidence>) -> Vec<Evidence> {
    let mut once: Vec<Evidence> = Vec::new();
    for one in evidence {
        let same = |other: &Evidence| (other.seq, other.id) == (one.seq, one.id);
        if !once.iter().any(same) {
            once.push(one);
        }
    }
    once
}

/// Returns the failures that a finding names, in its order: as they are said, and then of slots the
/// newest first. The first is the one that it speaks of.
pub(crate) fn failures(said: &RuleAt) -> Vec<&(rules::Subject, Day, Outcome)> {
    let fails = |one: &&(rules::Subject, Day, Outcome)| failing(one.2.says);
    let mut failures: Vec<_> = said.first.iter().filter(fails).collect();
    failures.sort_by_key(|(subject, _, outcome)| {
        let slot = rules::slots::about(outcome);
        slot.map(|(_, last)| Reverse((last, subject.clone())))
    });
    failures
}

/// Returns the day since which the finding of a rule stands that it has about a day. All that fail give
/// one; it is another only where its level is, as of a slot that was missed and came to be a flag.
pub(crate) fn stands_since(said: &RuleAt, rule: &Rule, about: Day) -> Option<Day> {
    let look = |word: &Word| match word {
        word if word.says == Says::Fails => Some(rule.level),
        word if word.remarks => Some(Level::Reservation),
        _ => None,
    };
    let (since, word) = said.words.since(about, look)?;
    look(word).map(|_| since)
}

/// Returns the findings of two causes as the one that their rule has. It counts those of the first: of
/// systems and of units there is no one number. How both begin is said once.
fn together(mut one: Finding, other: Finding) -> Finding {
    one.since = one.since.min(other.since);
    let begins = one.sentence.split_inclusive("; ").next();
    let begins = begins
        .filter(|begins| begins.ends_with("; "))
        .unwrap_or_default();
    let said = match other.sentence.strip_prefix(begins) {
        // A title keeps the letter that it begins with.
        Some(rest) => rest,
        None => &other.sentence,
    };
    one.sentence = format!("{} {said}", one.sentence);
    one.subjects.extend(other.subjects);
    one
}

pub(crate) fn failing(says: Says) -> bool {
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

    /// Returns the title of a version.
    pub fn title_of(&self, version: Cite) -> String {
        let title = self.q.names.of_version(version);
        let title = title.cloned().unwrap_or_else(|| version.id.to_string());
        self.of_unit(version, &title).unwrap_or(title)
    }

    /// Returns the title of an attestation that has none but its unit's short name, with the name
    /// that the organisation in force about the day gives that unit.
    fn of_unit(&self, version: Cite, title: &str) -> Option<String> {
        let version = self.q.records.cited(version)?;
        let version = Some(version).filter(|version| &*version.put.kind == scope::ATTESTATION)?;
        let unit = version.body().get("unit")?.as_str()?;
        let kind = title.strip_suffix(unit)?.strip_suffix(": ")?;
        let organisation = scope::organisation(&self.at)?;
        let name = self.q.names.called_in(organisation.cite(), unit);
        Some(format!("{kind}: {name}"))
    }

    /// Returns how many subjects of a question have what word about the day.
    pub fn tally(&self, asked: &str) -> Tally {
        self.said
            .get(asked)
            .map(|said| said.tally)
            .unwrap_or_default()
    }

    /// Returns of how many subjects a question is answered badly about the day, and of how many.
    pub fn count(&self, asked: &str) -> Affected {
        let tally = self.tally(asked);
        Affected {
            n: tally.fails + tally.remarks,
            of: tally.of(),
        }
    }

    /// Returns the finding of a rule, as of its first failing subject, with the day since.
    pub fn finding(&self, rule: &Rule) -> Option<Finding> {
        self.finding_of(rule, &rule.id, None)
    }

    /// Returns the finding of a rule as far as it is one beside a requirement.
    pub fn finding_beside(&self, rule: &Rule, requirement: &str) -> Option<Finding> {
        let is_built = rules::built_for(rule, requirement);
        is_built.then(|| self.finding_of(rule, &rule.id, Some(requirement)))?
    }

    /// Returns the flag beside a rule, where one stands: one finding, in which each cause says its
    /// own.
    pub fn flag(&self, rule: &Rule) -> Option<Finding> {
        let flags = rules::flags(&rule.id).into_iter();
        let found = flags.filter_map(|(cause, _)| {
            let asked = kept::flag(&rule.id, cause);
            self.finding_of(rule, &asked, None)
        });
        let mut flag = found.reduce(together)?;
        flag.subjects.truncate(self.subjects_shown(rule));
        Some(flag)
    }

    /// Returns how many subjects of a rule's finding are listed.
    pub(crate) fn subjects_shown(&self, rule: &Rule) -> usize {
        match self.q.all_subjects_of == Some(rule.id.as_str()) {
            true => usize::MAX,
            false => SUBJECTS_SHOWN,
        }
    }

    fn finding_of(&self, rule: &Rule, asked: &str, requirement: Option<&str>) -> Option<Finding> {
        let said = self.said.get(asked)?;
        let mut since = stands_since(said, rule, self.q.about)?;
        let mut failures = failures(said);
        let mut affected = self.count(asked);
        let in_parts = matches!(failures.first(), Some((rules::Subject::Interval(_), ..)));
        if let Some(requirement) = requirement.filter(|_| in_parts) {
            failures.retain(|(subject, ..)| subject.bears_on(requirement));
            since = failures.iter().map(|(_, since, _)| *since).min()?;
            let mut of = rules::built(&rule.id)?.of.subjects(&self.at);
            of.retain(|subject| subject.bears_on(requirement));
            affected = Affected {
                n: count(failures.len()),
                of: count(of.len()),
            };
        }
        let (first, _, outcome) = failures.first()?;
        let level = outcome.level.unwrap_or(rule.level);
        let subjects = failures.iter().take(self.subjects_shown(rule)).filter_map(
            |(subject, since, outcome)| self.subject((rule, said), subject, (*since, outcome)),
        );
        Some(Finding {
            rule: rule.id.clone(),
            level: level.as_str(),
            // What only custom holds against a rule of their own is custom's, not their word broken.
            basis: match level {
                Level::Reservation => Basis::Practice.as_str(),
                _ => rule.basis.as_str(),
            },
            since,
            sentence: self.sentence(rule, outcome, (first, since), affected)
                + &self.others(rule, &failures, affected),
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
        let named = outcome.params.iter();
        sentence.params = named
            .map(|(name, param)| (name.clone(), self.named(param)))
            .collect();
        // Of another breach than the one it first failed by it is not so since then.
        let since = outcome.began().unwrap_or(since);
        for (name, value) in [("n", affected.n), ("of", affected.of)] {
            sentence
                .params
                .entry(name.into())
                .or_insert_with(|| value.into());
        }
        sentence
            .params
            .entry("date".into())
            .or_insert_with(|| since.into());
        sentence
            .params
            .entry("days".into())
            // Both days count: the first is one day.
            .or_insert(crate::Param::DaysSince(since.plus_days(-1)));
        for name in ["system", "unit", "responsibility"] {
            sentence
                .params
                .entry(name.into())
                .or_insert_with(|| self.named(&first.param()));
        }
        sentence.template = self
            .template(rule, outcome.says, &sentence.params, affected)
            .to_owned();
        sentence
            .template
            .push_str(&wording::also(rule, &sentence.params));
        let mut text = sentence.render(self.q.names, self.q.about);
        if outcome.says == Says::Fails {
            text.push_str(&self.adopted_nothing_for(rule, outcome, first).0);
        }
        text
    }

    /// Returns the records of the resolution that adopted nothing, where the finding of a rule names one.
    pub fn named_in_finding(&self, rule: &Rule) -> Vec<Evidence> {
        let failures = self.said.get(&rule.id).map(failures).unwrap_or_default();
        let first = failures.first();
        let first = first.filter(|(.., outcome)| outcome.says == Says::Fails);
        first.map_or_else(Vec::new, |(subject, _, outcome)| {
            self.adopted_nothing_for(rule, outcome, subject).1
        })
    }

    /// Names the resolution that adopted nothing of what a rule that fails wanted of its first
    /// subject.
    fn adopted_nothing_for(&self, rule: &Rule, outcome: &Outcome, first: &rules::Subject) -> Cause {
        let reads = |kind: &str| rule.reads.iter().any(|one| one == kind);
        match (first, outcome.case(), rule.reads.first()) {
            // Nothing is declared of the series.
            (_, "declared", _) if reads("declaration") => self.inquorate_series(),
            (rules::Subject::Slot(declaration, first_day), ..) if reads("declaration") => {
                self.moved_nothing(*declaration, *first_day)
            }
            // Of each record only their own rule of review wants it kept.
            (rules::Subject::Record(id), ..) if rule.basis == Basis::Own => {
                self.inquorate_of(*id, &rule.reads)
            }
            // Only the rule that wanted an approval reads first what is approved; no other that is
            // asked of each record does, and those are many.
            (rules::Subject::Record(_), ..) | (_, _, None) => Cause::default(),
            // Another's is in force: only top management's own would put it right.
            (_, "approval", Some(kind)) => self.inquorate_of_top(kind),
            (_, _, Some(kind)) => self.inquorate(kind),
        }
    }

    /// Returns a subject by its id. The organisation as a whole is left out where its record is
    /// not known: nothing else names it.
    fn subject(
        &self,
        (rule, said): (&Rule, &RuleAt),
        subject: &rules::Subject,
        (since, outcome): (Day, &Outcome),
    ) -> Option<Subject> {
        let title = match subject {
            rules::Subject::Record(id) => self.title(*id),
            rules::Subject::Named(name) => self.q.names.called(name).to_owned(),
            rules::Subject::Duty(duty) => crate::wording::capital(rules::owner::in_words(duty)),
            rules::Subject::Interval(thing) => {
                let about = rules::intervals::about(outcome);
                crate::wording::capital(about.unwrap_or(rules::intervals::in_words(thing)))
            }
            rules::Subject::Whole => "The organisation".to_owned(),
            rules::Subject::Slot(_, first) => {
                let days = rules::slots::about(outcome).map(|(days, _)| days.to_owned());
                format!("Slot {}", days.unwrap_or_else(|| first.in_words()))
            }
        };
        Some(Subject {
            id: self.id_of(subject)?,
            disposition: self.disposition((rule, said), subject, (since, outcome)),
            is_whole: *subject == rules::Subject::Whole,
            title,
            since,
        })
    }

    pub fn id_of(&self, subject: &rules::Subject) -> Option<String> {
        if *subject != rules::Subject::Whole {
            return Some(subject.id());
        }
        let (begin, _) = self.q.records.begin.as_ref()?;
        let organisation = self.q.records.get(begin.organisation)?;
        Some(organisation.id.to_string())
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
        let mut slots: Vec<SlotView> = review::slots_at(&self.at)
            .into_iter()
            .flat_map(|one| {
                // The old days show `moved`; the new days are the slot from then on.
                let old = one.slot.moved_to.map(|_| SlotView {
                    state: "moved",
                    ..view(one.clone())
                });
                let mut now = view(one);
                if let Some([first, last]) = now.moved_to.take() {
                    now.first_day = first;
                    now.last_day = last;
                }
                old.into_iter().chain([now])
            })
            .collect();
        slots.sort_by_key(|slot| (slot.last_day, slot.first_day));
        slots
    }

    /// Returns top management: the root, or once that has ended the first body that is top management
    /// by terms in force; and on whose word, which for that one is the word for the last root.
    fn top_management(&self) -> Option<TopManagement> {
        let (records, about) = (self.q.records, self.q.about);
        let root = approve::root(records, about).and_then(|root| records.get(root));
        let is_top = |body: &&Record| {
            let terms = body.in_force(about);
            terms.is_some_and(|terms| terms.body().get("top_management") == Some(&"is".into()))
        };
        let body = root.or_else(|| records.of_kind("body").find(is_top))?;
        let had_terms = |body: &&Record| body.last_in_force(about).is_some();
        let vouched = root.or_else(|| records.vouched().filter(had_terms).last())?;
        let mut acts = vouched.versions.iter().flat_map(|version| &version.acts);
        let (_, word) = acts.find(|(act, _)| act.by == Approver::Operator)?;
        let vouched = word.facts.by;
        let vouched_by =
            vouched.map_or_else(|| LOCAL_OPERATOR.to_owned(), |person| self.title(person));
        Some(TopManagement {
            body: self.title(body.id),
            vouched_by,
        })
    }

    fn answer(&self, answer: &catalogue::Answer) -> Answer {
        let steps = five::steps(answer, &self.along());
        let (since, words) = if !self.due() {
            (None, Words::NOT_DUE)
        } else if self.q.before_ledger {
            (None, Words::NO)
        } else {
            steps
                .on(self.q.about)
                .map_or((None, Words::NO), |(since, words)| (Some(since), *words))
        };
        let mut told = if self.due() && !self.q.before_ledger {
            self.tell(&answer.id, words, since)
        } else {
            Told::default()
        };
        if words.in_hand == "yes" {
            told.evidence.append(&mut self.ends(&answer.id));
        }
        if self.due() && !self.q.before_ledger {
            let (evidence, reserved) = self.otherwise(&answer.id);
            told.besides.extend(evidence);
            told.reserved.extend(reserved);
        }
        let because = match (self.due(), self.q.before_ledger) {
            (false, _) => format!(
                "The AI management system starts on {}; nothing was due before.",
                self.q.aims_start.in_words()
            ),
            (_, true) => "Nothing was on record: the ledger began later.".to_owned(),
            _ => told.because.clone(),
        };
        let mut reservations = self.reservations(answer, words, &told);
        if let Some((evidence, said)) = self.known_otherwise(answer, words) {
            // An entry that the answer rests on stands there already.
            let told_of = |one: &Evidence| {
                let mut told = told.evidence.iter().chain(&told.besides);
                told.any(|other| other.seq == one.seq)
            };
            let new: Vec<Evidence> = evidence.into_iter().filter(|one| !told_of(one)).collect();
            told.besides.extend(new);
            reservations.push(said);
        }
        Answer {
            id: answer.id.clone(),
            question: answer.question.clone(),
            in_hand: words.in_hand,
            holds: words.holds,
            since,
            because,
            affected: told.affected,
            reservations,
            next_due: told.next_due,
            evidence: each_once(told.evidence.into_iter().chain(told.besides)),
        }
    }

    fn along(&self) -> five::Said<'_> {
        let said = self.said.iter();
        said.map(|(id, said)| (id.as_str(), &said.words)).collect()
    }

    /// Returns the slots about the day, for the answer on reviews.
    pub fn slot_days(&self) -> Vec<review::SlotAt<'_>> {
        review::slots_at(&self.at)
    }
}
