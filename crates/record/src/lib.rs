//! The vocabulary: what a kind of record is, what a Command asks and how it is decided.
