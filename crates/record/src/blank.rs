//! Texts that say nothing: where a body needs one that does, it is refused; anywhere else it is
//! not stated.

use serde_json::Value;

use crate::dated::places;
use crate::refusal::Refusal;
use crate::texts::Text;

/// Returns whether a text shows nothing: it is empty, or only white space and characters that
/// no reader sees.
pub fn is_blank(text: &str) -> bool {
    text.chars()
        .all(|letter| letter.is_whitespace() || letter.is_control() || is_unseen(letter))
}

/// Characters of no width, fillers and marks of direction: Default_Ignorable_Code_Point (Unicode
/// 16, DerivedCoreProperties), and the blank Braille pattern.
pub(crate) fn is_unseen(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fff8}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Every text that a body needs says something.
pub(crate) fn held_to_words(texts: &[Text], body: &Value) -> Result<(), Refusal> {
    for one in texts.iter().filter(|text| text.is_needed) {
        for (place, text) in places(body, &one.pointer) {
            if text.as_str().is_some_and(is_blank) {
                return Err(blank(format!("/body{place}"), &one.what));
            }
        }
    }
    Ok(())
}

/// Returns the refusal of a blank text, with what belongs there.
pub(crate) fn blank(field: String, what: &str) -> Refusal {
    Refusal::new("check_failed", "This text is blank; it must say something.")
        .at(field)
        .hint(format!("What belongs here: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::texts;
    use serde_json::json;

    #[test]
    fn a_text_that_no_reader_sees_is_blank() {
        let blanks = [
            "",
            " ",
            "\t\r\n",
            "\u{a0}",
            "\u{2003}",
            "\u{3000}",
            "\u{200b}",
            "\u{feff}",
            "\u{2060}",
            "\u{ad}",
            "\u{200e}\u{202c}",
            "\u{3164}",
            "\u{2800}",
            " \u{200d} \u{fe0f}",
            "\u{85}",
        ];
        for text in blanks {
            assert!(is_blank(text), "{text:?}");
        }
        for text in [".", "0", " a ", "\u{200b}é", "–", "無", "☂\u{fe0f}"] {
            assert!(!is_blank(text), "{text:?}");
        }
    }

    #[test]
    fn a_text_is_needed_where_its_field_is_required_however_deep() {
        let schema = json!({
            "type": "object",
            "required": ["title", "on", "items", "part"],
            "properties": {
                "title": {"type": "string", "description": "What it\nis called."},
                "on": {"type": "string", "format": "date"},
                "remark": {"type": ["string", "null"]},
                "notes": {"type": "array", "items": {"type": "string"}},
                "items": {"type": "array", "items": {"$ref": "#/$defs/Item"}},
                "part": {"anyOf": [{"$ref": "#/$defs/Item"}, {"type": "null"}]},
            },
            "$defs": {"Item": {"type": "object", "required": ["because"],
                "properties": {"because": {"type": "string"}, "text": {"type": "string"}}}}
        });
        let found = texts(&schema);
        let pointers: Vec<&str> = found.iter().map(|one| one.pointer.as_str()).collect();
        assert_eq!(pointers, ["/items/*/because", "/part/because", "/title"]);
        let body = json!({"title": "x", "remark": "", "notes": [""],
            "items": [{"because": "y", "text": ""}, {"because": "\u{200b}"}]});
        let refusal = held_to_words(&found, &body).unwrap_err();
        assert_eq!(refusal.field.as_deref(), Some("/body/items/1/because"));
        let blank = held_to_words(&found, &json!({"title": " "})).unwrap_err();
        assert_eq!(
            blank.hint.as_deref(),
            Some("What belongs here: What it is called.")
        );
        assert_eq!(held_to_words(&found, &json!({"title": "x"})), Ok(()));
    }
}
