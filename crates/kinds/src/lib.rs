//! One folder per kind of record. A kind is an ordinary struct whose doc comments are the
//! help text; it is handed to the machinery as one value.
//!
//! A slice never imports a slice, and knows no SQL, clock or rule.

mod action;
mod ai_system;
mod appointment;
mod attestation;
mod body;
mod declaration;
mod disposition;
#[cfg(test)]
mod drafts;
mod management_review;
mod meeting;
mod nonconformity;
mod organisation;
mod person;
mod policy;
mod resolution;
mod risk_assessment;
mod risk_criteria;
mod scope;

use record::Registry;

/// Returns every kind there is.
pub fn registry() -> Registry {
    Registry::new(vec![
        action::kind(),
        ai_system::kind(),
        appointment::kind(),
        attestation::kind(),
        body::kind(),
        declaration::kind(),
        disposition::kind(),
        management_review::kind(),
        meeting::kind(),
        nonconformity::kind(),
        organisation::kind(),
        person::kind(),
        policy::kind(),
        resolution::kind(),
        risk_assessment::kind(),
        risk_criteria::kind(),
        scope::kind(),
    ])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_sample_is_a_sound_body() {
        for kind in registry().iter() {
            let body = serde_json::from_str(kind.sample).expect("a sample is JSON");
            if let Err(refusal) = kind.body.check(&body) {
                panic!("{}: {refusal}", kind.name);
            }
        }
    }

    #[test]
    fn every_kind_can_be_withdrawn() {
        for kind in registry().iter() {
            assert!(kind.find_move("withdraw").is_some(), "{}", kind.name);
        }
    }

    #[test]
    fn no_kind_is_withdrawn_kept_or_ended_without_a_reason() {
        for kind in registry().iter() {
            for name in ["withdraw", "keep", "end"] {
                let at = format!("{} {name}", kind.name);
                // Each kind is withdrawn; those that are approved are also kept and ended.
                let is_meant = name == "withdraw" || kind.approval.is_some();
                let spec = kind.find_move(name);
                assert_eq!(spec.is_some(), is_meant, "{at}");
                let Some(spec) = spec else {
                    continue;
                };
                let body = |because: &str| match name {
                    "keep" => json!({"because": because, "next_review": "2027-01-05"}),
                    _ => json!({"because": because}),
                };
                let unreasoned = "/body/because: A reason is needed.";
                assert_eq!(drafts::said(&spec.body, &body(" ")), unreasoned, "{at}");
                assert_eq!(drafts::said(&spec.body, &body("x")), drafts::SOUND, "{at}");
            }
        }
    }
}
