//! What each of the five answers says in its sentence, and what it rests on.

use record::approve::Approver;
use record::{Day, Version, slots};
use uuid::Uuid;

use crate::at::At;
use crate::ended::Cause;
use crate::five::Words;
use crate::kept;
use crate::outcome::Says;
use crate::rules::{self, attendance, attested, delegation, inputs, owner, review, scope};
use crate::sentence::{Param, grouped};
use crate::status::Base;
use crate::view::{Affected, Evidence};

/// The parts of an answer that are told about the day.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Told {
    pub because: String,
    pub affected: Option<Affected>,
    pub next_due: Option<Day>,
    /// What it rests on; how each of these came is reserved.
    pub evidence: Vec<Evidence>,
    /// What it rests on besides.
    pub besides: Vec<Evidence>,
    /// What is reserved of those.
    pub reserved: Vec<String>,
    /// What is reserved whatever the words of the answer.
    pub always: Vec<String>,
}

/// Returns "1 system" or "12 systems".
pub(crate) fn n_of(n: i64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(n), if n == 1 { one } else { many })
}

pub(crate) fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Says until when the record of a slot that has ended is still awaited, as the end of a sentence.
fn waits(slots: &[review::SlotAt<'_>]) -> String {
    let awaiting = slots
        .iter()
        .find(|one| one.state == review::SlotState::AwaitingRecord);
    awaiting.map_or_else(String::new, |one| {
        let (first, last) = one.slot.days();
        format!(
            "; a review held from {} to {} may still be recorded in time until {}",
            first.in_words(),
            last.in_words(),
            last.plus_days(one.awaited_days).in_words()
        )
    })
}

impl Base<'_> {
    /// Returns what an answer says about the day.
    pub fn tell(&self, id: &str, words: Words, since: Option<Day>) -> Told {
        match id {
            "scope" => self.tell_scope(words, since),
            "policy" => self.tell_policy(words, since),
            "owner" => self.tell_owner(words),
            "risk_assessment" => self.tell_risk(words, since),
            _ => self.tell_review(words),
        }
    }

    pub fn since_in_words(&self, since: Option<Day>) -> String {
        since.unwrap_or(self.q.aims_start).in_words()
    }

    fn tell_scope(&self, words: Words, since: Option<Day>) -> Told {
        let at = &self.at;
        let counting = self.tally("4.1-c").of();
        let Some(scope) = scope::current(at) else {
            return Told {
                affected: Some(Affected {
                    n: counting,
                    of: counting,
                }),
                ..self.tell_no_scope(since)
            };
        };
        let undecided = counting - self.tally("4.3-b.o").holds;
        let approved = self.approved_until(scope, "approved");
        let lead = format!(
            "{}, version {}, {approved}",
            self.version_in_sentence(scope.cite()),
            scope.number()
        );
        let all = format!(
            "{} that the register held on {}",
            n_of(counting, "AI system", "AI systems"),
            self.q.about.in_words()
        );
        let (because, named) = self.scope_because(words, &lead, (undecided, &all));
        let rule = self.q.catalogue.rule("4.3-a.o");
        let due = rule.and_then(|rule| {
            rules::due_review(at, scope, "/intervals/scope_months", rule.default_months)
        });
        let (mut besides, mut reserved) = self.attested();
        let mut deciding = vec!["/intervals/scope_months"];
        if self.tally(kept::ATTESTED).of() > 0 {
            deciding.push("/intervals/attestation_months");
        }
        if undecided > 0 {
            deciding.push("/tolerances/awaiting_scope_days");
        }
        reserved.extend(self.second("scope", "scope"));
        reserved.extend(self.second_declaration(&deciding));
        let declared = self.declared(&deciding);
        reserved.extend(self.declared_late(&declared));
        besides.extend(declared);
        let mut evidence = self.rests_on(scope, []);
        evidence.extend(self.to_end(scope));
        let second = self.second_in_force("scope");
        besides.extend(second.into_iter().flat_map(|one| self.rests_on(one, [])));
        besides.extend(named);
        Told {
            because,
            affected: Some(Affected {
                n: undecided,
                of: counting,
            }),
            next_due: self.scope_due(scope, due.as_ref().map(rules::DueReview::came_due)),
            evidence,
            besides,
            reserved,
            ..Told::default()
        }
    }

    fn second_in_force(&self, kind: &str) -> Option<&Version> {
        match self.at.together_in_force(kind)[..] {
            [.., second, _] => Some(second),
            _ => None,
        }
    }

    /// Says which version of a kind is in force beside the one that is told.
    pub fn second(&self, kind: &str, one: &str) -> Option<String> {
        let second = self.second_in_force(kind)?;
        Some(format!(
            "{}, version {}, is in force as well; there should be one {one}.",
            self.version_in_sentence(second.cite()),
            second.number()
        ))
    }

    /// Says which declaration in force states otherwise something that an answer goes by.
    fn second_declaration(&self, pointers: &[&str]) -> Option<String> {
        let records = self.q.records;
        let declarations = records.of_kind("declaration");
        let counting =
            declarations.filter_map(|one| slots::declared_by(records, one, self.q.about));
        let others: Vec<&Version> = counting.collect();
        let other = pointers.iter().find_map(|pointer| {
            let by = self.at.declaration(pointer)?.version;
            let said = record::at(by.body(), pointer);
            others.iter().find(|one| {
                let otherwise = record::at(one.body(), pointer).filter(|other| !other.is_null());
                one.put.id != by.put.id && otherwise.is_some() && otherwise != said
            })
        })?;
        Some(format!(
            "{}, version {}, is in force as well and declares otherwise; there should be one declaration of one thing.",
            self.version_in_sentence(other.cite()),
            other.number()
        ))
    }

    /// Returns the first day on which the answer turns by itself: as the scope is to be looked at, an
    /// attestation lapses, or a system has waited for long enough.
    fn scope_due(&self, scope: &Version, review: Option<Day>) -> Option<Day> {
        let review = self.due_or_over(scope, review).into_iter();
        let attested = self.turning(kept::ATTESTED);
        let awaiting = self.turning(kept::AWAITING);
        review.chain(attested).chain(awaiting).min()
    }

    /// Returns the last days on which what holds or is not due yet of a rule does as time passes.
    fn turning(&self, asked: &str) -> impl Iterator<Item = Day> {
        let said = self
            .said
            .get(asked)
            .into_iter()
            .flat_map(|said| &said.first);
        said.filter_map(|(_, _, outcome)| match outcome.params.get(scope::DUE) {
            Some(Param::Day(day)) => Some(*day),
            _ => None,
        })
    }

    /// Returns the day a version in force is due, or its last day where that is earlier.
    pub fn due_or_over(&self, version: &Version, due: Option<Day>) -> Option<Day> {
        let last = self.at.approved(version).and_then(|one| one.last);
        due.into_iter().chain(last).min()
    }

    fn scope_because(&self, words: Words, lead: &str, (undecided, all): (i64, &str)) -> Cause {
        let (short, named) = match words.holds {
            "yes" => Cause::default(),
            "unknown" => self.first_finding(&["4.3-c"]),
            _ => self.first_finding(&["4.3-a", "4.3-a.o", "4.3-b.o"]),
        };
        let because = match words.holds {
            "yes" if self.tally("4.1-c").of() == 0 => format!(
                "{lead}, is in force; the register held no AI system on {}.",
                self.q.about.in_words()
            ),
            "yes" if undecided == 0 => format!("{lead}, places {all} in or out."),
            "yes" => format!(
                "{lead}; {} of {all} {} a decision, {}.",
                grouped(undecided),
                if undecided == 1 { "awaits" } else { "await" },
                match self.awaits_beyond_custom() {
                    false => "not yet overdue",
                    true => "longer than is customary",
                }
            ),
            "unknown" => format!(
                "{lead}, but whether the register is complete is not known: {}",
                lower(&short)
            ),
            _ => format!("{lead}, but {}", lower(&short)),
        };
        (because, named)
    }

    /// Returns whether a system awaits a decision for longer than is customary: one whose time was
    /// made longer says so by its own case.
    fn awaits_beyond_custom(&self) -> bool {
        let said = self.said.get(kept::AWAITING);
        let mut first = said.into_iter().flat_map(|said| &said.first);
        first.any(|(_, _, outcome)| outcome.says == Says::Remark && outcome.case().is_empty())
    }

    /// Returns the part of an answer that rests on what was declared.
    pub fn by_declaration(&self, pointers: &[&str]) -> Told {
        let besides = self.declared(pointers);
        let mut reserved = self.declared_late(&besides);
        reserved.extend(self.second_declaration(pointers));
        Told {
            reserved,
            besides,
            ..Told::default()
        }
    }

    fn tell_review(&self, words: Words) -> Told {
        let at = &self.at;
        let slots = self.slot_days();
        let next_due = slots
            .iter()
            .find(|one| {
                matches!(
                    one.state,
                    review::SlotState::Open | review::SlotState::ToCome
                ) && one.review.is_none()
            })
            .map(|one| one.slot.days().1);
        let mut waits = waits(&slots);
        let Some(one) = review::answering(at).filter(|_| words.in_hand == "yes") else {
            let (because, evidence) = self.no_review_because(words, &slots, &waits);
            return Told {
                because,
                next_due,
                evidence,
                ..self.by_declaration(&[REVIEWS])
            };
        };
        let held = review::held_on(at, one).unwrap_or(self.q.about);
        let rule = self.q.catalogue.rule("9.3-b");
        let missing = rule.map_or(0, |rule| inputs::lacking(at, rule, one).count());
        // Until they are confirmed minutes count, marked so.
        let meetings = review::meetings(at, one);
        if !meetings.iter().all(|one| review::is_confirmed(at, one)) {
            waits.insert_str(0, "; its minutes are not confirmed yet");
        }
        let title = self.undated(one.cite(), held);
        let given = match rule.is_some_and(|rule| inputs::is_spared(at, rule, one)) {
            true => "the inputs that a first review has, its",
            false => "its inputs,",
        };
        let decided = format!("with {given} conclusions and decisions on record");
        let because = match words.holds {
            "yes" => format!(
                "{title}, held on {}, is minuted {decided}{waits}.",
                held.in_words()
            ),
            _ => format!(
                "{title}, held on {}, is minuted, but {}{waits}.",
                held.in_words(),
                lower(self.review_gap(at, one).trim_end_matches('.'))
            ),
        };
        let evidence = [self.review_evidence(one, held), self.reviewed_until(one).1].concat();
        Told {
            because,
            affected: Some(Affected {
                n: count(missing),
                of: 7,
            }),
            next_due,
            evidence,
            ..self.by_declaration(&[REVIEWS])
        }
    }

    fn review_gap(&self, at: &At<'_>, one: &Version) -> String {
        if !attendance::top_management_took_part(at, one) {
            let lost = attendance::items_that_cost(at, one);
            let lost = lost.map_or_else(String::new, |items| {
                format!(": they show no quorum at {items}")
            });
            let until = self.reviewed_until(one).0;
            return format!(
                "The records do not show that top management took part, quorate by its own terms{lost}{until}."
            );
        }
        // Of the review that answers: a finding may speak of another, and of those of years ago
        // the rules ask no more.
        let short = review::short_of(at, self.q.catalogue, one);
        short.map_or_else(String::new, |(rule, outcome)| {
            let of = (&rules::Subject::Record(one.put.id), self.q.about);
            self.sentence(rule, &outcome, of, Affected { n: 1, of: 1 })
        })
    }

    /// Says of a body that held a review without top management that it was that, or part of it,
    /// and had ended by then.
    fn reviewed_until(&self, one: &Version) -> Cause {
        if attendance::top_management_took_part(&self.at, one) {
            return Cause::default();
        }
        let bodies = attendance::bodies(&self.at, one);
        let mut told = bodies.map(|(body, on)| self.top_until(body, on));
        told.find(|(why, _)| !why.is_empty()).unwrap_or_default()
    }

    /// Returns the sentence of the first of these rules that fails, or that at least has a
    /// finding, and the records of the resolution that it names.
    pub fn first_finding(&self, rules: &[&str]) -> Cause {
        let (fail, others): (Vec<&str>, Vec<&str>) =
            rules.iter().partition(|rule| self.tally(rule).fails > 0);
        fail.into_iter()
            .chain(others)
            .filter_map(|rule| self.q.catalogue.rule(rule))
            .find_map(|rule| Some((self.finding(rule)?.sentence, self.named_in_finding(rule))))
            .unwrap_or_else(|| ("a rule for it fails.".to_owned(), Vec::new()))
    }

    /// Says that a resolution is not attested.
    pub fn not_attested(&self, on: Day, resolution: &Version) -> String {
        format!(
            "{} of {} is not attested, and adopts nothing until it is.",
            self.undated(resolution.cite(), on),
            on.in_words()
        )
    }

    /// Names the last resolution that wanted to approve or keep a version of a kind and adopted
    /// nothing, or is not attested, unless a later one did; and where nothing of what it concerns is in
    /// force, unless it was rescinded later: the one before is no cause of that.
    pub fn inquorate(&self, kind: &str) -> Cause {
        self.inquorate_by(kind, |_, _| true)
    }

    /// Returns the same of the resolutions of top management alone: where something is in force that
    /// it did not set, those of others would change nothing.
    pub fn inquorate_of_top(&self, kind: &str) -> Cause {
        self.inquorate_by(kind, |body, on| {
            delegation::speaks_for_top(&self.at, (body, on), kind)
        })
    }

    /// Returns the same of one record, where it is of one of these kinds.
    pub fn inquorate_of(&self, id: Uuid, kinds: &[String]) -> Cause {
        let kind = self.q.records.get(id).map(|record| &*record.kind);
        let kind = kind.filter(|kind| kinds.iter().any(|one| one == kind));
        let Some(kind) = kind else {
            return Cause::default();
        };
        let lost = self.inquorate_on(kind, |version| version.put.id == id, |_, _| true);
        match lost.0.is_empty() {
            true => self.kept_in_error(id),
            false => lost,
        }
    }

    /// Returns the same of declarations of when management reviews are due.
    pub fn inquorate_series(&self) -> Cause {
        let states = |version: &Version| record::at(version.body(), REVIEWS).is_some();
        self.inquorate_on("declaration", states, |_, _| true)
    }

    fn inquorate_by(&self, kind: &str, by: impl Fn(Uuid, Day) -> bool) -> Cause {
        // Of appointments the answers and rules ask about the two duties.
        let concerns = |version: &Version| kind != "appointment" || owner::gives_duties(version);
        self.inquorate_on(kind, concerns, by)
    }

    fn inquorate_on(
        &self,
        kind: &str,
        concerns: impl Fn(&Version) -> bool,
        by: impl Fn(Uuid, Day) -> bool,
    ) -> Cause {
        let in_force = self.at.all_in_force(kind);
        let none = !in_force.iter().any(|version| concerns(version));
        let last = self
            .q
            .records
            .of_kind(kind)
            .flat_map(record::Record::standing)
            .filter(|version| concerns(version))
            .flat_map(|version| &version.acts)
            .filter(|(act, _)| match act.name.as_str() {
                "end" => act.counts && none,
                name => name == "approve" || name == "keep",
            })
            .filter(|(act, _)| self.at.reached(act.decided_on))
            .filter(|(act, _)| match act.by {
                Approver::Body { body, .. } => by(body, act.decided_on),
                _ => true,
            })
            .max_by_key(|(act, event)| (act.decided_on, event.seq));
        let open = attested::wanting(&self.at, kind, &concerns, &by);
        if let Some((on, resolution)) =
            open.filter(|(on, _)| last.is_none_or(|(act, _)| act.decided_on <= *on))
        {
            return self.wants_attesting(on, resolution);
        }
        let lost = last.filter(|(act, _)| !act.counts);
        lost.map_or_else(Cause::default, |lost| self.resolved_nothing(lost, ""))
    }
}

/// What may be declared on the scope.
pub(crate) const SCOPE: &[&str] = &[
    "/intervals/scope_months",
    "/intervals/attestation_months",
    "/tolerances/awaiting_scope_days",
];

/// What is declared on the policy.
pub(crate) const POLICY: &str = "/intervals/policy_months";

/// What is declared on assessments.
pub(crate) const ASSESSMENTS: &[&str] = &[
    "/intervals/risk_assessment_months",
    "/intervals/risk_assessment_high_impact_months",
    "/assessed_from",
];

/// What is declared on management reviews.
pub(crate) const REVIEWS: &str = "/series/management_review";

/// How our own sentences begin; a title keeps its capital.
const BEGINNINGS: [&str; 9] = [
    "The ", "No ", "Since ", "More ", "Nobody ", "Between ", "Whether ", "Your ", "On ",
];

/// Returns a sentence that follows a comma.
pub(crate) fn lower(sentence: &str) -> String {
    if !BEGINNINGS.iter().any(|begins| sentence.starts_with(begins)) {
        return sentence.to_owned();
    }
    let mut letters = sentence.chars();
    let first = letters.next().into_iter().flat_map(char::to_lowercase);
    first.chain(letters).collect()
}
