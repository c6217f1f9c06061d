//! `README.txt`: what a pack is, and how to check it with other people's tools.

use ledger::Hash;
use record::{DISCLAIMER, counted, flat};

use crate::manifest::key_name;

/// How much of a pack leaves though it is marked, of one mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The word of the mark.
    pub mark: String,
    /// Groups that bear it.
    pub groups: u64,
    /// Files that bear it.
    pub files: u64,
}

impl Shown {
    /// Returns it in words: `2 groups and 1 file marked personal`.
    pub fn in_words(&self) -> String {
        let all = [(self.groups, "group"), (self.files, "file")].into_iter();
        let any = all.filter(|(count, _)| *count > 0);
        let said: Vec<String> = any.map(|(count, what)| counted(count, what)).collect();
        format!("{} marked {}", said.join(" and "), self.mark)
    }
}

/// A file in a pack that may hold what is withheld of an entry that cites it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InFile {
    /// The file.
    pub file: Hash,
    /// The first entry that cites it and of which a group is withheld.
    pub seq: u64,
    /// The group.
    pub group: String,
    /// How many more there are.
    pub more: u64,
}

impl InFile {
    /// Returns it in words, on two lines.
    fn in_words(&self) -> String {
        let more = match self.more {
            0 => String::new(),
            more => format!(", and so are {}", counted(more, "more group")),
        };
        format!(
            "  files/{}\n      is what entry {} was made from or cites; its group {} is withheld{more}\n",
            self.file, self.seq, self.group
        )
    }
}

/// What stands before the log's key.
pub const KEY_OF_THE_LOG: &str = "key of the log    ";

/// What the marks do in a pack for the auditor.
pub const WITHHOLDS: &str =
    "The auditor's profile withholds only what is marked privileged or exempt.";

/// What is said of every pack: that something is counted as marked is not to be read as if nothing
/// else named anybody.
pub const WHO_ACTED: &str = "The group `act` of each entry names who acted, by the address they were vouched for with; it is not marked of itself.";

/// What `README.txt` is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readme {
    /// The organisation's name.
    pub organisation: String,
    /// The log's origin.
    pub origin: String,
    /// The log's verifier key, `NAME+ID+KEY`.
    pub vkey: String,
    /// The number of entries.
    pub entries: u64,
    /// The root of the log.
    pub root: Hash,
    /// The date the pack is about, as people read it.
    pub as_of: String,
    /// The date by which everything was known, likewise.
    pub known_by: String,
    /// The edition of the rules.
    pub rules: String,
    /// Whom the pack is for.
    pub profile: String,
    /// Whether the clock of this ledger is a simulated one.
    pub simulated_clock: bool,
    /// Versions entered in error, a sentence each.
    pub withdrawn: Vec<String>,
    /// What leaves though it is marked, by mark.
    pub shown: Vec<Shown>,
    /// Files that may hold what is withheld elsewhere.
    pub in_files: Vec<InFile>,
    /// Whether the pack has proofs.
    pub has_proofs: bool,
    /// Whether the pack has attached files.
    pub has_files: bool,
}

/// Returns the text of `README.txt`.
//
// Invariant: whoever verifies a pack makes this text again and compares every byte. So it is made
// of nothing that the pack does not hold, and once a version is out other words here are another
// format, which the manifest's first line has to name.
pub fn readme_text(about: &Readme) -> String {
    let clock = match about.simulated_clock {
        false => "",
        true => {
            "\nTHE CLOCK OF THIS LEDGER IS SIMULATED. Its dates are invented; its first entry says so.\n"
        }
    };
    let head = format!(
        "{organisation}: records of the AI management system\n\
         {DISCLAIMER}\n{clock}\n\
         about             {as_of}\n\
         known by          {known_by}\n\
         rules             {rules}\n\
         for               {profile}\n\
         log               {origin}\n\
         entries           {entries}\n\
         root              {root}\n\
         {KEY_OF_THE_LOG}{vkey}\n\n\
         Do not take the key from here: use the one you were given by the organisation some other\n\
         way, and compare. A pack that somebody forged would name a key that fits it.\n\n",
        organisation = flat(&about.organisation),
        as_of = about.as_of,
        known_by = about.known_by,
        rules = about.rules,
        profile = about.profile,
        origin = about.origin,
        entries = about.entries,
        root = about.root,
        vkey = about.vkey,
    );
    let manifest_key = key_name(&about.origin);
    let text = format!(
        "{head}{}{}{}{MEMBERS}{WHO_ACTED}\n\n{}",
        withdrawn(&about.withdrawn),
        shown(&about.shown),
        in_files(&about.in_files),
        CHECKS.replace("<origin>/pack", &manifest_key)
    );
    // No line about a folder that is not there.
    let absent = [("files", about.has_files), ("proofs", about.has_proofs)];
    let absent = absent.into_iter().filter(|(_, is_here)| !is_here);
    absent.fold(text, |text, (folder, _)| without(&text, folder))
}

/// Versions entered in error stand in the pack, and are named here.
fn withdrawn(sentences: &[String]) -> String {
    if sentences.is_empty() {
        return String::new();
    }
    let lines: String = sentences
        .iter()
        .map(|one| format!("  {}\n", flat(one)))
        .collect();
    format!("ENTERED IN ERROR, AND WITHDRAWN\n\n{lines}\n")
}

/// What a mark does not withhold from this reader is said, lest it be passed on.
fn shown(marked: &[Shown]) -> String {
    if marked.is_empty() {
        return String::new();
    }
    let lines: String = marked
        .iter()
        .map(|one| format!("  {}\n", one.in_words()))
        .collect();
    format!("MARKED, AND IN THIS PACK ALL THE SAME\n\n{lines}\n  {WITHHOLDS}\n\n")
}

/// A group that is withheld does not take the row it was made from out of a file.
fn in_files(files: &[InFile]) -> String {
    if files.is_empty() {
        return String::new();
    }
    let lines: String = files.iter().map(InFile::in_words).collect();
    format!(
        "WITHHELD, AND PERHAPS IN A FILE OF THIS PACK ALL THE SAME\n\n{lines}\n  \
         A file leaves unless it is marked itself, and may hold the same words: the row, or the text.\n\n"
    )
}

/// Leaves out the lines on what is in a folder, and how it is checked.
fn without(text: &str, folder: &str) -> String {
    let about = [
        format!("  {folder}/ "),
        format!("      ls {folder} "),
        format!("      find {folder} "),
    ];
    let is_about = |line: &&str| about.iter().any(|begin| line.starts_with(begin.as_str()));
    let kept = text.split_inclusive('\n').filter(|line| !is_about(line));
    kept.collect()
}

const MEMBERS: &str = "\
WHAT IS IN IT

  status.json     what the records show and do not show, on the date above
  checkpoint      the signed statement of how many entries the log has, and of their root
  log/            every entry of the log, none left out, and the hashes of its tree (C2SP tlog-tiles)
  groups/         what the entries commit to, each as stored: a line with a random salt, then JSON
  files/          attached files as received
  withheld.json   what was left out, and on what basis
  proofs/         for records that status.json cites: that their entry is in the log (C2SP tlog-proof)
  manifest        the signed list that binds all of these together

An entry is lines of text: when, what was done, to which record and version, what it cites, and one
line `group NAME SHA256` for each group. The log holds entries only. What a group says stands in
groups/, under the name of that SHA-256.

";

const CHECKS: &str = "\
HOW TO CHECK IT

All of it, offline:

  minutebook verify PACK.zip --key KEYFILE

With other people's tools, after unpacking it (`unzip PACK.zip`):

  A group or a file is what its entry commits to: its SHA-256 is its name.
      sha256sum groups/<name>
      find groups -type f | xargs -r sha256sum | awk '\"groups/\" $1 != $2'       prints nothing
      find files -type f | xargs -r sha256sum | awk '\"files/\" $1 != $2'       prints nothing

  The members that the manifest names one by one:
      grep -E '^[0-9a-f]{64}  ' manifest | sha256sum -c

  The members of each folder, against the second word of the manifest's line `groups`, `files`,
  `log` or `proofs`; the first is their number:
      ls groups | LC_ALL=C sort | sha256sum
      ls files | LC_ALL=C sort | sha256sum
      find log -type f | LC_ALL=C sort | xargs -r sha256sum | sha256sum
      find proofs -type f | LC_ALL=C sort | xargs -r sha256sum | sha256sum

  The entries, to read them:
      find log/tile/entries -type f | LC_ALL=C sort | xargs cat
  Each entry stands behind two bytes with its length.

  The tree: log/tile/ and checkpoint are C2SP tlog-tiles, which any client of that format reads.
  The SHA-256 of a zero byte and an entry is its leaf; the root over all leaves is RFC 6962's, and
  stands in base64 in the third line of checkpoint.

  The signatures: checkpoint and manifest are C2SP signed notes (Ed25519). The checkpoint is signed
  by the key of the log. The manifest is signed by the same key under the name <origin>/pack; the
  key's id, the four bytes in front of a signature, is made from name and key, so it is another.

Unpacking it and zipping it again makes another file, which `minutebook verify` refuses though its
members may be untouched. Keep the file as you received it.
";

#[cfg(test)]
mod tests {
    use super::*;

    fn about() -> Readme {
        Readme {
            organisation: "Fenwick District Council".to_owned(),
            origin: "fenwick.example/aims".to_owned(),
            vkey: "fenwick.example/aims+33d7b496+AeHT".to_owned(),
            entries: 2,
            root: ledger::hash::EMPTY_ROOT,
            as_of: "2026-03-31".to_owned(),
            known_by: "2026-03-31".to_owned(),
            rules: "2026.1".to_owned(),
            profile: "auditor".to_owned(),
            simulated_clock: false,
            withdrawn: Vec::new(),
            shown: Vec::new(),
            in_files: Vec::new(),
            has_proofs: true,
            has_files: true,
        }
    }

    #[test]
    fn only_folders_that_are_there_are_told_of() {
        let all = readme_text(&about());
        let some = readme_text(&Readme {
            has_proofs: false,
            ..about()
        });
        assert!(all.contains("find proofs ") && all.contains("  proofs/ "));
        assert!(!some.contains("find proofs ") && !some.contains("  proofs/ "));
        assert!(some.contains("ls files ") && some.contains("  files/ "));
    }

    #[test]
    fn a_text_of_people_forges_no_line() {
        let forged = "Fenwick\nkey of the log    forged+1+AA\u{2028}more\u{85}more";
        let text = readme_text(&Readme {
            organisation: forged.to_owned(),
            withdrawn: vec![forged.to_owned()],
            ..about()
        });
        let keys = text.lines().filter(|line| line.starts_with(KEY_OF_THE_LOG));
        assert_eq!(keys.count(), 1, "{text}");
        assert!(!text.contains(['\u{2028}', '\u{85}']), "{text}");
        let head = "Fenwick key of the log    forged+1+AA more more: records of";
        assert!(text.starts_with(head), "{text}");
    }

    #[test]
    fn what_was_entered_in_error_is_named() {
        let sentence = "entry 7: version 1 of policy \"AI policy\" was withdrawn";
        let text = readme_text(&Readme {
            withdrawn: vec![sentence.to_owned()],
            ..about()
        });
        assert!(text.contains(&format!("WITHDRAWN\n\n  {sentence}\n\nWHAT IS IN IT")));
        assert!(!readme_text(&about()).contains("WITHDRAWN"));
    }

    #[test]
    fn what_leaves_though_it_is_marked_is_counted() {
        let shown = |mark: &str, groups, files| Shown {
            mark: mark.to_owned(),
            groups,
            files,
        };
        let text = readme_text(&Readme {
            shown: vec![shown("personal", 1, 0), shown("confidential", 2, 1)],
            ..about()
        });
        let told = "ALL THE SAME\n\n  1 group marked personal\n  \
            2 groups and 1 file marked confidential\n\n  The auditor's profile withholds only";
        assert!(text.contains(told), "{text}");
        assert!(!readme_text(&about()).contains("ALL THE SAME"));
    }

    #[test]
    fn a_file_that_may_hold_what_is_withheld_is_named() {
        let in_file = |more| InFile {
            file: ledger::hash::EMPTY_ROOT,
            seq: 12,
            group: "words".to_owned(),
            more,
        };
        let text = readme_text(&Readme {
            in_files: vec![in_file(0), in_file(2)],
            ..about()
        });
        let file = format!("  files/{}\n", ledger::hash::EMPTY_ROOT);
        let told = "      is what entry 12 was made from or cites; its group words is withheld";
        let told =
            format!("ALL THE SAME\n\n{file}{told}\n{file}{told}, and so are 2 more groups\n\n");
        assert!(text.contains(&told), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 120));
        assert!(!readme_text(&about()).contains("IN A FILE"));
    }

    #[test]
    fn the_readme_says_what_it_is_not() {
        let text = readme_text(&about());
        assert!(text.contains(&format!("\n\n{WHO_ACTED}\n\nHOW TO CHECK IT")));
        assert!(text.contains(DISCLAIMER));
        assert!(!text.to_lowercase().contains("certif"));
        assert!(text.contains("sha256sum groups/<name>"));
        assert!(text.contains("fenwick.example/aims/pack"));
        assert!(text.lines().all(|line| line.chars().count() <= 120));
    }

    #[test]
    fn a_simulated_clock_is_said_so() {
        assert!(!readme_text(&about()).contains("SIMULATED"));
        let simulated = Readme {
            simulated_clock: true,
            ..about()
        };
        assert!(readme_text(&simulated).contains("SIMULATED"));
    }
}
