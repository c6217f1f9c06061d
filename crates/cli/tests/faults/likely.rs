//! What does not hold is told with its likely cause first, and on lines of our own.

use serde_json::json;

use crate::desk::{Desk, Ran, person};

#[test]
fn a_pack_that_does_not_hold_for_a_harmless_reason_is_told_that_first() {
    let (desk, other) = (Desk::simulated(), Desk::simulated());
    assert_eq!(desk.run(&["pack", "older.zip"]).code, 0);
    desk.done(&[person(1, "bea")]);
    desk.file("seen", desk.run(&["checkpoint"]).out.as_bytes());
    desk.file("verifier.key", desk.run(&["key"]).out.as_bytes());
    desk.file("other.key", other.run(&["key"]).out.as_bytes());
    let verify = |more: &[&str]| desk.run(&[&["verify"], more].concat());
    let likely = |ran: &Ran, said: &str| {
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.err.contains(said), "{ran:?}");
        assert!(!ran.err.contains("Rely on nothing"), "{ran:?}");
    };
    let key = "Most likely the key is another ledger's";
    likely(&verify(&["older.zip", "--key", "other.key"]), key);
    likely(&verify(&["--key", "other.key"]), key);
    let seen = ["older.zip", "--key", "verifier.key", "--previous", "seen"];
    likely(
        &verify(&seen),
        "Most likely the pack was made before the checkpoint was seen",
    );
    let both = ["older.zip", "--key", "other.key", "--previous", "seen"];
    likely(&verify(&both), key);
}

#[test]
fn a_checkpoint_of_another_ledger_is_told_as_that_with_both_origins_and_not_as_damage() {
    let (desk, other) = (Desk::simulated(), Desk::simulated());
    assert_eq!(desk.run(&["pack", "sound.zip"]).code, 0);
    desk.file("verifier.key", desk.run(&["key"]).out.as_bytes());
    let seen = other.run(&["checkpoint"]).out;
    desk.file("seen", seen.as_bytes());
    let origin = |checkpoint: &str| checkpoint.lines().next().unwrap().to_owned();
    let (of, own) = (origin(&seen), origin(&desk.run(&["checkpoint"]).out));
    let pack = ["sound.zip", "--key", "verifier.key"];
    for (what, this) in [(&[][..], "this is"), (&pack[..], "the pack is of")] {
        let ran = desk.run(&[&["verify"], what, &["--previous", "seen"]].concat());
        assert_eq!(ran.code, 1, "{ran:?}");
        let told = format!(
            "the checkpoint seen before is another ledger's: it is of the log {of}, and {this} the \
             log {own}\n"
        );
        assert!(ran.out.contains(&told), "{ran:?}");
        let not_checked = "not checked: that the log extends the checkpoint seen before";
        assert!(ran.out.contains(not_checked), "{ran:?}");
        let next = "Bring a checkpoint that was seen of this ledger, and verify again.";
        assert!(ran.err.contains(next), "{ran:?}");
    }
}

#[test]
fn a_reason_of_several_lines_is_one_line_of_a_list() {
    let desk = Desk::simulated();
    let mut bea = person(1, "bea");
    bea["marks"] = json!({"identity": {"as": "privileged", "basis": "One.\nwithheld: all"}});
    desk.done(&[bea]);
    let ran = desk.run(&["pack", "--list"]);
    assert!(ran.out.contains("One. withheld: all"), "{ran:?}");
}
