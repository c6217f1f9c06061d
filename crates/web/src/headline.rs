//! The sentence a page begins with: what could be handed over on the day, and what would not hold.

use app::view::Answer;
use record::{Day, listed};

use crate::english;

/// Where the day asked about lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tense {
    /// Before today.
    Past,
    /// Today.
    Present,
    /// Still to come.
    Future,
}

impl Tense {
    /// Returns where a day lies from today.
    pub fn of(about: Day, today: Day) -> Self {
        match about.cmp(&today) {
            std::cmp::Ordering::Less => Self::Past,
            std::cmp::Ordering::Equal => Self::Present,
            std::cmp::Ordering::Greater => Self::Future,
        }
    }

    fn be(self, count: usize) -> &'static str {
        match (self, count) {
            (Self::Past, 0 | 1) => "was",
            (Self::Past, _) => "were",
            (Self::Present, 0 | 1) => "is",
            (Self::Present, _) => "are",
            (Self::Future, _) => "would be",
        }
    }

    fn hold(self, count: usize) -> &'static str {
        match (self, count) {
            (Self::Past, _) => "held",
            (Self::Present, 1) => "holds",
            (Self::Present, _) => "hold",
            (Self::Future, _) => "would hold",
        }
    }

    fn do_not(self, count: usize) -> &'static str {
        match (self, count) {
            (Self::Past, _) => "did not",
            (Self::Present, 1) => "does not",
            (Self::Present, _) => "do not",
            (Self::Future, _) => "would not",
        }
    }
}

/// The names of the answers with one pair of words.
fn named(five: &[Answer], is: impl Fn(&Answer) -> bool) -> Vec<&str> {
    five.iter()
        .filter(|answer| is(answer))
        .map(|answer| english::name_of_answer(&answer.id))
        .collect()
}

/// The question that the page answers, about its day.
pub fn question(about: Day, tense: Tense) -> String {
    let day = about.in_words();
    let (could, had) = match tense {
        Tense::Past => (format!("Could you, on {day}, have handed"), "had"),
        Tense::Present => (format!("Could you, today, {day}, hand"), "did"),
        Tense::Future => (format!("Could you, on {day}, hand"), "will"),
    };
    let change = if tense == Tense::Past {
        "changed"
    } else {
        "change"
    };
    format!(
        "{could} an auditor your scope, your policy, your named owner, your last risk assessment \
         and the minutes of your last management review, and what {had} any of it {change}?"
    )
}

/// `On 24 November 2026 all five are in hand.`
pub fn sentence(five: &[Answer], about: Day, tense: Tense) -> String {
    let count = |word| five.iter().filter(|answer| answer.in_hand == word).count();
    let (held, missing, early) = (count("yes"), count("no"), count("not_due"));
    let of = english::in_words(five.len());
    let how_many = english::in_words(held);
    let be = |n| tense.be(n);
    let says = if held == five.len() {
        format!("all {of} {} in hand", be(held))
    } else if early == five.len() {
        format!("none of the {of} {} due yet", be(0))
    } else if early == 0 {
        let of = if held == 0 {
            format!("of the {of}")
        } else {
            format!("of {of}")
        };
        format!("{how_many} {of} {} in hand", be(held))
    } else {
        let early = format!("{} {} not due yet", english::in_words(early), be(early));
        match missing {
            0 => format!("{how_many} {} in hand and {early}", be(held)),
            _ => format!(
                "{how_many} {} in hand, {} {} not and {early}",
                be(held),
                english::in_words(missing),
                be(missing)
            ),
        }
    };
    format!("On {} {says}.", about.in_words())
}

/// `Four hold; the management review does not.` Empty when every answer is the same gap.
pub fn lead(five: &[Answer], tense: Tense) -> String {
    let held = |word: &'static str| move |a: &Answer| a.in_hand == "yes" && a.holds == word;
    let holding = named(five, held("yes"));
    let failing = named(five, held("no"));
    let unknown = named(five, held("unknown"));
    let missing = named(five, |answer| answer.in_hand == "no");
    let early = named(five, |answer| answer.in_hand == "not_due");
    let all = five.len();
    if missing.len() == all || early.len() == all {
        return String::new();
    }
    if holding.len() == all {
        return format!("All {} {}.", english::in_words(all), tense.hold(all));
    }
    let mut parts = Vec::new();
    if !holding.is_empty() {
        let count = holding.len();
        parts.push(format!(
            "{} {}",
            english::in_words(count),
            tense.hold(count)
        ));
    }
    if !failing.is_empty() {
        let verb = tense.do_not(failing.len());
        let hold = if holding.is_empty() { " hold" } else { "" };
        parts.push(format!("{} {verb}{hold}", listed(&failing)));
    }
    if !unknown.is_empty() {
        parts.push(format!(
            "whether {} {} {} not known",
            listed(&unknown),
            tense.hold(unknown.len()),
            tense.be(1)
        ));
    }
    for (names, words) in [(&missing, "not in hand"), (&early, "not due yet")] {
        if !names.is_empty() {
            parts.push(format!(
                "{} {} {words}",
                listed(names),
                tense.be(names.len())
            ));
        }
    }
    format!("{}.", english::capital(&parts.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn five(words: [(&'static str, &'static str); 5]) -> Vec<Answer> {
        let ids = [
            "scope",
            "policy",
            "owner",
            "risk_assessment",
            "management_review",
        ];
        ids.iter()
            .zip(words)
            .map(|(id, (in_hand, holds))| Answer {
                id: (*id).to_owned(),
                question: String::new(),
                in_hand,
                holds,
                since: None,
                because: String::new(),
                affected: None,
                reservations: Vec::new(),
                next_due: None,
                evidence: Vec::new(),
            })
            .collect()
    }

    const SOUND: (&str, &str) = ("yes", "yes");
    const FAILS: (&str, &str) = ("yes", "no");
    const UNSURE: (&str, &str) = ("yes", "unknown");
    const GAP: (&str, &str) = ("no", "no");
    const EARLY: (&str, &str) = ("not_due", "unknown");

    #[test]
    fn the_sentence_fits_every_mixture() {
        let day = "2026-11-24".parse::<Day>().unwrap();
        for (words, expected) in [
            ([SOUND; 5], "all five are in hand"),
            ([EARLY; 5], "none of the five is due yet"),
            ([GAP; 5], "none of the five is in hand"),
            ([SOUND, SOUND, GAP, GAP, SOUND], "three of five are in hand"),
            ([GAP, GAP, SOUND, GAP, GAP], "one of five is in hand"),
            (
                [SOUND, SOUND, UNSURE, SOUND, EARLY],
                "four are in hand and one is not due yet",
            ),
            (
                [SOUND, GAP, GAP, GAP, EARLY],
                "one is in hand, three are not and one is not due yet",
            ),
        ] {
            let said = sentence(&five(words), day, Tense::Present);
            assert_eq!(said, format!("On 24 November 2026 {expected}."));
        }
    }

    #[test]
    fn the_question_is_asked_about_the_day() {
        let day = "2026-11-24".parse::<Day>().unwrap();
        for (tense, begins, ends) in [
            (
                Tense::Past,
                "Could you, on 24 November 2026, have handed an auditor your scope, your policy,",
                "and what had any of it changed?",
            ),
            (
                Tense::Present,
                "Could you, today, 24 November 2026, hand an auditor your scope, your policy,",
                "and what did any of it change?",
            ),
            (
                Tense::Future,
                "Could you, on 24 November 2026, hand an auditor your scope, your policy,",
                "and what will any of it change?",
            ),
        ] {
            let asked = question(day, tense);
            assert!(
                asked.starts_with(begins) && asked.ends_with(ends),
                "{asked}"
            );
        }
    }

    #[test]
    fn the_lead_names_what_does_not_hold() {
        for (words, tense, expected) in [
            ([SOUND; 5], Tense::Present, "All five hold."),
            ([GAP; 5], Tense::Present, ""),
            (
                [SOUND, SOUND, SOUND, SOUND, FAILS],
                Tense::Present,
                "Four hold; the management review does not.",
            ),
            (
                [UNSURE, SOUND, SOUND, SOUND, SOUND],
                Tense::Past,
                "Four held; whether the scope held was not known.",
            ),
            (
                [FAILS, FAILS, GAP, GAP, EARLY],
                Tense::Present,
                "The scope and the AI policy do not hold; the owner and the risk assessment \
                 are not in hand; the management review is not due yet.",
            ),
        ] {
            assert_eq!(lead(&five(words), tense), expected);
        }
    }
}
