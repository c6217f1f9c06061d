//! Sentences and marks as HTML: dates that stay on one line, marks that never stand alone.

use askama::Template;
use record::Day;

use crate::dates;

/// A sentence in which each date is marked as one, so that no line breaks inside it.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(
    ext = "html",
    source = "{% for piece in pieces %}{% match piece.day %}\
              {% when Some with (day) %}<time datetime=\"{{ day }}\">{{ piece.text }}</time>\
              {% when None %}{{ piece.text }}{% endmatch %}{% endfor %}"
)]
pub struct Prose {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    text: String,
    day: Option<Day>,
}

impl Prose {
    /// Returns a sentence with its dates found: `24 November 2026` or `24 Nov 2026`.
    pub fn new(sentence: &str) -> Self {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut rest = sentence;
        let mut plain = String::new();
        while !rest.is_empty() {
            if let Some((length, day)) = date_at(&plain, rest) {
                if !plain.is_empty() {
                    let text = std::mem::take(&mut plain);
                    pieces.push(Piece { text, day: None });
                }
                let text = rest[..length].to_owned();
                let day = Some(day);
                pieces.push(Piece { text, day });
                rest = &rest[length..];
            } else {
                let next = rest.chars().next().map_or(1, char::len_utf8);
                plain.push_str(&rest[..next]);
                rest = &rest[next..];
            }
        }
        if !plain.is_empty() {
            pieces.push(Piece {
                text: plain,
                day: None,
            });
        }
        Self { pieces }
    }

    /// Returns a day as columns show it: `24 Nov 2026`.
    pub fn short_day(day: Day) -> Self {
        Self::new(&dates::short(day))
    }

    /// Returns the sentence without its marks.
    #[cfg(test)]
    pub fn text(&self) -> String {
        self.pieces.iter().map(|piece| &*piece.text).collect()
    }
}

/// Returns the length of the date that a text begins with, and the day; what stands before it
/// must not be a digit or a letter.
fn date_at(before: &str, text: &str) -> Option<(usize, Day)> {
    let starts = text.starts_with(|first: char| first.is_ascii_digit());
    if !starts || before.ends_with(char::is_alphanumeric) {
        return None;
    }
    let mut words = text.splitn(3, ' ');
    let (number, month, rest) = (words.next()?, words.next()?, words.next()?);
    let year = rest.get(..4)?;
    let named = number.len() <= 2 && year.bytes().all(|byte| byte.is_ascii_digit());
    if !named || rest[4..].starts_with(char::is_alphanumeric) {
        return None;
    }
    dates::month(month)?;
    let length = number.len() + month.len() + 6;
    dates::day(&text[..length]).map(|day| (length, day))
}

/// A drawn mark and the word it always stands with.
#[derive(Debug, Clone, Copy, Template)]
#[template(path = "mark.html")]
pub struct Mark {
    /// The drawing's name, which is also its class.
    pub drawing: &'static str,
    /// The word.
    pub word: &'static str,
}

/// Returns a page in which nobody's text turns the direction of what stands beside it. No title
/// takes such a character any more; entries from before hold them, and free texts may.
pub fn read_one_way(html: String) -> String {
    let turns = |letter: char| matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    match html.contains(turns) {
        true => html.replace(turns, "\u{fffd}"),
        false => html,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_that_turns_the_direction_turns_nothing_on_the_page() {
        let sentence =
            "Policy \u{202e}evitca\u{2066}, version 1, is in force; שלום is read as ever.";
        let html = read_one_way(Prose::new(sentence).to_string());
        let plain = "Policy \u{fffd}evitca\u{fffd}, version 1, is in force; שלום is read as ever.";
        assert_eq!(html, plain);
    }

    #[test]
    fn dates_in_a_sentence_are_marked() {
        let html =
            Prose::new("Held on 24 September 2026, <late>; 31 June 2026 is none, 1 systems.");
        assert_eq!(
            html.to_string(),
            "Held on <time datetime=\"2026-09-24\">24 September 2026</time>, \
             &#60;late&#62;; 31 June 2026 is none, 1 systems."
        );
        assert_eq!(Prose::new("Größe 3 µ").text(), "Größe 3 µ");
    }
}
