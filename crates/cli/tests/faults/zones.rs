//! The time zone: what is compiled in counts, and nothing that the machine holds or is told of zones.

use std::fs;
use std::path::PathBuf;

use crate::desk::{Desk, Ran, finish, person};

/// Four in the afternoon in London, and already the next day in the zone below.
const EVENING: &str = "2026-03-02T16:00:00Z";

impl Desk {
    /// Returns a folder of zones that holds Europe/London alone, nine hours ahead of what it is.
    fn false_zones(&self) -> PathBuf {
        let zones = self.dir.path().join("zones");
        fs::create_dir_all(zones.join("Europe")).unwrap();
        // RFC 9636: version 2, one type, its name of four bytes; the block comes twice.
        let counts: [u32; 6] = [0, 0, 0, 0, 1, 4];
        let mut block = b"TZif2".to_vec();
        block.extend([0; 15]);
        block.extend(counts.iter().flat_map(|count| count.to_be_bytes()));
        block.extend(32_400_u32.to_be_bytes());
        block.extend(*b"\0\0JST\0");
        let file = [&block[..], &block, b"\nJST-9\n"].concat();
        fs::write(zones.join("Europe/London"), file).unwrap();
        zones
    }

    fn run_with_zones(&self, args: &[&str]) -> Ran {
        let mut command = self.command(args);
        command
            .env("TZDIR", self.false_zones())
            .env("TZ", "Asia/Tokyo");
        finish(command)
    }

    /// Returns a ledger in a zone, of which a pack was made.
    fn packed(zone: &str) -> Self {
        let desk = Self::empty();
        desk.init(&["--simulated-clock", EVENING, "--time-zone", zone]);
        desk.done(&[person(1, "bea")]);
        assert_eq!(desk.run(&["pack", "out.zip"]).code, 0);
        let key = desk.run(&["key"]).out;
        desk.file("key", key.as_bytes());
        desk
    }
}

#[test]
fn zones_of_the_machine_change_no_answer_and_no_verification() {
    let desk = Desk::packed("Europe/London");
    for args in [
        &["status", "--json"][..],
        &[
            "status",
            "--as-of",
            "2026-03-02",
            "--known-by",
            "2026-03-02",
        ],
        &["record", "list", "person", "--json"],
        &["verify", "--json"],
        &["verify", "out.zip", "--key", "key", "--json"],
    ] {
        let (here, there) = (desk.run(args), desk.run_with_zones(args));
        assert_eq!((here.code, &here.out), (there.code, &there.out), "{args:?}");
        assert!(!here.out.contains("2026-03-03"), "{here:?}");
    }
    let again = desk.run_with_zones(&["pack", "again.zip"]);
    assert_eq!(again.code, 0, "{again:?}");
    let bytes = |name: &str| fs::read(desk.dir.path().join(name)).unwrap();
    assert!(bytes("out.zip") == bytes("again.zip"));
}

#[test]
fn a_zone_that_the_machine_does_not_have_is_read() {
    let desk = Desk::packed("America/New_York");
    let ran = desk.run_with_zones(&["verify", "out.zip", "--key", "key"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let other = Desk::empty();
    let mut init = other.command(&[
        "init",
        "--organisation",
        "Example Council (fictional)",
        "--operator",
        "Ada Sample",
        "--email",
        "ada@council.example",
        "--time-zone",
        "Europe/Kyiv",
    ]);
    init.env("TZDIR", other.false_zones());
    let ran = finish(init);
    assert_eq!(ran.code, 0, "{ran:?}");
}
