//! The status as plain text: good to read in a terminal and to paste in a mail.

use app::StatusView;
use app::view::{Answer, Evidence, Finding, Requirement};
use record::{Day, counted, flat};

const WIDTH: usize = 78;
/// How many requirements in a row share a reason before it is said once for all of them.
const SHARED_MIN: usize = 5;
/// How many answers of people stand under one finding.
const ANSWERS_MAX: usize = 3;

/// Returns the status as text.
pub fn status(view: &StatusView) -> String {
    let mut text = String::new();
    let mut line = |words: &str| {
        text.push_str(words);
        text.push('\n');
    };
    line(&flat(&view.organisation));
    line(&headline(view));
    let about = format!(
        "{}, root {}. Rules {}. AIMS since {}, ledger since {}.",
        counted(view.entries, "entry"),
        &view.root[..16.min(view.root.len())],
        view.rules,
        view.aims_start.in_words(),
        view.ledger_start.in_words()
    );
    line(&wrapped(&about, "", ""));
    if view.simulated_clock {
        line("The clock of this ledger is simulated.");
    }
    if let Some(top) = &view.says.top_management {
        let top = format!(
            "Top management: {}, on the word of {}.",
            top.body, top.vouched_by
        );
        line(&wrapped(&top, "", ""));
    }
    for (index, answer) in view.says.five.iter().enumerate() {
        line("");
        line(&five(index + 1, answer, view.about));
    }
    line("");
    line("Requirements");
    for group in view
        .says
        .requirements
        .chunk_by(|one, next| one.because == next.because)
    {
        // What many in a row share is said once, above them.
        let shared = group.len() >= SHARED_MIN;
        if shared {
            line("");
            line(&wrapped(&group[0].because, "", ""));
        }
        for requirement in group {
            line(&row(requirement, !shared));
        }
    }
    line("");
    line(view.says.disclaimer);
    text
}

/// Says T and U, and what is in hand.
fn headline(view: &StatusView) -> String {
    let in_hand = view
        .says
        .five
        .iter()
        .filter(|answer| answer.in_hand == "yes")
        .count();
    let holding = view
        .says
        .five
        .iter()
        .filter(|answer| answer.holds == "yes")
        .count();
    let known = if view.is_now || view.known_by == "now" {
        "as known now".to_owned()
    } else if view.known_by == view.as_of {
        "as known then".to_owned()
    } else {
        format!("known by {}", view.known_by_told)
    };
    let to_come = if view.is_ahead { ", still to come" } else { "" };
    let hold = if holding == 1 { "holds" } else { "hold" };
    format!(
        "As of {}{to_come}, {known}: {in_hand} of 5 in hand, {holding} {hold}.",
        view.as_of_told
    )
}

fn five(number: usize, answer: &Answer, about: Day) -> String {
    let in_hand = match answer.in_hand {
        "yes" => "in hand",
        "no" => "NOT IN HAND",
        _ => "not due",
    };
    let holds = match answer.holds {
        "yes" => "holds",
        "no" => "DOES NOT HOLD",
        _ => "not known whether it holds",
    };
    let mut words = in_hand.to_owned();
    // What is not due yet cannot hold or fail.
    if answer.in_hand != "not_due" {
        words.push_str(&format!(", {holds}"));
    }
    if let Some(since) = answer.since {
        words.push_str(&format!(", since {}", since.in_words()));
    }
    if let Some(due) = answer.next_due {
        let word = if due < about { "was due" } else { "next due" };
        words.push_str(&format!("; {word} {}", due.in_words()));
    }
    let mut text = wrapped(&answer.question, &format!("{number}  "), "   ");
    text.push('\n');
    text.push_str(&wrapped(&words, "   ", "   "));
    text.push('\n');
    text.push_str(&wrapped(&answer.because, "   ", "   "));
    for line in rests_on(&answer.evidence, about) {
        text.push('\n');
        text.push_str(&wrapped(&line, "   - ", "     "));
    }
    for reservation in &answer.reservations {
        text.push('\n');
        text.push_str(&wrapped(
            &format!("Reservation: {reservation}"),
            "   ",
            "     ",
        ));
    }
    text
}

/// Most versions recorded in time that are listed of one answer.
const LISTED: usize = 5;

/// The versions an answer rests on, a line each: what was recorded late, brought in or only after
/// the day asked about is always listed; of the rest the first, and how many more there are.
fn rests_on(found: &[Evidence], about: Day) -> Vec<String> {
    let same = |one: &Evidence, next: &Evidence| (one.id, one.version) == (next.id, next.version);
    let plain = |one: &Evidence| one.provenance == "in_time" && one.recorded_on <= about;
    let mut in_time = 0;
    let mut lines: Vec<String> = Vec::new();
    for entries in found.chunk_by(same) {
        in_time += usize::from(entries.iter().all(plain));
        if in_time <= LISTED || !entries.iter().all(plain) {
            lines.push(evidence(entries, about));
        }
    }
    if in_time > LISTED {
        let more = in_time - LISTED;
        lines.push(format!(
            "{more} more, recorded in time: `status --json` lists them"
        ));
    }
    lines
}

/// A version an answer rests on: how it was recorded, and what was done to it by later entries.
fn evidence(entries: &[Evidence], about: Day) -> String {
    let one = &entries[0];
    let entry = |one: &Evidence| {
        let how = match one.provenance {
            "in_time" => "in time",
            "late" => "late",
            _ => "brought in",
        };
        let what = match (one.done(), one.provenance) {
            (None, "brought_in") => "brought in".to_owned(),
            (None, _) => format!("recorded {how}"),
            (Some(done), "in_time") => done.to_owned(),
            (Some(done), "brought_in") => format!("{done}, brought in"),
            (Some(done), _) => format!("{done}, recorded {how}"),
        };
        let after = if one.recorded_on > about {
            format!(", recorded afterwards, on {}", one.recorded_on.in_words())
        } else {
            String::new()
        };
        format!("{what}, entry {}{after}", one.seq)
    };
    let entries: Vec<String> = entries.iter().map(entry).collect();
    let entries = entries.join("; ");
    format!("{}, version {} ({entries})", one.title, one.version)
}

/// A requirement with its findings, and its reason where no finding and nothing above says it.
fn row(requirement: &Requirement, says_why: bool) -> String {
    let verdict = requirement.verdict.replace('_', " ");
    let mut text = format!(
        "{:<8} {:<14} {}",
        requirement.id, verdict, requirement.title
    );
    let said_below = requirement
        .findings
        .iter()
        .any(|finding| finding.sentence == requirement.because);
    if says_why && !said_below && requirement.verdict != "shown" {
        text.push('\n');
        text.push_str(&wrapped(&requirement.because, "         ", "         "));
    }
    for finding in &requirement.findings {
        text.push('\n');
        text.push_str(&wrapped(&said(finding), "         ", "           "));
        for line in answered(finding) {
            text.push('\n');
            text.push_str(&wrapped(&line, "           ", "             "));
        }
    }
    text
}

/// What people said of a finding, each with its subject where the finding has several.
fn answered(finding: &Finding) -> Vec<String> {
    let said = finding.subjects.iter().filter_map(|one| {
        let said = one.disposition.as_ref()?;
        let of = match finding.affected.n {
            1 => String::new(),
            _ => format!("{}: ", one.title),
        };
        Some(format!("{of}{}", said.told()))
    });
    let mut said: Vec<String> = said.collect();
    if said.len() > ANSWERS_MAX {
        let more = said.len() - ANSWERS_MAX;
        said.truncate(ANSWERS_MAX);
        said.push(format!(
            "and {more} more; `minutebook status --findings {}` lists them all",
            finding.rule
        ));
    }
    said
}

fn said(finding: &Finding) -> String {
    format!(
        "{}: {} ({}, since {})",
        finding.level.replace('_', " "),
        finding.sentence,
        finding.rule,
        finding.since
    )
}

/// Every subject of a rule, one a line. Of a rule without a finding, what is said of the
/// requirements that it bears on: it may not be built, or nothing may be due.
pub fn findings(view: &StatusView, rule: &str, bears_on: &[String]) -> String {
    let mut found: Vec<&Finding> = Vec::new();
    let requirements = view.says.requirements.iter();
    for finding in requirements.flat_map(|one| &one.findings) {
        // One that bears on several requirements stands beside each of them.
        let listed = || found.iter().flat_map(|one| &one.subjects);
        let is_new = |subject| !listed().any(|other| other == subject);
        if finding.rule == rule && finding.subjects.iter().any(is_new) {
            found.push(finding);
        }
    }
    if found.is_empty() {
        let mut text = format!("{rule} has no finding.");
        let requirements = view.says.requirements.iter();
        for one in requirements.filter(|one| bears_on.contains(&one.id)) {
            let said = format!(
                "{} is {}. {}",
                one.id,
                one.verdict.replace('_', " "),
                one.because
            );
            text.push('\n');
            text.push_str(&wrapped(&said, "  ", "    "));
        }
        return text;
    }
    let listed: Vec<String> = found.into_iter().map(with_subjects).collect();
    listed.join("\n")
}

/// A finding with its subjects, one a line.
fn with_subjects(finding: &Finding) -> String {
    let mut text = said(finding);
    for subject in &finding.subjects {
        text.push_str(&format!(
            "\n{}  since {}  {}",
            subject.id, subject.since, subject.title
        ));
        if let Some(said) = &subject.disposition {
            text.push('\n');
            text.push_str(&wrapped(&said.told(), "  ", "    "));
        }
    }
    text
}

/// Words that stand on one line with the number after them.
const NUMBERED: [&str; 2] = ["entry", "version"];

/// Returns the words of a text, each with the number that belongs to it.
fn bound(words: &str) -> Vec<String> {
    let mut bound: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        let before = bound.last_mut().filter(|before| {
            let name = before.trim_start_matches(['(', '[']).to_lowercase();
            NUMBERED.contains(&name.as_str()) && word.starts_with(|c: char| c.is_ascii_digit())
        });
        match before {
            Some(before) => *before = format!("{before} {word}"),
            None => bound.push(word.to_owned()),
        }
    }
    bound
}

/// Returns words on lines of at most [`WIDTH`] characters.
pub fn wrapped(words: &str, first: &str, next: &str) -> String {
    let mut text = first.to_owned();
    let mut length = first.chars().count();
    let mut fresh = true;
    for word in bound(words) {
        let size = word.chars().count();
        if !fresh && length + 1 + size > WIDTH {
            text.push('\n');
            text.push_str(next);
            length = next.chars().count();
            fresh = true;
        }
        if !fresh {
            text.push(' ');
            length += 1;
        }
        text.push_str(&word);
        length += size;
        fresh = false;
    }
    text
}

#[cfg(test)]
mod tests {
    use app::view::{Affected, Disposition, Subject};

    use super::*;

    #[test]
    fn no_line_ends_between_an_entry_or_a_version_and_its_number() {
        let words = "the minutes, version 12 (recorded late, entry 1204) and an entry of theirs";
        for indent in 0..70 {
            let first = " ".repeat(indent);
            let text = wrapped(words, &first, &first);
            for bound in ["version 12", "entry 1204)"] {
                assert!(text.contains(bound), "{indent}: {text}");
            }
            let unwrapped: Vec<&str> = text.split_whitespace().collect();
            assert_eq!(unwrapped.join(" "), words);
        }
    }

    #[test]
    fn what_was_not_recorded_in_time_is_listed_however_much_there_is() {
        let about: Day = "2026-01-05".parse().unwrap();
        let one = |seq: u64, provenance: &'static str, recorded_on: Day| Evidence {
            id: uuid::Uuid::from_u128(seq.into()),
            version: 1,
            kind: "policy".to_owned(),
            title: format!("Paper {seq}"),
            seq,
            name_of_move: None,
            effective_on: about,
            recorded_at: 0,
            provenance,
            recorded_on,
        };
        let in_time = |seq| one(seq, "in_time", about);
        let few: Vec<Evidence> = (1..=5).map(in_time).collect();
        assert_eq!(rests_on(&few, about).len(), 5);
        let mut many: Vec<Evidence> = (1..=7).map(in_time).collect();
        many.insert(0, one(0, "brought_in", about));
        many.push(one(8, "late", about));
        many.push(one(9, "in_time", about.next()));
        let lines = rests_on(&many, about);
        let papers: Vec<&str> = lines
            .iter()
            .filter_map(|line| line.split(',').next())
            .collect();
        let (last, papers) = papers.split_last().unwrap();
        assert_eq!(
            papers,
            [0, 1, 2, 3, 4, 5, 8, 9].map(|seq| format!("Paper {seq}"))
        );
        assert_eq!(*last, "2 more");
    }

    fn finding(answers: &[Option<&str>]) -> Finding {
        let since: Day = "2026-01-05".parse().unwrap();
        let subjects = answers.iter().enumerate().map(|(index, because)| Subject {
            id: format!("s{index}"),
            is_whole: false,
            title: format!("System {index}"),
            since,
            disposition: because.map(|because| Disposition {
                says: "not_a_failure".to_owned(),
                record: uuid::Uuid::nil(),
                because: because.to_owned(),
                elsewhere: None,
                by: "Ada Sample".to_owned(),
                on: since,
                recorded_on: since.next(),
                recorded_at: 0,
            }),
        });
        let n = i64::try_from(answers.len()).unwrap();
        Finding {
            rule: "8.2-a".to_owned(),
            level: "overdue",
            basis: "clause",
            since,
            sentence: "Nobody assessed it.".to_owned(),
            affected: Affected { n, of: n },
            subjects: subjects.collect(),
        }
    }

    #[test]
    fn what_a_person_said_of_a_finding_stands_under_it() {
        let requirement = |answers: &[Option<&str>]| Requirement {
            id: "8.2".to_owned(),
            title: "AI risk assessment".to_owned(),
            verdict: "not_shown",
            since: None,
            because: String::new(),
            findings: vec![finding(answers)],
        };
        let below = |answers: &[Option<&str>]| -> Vec<String> {
            let text = row(&requirement(answers), false);
            text.lines().skip(2).map(str::to_owned).collect()
        };
        assert!(below(&[None]).is_empty());
        let said = "said not to be a failure by Ada Sample on 5 January 2026, recorded on \
                    6 January 2026: It was never used.";
        let joined = |lines: Vec<String>| {
            let lines = lines.iter().map(|line| line.trim());
            lines.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(joined(below(&[Some("It was never used.")])), said);
        let of_two = format!("System 1: {said}");
        assert_eq!(joined(below(&[None, Some("It was never used.")])), of_two);
        let many = below(&[Some("No."); 5]);
        let whole = joined(many.clone());
        assert_eq!(whole.matches("by Ada Sample on 5 January 2026").count(), 3);
        assert!(whole.contains("and 2 more; `minutebook status --findings 8.2-a`"));
    }

    #[test]
    fn a_day_that_has_passed_was_due_and_the_day_itself_is_next() {
        let day = |text: &str| -> Day { text.parse().expect("a day") };
        let answer = Answer {
            id: "policy".to_owned(),
            question: "Which AI policy is in force?".to_owned(),
            in_hand: "yes",
            holds: "no",
            since: None,
            because: String::new(),
            affected: None,
            reservations: Vec::new(),
            next_due: Some(day("2024-04-26")),
            evidence: Vec::new(),
        };
        let on = |about| five(2, &answer, day(about));
        assert!(on("2024-04-26").contains("next due 26 April 2024"));
        assert!(on("2024-04-27").contains("was due 26 April 2024"));
    }
}
