//! Reads and checks the catalogues.
