//! Two processes that do the same at once: one does it, and the other is told.

use crate::desk::id;
use crate::governed::*;

#[test]
fn of_two_that_approve_one_version_at_once_one_does_and_the_other_is_told() {
    for round in 0..3 {
        let desk = governed();
        let number = 31;
        desk.done(&[by(put("policy", number, policy()), "ada")]);
        let before = desk.head().0;
        let of = id(number);
        let approve = |who: &str| {
            let who = format!("{who}@council.example");
            let approve = ["--json", "--as", &who, "record", "move", &of, "approve"];
            desk.start(&[&approve[..], &["--version", "1"]].concat())
        };
        let both = [approve("bea"), approve("cai")].map(|child| {
            let output = child.wait_with_output().unwrap();
            let said = String::from_utf8(output.stdout).unwrap();
            (output.status.code().unwrap(), said)
        });
        let done = both.iter().filter(|(code, _)| *code == 0).count();
        assert_eq!(done, 1, "round {round}: {both:?}");
        let (code, told) = both.iter().find(|(code, _)| *code != 0).unwrap();
        // Told by the rules, or that somebody else writes just now.
        let is_told = match code {
            1 => told.contains("\"ok\":false") && told.contains("\"hint\""),
            _ => *code == 2 && told.contains("being written to"),
        };
        assert!(is_told, "round {round}: {both:?}");
        assert_eq!(desk.head().0, before + 1, "round {round}");
        desk.holds();
    }
}
