//! A person who acts, owns, sits or attests.

use std::collections::BTreeMap;

use record::{Day, Kind, KindSpec, Problem, Source, Stay, TITLE_LENGTH_MAX, is_blank};
use schemars::JsonSchema;
use serde::Deserialize;

/// A person.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Their name.
    #[schemars(length(max = TITLE_LENGTH_MAX), extend("x-group" = "identity"))]
    name: String,
    /// Their e-mail address; `--as` finds them by it.
    #[schemars(length(max = TITLE_LENGTH_MAX), extend("x-group" = "identity"))]
    email: Option<String>,
    /// What they do here.
    #[schemars(extend("x-group" = "identity"))]
    role: Option<String>,
    /// First day here, where that matters: before it they make no quorum, act on nothing and hold
    /// nothing. A day that was wrong is put right by a version of the same `effective_on`; one of
    /// a later day leaves it.
    joined_on: Option<Day>,
    /// Last day here, counted as that day.
    left_on: Option<Day>,
    /// Where this entry was imported from.
    #[schemars(extend("x-group" = "identity"))]
    source: Option<Source>,
    /// Cells that have no field here, as received.
    #[serde(default)]
    #[schemars(extend("x-group" = "identity", "x-words" = true))]
    as_received: BTreeMap<String, String>,
}

impl Kind for Person {
    fn check(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if is_blank(&self.name) {
            problems.push(Problem::new(
                "/name",
                "A person has a name.",
                "Write it as they do.",
            ));
        }
        if self
            .email
            .as_deref()
            .is_some_and(|email| !is_address(email))
        {
            problems.push(Problem::new(
                "/email",
                "An e-mail address has one @, something on both sides of it, and no blanks.",
                "Write the one address, such as ada@example.org, or leave it out if there is none.",
            ));
        }
        if let (Some(joined), Some(left)) = (self.joined_on, self.left_on)
            && left < joined
        {
            problems.push(Problem::new(
                "/left_on",
                "Nobody leaves before they joined.",
                "Put right whichever day is wrong; a last day may be the first.",
            ));
        }
        problems
    }
}

fn is_address(email: &str) -> bool {
    let parts = email.split_once('@');
    let is_one =
        |(name, host): (&str, &str)| !is_blank(name) && !is_blank(host) && !host.contains('@');
    // Marks of direction are blanks too: in an address none is needed. A control character is refused
    // in any text, and named.
    let is_seen = |letter: char| letter.is_control() || !is_blank(letter.encode_utf8(&mut [0; 4]));
    parts.is_some_and(is_one) && email.chars().all(is_seen)
}

/// Returns the kind.
pub fn kind() -> KindSpec {
    KindSpec {
        is_a_person: true,
        stay: Some(Stay {
            first: "/joined_on",
            last: "/left_on",
        }),
        file_optional: true,
        personal: &["identity"],
        later_effect: true,
        ..KindSpec::of::<Person>("person", "Person", include_str!("sample.json"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::drafts::{SOUND, hold};

    #[test]
    fn a_person_has_a_name_and_an_address_an_at_sign() {
        let unnamed = "/body/name: A person has a name.";
        let unaddressed = "/body/email: An e-mail address has one @, something on both sides of it, and no blanks.";
        hold(
            &kind(),
            &[
                (json!({"name": ""}), unnamed),
                (json!({"name": " "}), unnamed),
                (json!({"name": " ", "email": "alex"}), unnamed),
                (json!({"email": "alex"}), unaddressed),
                (json!({"email": ""}), unaddressed),
                (json!({"email": "@"}), unaddressed),
                (json!({"email": "@council.example"}), unaddressed),
                (json!({"email": "alex@"}), unaddressed),
                (json!({"email": "alex@a@council.example"}), unaddressed),
                (
                    json!({"email": "alex ashdown@council.example"}),
                    unaddressed,
                ),
                (json!({"email": " alex@council.example"}), unaddressed),
                (
                    json!({"email": "alex@council.example\u{200e}"}),
                    unaddressed,
                ),
                (json!({"email": "zoë@straße.example"}), SOUND),
                (json!({"email": "alex@council.example"}), SOUND),
                (json!({"email": null}), SOUND),
            ],
        );
    }

    #[test]
    fn nobody_leaves_before_they_joined() {
        let days = |joined: &str, left: &str| json!({"name": "Alex", "joined_on": joined, "left_on": left});
        let backwards = "/body/left_on: Nobody leaves before they joined.";
        hold(
            &kind(),
            &[
                (days("2026-03-02", "2026-03-01"), backwards),
                (days("2026-03-02", "2026-03-02"), SOUND),
                (days("2026-03-02", "2027-01-31"), SOUND),
                (json!({"name": "Alex", "left_on": "2026-03-01"}), SOUND),
            ],
        );
    }

    #[test]
    fn every_word_of_an_imported_row_is_kept_with_what_is_personal() {
        let body = json!({
            "name": "Alex Ashdown (fictional)", "email": "alex@council.example",
            "as_received": {"Phone": "0123 456"},
            "source": {"file": "a".repeat(64), "row": 1, "mapping": "people",
                "key": "E-mail: \"alex@council.example\""},
        });
        assert_eq!(kind().body.check(&body), Ok(()));
        let parted = kind().body.shape.part(body);
        assert_eq!(parted.words.into_keys().collect::<Vec<_>>(), ["identity"]);
        let facts = json!({"name": true, "email": true, "as_received": true,
            "source": {"file": "a".repeat(64), "row": 1, "mapping": true, "key": true}});
        assert_eq!(parted.facts, facts);
    }
}
