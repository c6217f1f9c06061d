//! Characters that no reader sees within a line: with one, two names look alike and are not.

use std::borrow::Cow;

use crate::blank::is_unseen;

/// Returns the first character of a line that no reader sees and no script needs there.
pub(crate) fn hidden_in(line: &str) -> Option<char> {
    beside(line).find(is_hidden).map(|(_, letter, _)| letter)
}

/// Returns a line without the characters that no reader sees and no script needs there.
///
/// # Example
/// ```
/// assert_eq!(record::without_hidden("Jo\u{200b}hn"), "John");
/// ```
pub fn without_hidden(line: &str) -> Cow<'_, str> {
    match hidden_in(line) {
        None => Cow::Borrowed(line),
        Some(_) => beside(line)
            .filter(|one| !is_hidden(one))
            .map(|(_, letter, _)| letter)
            .collect(),
    }
}

/// A character between the one before and the one after it.
type Beside = (Option<char>, char, Option<char>);

fn beside(line: &str) -> impl Iterator<Item = Beside> {
    let mut before = None;
    let mut letters = line.chars().peekable();
    std::iter::from_fn(move || {
        let letter = letters.next()?;
        Some((before.replace(letter), letter, letters.peek().copied()))
    })
}

fn is_hidden((before, letter, after): &Beside) -> bool {
    match *letter {
        // What joins two letters or keeps them apart; a vowel sign taken away may end a word.
        '\u{200c}' | '\u{200d}' => {
            let ends = before.is_some_and(is_virama);
            !(before.is_some_and(is_joined) && (ends || after.is_some_and(is_joined)))
        }
        // What chooses the form of the character before it.
        '\u{180b}'..='\u{180d}'
        | '\u{180f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{e0100}'..='\u{e01ef}' => {
            before.is_none_or(|before| before.is_whitespace() || is_unseen(before))
        }
        // Marks that turn nothing beyond the place where they stand; a cell of Braille.
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2800}' => false,
        '\u{fff9}'..='\u{fffb}' | '\u{fdd0}'..='\u{fdef}' => true,
        letter => is_unseen(letter) || letter as u32 & 0xfffe == 0xfffe,
    }
}

/// Scripts whose letters are joined, and pictures, which are joined too.
fn is_joined(letter: char) -> bool {
    let is_of_script = matches!(
        letter,
        '\u{600}'..='\u{8ff}'
            | '\u{900}'..='\u{109f}'
            | '\u{1780}'..='\u{18af}'
            | '\u{1cd0}'..='\u{1cff}'
            | '\u{a8e0}'..='\u{a8ff}'
            | '\u{fb50}'..='\u{fdcf}'
            | '\u{fdf0}'..='\u{fdff}'
            | '\u{fe70}'..='\u{fefe}'
    );
    let is_picture = matches!(
        letter,
        '\u{fe0f}' | '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{2600}'..='\u{27bf}'
            | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}'
    );
    is_picture || (is_of_script && !is_unseen(letter))
}

/// The sign that takes a consonant's vowel away, in each of the scripts of India and Sri Lanka.
fn is_virama(letter: char) -> bool {
    letter == '\u{dca}'
        || (('\u{900}'..='\u{d7f}').contains(&letter) && letter as u32 & 0x7f == 0x4d)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_holds_nothing_that_no_reader_sees() {
        let hidden = "\u{ad}\u{34f}\u{200b}\u{200c}\u{200d}\u{2060}\u{2064}\u{3164}\u{feff}\u{fff9}\u{fffe}\u{ffff}\u{fdd0}\u{1fffe}\u{e0001}\u{e0041}\u{e007f}";
        for letter in hidden.chars() {
            for line in [
                format!("Jo{letter}hn"),
                format!("{letter}Jo"),
                format!("Jo{letter}"),
            ] {
                assert_eq!(hidden_in(&line), Some(letter), "{line:?}");
                assert!(matches!(&*without_hidden(&line), "John" | "Jo"), "{line:?}");
            }
        }
        for line in [
            "a\u{fe0f}\u{200d}",
            "می\u{200c}",
            "\u{200c}می",
            "a\u{200d}ی",
            " \u{fe0f}",
        ] {
            assert!(hidden_in(line).is_some(), "{line:?}");
        }
    }

    #[test]
    fn what_a_script_needs_stays() {
        for line in [
            "Größe",
            "شرکت می\u{200c}خواهد",
            "ශ්\u{200d}රී",
            "क्\u{200d}ष",
            "അവന്\u{200d}",
            "👩\u{200d}🚒",
            "🏳\u{fe0f}\u{200d}🌈",
            "☂\u{fe0f}",
            "葛\u{e0100}",
            "a\u{200f}b",
        ] {
            assert_eq!(hidden_in(line), None, "{line:?}");
            assert!(matches!(without_hidden(line), Cow::Borrowed(_)));
        }
    }
}
