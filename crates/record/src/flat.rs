//! A text of people in a line of ours: it begins no line of its own.

/// Returns a text on one line: whatever would break it, move the cursor, or turn the direction of
/// reading is a space.
pub fn flat(text: &str) -> String {
    text.replace(breaks_line, " ")
}

/// Returns whether a character breaks a line, moves the cursor, or turns the direction of reading.
pub(crate) fn breaks_line(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_people_begins_no_line_of_its_own() {
        assert_eq!(flat("Straße 5"), "Straße 5");
        let odd = "a\nb\rc\u{85}d\u{2028}e\u{2029}f\u{1b}g\u{202e}h\u{2066}i\tj";
        assert_eq!(flat(odd), "a b c d e f g h i j");
    }
}
