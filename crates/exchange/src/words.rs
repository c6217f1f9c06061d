//! Reads lists out of text, compares words as people do, and makes tokens.

use sha2::{Digest, Sha256};

/// The most characters of a token.
pub(crate) const TOKEN_CHARS_MAX: usize = 64;

/// Returns the items of a list written as text; blank items are dropped.
///
/// Read are `["a", "b"]` and `['a', 'b']` with backslash escapes, and text
/// separated by `;`, by `|` or by line ends, whichever comes first in this
/// order. Anything else is one item: a comma also stands inside names.
pub(crate) fn list(text: &str) -> Vec<String> {
    let text = text.trim();
    if let Some(items) = bracketed(text) {
        return items;
    }
    let separator = [';', '|', '\n']
        .into_iter()
        .find(|separator| text.contains(*separator));
    let parts: Vec<&str> =
        separator.map_or_else(|| vec![text], |separator| text.split(separator).collect());
    parts
        .into_iter()
        .map(|part| part.trim().to_owned())
        .filter(|part| !record::is_blank(part))
        .collect()
}

/// Returns a text without blanks around it, cut when long.
pub(crate) fn short(text: &str) -> String {
    let mut short: String = text.trim().chars().take(60).collect();
    if short.len() < text.trim().len() {
        short.push('…');
    }
    short
}

/// Reads `[…]` of quoted items; nothing when it is not exactly that.
fn bracketed(text: &str) -> Option<Vec<String>> {
    let mut rest = text.strip_prefix('[')?.strip_suffix(']')?.trim_start();
    let mut items = Vec::new();
    while !rest.is_empty() {
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (item, after) = quoted(&rest[1..], quote)?;
        if !record::is_blank(&item) {
            items.push(item.trim().to_owned());
        }
        let after = after.trim_start();
        rest = match after.strip_prefix(',') {
            Some(more) => more.trim_start(),
            None if after.is_empty() => after,
            None => return None,
        };
    }
    Some(items)
}

fn quoted(text: &str, quote: char) -> Option<(String, &str)> {
    let mut item = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => item.push(match chars.next()?.1 {
                'n' => '\n',
                't' => '\t',
                other => other,
            }),
            c if c == quote => return Some((item, &text[at + c.len_utf8()..])),
            c => item.push(c),
        }
    }
    None
}

/// Says whether a text is what a spreadsheet shows where a formula failed: `#N/A`, `#REF!`, or
/// the same in another language or program; or the formula itself, where its result is missing.
pub(crate) fn is_error(text: &str) -> bool {
    let text = text.trim();
    if let Some(formula) = text.strip_prefix('=') {
        // `="007"` is how some programs write a number as text.
        return formula
            .starts_with(|c: char| c.is_alphanumeric() || matches!(c, '(' | '+' | '-' | '$'));
    }
    if matches!(text, "#N/A" | "#N/D" | "#N/B" | "#NV") {
        return true;
    }
    if let Some(number) = text.strip_prefix("Err:") {
        return number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit());
    }
    let word = text
        .strip_prefix('#')
        .and_then(|rest| rest.strip_suffix(['!', '?']));
    word.is_some_and(|word| {
        let is_sign = |c: char| c.is_uppercase() || matches!(c, '/' | '0' | '_' | ' ' | '¡' | '¿');
        word.chars().count() >= 3 && word.chars().all(is_sign)
    })
}

/// Returns the form under which two cells mean the same choice: lower case,
/// single spaces, plain dashes and apostrophes, no full stop at the end.
pub(crate) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        for c in word.chars().flat_map(char::to_lowercase) {
            folded.push(match c {
                '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
                '\u{2018}' | '\u{2019}' => '\'',
                '\u{201c}' | '\u{201d}' => '"',
                c => c,
            });
        }
    }
    folded.truncate(folded.trim_end_matches('.').len());
    folded
}

/// Returns a token of `a`–`z`, `0`–`9` and hyphens, 1 to 64 characters long,
/// made of the words given; nothing when they hold no letter and no digit.
///
/// What does not fit, or has letters that no token holds, ends in eight hex
/// digits of its hash: two different names never get one token by being cut.
pub(crate) fn token(words: &[&str]) -> Option<String> {
    let whole = words.join(" ");
    if !whole.chars().any(char::is_alphanumeric) {
        return None;
    }
    let mut token = String::new();
    let mut lossy = false;
    for c in whole.chars().flat_map(char::to_lowercase) {
        match plain(c) {
            Some(plain) => token.push_str(plain),
            None if c.is_ascii_alphanumeric() => token.push(c),
            None => {
                lossy |= c.is_alphanumeric();
                if !token.ends_with('-') && !token.is_empty() {
                    token.push('-');
                }
            }
        }
    }
    token.truncate(token.trim_end_matches('-').len());
    if !lossy && token.len() <= TOKEN_CHARS_MAX {
        return Some(token);
    }
    let digest = hex::encode(Sha256::digest(folded(&whole).as_bytes()));
    token.truncate(TOKEN_CHARS_MAX - 9);
    let stem = token.trim_end_matches('-');
    Some(if stem.is_empty() {
        digest[..8].to_owned()
    } else {
        format!("{stem}-{}", &digest[..8])
    })
}

/// Letters of Western European languages in plain ones.
pub(crate) fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'á' | 'â' | 'ã' | 'å' => "a",
        'ä' | 'æ' => "ae",
        'ç' => "c",
        'è' | 'é' | 'ê' | 'ë' => "e",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'ñ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' => "o",
        'ö' | 'ø' | 'œ' => "oe",
        'ù' | 'ú' | 'û' => "u",
        'ü' => "ue",
        'ý' | 'ÿ' => "y",
        'ß' => "ss",
        '&' => "and",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_in_each_way_people_write_one() {
        for (text, items) in [
            (r#"["a", "b c"]"#, vec!["a", "b c"]),
            (
                "['a) Race/Ethnicity', 'c) Age']",
                vec!["a) Race/Ethnicity", "c) Age"],
            ),
            (r#"['it''s', "x"]"#, vec![r#"['it''s', "x"]"#]),
            (r#"["staff's", 'b\'s', '']"#, vec!["staff's", "b's"]),
            ("[]", vec![]),
            ("a; b;;c", vec!["a", "b", "c"]),
            ("a|b", vec!["a", "b"]),
            ("a\nb", vec!["a", "b"]),
            ("Smith, Jones and Co", vec!["Smith, Jones and Co"]),
            ("[draft] note", vec!["[draft] note"]),
            ("['open", vec!["['open"]),
        ] {
            assert_eq!(list(text), items, "{text}");
        }
    }

    #[test]
    fn what_a_failed_formula_shows_is_told_from_words() {
        for text in [
            "#N/A",
            "#REF!",
            "#VALUE!",
            "#DIV/0!",
            "#NAME?",
            "#NULL!",
            "#NUM!",
            "#SPILL!",
            " #N/A ",
            "#NV",
            "#BEZUG!",
            "#ÜBERLAUF!",
            "#WAARDE!",
            "#GETTING_DATA!",
            "#¡VALOR!",
            "Err:502",
            "=1+1",
            "=SUM(A1:A2)",
            "=$A$1",
        ] {
            assert!(is_error(text), "{text}");
        }
        for text in [
            "N/A",
            "#1",
            "#A!",
            "#wow!",
            "#TAG",
            "Err: see note",
            "REF!",
            "",
            "#",
            "No. #N/A",
            "=",
            "=> see the note",
            "=\"007\"",
        ] {
            assert!(!is_error(text), "{text}");
        }
    }

    #[test]
    fn choices_are_compared_without_regard_to_case_and_typography() {
        assert_eq!(
            folded("  Yes –  Prohibited\nby Law. "),
            "yes - prohibited by law"
        );
        assert_eq!(folded("AI’s"), "ai's");
    }

    #[test]
    fn a_token_has_at_most_64_characters_and_cut_ones_stay_apart() {
        assert_eq!(token(&["DHS", "CBP"]).as_deref(), Some("dhs-cbp"));
        assert_eq!(
            token(&["Straßenbau & Grün"]).as_deref(),
            Some("strassenbau-and-gruen")
        );
        assert_eq!(token(&["--", "?"]), None);
        let exact = "a".repeat(TOKEN_CHARS_MAX);
        assert_eq!(token(&[&exact]).as_deref(), Some(exact.as_str()));
        let (one, two) = (format!("{exact}b"), format!("{exact}c"));
        let (one, two) = (token(&[&one]).unwrap(), token(&[&two]).unwrap());
        assert_ne!(one, two);
        assert_eq!(one.len(), TOKEN_CHARS_MAX);
        assert_eq!(token(&["総務省"]).map(|token| token.len()), Some(8));
    }
}
