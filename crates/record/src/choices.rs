//! Choices that more than one kind needs: the words one kind takes, and another judges by.

use schemars::JsonSchema;
use serde::Deserialize;

/// How a system came to be here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Our own model or system.
    OwnModel,
    /// A bought tool.
    Bought,
    /// A feature switched on inside a tool we had.
    Feature,
    /// Adopted by staff, unasked.
    AdoptedByStaff,
}

/// A role under ISO/IEC 22989.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Provides it.
    Provider,
    /// Produces it.
    Producer,
    /// Develops it.
    Developer,
    /// Buys it.
    Customer,
    /// Uses it.
    User,
    /// Takes part in it.
    Partner,
    /// Is affected by it.
    Subject,
    /// Sets its rules.
    Authority,
}

/// How far a system has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Thought of.
    Idea,
    /// Being built or bought.
    Development,
    /// Tried in a limited way.
    Pilot,
    /// In use.
    Live,
    /// No longer in use.
    Retired,
    /// Looked at and refused.
    Refused,
}

/// A power.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Power {
    /// Adopts the AI policy.
    AdoptPolicy,
    /// Approves the scope.
    ApproveScope,
    /// Assigns responsibilities.
    AssignOwner,
    /// Approves risk criteria.
    ApproveCriteria,
    /// Declares intervals and rules.
    Declare,
    /// Accepts risk.
    AcceptRisk,
    /// Holds management reviews. Whether top management took part in one goes by its place in it
    /// (`top_management`) and its quorum; nothing is approved by this power.
    Review,
    /// Sets up bodies.
    SetUpBody,
}

/// A further line of the management review's agenda, off until it is switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgendaLine {
    /// Objectives.
    Objectives,
    /// Incidents.
    Incidents,
    /// Risk and impact assessments since last time, and what each changed.
    Assessments,
}
