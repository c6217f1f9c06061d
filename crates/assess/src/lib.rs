//! Records and rules in; timelines of verdicts, findings and the five answers out. Pure.
//!
//! This crate must not know the clock, storage, or any kind as a Rust type: it reads facts
//! by the names that the rules give.
//!
//! Every rule is a pointwise function: does it hold for this subject on this day, from these
//! records? It compares days only through [`At::reached`], which notes the next day on which
//! the answer can change by the passing of time alone. A timeline is the rule asked at its
//! start and again at each day so noted.

mod adopted;
mod answered;
mod answering;
mod apart;
mod at;
mod displaced;
mod disposed;
mod ended;
mod evidence;
mod five;
mod five_told;
mod in_force_beside;
mod kept;
mod known_then;
mod minutes_of;
mod no_review;
mod otherwise;
mod outcome;
mod owner_told;
mod policy_told;
mod requirements;
mod reserved;
mod risk_told;
mod rules;
mod sentence;
mod status;
mod step;
mod stood;
mod strip;
mod unconfirmed;
mod undone;
mod view;
mod wording;

pub use answered::answered_by;
pub use answering::Answering;
pub use at::{At, Declared};
pub use displaced::displaced;
pub use disposed::{BesideNone, NoSubject, beside_none, no_subject};
pub use evidence::{Came, provenance};
pub use five::Said;
pub use in_force_beside::{Beside, approved_beside, in_force_beside};
pub use kept::{
    Inquiry, NAMED, RuleAt, SUBJECTS_SHOWN, SaidAt, Stretch, horizon, inquiries, kinds_touched,
    named, read_of_system, said_at, systems_attested, systems_touched,
};
pub use known_then::{KnownThen, in_time};
pub use minutes_of::{confirms_no_minutes, confirms_no_more};
pub use outcome::{Outcome, Says, Span, timeline};
pub use rules::Subject as RuleSubject;
pub use rules::attestation::speaks_for_another;
pub use rules::review_by::passed as review_passed;
pub use sentence::{Names, Param, Sentence};
pub use status::{Question, status, status_of};
pub use step::{Steps, Tallies, Tally, Word};
pub use strip::{StripOf, aims_start, strip};

pub use unconfirmed::{Unconfirmed, unconfirmed};
pub use view::{
    Affected, Answer, Disposition, Evidence, Finding, Requirement, SlotView, Status, Subject,
    TopManagement,
};
