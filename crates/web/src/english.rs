//! Every word the pages say of themselves, in English. Sentences about records come from the app.

use app::view::Evidence;
use record::Day;

use crate::dates;

// The frame.
pub const PRODUCT: &str = "Minutebook";
pub const SKIP: &str = "Skip to the answers";
pub const PARTS: &str = "Parts of this page";
pub const FIVE_ANSWERS: &str = "The five answers";
pub const REQUIREMENTS: &str = "Requirements";
pub const FICTIONAL: &str = "This organisation is fictional, and so is everything on record here.";
pub const ADDRESS: &str = "This page:";

// The form.
pub const AS_OF: &str = "As of";
pub const KNOWN: &str = "As known";
pub const SHOW: &str = "Show";
pub const AS_OF_HELP: &str = "A day, such as 31 March 2025 or 31/3/2025, or today";
pub const THEN: &str = "then";
pub const NOW: &str = "now";
pub const PROBLEM: &str = "There is a problem";
pub const WHICH_DAY: &str = "Choose the day to show";
pub const DAY_UNREADABLE: &str = "As of must be a day, such as 31 March 2025, or today";
pub const KNOWN_UNREADABLE: &str = "As known must be now, or a day, such as 31 March 2025";
pub const BACK: &str = "Back to today";
pub const STILL_TO_COME: &str = "still to come, computed from what is recorded today";
pub const TO_COME: &str = "still to come";
pub const BEFORE_FIRST: &str = "before the first entry";

// An answer.
pub const SINCE: &str = "since";
pub const EVIDENCE: &str = "Evidence";
pub const NO_EVIDENCE: &str = "Nothing on record to hand over.";
pub const RESERVATION: &str = "Reservation:";
pub const AS_TABLE: &str = "As a table";
pub const FROM: &str = "From";
pub const TO: &str = "To";
pub const STATE: &str = "State";

// A requirement.
pub const CLAUSES: &str = "Clauses 4 to 10";
pub const CONTROLS: &str = "Annex A controls";
pub const WHICH: &str = "Which";

// Problems: a heading, and what it means and what to do.
pub const TO_THE_ANSWERS: &str = "The five answers";
pub const UNREADABLE: (&str, &str) = (
    "This address cannot be read",
    "One of its parts is not what the page takes. Begin again from the five answers.",
);
pub const SIGN_IN_FIRST: (&str, &str) = (
    "Sign in first",
    "Open the sign-in link that the server printed last. It works once, in one browser, and signs you in \
     for twelve hours; after that the server prints a new one. To have one sooner, stop the server and start it again.",
);
pub const LINK_USED: (&str, &str) = (
    "This link does not sign you in",
    "A sign-in link works once, and only until the server stops. Stop the server and start it again: \
     it prints a new link. If you did not use this one yourself, somebody else on this machine did.",
);
pub const LINK_NOT_OPENED: (&str, &str) = (
    "The link was not opened",
    "Asking about a sign-in link, or fetching it ahead of time, does not use it up. Open it.",
);
pub const OTHER_SITE: (&str, &str) = (
    "Another site asked for this",
    "Nothing was shown to it and nothing was done. To come here yourself, follow this link or type the address.",
);
pub const WRONG_HOST: (&str, &str) = (
    "This is not the address of this server",
    "Use the address that the server printed when it started.",
);
pub const NOT_FOUND: (&str, &str) = (
    "There is no such page",
    "Nothing is kept at this address. Check it, or begin again from the five answers.",
);
pub const WRONG_METHOD: (&str, &str) = (
    "This page only shows",
    "It takes nothing in and changes nothing. Open it from the five answers.",
);
pub const TOO_LONG: (&str, &str) = (
    "This took too long",
    "The server gave up, and nothing was changed. Ask again in a minute, or about another day.",
);
pub const FAULT: &str = "Something went wrong here";
pub const SIGNED_IN: &str = "You are signed in";
pub const SIGNED_IN_WORDS: &str =
    "This browser is signed in for twelve hours, unless the server stops before.";

pub fn fault(reference: &str) -> String {
    format!(
        "The fault is ours, and nothing was changed. The server's log has it under the number {reference}."
    )
}

/// What the page says while the server only reads.
pub fn closed(because: &str) -> String {
    format!(
        "Nothing can be recorded here: {because}. What is on record can be read. Once that is mended, \
         start the server again."
    )
}

pub fn error_title(title: &str) -> String {
    format!("Error: {title}")
}

/// Returns what stands before the day on which something falls due, or fell.
pub fn due(past: bool) -> &'static str {
    if past { "was due" } else { "next due" }
}

/// `1 entry`, `4,812 entries`.
pub fn entries(count: u64) -> String {
    match count {
        0 => "No entries".to_owned(),
        1 => "1 entry".to_owned(),
        _ => format!("{} entries", number(count)),
    }
}

/// The first eight digits of the root, in two groups.
pub fn head(root: &str) -> String {
    let digits = |from, to| root.get(from..to).unwrap_or_default();
    format!("{} {}", digits(0, 4), digits(4, 8))
}

/// `3,611`.
pub fn number(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

pub fn days(count: i64) -> String {
    match count {
        1 => "1 day".to_owned(),
        _ => format!("{} days", number(count.unsigned_abs())),
    }
}

/// A number within a sentence: in words up to ten.
pub fn in_words(count: usize) -> String {
    const WORDS: [&str; 11] = [
        "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ];
    match WORDS.get(count) {
        Some(word) => (*word).to_owned(),
        None => number(count as u64),
    }
}

pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// The subject of an answer, in a sentence.
pub fn name_of_answer(id: &str) -> &str {
    match id {
        "scope" => "the scope",
        "policy" => "the AI policy",
        "owner" => "the owner",
        "risk_assessment" => "the risk assessment",
        "management_review" => "the management review",
        other => other,
    }
}

/// `as known then`, `as known now`, `as known on 1 May 2025`, `as known at entry #12`.
pub fn known(known_by: Option<&str>) -> String {
    match known_by {
        None => "as known then".to_owned(),
        Some("now") => "as known now".to_owned(),
        Some(text) => format!("as known {}", known_at(text)),
    }
}

/// `on 1 May 2025`, `at entry #12`.
pub fn known_at(text: &str) -> String {
    if text.starts_with('#') {
        return format!("at entry {text}");
    }
    match text.parse::<Day>() {
        Ok(day) => format!("on {}", day.in_words()),
        Err(_) => format!("at {text}"),
    }
}

pub fn in_hand(word: &str) -> &'static str {
    match word {
        "yes" => "in hand",
        "no" => "not in hand",
        _ => "not due",
    }
}

pub fn holds(word: &str) -> &'static str {
    match word {
        "yes" => "holds",
        "no" => "does not hold",
        _ => "not known",
    }
}

/// Both words of an answer on a stretch of days.
pub fn stretch(in_hand_word: &str, holds_word: &str) -> String {
    match (in_hand_word, holds_word) {
        ("yes", "unknown") => "in hand, not known whether it holds".to_owned(),
        ("yes", _) => format!("{}, {}", in_hand(in_hand_word), holds(holds_word)),
        _ => in_hand(in_hand_word).to_owned(),
    }
}

pub fn verdict(word: &str) -> &'static str {
    match word {
        "shown" => "shown",
        "not_shown" => "not shown",
        "not_due" => "not due",
        "not_applicable" => "not applicable",
        _ => "not known",
    }
}

pub fn level(word: &str) -> &'static str {
    match word {
        "not_shown" => "Not shown",
        "overdue" => "Overdue",
        "flag" => "Flag",
        _ => "Reservation",
    }
}

pub fn basis(word: &str) -> &'static str {
    match word {
        "clause" => "the standard's clause",
        "control" => "the standard's control",
        "own" => "the organisation's own declaration",
        _ => "good practice",
    }
}

/// `version 2, recorded in time, entry 9`, or `made known, recorded late, on 3 May 2024, entry 12`.
pub fn evidence(one: &Evidence) -> String {
    let on = dates::short(one.recorded_on);
    let how = match one.provenance {
        "in_time" => "recorded in time".to_owned(),
        "late" => format!("recorded late, on {on}"),
        _ => format!("brought in on {on}"),
    };
    let what = match one.done() {
        Some(done) => done.to_owned(),
        None => format!("version {}", one.version),
    };
    format!("{what}, {how}, entry {}", number(one.seq))
}

/// What stands beside evidence that was not yet there on the day asked about.
pub const RECORDED_AFTER: &str = "recorded after this date";

pub fn more_evidence(count: usize) -> String {
    format!("{} more", number(count as u64))
}

/// `affects 12 of 64`.
pub fn affected(n: i64, of: i64) -> String {
    format!("affects {}", n_of(n, of))
}

/// `12 of 64`.
pub fn n_of(n: i64, of: i64) -> String {
    format!(
        "{} of {}",
        number(n.unsigned_abs()),
        number(of.unsigned_abs())
    )
}

pub fn all_subjects(n: i64) -> String {
    format!("Show all {}", number(n.unsigned_abs()))
}

pub fn rule(id: &str, basis_word: &str) -> String {
    format!("rule {id}, from {}", basis(basis_word))
}

/// What every page says where not all of it is real.
pub fn notice(is_fictional: bool, is_simulated: bool) -> Option<&'static str> {
    match (is_fictional, is_simulated) {
        (true, true) => Some("Fictional organisation, simulated clock"),
        (true, false) => Some("Fictional organisation"),
        (false, true) => Some("Simulated clock"),
        (false, false) => None,
    }
}

pub fn simulated(today: Day) -> String {
    format!(
        "The clock of this ledger is simulated; it stands at {}.",
        today.in_words()
    )
}

pub fn starts(aims: Day, ledger: Day, rules: &str) -> String {
    format!(
        "Management system since {}, ledger since {}. Rules {rules}.",
        aims.in_words(),
        ledger.in_words()
    )
}

pub fn top_management(body: &str, vouched_by: &str) -> String {
    format!("Top management: {body}, on the word of {vouched_by}.")
}

pub fn strip_table(name: &str, known_by: Option<&str>) -> String {
    let name = capital(name);
    match known_by {
        None => format!("{name}, each day as known on that day"),
        Some(_) => format!("{name}, each day {}", known(known_by)),
    }
}
