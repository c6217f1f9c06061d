//! What a verification found, in the words of its JSON.

use ledger::{Checkpoint, Hash};
use record::counted;
use serde::{Serialize, Serializer};

/// What is not checked until the caller has computed `status.json` again, and with it all that a
/// pack says of its own entries.
pub const STATUS_NOT_COMPUTED: &str = "status.json, README.txt, withheld.json, and which files and proofs belong in the pack: they were not computed again from it";

/// The largest number of failures that are told one by one.
const MAX_FAILURES: usize = 100;

/// The result of a verification; serialises as `verify --json` prints it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether everything that was checked holds.
    pub verified: bool,
    /// Whether everything was checked that the verifier could ask for.
    pub complete: bool,
    /// The number of entries found.
    pub entries: u64,
    /// What the checkpoint says; nothing when it cannot be read.
    pub checkpoint: Option<Head>,
    /// What was not checked, and why.
    pub not_checked: Vec<String>,
    /// What nobody demanded.
    pub not_demanded: Vec<String>,
    /// What does not hold, at most a hundred and a last one that counts the rest.
    pub failures: Vec<Failure>,
    /// The groups that entries commit to, by what became of them; in the JSON only where they
    /// were counted.
    #[serde(skip_serializing_if = "GroupCounts::is_none")]
    pub groups: GroupCounts,
    /// The files that entries cite, where they were counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<FileCounts>,
    #[serde(skip)]
    untold: u64,
}

/// The head of the log that a pack is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Head {
    /// The name of the log.
    pub origin: String,
    /// The number of its entries.
    pub size: u64,
    /// The root of its tree; in hexadecimal digits.
    #[serde(serialize_with = "as_text")]
    pub root: Hash,
}

/// One thing that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The entry it concerns, where it concerns one.
    pub seq: Option<u64>,
    /// What was being checked, in a word or two.
    pub what: String,
    /// What was found.
    pub detail: String,
}

/// Groups, counted once for each entry and name that commits to one.
///
/// What is left out because it came too late counts as withheld although an entry before commits to the
/// same bytes and they are here: that there are two of them shows only when groups are compared one by one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct GroupCounts {
    /// Their bytes are here.
    pub disclosed: u64,
    /// Left out, and listed with a basis.
    pub withheld: u64,
    /// Destroyed, and an erasure names them.
    pub erased: u64,
}

impl GroupCounts {
    /// Whether none was counted: every log has an entry, and every entry its facts.
    fn is_none(&self) -> bool {
        *self == GroupCounts::default()
    }
}

/// Files that entries cite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FileCounts {
    /// Their bytes are here.
    pub disclosed: u64,
    /// Left out, and listed with a basis.
    pub withheld: u64,
}

impl Failure {
    pub(crate) fn new(seq: Option<u64>, what: &str, detail: impl ToString) -> Failure {
        Failure {
            seq,
            what: what.to_owned(),
            detail: detail.to_string(),
        }
    }
}

impl From<&Checkpoint> for Head {
    fn from(checkpoint: &Checkpoint) -> Head {
        Head {
            origin: checkpoint.origin.clone(),
            size: checkpoint.size,
            root: checkpoint.root,
        }
    }
}

impl Report {
    /// Enters what the caller found when it computed `status.json` again: nothing, or how it
    /// differs.
    pub fn status_computed(&mut self, difference: Option<String>) {
        self.not_checked.retain(|line| line != STATUS_NOT_COMPUTED);
        match difference {
            Some(detail) => self.fail(Failure::new(None, "status.json", detail)),
            None => self.conclude(),
        }
    }

    /// Enters how many files the caller found that entries cite. One that is withheld was not
    /// checked: there is nothing of it here but its hash.
    pub fn files_counted(&mut self, files: FileCounts) {
        self.files = Some(files);
        if files.withheld > 0 {
            let withheld = counted(files.withheld, "file");
            let what = format!("{withheld} withheld: listed with a basis, the bytes are not here");
            self.not_checked.push(what);
        }
        self.conclude();
    }

    /// Enters a failure, whether found here or by the caller.
    pub fn fail(&mut self, failure: Failure) {
        if self.failures.len() < MAX_FAILURES {
            self.failures.push(failure);
        } else {
            self.untold += 1;
            self.failures.truncate(MAX_FAILURES);
            let rest = format!("{} more that are not listed", self.untold);
            self.failures
                .push(Failure::new(None, "further failures", rest));
        }
        self.conclude();
    }

    /// Draws the two conclusions from what was found.
    pub(crate) fn conclude(&mut self) {
        self.verified = self.failures.is_empty();
        self.complete = self.not_checked.is_empty();
    }
}

fn as_text<S: Serializer>(hash: &Hash, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(hash)
}
