//! Sentences and marks as HTML: dates that stay on one line, marks that never stand alone.

use askama::Template;
use jiff::ZonedDateTime;
use record::Day;

use crate::dates;

/// A sentence in which each date is marked as one, so that no line breaks inside it, and says in
/// its title which day or instant it is; and in which counts may link to what they count.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(
    ext = "html",
    source = "{% for piece in pieces %}{% match piece.is %}\
              {% when Is::Date { datetime, title } %}\
              <time datetime=\"{{ datetime }}\" title=\"{{ title }}\">{{ piece.text }}</time>\
              {% when Is::Link(address) %}<a href=\"{{ address }}\">{{ piece.text }}</a>\
              {% when Is::Words %}{{ piece.text }}{% endmatch %}{% endfor %}"
)]
pub struct Prose {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    text: String,
    is: Is,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Is {
    Words,
    Date { datetime: String, title: String },
    Link(String),
}

impl Piece {
    fn words(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            is: Is::Words,
        }
    }

    fn date(text: &str, day: Day) -> Self {
        Self {
            text: text.to_owned(),
            is: Is::Date {
                datetime: day.to_string(),
                title: dates::whole(day),
            },
        }
    }
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
                    pieces.push(Piece::words(&std::mem::take(&mut plain)));
                }
                pieces.push(Piece::date(&rest[..length], day));
                rest = &rest[length..];
            } else {
                let next = rest.chars().next().map_or(1, char::len_utf8);
                plain.push_str(&rest[..next]);
                rest = &rest[next..];
            }
        }
        if !plain.is_empty() {
            pieces.push(Piece::words(&plain));
        }
        Self { pieces }
    }

    /// Returns a day as columns show it: `24 Nov 2026`.
    pub fn short_day(day: Day) -> Self {
        Self::new(&dates::short(day))
    }

    /// Returns the sentence with another after it.
    #[must_use]
    pub fn then(mut self, next: Self) -> Self {
        self.pieces.extend(next.pieces);
        self
    }

    /// Returns the sentence whose last date stands for an instant, where that is known.
    #[must_use]
    pub fn at(mut self, instant: Option<ZonedDateTime>) -> Self {
        let is_date = |piece: &&mut Piece| matches!(piece.is, Is::Date { .. });
        let last = self.pieces.iter_mut().rfind(is_date);
        if let Some((piece, instant)) = last.zip(instant) {
            let [datetime, title] = dates::instant(&instant);
            piece.is = Is::Date { datetime, title };
        }
        self
    }

    /// Returns the sentence with a link where these words come next, after any link in it.
    #[must_use]
    pub fn linked(mut self, words: &str, address: &str) -> Self {
        let is_link = |piece: &Piece| matches!(piece.is, Is::Link(_));
        let from = self.pieces.iter().rposition(is_link);
        let pieces = self.pieces.iter().enumerate();
        let found = pieces
            .skip(from.map_or(0, |last| last + 1))
            .filter(|(_, piece)| piece.is == Is::Words)
            .find_map(|(index, piece)| Some((index, place_of(words, &piece.text)?)));
        if let Some((index, at)) = found {
            let text = std::mem::take(&mut self.pieces[index].text);
            let link = Piece {
                text: words.to_owned(),
                is: Is::Link(address.to_owned()),
            };
            let (before, after) = (&text[..at], &text[at + words.len()..]);
            let parts = [Piece::words(before), link, Piece::words(after)];
            let parts = parts.into_iter().filter(|part| !part.text.is_empty());
            self.pieces.splice(index..=index, parts);
        }
        self
    }

    /// Returns the sentence without its marks.
    #[cfg(test)]
    pub fn text(&self) -> String {
        self.pieces.iter().map(|piece| &*piece.text).collect()
    }
}

/// Returns where words stand in a text as words of their own, not as a part of others.
fn place_of(words: &str, text: &str) -> Option<usize> {
    let mut places = text.match_indices(words).map(|(at, _)| at);
    places.find(|at| {
        let (before, after) = (&text[..*at], &text[at + words.len()..]);
        let joins = |letter: char| letter.is_alphanumeric() || letter == ',';
        let goes_on = after.starts_with(char::is_alphanumeric);
        !before.ends_with(joins) && !goes_on
    })
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
            "Held on <time datetime=\"2026-09-24\" title=\"Thursday 24 September 2026\">\
             24 September 2026</time>, \
             &#60;late&#62;; 31 June 2026 is none, 1 systems."
        );
        assert_eq!(Prose::new("Größe 3 µ").text(), "Größe 3 µ");
    }

    #[test]
    fn the_last_date_may_stand_for_an_instant() {
        let at = "2026-09-24T23:30:00+01:00[Europe/London]".parse().unwrap();
        let html = Prose::new("From 1 May 2026 to 24 Sep 2026.").at(Some(at));
        assert_eq!(
            html.to_string(),
            "From <time datetime=\"2026-05-01\" title=\"Friday 1 May 2026\">1 May 2026</time> to \
             <time datetime=\"2026-09-24T23:30:00+01:00\" title=\"Thursday 24 September 2026, \
             23:30:00 +01:00 (Europe/London)\">24 Sep 2026</time>."
        );
    }

    #[test]
    fn a_count_links_where_it_is_said_as_words_of_its_own() {
        let said = Prose::new("Of 1,12 of 64, 12 of 640 and 12 of 64 <systems>, 12 of 64.");
        assert_eq!(
            said.linked("12 of 64", "/?a=1&b=2#f").to_string(),
            "Of 1,12 of 64, 12 of 640 and <a href=\"/?a=1&#38;b=2#f\">12 of 64</a> \
             &#60;systems&#62;, 12 of 64."
        );
        let said = Prose::new("2 on 2 May 2026, 2 and 2.");
        let twice = said.linked("2", "#a").linked("2", "#b").linked("3", "#c");
        let html = twice.to_string();
        assert!(html.starts_with("<a href=\"#a\">2</a> on <time "), "{html}");
        assert!(html.ends_with(", <a href=\"#b\">2</a> and 2."), "{html}");
    }
}
