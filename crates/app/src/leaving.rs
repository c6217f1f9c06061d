//! What leaves in a pack and what does not, told before and after it is made.

use pack::{WithheldFile, WithheldGroup};
use serde::Serialize;

use crate::citing::LeavingInFile;
use crate::marked::{LeavingElsewhere, LeavingMarked};
use crate::withdrawn::Withdrawn;

/// What leaves in a pack and what does not.
#[derive(Debug, Clone, Serialize)]
pub struct Leaving {
    /// Entries of the log; all of them leave.
    pub entries: u64,
    /// Groups that leave.
    pub groups: usize,
    /// Files that leave.
    pub files: usize,
    /// Groups withheld, by entry and name, with their basis.
    pub withheld_groups: Vec<WithheldGroup>,
    /// Files withheld.
    pub withheld_files: Vec<WithheldFile>,
    /// Groups that leave of one version, though one of that name is withheld of another: a mark
    /// covers one version.
    pub leaving_elsewhere: Vec<LeavingElsewhere>,
    /// Files that leave, though words of an entry that cites them are withheld.
    pub leaving_in_files: Vec<LeavingInFile>,
    /// What leaves though it is marked.
    pub leaving_marked: LeavingMarked,
    /// What leaves though a mark was set after U that would withhold it: a pack goes by what was
    /// known.
    pub leaving_marked_later: LeavingMarked,
    /// Versions entered in error: each pack names them, with reason, date and who.
    pub withdrawn: Vec<Withdrawn>,
}
