//! Bad input and faults, played against the binary: a clear refusal, and nothing lost.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod ahead;
mod altered;
mod blank;
mod bytes;
mod corrected;
mod daily;
mod dates;
mod desk;
mod directory;
mod drafts;
mod given;
mod governed;
mod guarded;
mod halted;
mod handed;
mod imported;
mod in_files;
mod killed;
mod limits;
mod lines;
mod marks;
mod newest;
mod next_said;
mod next_step;
mod noted;
mod outside;
mod packs;
mod people;
mod private;
mod provenance;
mod reaching;
mod refusals;
mod registers;
mod renamed;
mod reviewed;
mod said;
mod tamper;
mod told;
mod withheld;
