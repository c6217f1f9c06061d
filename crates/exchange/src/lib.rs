//! File in, commands out.
