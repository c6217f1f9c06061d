//! Writes and checks the auditor's file.
