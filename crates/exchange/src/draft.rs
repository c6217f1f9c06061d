//! Proposes a mapping for a file nobody has mapped yet.
//!
//! The proposal is read and corrected by a person before it is used; what is
//! not recognised is listed as a comment and stays with each record as received.

mod columns;
mod fields;
mod languages;
mod likeness;

use serde_json::Value;

use crate::mapping::shipped;
use crate::table::{Sheets, Table};
use crate::words::token;
use columns::Column;
use fields::Target;
use likeness::quoted;

/// A mapping proposed for a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The mapping. It parses, and fits the table.
    pub toml: String,
    /// The fields that every record has to state and that no column is like.
    /// Until a person fills them, every row is refused.
    pub missing: Vec<String>,
    /// The headings of the columns that no field is like, in the file's order. Their cells stay
    /// with each record as received.
    pub unplaced: Vec<String>,
    /// The sheet it was drafted from, of a workbook.
    pub sheets: Option<Sheets>,
    /// What a person should look at in how the file was read.
    pub warnings: Vec<String>,
}

/// Returns a mapping for this table and kind of record, guessed from the
/// headings and a sample of the cells. It takes its name from the file's.
///
/// `schema` is the JSON Schema of the kind's body.
pub fn draft_mapping(table: &Table, file: &str, kind: &str, schema: &Value) -> Draft {
    let columns = columns::survey(table);
    let targets = fields::targets(schema);
    let required = crate::schema::required(schema);
    let mut matches = match_up(&columns, &targets);
    join_parts_of_name(&mut matches, &columns, &targets);
    for naming in NAMING.into_iter().filter(|name| required.contains(name)) {
        stand_in(naming, &mut matches, &columns, &targets);
    }
    let takes_answers = schema.pointer("/properties/answers").is_some();

    let mut fields: String = matches.iter().map(field_toml).collect();
    let mut rest: Vec<&str> = Vec::new();
    let mut abouts: Vec<String> = Vec::new();
    for column in columns
        .iter()
        .filter(|column| !is_matched(column, &matches))
    {
        let about = likeness::about(&column.heading).filter(|about| !abouts.contains(about));
        match about {
            Some(about) if takes_answers && column.looks_like_answers() => {
                fields.push_str(&answer_toml(column, &about));
                abouts.push(about);
            }
            _ => rest.push(&column.heading),
        }
    }
    let missing: Vec<String> = required
        .into_iter()
        .filter(|name| matches.iter().all(|found| found.target.path != *name))
        .map(str::to_owned)
        .collect();
    let head = format!(
        "{}{}{}",
        head(&name_of(file), kind),
        missing_note(&missing),
        file_toml(table)
    );
    let key = key_toml(&columns, &matches);
    let toml = format!("{head}\n{key}{fields}{}", tail(&rest));
    Draft {
        toml: format!("{}\n", toml.trim_end()),
        missing,
        unplaced: rest.into_iter().map(str::to_owned).collect(),
        sheets: table.sheets.clone(),
        warnings: table.warnings.clone(),
    }
}

/// Returns the name of the file as a token, so that two registers seldom get
/// one name, and none gets a name that ships with the program.
fn name_of(file: &str) -> String {
    let stem = std::path::Path::new(file).file_stem();
    let name = stem.and_then(|stem| token(&[&stem.to_string_lossy()]));
    let name = name.unwrap_or_else(|| "draft".to_owned());
    if shipped().iter().any(|(other, _)| *other == name) {
        return format!("{name}-own");
    }
    name
}

/// A field of the kind and the columns proposed for it.
struct Match<'a> {
    target: &'a Target,
    columns: Vec<&'a Column>,
    /// Whether the column was only taken for want of one that is like it.
    stands_in: bool,
}

/// The fields that name a record.
const NAMING: [&str; 2] = ["title", PERSON_NAME];
const PERSON_NAME: &str = "name";

/// Fills a person's name from the columns of its two parts, where the table has both.
fn join_parts_of_name<'a>(
    matches: &mut Vec<Match<'a>>,
    columns: &'a [Column],
    targets: &'a [Target],
) {
    let find = |of: fn((bool, bool)) -> bool| {
        let mut free = columns.iter();
        free.find(|column| of(likeness::part_of_name(&column.heading)))
    };
    let (Some(given), Some(family)) = (find(|(given, _)| given), find(|(_, family)| family)) else {
        return;
    };
    let Some(target) = targets.iter().find(|target| target.path == PERSON_NAME) else {
        return;
    };
    matches.retain(|found| found.target.path != PERSON_NAME);
    matches.push(Match {
        target,
        columns: vec![given, family],
        stands_in: false,
    });
}

/// Gives the field that names a record, when no heading is like it, the first free column that
/// seems to name things, else the one whose values differ most: a row without it is refused.
fn stand_in<'a>(
    naming: &str,
    matches: &mut Vec<Match<'a>>,
    columns: &'a [Column],
    targets: &'a [Target],
) {
    if matches.iter().any(|found| found.target.path == naming) {
        return;
    }
    let column = columns
        .iter()
        .find(|column| !is_matched(column, matches) && column.looks_like_names())
        .or_else(|| most_distinct(columns));
    let target = targets.iter().find(|target| target.path == naming);
    if let (Some(target), Some(column)) = (target, column) {
        matches.push(Match {
            target,
            columns: vec![column],
            stands_in: true,
        });
    }
}

/// Returns the column whose values differ most, of equals the one on the left.
fn most_distinct(columns: &[Column]) -> Option<&Column> {
    columns.iter().rev().max_by_key(|column| column.distinct)
}

fn is_matched(column: &Column, matches: &[Match<'_>]) -> bool {
    matches
        .iter()
        .any(|found| found.columns.iter().any(|other| other.at == column.at))
}

/// Gives each field the column most like it, best pairs first, each once.
fn match_up<'a>(columns: &'a [Column], targets: &'a [Target]) -> Vec<Match<'a>> {
    let mut pairs: Vec<(u32, &Target, &Column)> = Vec::new();
    for target in targets {
        for column in columns {
            let likeness = target.likeness(column);
            if likeness >= likeness::ENOUGH {
                pairs.push((likeness, target, column));
            }
        }
    }
    // Ties go to the field named first, then to the column on the left.
    pairs.sort_by_key(|(likeness, ..)| std::cmp::Reverse(*likeness));
    let mut matches: Vec<Match<'_>> = Vec::new();
    for (_, target, column) in pairs {
        if is_matched(column, &matches) {
            continue;
        }
        match matches
            .iter_mut()
            .find(|found| found.target.path == target.path)
        {
            Some(found) if target.takes_several() => found.columns.push(column),
            Some(_) => {}
            None => matches.push(Match {
                target,
                columns: vec![column],
                stands_in: false,
            }),
        }
    }
    let place = |found: &Match<'_>| {
        targets
            .iter()
            .position(|target| target.path == found.target.path)
    };
    matches.sort_by_key(place);
    matches
}

fn head(name: &str, kind: &str) -> String {
    format!(
        "# Drafted from the headings and a sample of the cells. Read it before use.\n\
         # A column without a field stays with each record as received; a blank\n\
         # cell states nothing.\n\n\
         # A file imported under this name revises what was imported under it before.\n\
         # Another register needs another name.\n\
         name = {}\nkind = {}\n",
        quoted(name),
        quoted(kind)
    )
}

fn missing_note(missing: &[String]) -> String {
    if missing.is_empty() {
        return String::new();
    }
    format!(
        "\n# No column is like these fields, which every record of the kind has to state:\n\
         # {}. Give each a [[field]], or a value for all rows under\n\
         # [always]; until then every row is refused.\n",
        missing.join(", ")
    )
}

/// Says how the file was read, where another of the same name may be read otherwise.
fn file_toml(table: &Table) -> String {
    let others = table.sheets.as_ref().map(Sheets::others_in_words);
    let others = others.filter(|others| !others.is_empty());
    let sheet = table.sheets.as_ref().filter(|_| others.is_some());
    let is_text = table.delimiter.is_some();
    // A guess stands in the mapping, where a person sees it, and holds for the next file too. What
    // the file itself tells is found out again.
    let guessed = is_text && table.guessed.is_some();
    let names_encoding = guessed || table.is_encoding_stated;
    let is_stated = sheet.is_some() || table.headings_at.is_some() || names_encoding;
    let mut toml = String::new();
    if let Some(others) = others {
        toml.push_str(&format!("# Not read: the sheets {others}.\n"));
    }
    if is_text {
        let or = if guessed {
            " This is a guess: if letters come out wrong, state the right encoding."
        } else {
            ""
        };
        toml.push_str(&format!("# Read as {}.{or}\n", table.encoding));
    }
    for warning in &table.warnings {
        toml.push_str(&format!(
            "# Look: {}.\n",
            warning.replace(char::is_control, " ")
        ));
    }
    if is_stated {
        toml.push_str("[file]\n");
    }
    if names_encoding {
        toml.push_str(&format!("encoding = {}\n", quoted(&table.encoding)));
    }
    if let Some(sheets) = sheet {
        toml.push_str(&format!("sheet = {}\n", quoted(&sheets.read)));
    }
    if let Some(row) = table.headings_at {
        toml.push_str(&format!("headings_at = {row}\n"));
    }
    match toml.is_empty() {
        true => toml,
        false => format!("\n{toml}"),
    }
}

const UNUSABLE: &str =
    r#"["TBD", "N/A", "NA", "None", "Unknown", "Not available", "Not applicable", "-"]"#;

/// Proposes to know rows by their own number, within the unit where it is not
/// unique without, or people by their address; else by what names them.
fn key_toml(columns: &[Column], matches: &[Match<'_>]) -> String {
    let column_of = |path: &str| {
        matches
            .iter()
            .find(|found| found.target.path == path)
            .and_then(|found| found.columns.first().copied())
    };
    let unit = column_of("unit");
    let mut sets: Vec<Vec<&str>> = Vec::new();
    if let Some(reference) = column_of("reference") {
        let within = unit.filter(|_| reference.repeats);
        sets.push(
            within
                .into_iter()
                .chain([reference])
                .map(|column| column.heading.as_str())
                .collect(),
        );
    }
    if let Some(address) = column_of(fields::ADDRESS) {
        sets.push(vec![address.heading.as_str()]);
    }
    let naming = matches
        .iter()
        .find(|found| NAMING.contains(&found.target.path.as_str()))
        .map(|found| found.columns.clone());
    let names = naming.unwrap_or_else(|| most_distinct(columns).into_iter().collect());
    let beside = names
        .into_iter()
        .filter(|name| unit.is_none_or(|unit| unit.at != name.at));
    sets.push(
        unit.into_iter()
            .chain(beside)
            .map(|column| column.heading.as_str())
            .collect(),
    );
    let sets: Vec<String> = sets.iter().map(|set| array(set)).collect();
    format!(
        "# A row is known by the first of these sets that is filled in and unique.\n\
         [key]\nby = [{}]\nunusable = {UNUSABLE}\n\n",
        sets.join(", ")
    )
}

fn array(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| likeness::quoted(word)).collect();
    format!("[{}]", quoted.join(", "))
}

fn field_toml(found: &Match<'_>) -> String {
    let headings: Vec<&str> = found
        .columns
        .iter()
        .map(|column| column.heading.as_str())
        .collect();
    let from = match headings[..] {
        [heading] => quoted(heading),
        _ => array(&headings),
    };
    let Target { path, shape, .. } = found.target;
    let note = if found.stands_in {
        format!(
            "# No heading is like a {path}. Correct this where another column names the record.\n"
        )
    } else {
        String::new()
    };
    let mut toml = format!(
        "{note}[[field]]\nto = {}\nfrom = {from}\nas = \"{shape}\"\n",
        quoted(path)
    );
    let first = found.columns[0];
    if *shape == "date" {
        toml.push_str(match first.order() {
            Some(crate::Order::Mdy) => "order = \"mdy\"\n",
            Some(crate::Order::Dmy) => "order = \"dmy\"\n",
            None => "# order = \"mdy\" or \"dmy\", where a date like 3/4/2024 occurs\n",
        });
    }
    if !found.target.choices.is_empty() {
        toml.push_str(&choices_toml(
            first,
            *shape == "list",
            &found.target.choices,
        ));
    }
    toml.push('\n');
    toml
}

fn answer_toml(column: &Column, about: &str) -> String {
    let choices: Vec<String> = crate::mapping::ANSWERS
        .iter()
        .map(|answer| (*answer).to_owned())
        .collect();
    format!(
        "[[field]]\nto = \"answers\"\nabout = {}\nfrom = {}\nas = \"answer\"\n{}\n",
        quoted(about),
        quoted(&column.heading),
        choices_toml(column, false, &choices)
    )
}

/// Lists the values found with the choice each is most like; those like none
/// are left for the reader as comments, and warned of until then.
fn choices_toml(column: &Column, as_list: bool, choices: &[String]) -> String {
    let mut toml = String::from("[field.choices]\n");
    for value in column.choice_values(as_list) {
        let line = match likeness::choice(&value, choices) {
            Some(choice) => format!("{} = {}\n", quoted(&value), quoted(choice)),
            None => format!("# {} = one of {}\n", quoted(&value), choices.join(", ")),
        };
        toml.push_str(&line);
    }
    toml
}

fn tail(rest: &[&str]) -> String {
    if rest.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = rest
        .iter()
        .map(|heading| format!("#   {}\n", quoted(heading)))
        .collect();
    format!(
        "# Columns without a field, kept as received:\n{}",
        lines.concat()
    )
}
