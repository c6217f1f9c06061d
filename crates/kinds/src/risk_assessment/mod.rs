//! An assessment of the risks of a system, or of a declared group of systems.

use record::Records;
use record::spec::{Authority, Level, NO_PERSON, Note};
use record::{
    Cite, Day, FileHash, Kind, KindSpec, Problem, Refusal, TITLE_LENGTH_MAX, Token, is_blank,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

/// A risk assessment.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RiskAssessment {
    /// What it is called.
    #[schemars(length(max = TITLE_LENGTH_MAX))]
    title: String,
    /// The systems assessed, each in the version that was looked at.
    systems: Vec<Cite>,
    /// The day it was done.
    assessed_on: Day,
    /// Who assessed.
    assessors: Option<Vec<Uuid>>,
    /// The criteria used, in the version in force.
    criteria: Option<Cite>,
    /// Consequences for each of three targets.
    consequences: Consequences,
    /// The level found: one of those of the criteria used. Without one the assessment is not
    /// complete.
    level: Option<Token>,
    /// What was found.
    findings: Option<String>,
    /// What was decided because of it.
    decision: Option<Decision>,
    /// The later records or files that show something changed.
    #[serde(default)]
    shown_by: Vec<Shown>,
    /// Its file, if it is one.
    file: Option<FileHash>,
}

/// Consequences by target (ISO/IEC 42001:2023, 6.1.2).
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Consequences {
    /// For the organisation.
    organisation: Option<String>,
    /// For individuals.
    individuals: Option<String>,
    /// For societies.
    societies: Option<String>,
}

/// A decision on an assessment.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// What was decided.
    says: Decided,
    /// Why, and what exactly.
    because: String,
    /// The day.
    on: Day,
    /// By whom, if a person.
    by: Option<Uuid>,
    /// What it is meant to bring about.
    promises: Option<Promise>,
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decided {
    /// Treat the risk.
    Treat,
    /// Accept it.
    Accept,
    /// Stop the system or the use.
    Stop,
    /// Change nothing, for a reason.
    NoChange,
}

/// A promised effect.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// The effect.
    effect: String,
    /// By when it is to be seen.
    due: Day,
}

/// A record that shows an effect.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// The record.
    record: Option<Cite>,
    /// Or a file.
    file: Option<FileHash>,
    /// The day it was seen: after the decision.
    on: Day,
    /// What it shows.
    what: String,
}

impl Kind for RiskAssessment {
    fn check(&self) -> Vec<Problem> {
        if self.systems.is_empty() {
            return vec![Problem::new(
                "/systems",
                "An assessment is of at least one system.",
                "Cite the systems and their versions.",
            )];
        }
        if self
            .decision
            .as_ref()
            .is_some_and(|decision| is_blank(&decision.because))
        {
            return vec![Problem::new(
                "/decision/because",
                "A decision has its reason.",
                "Say why, even when nothing changes.",
            )];
        }
        self.out_of_order().into_iter().collect()
    }
}

impl RiskAssessment {
    /// What was decided because of an assessment was decided on its day or later, and what that
    /// promised is due on the day of the decision or later.
    fn out_of_order(&self) -> Option<Problem> {
        let decision = self.decision.as_ref()?;
        if decision.on < self.assessed_on {
            return Some(Problem::new(
                "/decision/on",
                format!(
                    "It was assessed on {} and decided on {}, before that.",
                    self.assessed_on.in_words(),
                    decision.on.in_words()
                ),
                "Give the day of the decision that this assessment led to, or put the day of the \
                 assessment right.",
            ));
        }
        let due = decision.promises.as_ref()?.due;
        (due < decision.on).then(|| {
            Problem::new(
                "/decision/promises/due",
                format!(
                    "It was decided on {}; what that promised cannot have been due before, on {}.",
                    decision.on.in_words(),
                    due.in_words()
                ),
                "Give a day from the decision on by which the effect is to be seen.",
            )
        })
    }
}

/// The level found, among those of the criteria used.
fn level(facts: &Value, records: &Records) -> Option<Level> {
    let criteria = serde_json::from_value::<Cite>(facts.get("criteria")?.clone()).ok()?;
    let levels = records.cited(criteria)?.body().get("levels")?.as_array()?;
    Some(Level {
        found: facts.get("level")?.as_str()?.to_owned(),
        among: levels
            .iter()
            .filter_map(|level| Some(level.as_str()?.to_owned()))
            .collect(),
    })
}

/// A level that the criteria used do not have was found by no criteria.
fn among_the_levels(_: Uuid, facts: &Value, records: &Records, _: Day) -> Result<(), Refusal> {
    let unknown = level(facts, records).filter(|level| !level.among.contains(&level.found));
    let Some(level) = unknown else {
        return Ok(());
    };
    let message = format!("The criteria cited have no level {:?}.", level.found);
    Err(Refusal::new("unknown_level", message)
        .at("/body/level")
        .hint(format!(
            "Their levels, lowest first: {}.",
            level.among.join(", ")
        )))
}

/// An assessment is noted that says of no decision: it shows what was found, and not what came of it.
fn noted(_: Uuid, facts: &Value, _: &Records) -> Option<Note> {
    let is_decided = facts.get("decision").is_some_and(|one| !one.is_null());
    (!is_decided).then(|| Note {
        code: "undecided",
        message: "This says of no decision: it shows what was found, and nothing that came of it."
            .to_owned(),
        hint: "Once it is decided what to do, put a version with `decision`; that nothing changes, and why, is a decision too.".to_owned(),
    })
}

/// Returns the kind.
pub fn kind() -> KindSpec {
    KindSpec {
        authority: Authority {
            level: Some(level),
            ..Authority::default()
        },
        happened: &["/assessed_on", "/decision/on", "/shown_by/*/on"],
        cites: &[
            ("/systems/*", &["ai_system"]),
            ("/assessors/*", &["person"]),
            ("/criteria", &["risk_criteria"]),
            ("/decision/by", &["person"]),
            ("/shown_by/*/record", NO_PERSON),
        ],
        against: Some(among_the_levels),
        noted: Some(noted),
        ..KindSpec::of::<RiskAssessment>(
            "risk_assessment",
            "Risk assessment",
            include_str!("sample.json"),
        )
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::drafts::{SOUND, hold};

    #[test]
    fn an_assessment_is_of_a_system_and_its_decision_has_a_reason() {
        let unreasoned = "/body/decision/because: A decision has its reason.";
        hold(
            &kind(),
            &[
                (
                    json!({"systems": []}),
                    "/body/systems: An assessment is of at least one system.",
                ),
                (json!({"decision": {"because": ""}}), unreasoned),
                (json!({"decision": {"because": " "}}), unreasoned),
                (json!({"decision": {"because": "x"}}), SOUND),
                // Not decided yet, or silent on whom it touches: a finding, never a refusal.
                (json!({"decision": null}), SOUND),
                (json!({"consequences": {"societies": null}}), SOUND),
            ],
        );
    }

    #[test]
    fn assessment_decision_and_promise_follow_one_another() {
        let decided = |on: &str, due: Option<&str>| {
            let promises = due.map(|due| json!({"effect": "Fewer.", "due": due}));
            json!({"decision": {"on": on, "promises": promises}})
        };
        let early = "/body/decision/on: It was assessed on 8 June 2023 and decided on 7 June 2023, \
            before that.";
        let overdue = "/body/decision/promises/due: It was decided on 9 June 2023; what that \
            promised cannot have been due before, on 8 June 2023.";
        hold(
            &kind(),
            &[
                (decided("2023-06-07", None), early),
                (decided("2023-06-07", Some("2023-06-30")), early),
                (decided("2023-06-08", None), SOUND),
                (decided("2023-12-08", None), SOUND),
                (decided("2023-06-09", Some("2023-06-08")), overdue),
                (decided("2023-06-09", Some("2023-06-09")), SOUND),
                (decided("2023-06-09", Some("2023-06-30")), SOUND),
            ],
        );
    }
}
