//! Single records as plain text: one, a list of them, and what was done to one.

use std::collections::BTreeMap;

use app::{EntryNote, RecordView};
use record::Day;
use record::approve::{WITHDRAW, came_to_nothing};
use serde_json::{Map, Value};

use crate::plain::wrapped;

/// Returns a record as text: what it is, then each field on a line.
pub fn record(view: &RecordView) -> String {
    let call = |id: &str| {
        let id = id.parse().ok()?;
        view.names.get(&id).cloned()
    };
    let late = match view.provenance {
        "late" => "late, on ",
        _ => "",
    };
    let head = format!(
        "version {}, {}, effective {}, recorded {late}{}, entry {}",
        view.version,
        view.state.replace('_', " "),
        view.effective_on.in_words(),
        view.recorded_at,
        view.seq
    );
    let mut text = format!(
        "{}\n{} {}\n{}\n",
        wrapped(&view.title, "", "  "),
        view.kind,
        view.id,
        wrapped(&head, "", "  ")
    );
    if let Some(brought) = &view.brought_in {
        let from = brought_from(brought.from.as_deref(), brought.file.as_deref());
        let by = brought.by.map(|id| id.to_string());
        let by = by.map(|id| call(&id).unwrap_or(id));
        let by = by.map_or_else(String::new, |by| format!(", by {by}"));
        text.push_str(&wrapped(&format!("{from}{by}"), "", "  "));
        text.push('\n');
    }
    if let Some(number) = view.in_force.filter(|number| *number != view.version) {
        let next = format!("`minutebook record show {} --version {number}`", view.id);
        let told = format!("Version {number} is in force: {next} shows it.");
        text.push_str(&wrapped(&told, "note: ", "  "));
        text.push('\n');
    }
    for told in told(&view.notes) {
        text.push_str(&wrapped(&told, "note: ", "  "));
        text.push('\n');
    }
    if let Value::Object(body) = &view.body {
        fields(&mut text, body, "", &call);
    }
    text.trim_end().to_owned()
}

/// Returns notes as sentences; what to do next is said once, after the last that it answers.
pub fn told(notes: &[EntryNote]) -> Vec<String> {
    let said = notes.iter().enumerate().map(|(index, note)| {
        let again = notes[index + 1..].iter().any(|one| one.hint == note.hint);
        match again {
            true => note.message.clone(),
            false => format!("{} {}", note.message, note.hint),
        }
    });
    said.collect()
}

/// `brought in from “The policy drive”, file 12ab…`: the place as it was typed.
fn brought_from(from: Option<&str>, file: Option<&str>) -> String {
    let from = from.map_or_else(
        || "a place that is no longer said here".to_owned(),
        |from| format!("“{from}”"),
    );
    match file {
        Some(file) => format!("brought in from {from}, file {file}"),
        None => format!("brought in from {from}"),
    }
}

type Call<'a> = &'a dyn Fn(&str) -> Option<String>;

fn fields(text: &mut String, body: &Map<String, Value>, indent: &str, call: Call<'_>) {
    for (name, value) in body {
        field(
            text,
            &format!("{indent}{}:", name.replace('_', " ")),
            value,
            (indent, call),
        );
    }
}

/// Adds a value after its name, or below it when it has parts.
fn field(text: &mut String, name: &str, value: &Value, (indent, call): (&str, Call<'_>)) {
    let deeper = format!("{indent}  ");
    text.push('\n');
    match value {
        Value::Object(parts) => match cited(parts, call) {
            Some(cited) => text.push_str(&wrapped(&cited, &format!("{name} "), &deeper)),
            None => {
                text.push_str(name);
                fields(text, parts, &deeper, call);
            }
        },
        Value::Array(values) => {
            text.push_str(name);
            for value in values {
                field(text, &format!("{deeper}-"), value, (&deeper, call));
            }
        }
        plain => text.push_str(&wrapped(&word(plain, call), &format!("{name} "), &deeper)),
    }
}

/// Returns a citation in words: the record's title and version.
fn cited(parts: &Map<String, Value>, call: Call<'_>) -> Option<String> {
    let title = call(parts.get("id")?.as_str()?)?;
    let version = parts.get("version")?.as_u64()?;
    (parts.len() == 2).then(|| format!("{title}, version {version}"))
}

fn word(value: &Value, call: Call<'_>) -> String {
    match value {
        Value::String(text) => {
            call(text).map_or_else(|| text.clone(), |title| format!("{title} ({text})"))
        }
        other => other.to_string(),
    }
}

/// Returns the records of a kind, one a line.
pub fn list(records: &[Value]) -> String {
    let line = |one: &Value| {
        let text = |field: &str| one[field].as_str().unwrap_or_default();
        let state = text("state").replace('_', " ");
        let notes = one["notes"].as_array().into_iter().flatten();
        let in_force = one["in_force"].as_u64();
        let other = in_force.filter(|number| Some(*number) != one["version"].as_u64());
        let other = other.map_or_else(String::new, |number| format!("  [v{number} in force]"));
        let noted: String = notes
            .filter_map(|note| note["code"].as_str())
            .map(|code| format!("  [{}]", code.replace('_', " ")))
            .collect();
        let came = match text("provenance") {
            "late" => "  [late]",
            "brought_in" => "  [brought in]",
            _ => "",
        };
        format!(
            "{}  v{:<3} {state:<10} {}  {}{came}{other}{noted}",
            text("id"),
            one["version"],
            text("effective_on"),
            // One line each, whatever a title holds.
            text("title")
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        )
    };
    records.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The words for a move where its name alone is no past tense.
const DONE: [(&str, &str); 12] = [
    ("accept", "accepted"),
    ("approve", "approved"),
    ("attest", "attested"),
    ("communicate", "made known"),
    ("confirm", "confirmed"),
    ("end", "ended"),
    ("keep", "kept as it is"),
    ("leave", "left"),
    ("mark", "marked"),
    ("move_slot", "slot moved"),
    ("put", "recorded"),
    (WITHDRAW, "withdrawn as entered in error"),
];

/// Returns what is noted of an act; what to do next is said once, after the last that it answers.
fn noted(line: &Value) -> String {
    let notes = line["notes"].as_array().map_or(&[][..], Vec::as_slice);
    let told = notes.iter().enumerate().flat_map(|(index, note)| {
        let later = &notes[index + 1..];
        let again = later.iter().any(|one| one["hint"] == note["hint"]);
        let next = note["hint"].as_str().filter(|_| !again);
        note["message"].as_str().into_iter().chain(next)
    });
    told.map(|told| format!(". {}", told.trim_end_matches('.')))
        .collect()
}

/// Says whether what a line tells of did something, where it did not, or as corrected since.
fn whether_it_counts(line: &Value) -> String {
    let counts = line["counts"].as_bool().unwrap_or(true);
    let is_struck = line["by"]["withdrawn"].is_object() && line["why"].is_null();
    let said = match (line["act"] == "correction", counts) {
        (false, false) if is_struck => ", which counts no more",
        (true, true) => " again, as the meeting is recorded since",
        (true, false) => " no more, as the meeting is recorded since",
        (false, false) => {
            let act = line["move"].as_str().unwrap_or_default();
            return format!(", which {}", came_to_nothing(act));
        }
        (false, true) => "",
    };
    said.to_owned()
}

/// Says what an act marks, as what and on what basis; not what is marked of itself.
fn marked(line: &Value) -> String {
    let marks = line["marks"].as_object().into_iter().flatten();
    let stated = marks.filter(|(_, mark)| {
        let basis = mark["basis"].as_str();
        basis.is_some_and(|basis| basis != app::ABOUT_A_PERSON)
    });
    let told = stated.map(|(name, mark)| {
        let part = |field: &str| mark[field].as_str();
        let (basis, word) = (part("basis").unwrap_or(""), part("as").unwrap_or(""));
        // The hash of a file is no word of a group's name.
        let what = match name.len() {
            64 => "file",
            _ => "group",
        };
        let review = part("review_by").and_then(|day| day.parse::<Day>().ok());
        let review = review.map(|day| format!("; to be looked at again by {}", day.in_words()));
        let review = review.unwrap_or_default();
        format!("; {what} {name} marked {word} ({basis}{review})")
    });
    told.collect()
}

/// Says what was entered in error since: the resolution by which it was done, or its own version.
fn struck(line: &Value) -> String {
    let on = line["by"]["withdrawn"]["on"].as_str();
    let on = on.and_then(|day| day.parse::<Day>().ok());
    let resolution =
        on.map(|day| format!(" [that resolution was withdrawn on {}]", day.in_words()));
    let is_gone = line["withdrawn"] == true && line["move"] != WITHDRAW;
    let version = is_gone.then(|| " [this version was withdrawn]".to_owned());
    resolution.into_iter().chain(version).collect()
}

/// Returns what was done to a record, one act a paragraph.
pub fn history(lines: &[Value]) -> String {
    let done: BTreeMap<&str, &str> = DONE.into();
    let paragraph = |line: &Value| {
        let text = |field: &str| line[field].as_str().unwrap_or_default();
        let name = line["move"].as_str().unwrap_or("put");
        // That a body resolves so withdraws nothing yet: an entry of its own does.
        let did = match (text("act"), name) {
            ("approval", WITHDRAW) => "resolved to be withdrawn",
            _ => done.get(name).copied().unwrap_or(name),
        };
        let mut words = format!("Version {} {did}", line["version"]);
        words.push_str(&whether_it_counts(line));
        // A move that names its own day was done on that one.
        let body = |field: &str| line["body"][field].as_str();
        let own = body("on").or(body("last_day"));
        let on = own.filter(|_| name != "put");
        if let Ok(day) = on.unwrap_or(text("effective_on")).parse::<Day>() {
            // What counts from a day on, and what was done on one.
            let from = on.is_none() && matches!(name, "put" | "approve" | "keep" | "end");
            let how = if from { ", effective" } else { " on" };
            words.push_str(&format!("{how} {}", day.in_words()));
        }
        if !text("who").is_empty() {
            words.push_str(&format!("; by {}", text("who")));
        }
        if let Some(title) = line["by"]["title"].as_str() {
            words.push_str(&format!(", {title}"));
        }
        if !text("assured").is_empty() {
            words.push_str(&format!(" ({})", text("assured")));
        }
        if text("provenance") == "late" {
            words.push_str("; recorded late");
        }
        if let Some(brought) = line["brought_in"].as_object() {
            let said = |field: &str| brought.get(field).and_then(Value::as_str);
            words.push_str(&format!("; {}", brought_from(said("from"), said("file"))));
        }
        words.push_str(&marked(line));
        if let Some(because) = body("because") {
            words.push_str(&format!(": {because}"));
        }
        if let Some(why) = line["why"].as_str() {
            words.push_str(&format!(": it {}", why.trim_end_matches(',')));
        }
        words.push_str(&noted(line));
        words.push_str(&struck(line));
        let first = format!("{}  entry {}", text("recorded_at"), line["seq"]);
        format!("{first}\n{}", wrapped(&words, "  ", "  "))
    };
    lines.iter().map(paragraph).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ADA: &str = "00000001-0000-4000-8000-000000000001";

    fn call(id: &str) -> Option<String> {
        (id == ADA).then(|| "Ada Sample".to_owned())
    }

    #[test]
    fn a_body_reads_as_lines_with_people_by_their_names() {
        let body = json!({
            "review_by": "2027-01-01",
            "chair": ADA,
            "adopts": [{"id": ADA, "version": 2}],
            "contents": {"purpose": "Section 1", "located": true},
            "refers_to": ["Procurement rules", "word ".repeat(20).trim()],
        });
        let mut text = String::new();
        fields(
            &mut text,
            body.as_object().unwrap_or(&Map::new()),
            "",
            &call,
        );
        let expected = "
adopts:
  - Ada Sample, version 2
chair: Ada Sample (00000001-0000-4000-8000-000000000001)
contents:
  located: true
  purpose: Section 1
refers to:
  - Procurement rules
  - word word word word word word word word word word word word word word word
    word word word word word
review by: 2027-01-01";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_history_says_what_was_done_by_whom_and_what_adopted_nothing() {
        let lines = [
            json!({"seq": 4, "act": "put", "move": null, "version": 1, "effective_on": "2026-01-05",
                "recorded_at": "2026-01-05T09:00:00Z", "who": "ada@council.example",
                "assured": "vouched for by the local operator", "body": {"because": "New."},
                "withdrawn": true}),
            json!({"seq": 12, "act": "approval", "move": "approve", "version": 1,
                "effective_on": "2026-01-06", "recorded_at": "2026-01-07T09:00:00Z",
                "provenance": "in_time", "brought_in": null, "who": "Cabinet", "by": {"title": "Resolution 26/14"}, "counts": false,
                "withdrawn": false}),
            json!({"seq": 13, "act": "move", "move": "communicate", "version": 1,
                "effective_on": "2026-09-01", "recorded_at": "2026-09-01T09:00:00Z",
                "provenance": "late", "body": {"on": "2026-01-08", "to": "Staff"}, "withdrawn": false}),
            json!({"seq": 14, "act": "put", "move": null, "version": 2, "effective_on": "2025-11-03",
                "recorded_at": "2026-09-02T09:00:00Z", "who": "ada@council.example",
                "provenance": "brought_in", "body": {}, "withdrawn": false,
                "brought_in": {"from": "The policy drive", "by": ADA, "file": "ab12"}}),
        ];
        let expected = "\
2026-01-05T09:00:00Z  entry 4
  Version 1 recorded, effective 5 January 2026; by ada@council.example
  (vouched for by the local operator): New. [this version was withdrawn]
2026-01-07T09:00:00Z  entry 12
  Version 1 approved, which adopted nothing, effective 6 January 2026; by
  Cabinet, Resolution 26/14
2026-09-01T09:00:00Z  entry 13
  Version 1 made known on 8 January 2026; recorded late
2026-09-02T09:00:00Z  entry 14
  Version 2 recorded, effective 3 November 2025; by ada@council.example;
  brought in from “The policy drive”, file ab12";
        assert_eq!(history(&lines), expected);
    }

    #[test]
    fn a_history_says_by_the_word_of_its_own_act_what_came_to_nothing() {
        let told = |act: &str| {
            let line = json!({"seq": 12, "act": "approval", "move": act, "version": 1,
                "effective_on": "2026-01-06", "counts": false, "who": "Cabinet"});
            history(&[line])
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        };
        for (act, said) in [
            ("approve", "which adopted nothing"),
            ("accept", "which accepted nothing"),
            ("keep", "which kept nothing"),
            ("move_slot", "which moved no slot"),
            ("end", "which ended nothing"),
        ] {
            assert!(told(act).contains(said), "{}", told(act));
        }
    }

    #[test]
    fn what_to_do_next_is_said_once_for_all_that_it_answers() {
        let note = |message: &str, next: &str| EntryNote {
            code: "no_meeting".to_owned(),
            hint: next.to_owned(),
            message: message.to_owned(),
            of: None,
            versions: Vec::new(),
        };
        let notes = [
            note("One.", "Do."),
            note("Two.", "Do."),
            note("Three.", "Go."),
        ];
        assert_eq!(told(&notes), ["One.", "Two. Do.", "Three. Go."]);
        let line = json!({"seq": 4, "act": "put", "version": 1, "notes": notes});
        assert!(history(&[line]).ends_with("Version 1 recorded. One. Two. Do. Three. Go"));
    }

    #[test]
    fn a_list_has_one_record_on_a_line_and_says_what_came_otherwise_than_in_time() {
        let record = |provenance: &str| {
            json!({"id": ADA, "version": 12, "state": "in_force", "in_force": 11,
                "effective_on": "2026-01-05", "title": "AI\npolicy", "provenance": provenance})
        };
        let records = ["in_time", "late", "brought_in"].map(record);
        let line = format!("{ADA}  v12 in force   2026-01-05  AI policy");
        let other = "  [v11 in force]";
        assert_eq!(
            list(&records),
            format!("{line}{other}\n{line}  [late]{other}\n{line}  [brought in]{other}")
        );
    }
}
