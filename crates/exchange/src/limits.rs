//! How large an imported file, and what is in it, may be.

/// The most bytes of one cell. An entry of the ledger keeps each group of a
/// record under 1 MiB, so one cell may not fill it alone.
pub const CELL_BYTES_MAX: usize = 64 * 1024;

/// The most bytes of the body made from one row, as JSON. A group must stay
/// below 1 MiB with its name and salt beside it, hence the margin of 4 KiB.
pub const BODY_BYTES_MAX: usize = 1024 * 1024 - 4096;

/// The most bytes of one file.
pub const FILE_BYTES_MAX: usize = 256 * 1024 * 1024;

/// The most data rows of one file.
pub const ROWS_MAX: usize = 200_000;

/// The most columns of one file.
pub const COLUMNS_MAX: usize = 1_000;

/// The most bytes all cells of a workbook may take once unpacked; a workbook
/// is compressed, so its own size says nothing about what comes out of it.
pub const WORKBOOK_TEXT_BYTES_MAX: usize = 512 * 1024 * 1024;
