//! `import`: a file of others becomes records, every row accounted for.

use std::path::{Path, PathBuf};

use app::import::{Cut, Imported, Reading, Sheets};
use app::{AppError, Result, WholeFile};
use record::{Day, Refusal, counted, flat};
use serde_json::{Value, json};

use super::{given, guard_dir, registry, writing};
use crate::args::{Global, ImportArgs};
use crate::out::{COULD_NOT, DONE, NOT_SO, hint, say};

pub async fn import(global: &Global, typed: &ImportArgs) -> Result<u8> {
    if let Some(out) = &typed.results {
        // Over the lock a file of results would let two write at once.
        app::outside_data(out, &global.data)?;
    }
    if typed.list {
        return Ok(formats(global));
    }
    let (Some(format), Some(file)) = (&typed.format, &typed.file) else {
        return Err(Refusal::new("wrong_use", "Name a format and a file.")
            .hint("`minutebook import --list` names the formats.")
            .into());
    };
    let bytes = given::bytes(file, app::import::FILE_BYTES_MAX as u64)?;
    // It is kept as evidence of what it says.
    app::is_no_own_file(file, &global.data, &guard_dir(global)?)?;
    let name = name_of(file);
    let reading = Reading {
        sheet: typed.sheet.clone(),
        encoding: typed.encoding.clone(),
        headings_at: typed.headings_at.map(|row| row as usize),
        ..Reading::default()
    };
    let file_read = FileRead {
        bytes: &bytes,
        name: &name,
    };
    if let Some(out) = &typed.draft_mapping {
        return draft(global, file_read, &reading, typed, out);
    }
    one_mapping(format, typed.mapping.is_some())?;
    // A dry run leaves no file behind unless one is asked for.
    let out = typed.results.clone();
    let out = out.or_else(|| (!typed.dry_run).then(|| results_beside(file)));
    if let Some(out) = &out {
        may_hold_results(out)?;
    }
    let own = typed.mapping.as_ref().map(|path| given::text(path));
    let own = own.transpose()?;
    let mut mapping = app::import::mapping(format, own.as_deref())?;
    mapping.file.sheet = reading.sheet.or(mapping.file.sheet);
    mapping.file.encoding = reading.encoding.or(mapping.file.encoding);
    mapping.file.headings_at = reading.headings_at.or(mapping.file.headings_at);
    let how = How {
        dry_run: typed.dry_run,
        effective_on: typed.effective_on,
        out: out.as_deref(),
    };
    let (mut imported, written) = played(global, file_read, &mapping, &how).await?;
    without_sheets(typed, imported.sheets.as_ref());
    let stopped = imported.stopped.take();
    let code = told(global, format, &how, &(imported, written));
    Ok(stopped.map_or(code, |cut| cut_short(&cut)))
}

/// Says that a sheet was named of a file that has none.
fn without_sheets(typed: &ImportArgs, read: Option<&Sheets>) {
    if let (Some(sheet), None) = (&typed.sheet, read) {
        hint(&format!(
            "Warning: --sheet {sheet:?} is not looked for: this file is no workbook, and has no sheets."
        ));
    }
}

/// Says why an import ended before its last row, and what is known of those it did not reach.
fn cut_short(cut: &Cut) -> u8 {
    let not_known = match cut.not_known {
        0 => String::new(),
        _ => format!(
            "Of {} it is not known whether they are recorded. ",
            counted(cut.not_known, "row")
        ),
    };
    hint(&format!(
        "minutebook: {}. The rows before are recorded as above. {not_known}{} not reached. Once this is mended, run the import again: what is recorded is found unchanged, and the rest is recorded.",
        cut.error,
        match cut.not_recorded {
            1 => "1 row was".to_owned(),
            more => format!("{} were", counted(more, "row")),
        }
    ));
    COULD_NOT
}

/// Says what an import came to. What is recorded is said, whatever became of the file of results.
fn told(global: &Global, format: &str, how: &How<'_>, done: &(Imported, Result<()>)) -> u8 {
    let (imported, written) = done;
    let out = how.out.filter(|_| written.is_ok());
    match global.json {
        true => say(&summary(format, imported, out).to_string()),
        false => say(&sums(&imported.counts, how.dry_run)),
    }
    hints(imported, out, global.json);
    for reason in &imported.reasons {
        hint(&format!("Refused: {}", flat(reason)));
    }
    if let Err(error) = written {
        let next = match how.dry_run {
            true => {
                "Nothing was recorded: this was a dry run. Run it again with another --results."
            }
            false => {
                "The rows were taken as above, and their results are not in a file; a further run with another --results finds them unchanged."
            }
        };
        hint(&format!("minutebook: {error}. {next}"));
    }
    match (written, imported.counts.refused) {
        (Err(_), _) => COULD_NOT,
        (Ok(()), 0) => DONE,
        (Ok(()), _) => NOT_SO,
    }
}

/// A file that was read, whole, and what it is called.
#[derive(Clone, Copy)]
struct FileRead<'a> {
    bytes: &'a [u8],
    name: &'a str,
}

/// How a file is imported.
struct How<'a> {
    /// Only say what would happen.
    dry_run: bool,
    /// The day from which what the file says is so; the day of recording unless given.
    effective_on: Option<Day>,
    /// Where the results of the rows go.
    out: Option<&'a Path>,
}

/// Imports, or only looks what would become of each row, and writes the results, to a file that
/// is begun before the first row is recorded. Returns what the import came to, and whether its
/// results are written.
async fn played(
    global: &Global,
    file: FileRead<'_>,
    mapping: &app::import::Mapping,
    how: &How<'_>,
) -> Result<(Imported, Result<()>)> {
    let results = how.out.map(WholeFile::renew).transpose()?;
    let FileRead { bytes, name } = file;
    let day = how.effective_on;
    let imported = match how.dry_run {
        // It writes nothing, and so waits for nobody who does.
        true => match super::reading(global).await {
            Ok(ledger) => ledger.import_foreseen(bytes, name, mapping, day).await,
            Err(error) => Err(error),
        },
        false => match writing(global, "import").await {
            Ok(mut writing) => writing.import(bytes, name, mapping, day).await,
            Err(error) => Err(error),
        },
    };
    match (imported, results) {
        (Ok(imported), Some(results)) => {
            let written = finished(results, &imported.results);
            Ok((imported, written))
        }
        (Ok(imported), None) => Ok((imported, Ok(()))),
        (Err(error), Some(results)) => Err(results.given_up(error)),
        (Err(error), None) => Err(error),
    }
}

/// Writes a file that was begun, and gives it its name.
fn finished(mut whole: WholeFile, bytes: &[u8]) -> Result<()> {
    if let Err(error) = std::io::Write::write_all(&mut whole.file, bytes) {
        let error = AppError::io("writing it", error);
        return Err(whole.given_up(error));
    }
    whole.finish()
}

fn summary(format: &str, imported: &Imported, out: Option<&Path>) -> Value {
    let c = &imported.counts;
    let sheets = imported.sheets.as_ref();
    json!({"format": format, "rows": c.rows, "created": c.created, "revised": c.revised, "unchanged": c.unchanged,
        "refused": c.refused, "absent": c.absent, "warnings": c.warnings, "results": out, "encoding": imported.encoding,
        "guessed": imported.guessed,
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

/// Says what to look at in a file; a cell in it breaks no line of ours.
fn warn(warnings: &[String]) {
    for warning in warnings {
        hint(&format!("Warning: {}.", flat(warning)));
    }
}

fn hints(imported: &Imported, out: Option<&Path>, json: bool) {
    warn(&imported.warnings);
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
    file: FileRead<'_>,
    reading: &Reading,
    typed: &ImportArgs,
    out: &Path,
) -> Result<u8> {
    let registry = registry();
    let kind = app::import::kind(&registry, &typed.kind)?;
    let draft = app::import::draft(file.bytes, file.name, reading, kind)?;
    finished(WholeFile::begin(out)?, draft.toml.as_bytes())?;
    if global.json {
        let sheets = draft.sheets.as_ref();
        let said = json!({"mapping": out, "kind": kind.name, "missing": draft.missing,
            "unplaced": draft.unplaced,
            "sheet": sheets.map(|sheets| &sheets.read), "other_sheets": others(sheets)});
        say(&said.to_string());
    }
    hint(&format!(
        "Look through {} before you use it: it is a guess from the headings.",
        out.display()
    ));
    warn(&draft.warnings);
    without_sheets(typed, draft.sheets.as_ref());
    if let Some(sheets) = &draft.sheets {
        hint(&format!("Drafted from XLSX{}.", sheet_in_words(sheets)));
    }
    if !draft.unplaced.is_empty() {
        hint(&unplaced(&draft.unplaced));
    }
    if !draft.missing.is_empty() {
        hint(&format!(
            "No column is like {}, which every {} has to state: until the mapping fills it, every row is refused.",
            draft.missing.join(", "),
            kind.in_a_sentence()
        ));
    }
    Ok(DONE)
}

/// How many columns are named that no field is like; the mapping lists them all.
const NAMED_MAX: usize = 10;

fn unplaced(headings: &[String]) -> String {
    let named = headings.iter().take(NAMED_MAX);
    let mut named: Vec<String> = named.map(|heading| format!("{heading:?}")).collect();
    if headings.len() > NAMED_MAX {
        named.push(format!("and {} more", headings.len() - NAMED_MAX));
    }
    let columns = counted(headings.len(), "column");
    format!(
        "No field was found for {columns}, kept as received unless the mapping gives one: {}.",
        named.join(", ")
    )
}

fn name_of(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// Returns where results go unless told: into the current directory, named after the file.
fn results_beside(file: &Path) -> PathBuf {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    PathBuf::from(format!("{stem}.results.csv"))
}
