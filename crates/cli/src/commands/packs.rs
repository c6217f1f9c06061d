//! The auditor's file: made, listed, verified.

use std::fs::File;
use std::path::{Path, PathBuf};

use app::{AppError, Leaving, LeavingElsewhere, LeavingMarked, Report, Result, Trust};
use catalogue::Catalogue;
use record::{Refusal, counted, flat};
use serde::Serialize;

use super::ledger::of_derived_alone;
use super::reading::{of_copy, of_guard};
use super::{asked, given, guard_dir, model, reading, registry};
use crate::args::{Global, When};
use crate::out::{DONE, NOT_SO, hint, say, say_words};

/// Makes a pack; without a file to write it to, only says what would leave.
pub async fn pack(global: &Global, out: Option<&Path>, when: &When, profile: &str) -> Result<u8> {
    if profile != "auditor" {
        return Err(
            Refusal::new("wrong_use", format!("There is no profile {profile:?} yet."))
                .hint("Packs are made for the auditor: leave out --for.")
                .into(),
        );
    }
    let ledger = reading(global).await?;
    let leaving = match out {
        None => ledger.leaving(&asked(when)).await?,
        Some(out) => ledger.pack(out, &asked(when)).await?,
    };
    let warning = of_copy(global, &ledger).await;
    if global.json {
        let of = &leaving;
        let told = Told { of, warning };
        say(&serde_json::to_string(&told).map_err(AppError::fault)?);
        return Ok(DONE);
    }
    if let Some(warning) = &warning {
        hint(warning);
    }
    say(&format!(
        "{}, {}, {}{}",
        counted(leaving.entries, "entry"),
        counted(leaving.groups, "group"),
        counted(leaving.files, "file"),
        if out.is_none() { " would leave" } else { "" }
    ));
    say_leaving(&leaving);
    if let Some(out) = out {
        hint(&format!(
            "Wrote {}. Hand over the verifier key some other way: `minutebook key`.",
            out.display()
        ));
    }
    Ok(DONE)
}

/// Prints what people wrote in a line of ours, which it does not break.
fn say_line(text: &str) {
    say_words(&flat(text));
}

/// Says what is withheld, what leaves that somebody may not think leaves, and what is withdrawn.
fn say_leaving(leaving: &Leaving) {
    for one in &leaving.withheld_groups {
        say_line(&format!(
            "withheld: entry {}, group {} ({}: {})",
            one.seq, one.group, one.mark, one.basis
        ));
    }
    for one in &leaving.withheld_files {
        say_line(&format!(
            "withheld: file {} ({}: {})",
            one.file, one.mark, one.basis
        ));
    }
    if !leaving.withheld_files.is_empty() {
        hint(
            "Nobody can check a file that is withheld: `verify` will say so of this pack, and that it is not complete.",
        );
    }
    say_marked(&leaving.leaving_marked);
    say(app::WHO_ACTED);
    let later = &leaving.leaving_marked_later;
    say_each(later, "; marked since, after what is asked to be known");
    if !later.is_empty() {
        hint(
            "A pack goes by the marks known by then: with `--known-by now` what was marked since is withheld too.",
        );
    }
    for one in &leaving.leaving_elsewhere {
        say_line(&elsewhere(one));
    }
    if !leaving.leaving_elsewhere.is_empty() {
        hint(
            "A mark covers one version. Where another holds the same words, make the move `mark` on it too; one that was withdrawn takes no mark any more.",
        );
    }
    say_in_files(leaving);
    for one in &leaving.withdrawn {
        say_line(&format!("named as withdrawn: {}", one.sentence(None)));
    }
}

/// Says which files leave that may hold what is withheld.
fn say_in_files(leaving: &Leaving) {
    for one in &leaving.leaving_in_files {
        let Some(first) = one.groups.first() else {
            continue;
        };
        let more = match one.groups.len() - 1 {
            0 => String::new(),
            more => format!(" (and {} in all)", counted(more + 1, "group")),
        };
        say_line(&format!(
            "not withheld: file {}, which entry {} was made from or cites, whose group {} is withheld{more}",
            one.file, first.seq, first.group
        ));
    }
    if !leaving.leaving_in_files.is_empty() {
        hint(
            "A file may hold the same words: the row a record was made from, or the text. To withhold it, mark it by its hash with the move `mark` on a version that cites it; whoever verifies the pack is then told that it was not checked.",
        );
    }
}

/// Says what leaves though it is marked: each that somebody marked, and how many there are.
fn say_marked(marked: &LeavingMarked) {
    say_each(marked, "");
    let counted = marked.counted();
    for one in &counted {
        say(&format!("not withheld: {} in all", one.in_words()));
    }
    if !counted.is_empty() {
        hint(app::WITHHOLDS);
    }
}

/// Names each of what leaves that somebody marked.
fn say_each(marked: &LeavingMarked, when: &str) {
    let is_stated = |basis: &str| basis != app::ABOUT_A_PERSON;
    for one in marked.groups.iter().filter(|one| is_stated(&one.basis)) {
        say_line(&format!(
            "not withheld: entry {}, group {} ({}: {}{when})",
            one.seq, one.group, one.mark, one.basis
        ));
    }
    for one in marked.files.iter().filter(|one| is_stated(&one.basis)) {
        say_line(&format!(
            "not withheld: file {} ({}: {}{when})",
            one.file, one.mark, one.basis
        ));
    }
}

/// Says that a group leaves of one version which is withheld of another.
fn elsewhere(one: &LeavingElsewhere) -> String {
    let withheld: Vec<String> = one.withheld.iter().map(u32::to_string).collect();
    format!(
        "not withheld: entry {}, group {} of version {} of {}, whose words are withheld of version {}",
        one.seq,
        one.group,
        one.version,
        one.id,
        withheld.join(", ")
    )
}

/// What the verifier brought.
pub struct Brought<'a> {
    pub key: Option<&'a PathBuf>,
    pub policy: Option<&'a PathBuf>,
    pub previous: Option<&'a PathBuf>,
}

impl Brought<'_> {
    /// Reads it, and returns whether it demands witnesses.
    fn read(&self) -> Result<(Trust, bool)> {
        let mut keys = Vec::new();
        if let Some(path) = self.key {
            keys.push(vkey(text(path)?.trim(), path)?);
        }
        let mut demands_witnesses = false;
        if let Some(path) = self.policy {
            let policy = policy(&text(path)?, path)?;
            keys.extend(policy.0);
            demands_witnesses = policy.1;
        }
        let previous = self.previous.map(|path| checkpoint(path)).transpose()?;
        Ok((Trust { keys, previous }, demands_witnesses))
    }
}

fn demand_witnesses(report: &mut Report) {
    report.complete = false;
    let is_of_witnesses = |what: &String| what == "a witness" || what.starts_with("a witness:");
    report.not_demanded.retain(|what| !is_of_witnesses(what));
    report.not_checked.push(
        "the witnesses that the policy demands: this version cannot check cosignatures".to_owned(),
    );
}

/// Verifies the ledger in place.
pub async fn verify_here(global: &Global, brought: &Brought<'_>) -> Result<u8> {
    let (trust, demands_witnesses) = brought.read()?;
    let whose = match trust.keys.len() {
        0 => "with the data directory's own key",
        _ => "with the key given",
    };
    let mut report = app::verify(&global.data, &model()?, &guard_dir(global)?, &trust).await?;
    if demands_witnesses {
        demand_witnesses(&mut report);
    }
    say_report(
        global,
        (&report, of_guard(global)),
        &format!(", in place, {whose}"),
    )?;
    Ok(if report.verified && report.complete {
        DONE
    } else {
        NOT_SO
    })
}

/// Verifies a pack.
pub fn verify(global: &Global, pack: &Path, brought: &Brought<'_>) -> Result<u8> {
    if pack.is_dir() {
        let what = format!("{} is a folder.", pack.display());
        return Err(Refusal::new("wrong_use", what)
            .hint("Hand in the pack as it was received: the zip itself, not unpacked.")
            .into());
    }
    let file = File::open(pack)
        .map_err(|error| AppError::io(format!("reading {}", pack.display()), error))?;
    let (trust, demands_witnesses) = brought.read()?;
    let catalogue = Catalogue::iso_42001().map_err(AppError::fault)?;
    let mut report = app::check_pack(file, trust, &registry(), &catalogue)?;
    if demands_witnesses {
        demand_witnesses(&mut report);
    }
    say_report(global, (&report, None), "")?;
    Ok(if report.verified && report.complete {
        DONE
    } else {
        NOT_SO
    })
}

/// What is told, and what stands against relying on where it was made.
#[derive(Serialize)]
struct Told<'a, T> {
    #[serde(flatten)]
    of: &'a T,
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<String>,
}

fn say_report(
    global: &Global,
    (report, warning): (&Report, Option<String>),
    how: &str,
) -> Result<()> {
    if global.json {
        let told = Told {
            of: report,
            warning,
        };
        say(&serde_json::to_string(&told).map_err(AppError::fault)?);
        return Ok(());
    }
    if let Some(warning) = &warning {
        say(warning);
    }
    let word = match (report.verified, report.complete) {
        (true, true) => "verified",
        (true, false) => "NOT COMPLETE: what was checked holds, and not everything was checked",
        _ => "NOT VERIFIED",
    };
    let entries = counted(report.entries, "entry");
    say(&format!("{word}: {entries}{how}"));
    if let Some(counts) = counts(report) {
        say(&format!("  {counts}"));
    }
    for failure in &report.failures {
        let seq = failure.seq.map(|seq| format!("entry {seq}: "));
        let seq = seq.unwrap_or_default();
        say_words(&format!("  {seq}{}: {}", failure.what, failure.detail));
    }
    for line in &report.not_checked {
        say(&format!("  not checked: {line}"));
    }
    hint(&format!("not demanded: {}", report.not_demanded.join(", ")));
    if !report.verified {
        hint(next_step(report));
    }
    Ok(())
}

/// Says what became of the groups and files of a pack, where they were counted.
fn counts(report: &Report) -> Option<String> {
    let (groups, files) = (report.groups, report.files?);
    let more = |count: u64, what: &str| match count {
        0 => String::new(),
        count => format!(", {count} {what}"),
    };
    Some(format!(
        "{} disclosed{}{}; {} disclosed{}",
        counted(groups.disclosed, "group"),
        more(groups.withheld, "withheld"),
        more(groups.erased, "erased"),
        counted(files.disclosed, "file"),
        more(files.withheld, "withheld"),
    ))
}

/// Says what to do after what was found: some of it is no damage.
fn next_step(report: &Report) -> &'static str {
    let all = |what: &str| report.failures.iter().all(|one| one.what == what);
    if all(app::GUARD) {
        return "After a restore, or with another guard: `minutebook guard` says what it remembers, and how it is accepted.";
    }
    if all(app::OTHER_KEY) {
        return "Nothing else was found to be wrong: put the file `key` of this ledger back, from the latest backup or from where else it is kept, and verify again. Until then nothing says who signed this. Where the key is known to be this ledger's, rely on nothing that this says.";
    }
    if all(app::UNSIGNED) {
        return "This is what a command leaves that was killed before it signed. Run one that writes, such as `minutebook serve` or `minutebook apply FILE`: it reads back and signs what is here. Then verify again.";
    }
    if all("zip") {
        return "Perhaps it was unpacked and zipped again, which makes another file: verify it as it was received. Otherwise rely on nothing that it says.";
    }
    if report.failures.iter().any(|one| one.what == app::STOPPED) {
        return "Once what stopped it is mended, verify again. What was found before does not hold all the same.";
    }
    if of_derived_alone(report) {
        return "Every entry, group, file and checkpoint is as it was recorded; what is derived from the entries is not. `minutebook --data NEW restore DIR` copies this data directory DIR to a new one and makes that anew: go on with the copy once it verifies.";
    }
    let keyed = ["key", "the log's key is none of those given"];
    let each = |is: &dyn Fn(&app::Failure) -> bool| report.failures.iter().all(is);
    let is_key = |one: &app::Failure| keyed.contains(&&*one.what);
    if report.failures.iter().any(is_key) && each(&|one| is_key(one) || one.what == "previous") {
        return "Most likely the key is another ledger's: ask for the verifier key of this one, from somebody other than who sent the pack, and verify again. With a key that is known to be this ledger's, rely on nothing that this says.";
    }
    let is_of_other = |one: &app::Failure| {
        one.what == app::OTHER_LEDGER || one.detail.starts_with(app::OTHER_LEDGER)
    };
    if each(&is_of_other) {
        return "Bring a checkpoint that was seen of this ledger, and verify again. With one that is known to be this ledger's, rely on nothing that this says.";
    }
    if each(&|one| one.what == "previous" && one.detail.contains(app::OLDER_PACK)) {
        return "Most likely the pack was made before the checkpoint was seen: ask for one made since, and verify again. Where it is said to be newer, rely on nothing that this says.";
    }
    "Rely on nothing that this says. Keep it as it is, and go back to the latest copy that verifies."
}

/// Reads a text that may have come by way of a system that writes line ends in its own way, and a
/// mark in front.
fn text(path: &Path) -> Result<String> {
    let text = given::text(path).map_err(|error| match error {
        // Without what is verified by, nothing was looked at.
        AppError::Refused(refusal) if refusal.code == given::NOT_UTF8 => {
            let next = "Save it as UTF-8. What `>` writes in Windows PowerShell 5 is not: there, pipe to `Out-File -Encoding ascii`.";
            Refusal::new("wrong_use", refusal.message).hint(next).into()
        }
        other => other,
    })?;
    Ok(text.trim_start_matches('\u{feff}').replace("\r\n", "\n"))
}

fn vkey(text: &str, path: &Path) -> Result<app::VerifierKey> {
    app::VerifierKey::parse(text).map_err(|error| {
        Refusal::new(
            "wrong_use",
            format!("{} holds no verifier key: {error}.", path.display()),
        )
        .hint("A file holds one key, the line that `minutebook key` prints. Where several may have signed, write each as a line `log KEY` of a policy, and give that with --policy.")
        .into()
    })
}

/// Reads a signed checkpoint. Whose it is, and whether the log extends it, is for the verifier.
fn checkpoint(path: &Path) -> Result<String> {
    let text = text(path)?;
    let why = match app::Note::parse(text.as_bytes()) {
        Ok(note) => app::Checkpoint::parse(&note.text)
            .err()
            .map(|error| error.to_string()),
        Err(error) => Some(error.to_string()),
    };
    let Some(why) = why else {
        return Ok(text);
    };
    let what = format!("{} holds no signed checkpoint: {why}.", path.display());
    Err(Refusal::new("wrong_use", what)
        .at("--previous")
        .hint("It is what `minutebook checkpoint` prints, kept as it was printed.")
        .into())
}

/// Reads a trust policy (C2SP tlog-policy): the logs' keys, and whether it demands witnesses.
fn policy(text: &str, path: &Path) -> Result<(Vec<app::VerifierKey>, bool)> {
    let mut keys = Vec::new();
    let mut demands = false;
    for line in text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let mut words = line.split_whitespace();
        match (words.next(), words.next()) {
            (Some("log"), Some(key)) => match app::VerifierKey::parse(key) {
                Ok(key) => keys.push(key),
                Err(error) => return Err(no_policy(path, line, &format!(": {error}"))),
            },
            (Some("quorum"), Some(name)) => demands = name != "none",
            (Some("witness" | "group"), Some(_)) => {}
            _ => return Err(no_policy(path, line, "")),
        }
    }
    Ok((keys, demands))
}

fn no_policy(path: &Path, line: &str, why: &str) -> AppError {
    let what = format!("{} is no trust policy: {line:?}{why}.", path.display());
    Refusal::new("wrong_use", what)
        .hint("Its lines are `log KEY`, `witness NAME KEY`, `group NAME …` and `quorum NAME` (C2SP tlog-policy); a KEY is what `minutebook key` prints.")
        .into()
}
