//! `import`: a file of others becomes records, every row accounted for.

use std::path::{Path, PathBuf};

use app::import::{Asked, Imported, Reading, Sheets};
use app::{AppError, Result, WholeFile};
use record::{Refusal, counted};
use serde_json::{Value, json};

use super::{registry, writing};
use crate::args::{Command, Global};
use crate::out::{DONE, NOT_SO, hint, say};

pub async fn import(global: &Global, command: &Command) -> Result<u8> {
    let Command::Import {
        format,
        file,
        list,
        dry_run,
        results,
        mapping,
        draft_mapping,
        sheet,
        headings_at,
        effective_on,
        kind,
    } = command
    else {
        return Ok(NOT_SO);
    };
    if *list {
        return Ok(formats(global));
    }
    let (Some(format), Some(file)) = (format, file) else {
        return Err(Refusal::new("wrong_use", "Name a format and a file.")
            .hint("`minutebook import --list` names the formats.")
            .into());
    };
    let bytes = read(file)?;
    let name = name_of(file);
    let reading = reading(sheet.as_ref(), *headings_at);
    if let Some(out) = draft_mapping {
        return draft(global, (&bytes, &name, &reading), kind, out);
    }
    one_mapping(format, mapping.is_some())?;
    // A dry run leaves no file behind unless one is asked for.
    let out = results.clone();
    let out = out.or_else(|| (!*dry_run).then(|| results_beside(file)));
    if let Some(out) = &out {
        may_hold_results(out)?;
    }
    let own = mapping.as_ref().map(|path| read_text(path)).transpose()?;
    let mut mapping = app::import::mapping(format, own.as_deref())?;
    mapping.file.sheet = reading.sheet.or(mapping.file.sheet);
    mapping.file.headings_at = reading.headings_at.or(mapping.file.headings_at);
    let mut writing = writing(global, "import").await?;
    let asked = Asked {
        dry_run: *dry_run,
        effective_on: *effective_on,
    };
    let imported = writing.import(&bytes, &name, &mapping, asked).await?;
    if let Some(out) = &out {
        std::fs::write(out, &imported.results)
            .map_err(|error| AppError::io(format!("writing {}", out.display()), error))?;
    }
    match global.json {
        true => say(&summary(format, &imported, out.as_deref()).to_string()),
        false => say(&sums(&imported.counts, *dry_run)),
    }
    hints(&imported, out.as_deref(), global.json);
    let refused = imported.counts.refused;
    Ok(if refused == 0 { DONE } else { NOT_SO })
}

fn summary(format: &str, imported: &Imported, out: Option<&Path>) -> Value {
    let c = &imported.counts;
    let sheets = imported.sheets.as_ref();
    json!({"format": format, "rows": c.rows, "created": c.created, "revised": c.revised, "unchanged": c.unchanged,
        "refused": c.refused, "absent": c.absent, "warnings": c.warnings, "results": out, "encoding": imported.encoding,
        "sheet": sheets.map(|sheets| &sheets.read), "other_sheets": others(sheets)})
}

fn formats(global: &Global) -> u8 {
    let formats = [&["csv"], &app::import::formats()[..]].concat();
    match global.json {
        true => say(&json!({"formats": formats}).to_string()),
        false => formats.into_iter().for_each(say),
    }
    DONE
}

/// A file of one's own needs a mapping; a shipped format has one.
fn one_mapping(format: &str, is_given: bool) -> Result<()> {
    let refused = |what: String, next: &str| Err(Refusal::new("wrong_use", what).hint(next).into());
    match (format == "csv", is_given) {
        (true, true) | (false, false) => Ok(()),
        (true, false) => refused(
            "A CSV or XLSX file needs a mapping.".to_owned(),
            "Draft one: `minutebook import csv FILE --draft-mapping M.toml`, then `--mapping M.toml`.",
        ),
        (false, true) => refused(
            format!("{format} has a mapping of its own, and --mapping names another."),
            "Write `import csv FILE --mapping M.toml`, or leave --mapping out.",
        ),
    }
}

/// Refuses to write results over anything but results.
fn may_hold_results(out: &Path) -> Result<()> {
    use std::io::Read;
    let Ok(there) = std::fs::File::open(out) else {
        return Ok(());
    };
    let mut begins = Vec::new();
    let heading = app::import::RESULTS_BEGIN.as_bytes();
    there
        .take(heading.len() as u64)
        .read_to_end(&mut begins)
        .map_err(|error| AppError::io(format!("reading {}", out.display()), error))?;
    if begins.is_empty() || begins == heading {
        return Ok(());
    }
    let what = format!("{} is there already, and holds no results.", out.display());
    Err(Refusal::new("wrong_use", what)
        .at("--results")
        .hint("Name another file with --results.")
        .into())
}

fn hints(imported: &Imported, out: Option<&Path>, json: bool) {
    for warning in &imported.warnings {
        hint(&format!("Warning: {warning}."));
    }
    if !json {
        let results = out.map_or_else(
            || "Add --results OUT.csv to see what would become of each row.".to_owned(),
            |out| format!("A result for every row: {}", out.display()),
        );
        let sheet = imported
            .sheets
            .as_ref()
            .map(sheet_in_words)
            .unwrap_or_default();
        hint(&format!("Read as {}{sheet}. {results}", imported.encoding));
    }
}

/// Names the sheet read, and those that were not.
fn sheet_in_words(sheets: &Sheets) -> String {
    let others = sheets.others_in_words();
    let not_read = if others.is_empty() {
        ""
    } else {
        "; not read: "
    };
    format!(", the sheet {:?}{not_read}{others}", sheets.read)
}

fn others(sheets: Option<&Sheets>) -> Vec<&str> {
    let others = sheets.into_iter().flat_map(|sheets| &sheets.others);
    others.map(|sheet| sheet.name.as_str()).collect()
}

fn sums(c: &app::import::Counts, dry_run: bool) -> String {
    let would = if dry_run { "would be " } else { "" };
    let left = if c.absent > 0 {
        " (left as they are: withdraw or retire them)"
    } else {
        ""
    };
    format!(
        "{}: {would}{} created, {} revised, {} unchanged, {} refused; {} absent{left}, {}",
        counted(c.rows, "row"),
        c.created,
        c.revised,
        c.unchanged,
        c.refused,
        c.absent,
        counted(c.warnings, "warning")
    )
}

fn draft(
    global: &Global,
    (bytes, name, reading): (&[u8], &str, &Reading),
    kind: &str,
    out: &Path,
) -> Result<u8> {
    let registry = registry();
    let kind = app::import::kind(&registry, kind)?;
    let draft = app::import::draft(bytes, name, reading, kind)?;
    let mut whole = WholeFile::begin(out)?;
    if let Err(error) = std::io::Write::write_all(&mut whole.file, draft.toml.as_bytes()) {
        whole.discard()?;
        return Err(AppError::io(format!("writing {}", out.display()), error));
    }
    whole.finish()?;
    if global.json {
        let sheets = draft.sheets.as_ref();
        let said = json!({"mapping": out, "kind": kind.name, "missing": draft.missing,
            "sheet": sheets.map(|sheets| &sheets.read), "other_sheets": others(sheets)});
        say(&said.to_string());
    }
    hint(&format!(
        "Look through {} before you use it: it is a guess from the headings.",
        out.display()
    ));
    for warning in &draft.warnings {
        hint(&format!("Warning: {warning}."));
    }
    if let Some(sheets) = &draft.sheets {
        hint(&format!("Drafted from XLSX{}.", sheet_in_words(sheets)));
    }
    if !draft.missing.is_empty() {
        hint(&format!(
            "No column is like {}, which every {} has to state: until the mapping fills it, every row is refused.",
            draft.missing.join(", "),
            kind.name
        ));
    }
    Ok(DONE)
}

fn reading(sheet: Option<&String>, headings_at: Option<u32>) -> Reading {
    Reading {
        sheet: sheet.cloned(),
        headings_at: headings_at.map(|row| row as usize),
        ..Reading::default()
    }
}

fn name_of(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| AppError::io(format!("reading {}", path.display()), error))
}

fn read_text(path: &Path) -> Result<String> {
    let text = String::from_utf8(read(path)?);
    Ok(text.map_err(|_| {
        let what = format!("{} is not UTF-8 text, and so no mapping.", path.display());
        Refusal::new("not_utf8", what).hint("Save the mapping as UTF-8, or draft it again.")
    })?)
}

/// Returns where results go unless told: into the current directory, named after the file.
fn results_beside(file: &Path) -> PathBuf {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    PathBuf::from(format!("{stem}.results.csv"))
}
