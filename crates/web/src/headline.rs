//! The sentence a page begins with: what could be handed over on the day, and what would not hold.

use app::view::Answer;
use record::{Day, listed};

use crate::english;
use crate::prose::Prose;

/// Where all five answers stand.
const ALL: &str = "five";

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
    let counts = counted(five, tense);
    let said: Vec<&str> = counts.iter().map(|(words, _)| words.as_str()).collect();
    format!("On {} {}.", about.in_words(), listed(&said))
}

/// Links each count of the sentence to the answers, or to the first of those that it counts.
pub fn linked(sentence: Prose, five: &[Answer], tense: Tense) -> Prose {
    let counts = counted(five, tense).into_iter();
    counts.fold(sentence, |said, (words, address)| {
        said.linked(&words, &address)
    })
}

/// The address of the first answer that is so, or of all.
fn first(five: &[Answer], is: impl Fn(&Answer) -> bool) -> String {
    let one = five.iter().find(|answer| is(answer));
    let id = one.map_or(ALL, |answer| answer.id.as_str());
    format!("#{id}")
}

/// Returns what the sentence counts, in words, and where that stands.
fn counted(five: &[Answer], tense: Tense) -> Vec<(String, String)> {
    let count = |word| five.iter().filter(|answer| answer.in_hand == word).count();
    let (held, missing, early) = (count("yes"), count("no"), count("not_due"));
    let of = english::in_words(five.len());
    let how_many = english::in_words(held);
    let be = |n| tense.be(n);
    let all = |words| vec![(words, format!("#{ALL}"))];
    if held == five.len() {
        return all(format!("all {of} {} in hand", be(held)));
    }
    if early == five.len() {
        return all(format!("none of the {of} {} due yet", be(0)));
    }
    if early == 0 {
        let the = if held == 0 { "the " } else { "" };
        return all(format!("{how_many} of {the}{of} {} in hand", be(held)));
    }
    [
        ("yes", held, format!("{how_many} {} in hand", be(held))),
        (
            "no",
            missing,
            format!("{} {} not", english::in_words(missing), be(missing)),
        ),
        (
            "not_due",
            early,
            format!("{} {} not due yet", english::in_words(early), be(early)),
        ),
    ]
    .into_iter()
    // None in hand is worth saying; none missing is not.
    .filter(|(word, count, _)| *count > 0 || *word == "yes")
    .map(|(word, _, said)| (said, first(five, |answer| answer.in_hand == word)))
    .collect()
}

/// `Four hold; the management review does not.` Nothing when every answer is the same gap.
pub fn lead(five: &[Answer], tense: Tense) -> Option<Prose> {
    let held = |word: &'static str| move |a: &Answer| a.in_hand == "yes" && a.holds == word;
    let holding = named(five, held("yes"));
    let failing = named(five, held("no"));
    let unknown = named(five, held("unknown"));
    let missing = named(five, |answer| answer.in_hand == "no");
    let early = named(five, |answer| answer.in_hand == "not_due");
    let all = five.len();
    if missing.len() == all || early.len() == all {
        return None;
    }
    let count = holding.len();
    let mut counted = format!("{} {}", english::in_words(count), tense.hold(count));
    if count == all {
        counted = english::capital(&format!("all {counted}"));
        let said = Prose::new(&format!("{counted}."));
        return Some(said.linked(&counted, &format!("#{ALL}")));
    }
    let mut parts = Vec::new();
    if !holding.is_empty() {
        counted = english::capital(&counted);
        parts.push(counted.clone());
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
    let said = Prose::new(&format!("{}.", english::capital(&parts.join("; "))));
    if count == 0 {
        return Some(said);
    }
    Some(said.linked(&counted, &first(five, held("yes"))))
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
            let said = lead(&five(words), tense).map(|said| said.text());
            assert_eq!(said.unwrap_or_default(), expected);
        }
    }
}
