//! One folder per kind of record.
