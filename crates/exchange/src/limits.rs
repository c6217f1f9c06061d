//! How large an imported file, and what is in it, may be.

/// The most bytes of one cell. A Command may have 1 MiB as JSON, and one cell may not fill it alone.
pub const CELL_BYTES_MAX: usize = 64 * 1024;

/// The most bytes of the body made from one row, as JSON. The Command that it is put by must stay
/// below 1 MiB with its other fields, hence the margin of 4 KiB.
pub const BODY_BYTES_MAX: usize = 1024 * 1024 - 4096;

/// The most bytes of one file.
pub const FILE_BYTES_MAX: usize = 256 * 1024 * 1024;

/// The most data rows of one file.
pub const ROWS_MAX: usize = 200_000;

/// The most columns of one file.
pub const COLUMNS_MAX: usize = 1_000;

/// The most cells of one file, blank ones among them: each row has one for every heading, whether
/// or not the file does.
pub const CELLS_MAX: usize = 20_000_000;

/// The most bytes that the cells of one file may have, each with its heading, as the records made
/// from them may keep it. A workbook is compressed and repeats texts, so its own size says nothing.
pub const TEXT_BYTES_MAX: usize = 512 * 1024 * 1024;

/// The most bytes all parts of a workbook may have once unpacked.
pub const WORKBOOK_UNPACKED_BYTES_MAX: usize = 512 * 1024 * 1024;

/// The most parts of a workbook.
pub const WORKBOOK_PARTS_MAX: usize = 10_000;

/// The most texts that cells of a workbook share, which are kept while it is read.
pub const SHARED_TEXTS_MAX: usize = CELLS_MAX;

/// The most shared texts that a workbook is believed to have where it has fewer.
pub const SHARED_TEXTS_STATED_MAX: usize = 1_000_000;

/// The most formulas that cells of a workbook share, by the highest number of one.
pub const SHARED_FORMULAS_MAX: usize = 1_000_000;

/// The most sheets of a workbook.
pub const SHEETS_MAX: usize = 1_000;

/// The most relations between the parts of a workbook; every hyperlink is one.
pub const RELATIONS_MAX: usize = 1_000_000;

/// The most names that a workbook defines.
pub const DEFINED_NAMES_MAX: usize = 1_000_000;

/// The most areas of merged cells.
pub const MERGED_MAX: usize = 1_000_000;

/// The most formats of cells. Spreadsheet programs make at most 65,490 of each of two sorts.
pub const CELL_FORMATS_MAX: usize = 150_000;

/// The most parts of such formats: fonts, fills, borders and formats of numbers.
pub const FORMAT_PARTS_MAX: usize = 1_000_000;

/// The most bytes of what begins an element that a format of cells repeats.
const FORMAT_BYTES_MAX: usize = 1024;

/// The most bytes of what begins another element that is kept.
const ELEMENT_BYTES_MAX: usize = 64 * 1024;

/// What a file is held to while it is read.
#[derive(Debug, Clone)]
pub struct Limits {
    /// See [`CELLS_MAX`].
    pub cells: usize,
    /// See [`TEXT_BYTES_MAX`].
    pub text_bytes: usize,
    /// See [`WORKBOOK_UNPACKED_BYTES_MAX`].
    pub unpacked_bytes: usize,
    /// See [`WORKBOOK_PARTS_MAX`].
    pub parts: usize,
    /// See [`SHARED_TEXTS_STATED_MAX`].
    pub shared_texts_stated: usize,
    /// See [`SHARED_FORMULAS_MAX`].
    pub shared_formulas: usize,
    /// How many there may be of the elements that are kept while a workbook is read.
    pub elements: [Elements; 7],
}

/// Elements of a workbook that are kept while it is read.
#[derive(Debug, Clone, Copy)]
pub struct Elements {
    /// The names of the elements.
    pub names: &'static [&'static str],
    /// What they are called.
    pub called: &'static str,
    /// How many there may be of them together, in all parts.
    pub most: usize,
    /// How many bytes each may begin with: its name and its attributes.
    pub bytes: usize,
}

impl Elements {
    const fn new(
        names: &'static [&'static str],
        called: &'static str,
        (most, bytes): (usize, usize),
    ) -> Self {
        Self {
            names,
            called,
            most,
            bytes,
        }
    }
}

impl Limits {
    /// Those that every import is held to.
    pub const OURS: Self = Self {
        cells: CELLS_MAX,
        text_bytes: TEXT_BYTES_MAX,
        unpacked_bytes: WORKBOOK_UNPACKED_BYTES_MAX,
        parts: WORKBOOK_PARTS_MAX,
        shared_texts_stated: SHARED_TEXTS_STATED_MAX,
        shared_formulas: SHARED_FORMULAS_MAX,
        elements: [
            Elements::new(
                &["si"],
                "shared texts",
                (SHARED_TEXTS_MAX, ELEMENT_BYTES_MAX),
            ),
            Elements::new(&["sheet"], "sheets", (SHEETS_MAX, ELEMENT_BYTES_MAX)),
            Elements::new(
                &["Relationship"],
                "relations",
                (RELATIONS_MAX, ELEMENT_BYTES_MAX),
            ),
            Elements::new(
                &["definedName"],
                "defined names",
                (DEFINED_NAMES_MAX, ELEMENT_BYTES_MAX),
            ),
            Elements::new(
                &["mergeCell"],
                "merged areas",
                (MERGED_MAX, ELEMENT_BYTES_MAX),
            ),
            Elements::new(
                &["xf"],
                "cell formats",
                (CELL_FORMATS_MAX, FORMAT_BYTES_MAX),
            ),
            // A font says its name in an element of its own.
            Elements::new(
                &["numFmt", "font", "fill", "border", "name"],
                "parts of cell formats",
                (FORMAT_PARTS_MAX, FORMAT_BYTES_MAX),
            ),
        ],
    };
}
