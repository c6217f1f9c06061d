//! Making the auditor's file: its texts, and the bytes of all that was gathered.

mod gathering;

use std::collections::BTreeSet;
use std::io::{BufWriter, Write};
use std::path::Path;

use assess::Names;
use ledger::{Checkpoint, Entry, Hash, Note, TlogProof, tree};
use pack::{After, PackInput, Readme, Withholding, WriteError};
use record::{Cite, Refusal};
use store::{Files, GOVERNANCE_LOG, Rows};
use uuid::Uuid;

use crate::checking::{self, proved, status_json};
use crate::citing::LeavingInFile;
use crate::error::{AppError, Result};
use crate::keys::LogKey;
use crate::leaving::Leaving;
use crate::left_out::after;
use crate::named::{name_version, named};
use crate::place;
use crate::profile::PROFILE;
use crate::reading::{Asked, Ledger, time_of};
use crate::stored;
use crate::titles::called;
use crate::walk::files::altered;
use crate::whole::WholeFile;
use gathering::{Gathered, GroupAt};

/// As many bytes of a pack are written at once: a system that is given much keeps it in few pieces,
/// which are cheap to read again.
const WRITTEN_BYTES: usize = 1 << 20;

fn later<T>(future: impl Future<Output = T>) -> T {
    tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(future))
}

impl Ledger {
    /// Says what a pack about T, known by U, would carry and withhold.
    ///
    /// # Errors
    /// As `pack`.
    pub async fn leaving(&self, asked: &Asked) -> Result<Leaving> {
        let snapshot = self.reader.snapshot().await?;
        let gathered = self.gather(snapshot.rows(), asked).await?;
        Ok(leaving(&gathered))
    }

    /// Writes a pack about T, known by U, for the auditor. Appends nothing.
    ///
    /// # Errors
    /// Refuses a moment that cannot be read, a file that is there already, or one in the data
    /// directory.
    pub async fn pack(&self, out: &Path, asked: &Asked) -> Result<Leaving> {
        place::outside_data(out, &self.dir)?;
        let snapshot = self.reader.snapshot().await?;
        let rows = snapshot.rows();
        // Before anything is made: nobody could verify a pack that another key signed.
        LogKey::of_ledger(&self.dir, rows).await?;
        let gathered = self.gather(rows, asked).await?;
        let whole = WholeFile::begin(out)?;
        let mut buffered = BufWriter::with_capacity(WRITTEN_BYTES, &whole.file);
        let written = self.write(rows, &mut buffered, asked, &gathered).await;
        let flushed = buffered
            .flush()
            .map_err(|error| AppError::io(format!("writing {}", out.display()), error));
        drop(buffered);
        let made = written.and(flushed).and_then(|()| self.held(&whole));
        if let Err(error) = made {
            return Err(whole.given_up(error));
        }
        whole.finish()?;
        Ok(leaving(&gathered))
    }

    /// Whoever verifies the pack computes its status from its records: it is computed so once more
    /// here, since what was derived and kept may have been altered.
    fn held(&self, whole: &WholeFile) -> Result<()> {
        let file = whole.file.try_clone();
        let file = file.map_err(|error| AppError::io("reading the pack", error))?;
        let differs = || checking::differs(file, &self.registry, &self.catalogue);
        let differs = tokio::task::block_in_place(differs)?;
        match differs {
            None => Ok(()),
            Some(what) => Err(AppError::Damaged(format!("status.json: {what}"))),
        }
    }

    /// Returns what records are called for whoever reads the pack, once all that is withheld is
    /// known.
    async fn names(&self, rows: Rows<'_>, gathered: &Gathered) -> Result<Names> {
        let withheld: BTreeSet<Hash> = gathered.withheld.iter().map(|one| one.commitment).collect();
        let mut names = Names::new();
        let of_each = |(id, puts): (&Uuid, &Vec<(u32, u64)>)| {
            let last = puts.last().copied();
            let each = puts.clone().into_iter();
            let id = *id;
            each.map(move |put| (id, put, Some(put) == last))
        };
        for (id, (version, seq), is_last) in gathered.puts.iter().flat_map(of_each) {
            let groups = rows.groups(GOVERNANCE_LOG, seq).await?;
            let entry = Entry::parse(&entry(rows, seq).map_err(AppError::fault)?);
            let entry = entry.map_err(AppError::fault)?;
            let here = |hash: &Hash| {
                let here = groups.iter().find(|group| group.commitment == hash.0);
                Ok(here
                    .filter(|_| !withheld.contains(hash))
                    .and_then(|group| group.bytes.clone()))
            };
            let facts = groups.iter().find(|group| group.name == "facts");
            let facts = facts.and_then(|group| group.bytes.as_deref());
            let facts = stored::facts(seq, facts)?;
            if let Some(called) = called(&self.registry, &entry, &facts.body, here)? {
                if id == self.begin.organisation {
                    let named = named(&facts.body, &called.words);
                    names.call_in(Cite { id, version }, named.clone());
                    names.call(named.into_iter().filter(|_| is_last));
                }
                if is_last {
                    names.insert(id, called.title.listed.clone());
                }
                name_version(&mut names, Cite { id, version }, called.title);
            }
        }
        Ok(names)
    }

    /// Writes what `prepare` made, and streams the rest.
    async fn write(
        &self,
        rows: Rows<'_>,
        out: impl Write,
        asked: &Asked,
        gathered: &Gathered,
    ) -> Result<()> {
        let log_key = LogKey::open(&self.dir)?;
        let made = self.prepare(rows, asked, gathered, &log_key).await?;
        let after = (gathered.known_size < gathered.size).then(|| After {
            first_seq: gathered.known_size,
            basis: after(&made.known_by),
        });
        let files = Files::in_dir(&self.dir);
        let mut temporary = tempfile::tempfile;
        let input = PackInput {
            readme: &made.readme,
            status_json: &made.status_json,
            checkpoint: &made.checkpoint,
            entries: &mut (0..gathered.size).map(|seq| entry(rows, seq)),
            groups: &mut gathered.places.iter().map(|place| group(rows, place)),
            files: &mut gathered.files.iter().map(|file| opened(&files, *file)),
            withheld: Withholding {
                after,
                files: &mut gathered.withheld_files.iter().cloned().map(Ok),
                groups: &mut gathered.withheld.iter().cloned().map(Ok),
            },
            proofs: made.proofs,
            as_of: &made.as_of,
            known_by: &made.known_by,
            rules: &self.catalogue.edition,
            profile: PROFILE,
            key: &log_key.for_pack()?,
        };
        pack::write(out, input, &mut temporary)
            .map(|_| ())
            .map_err(|error| match error {
                WriteError::OtherFile(file) => altered(&file),
                error => AppError::writing("making the pack", &error),
            })
    }

    /// Makes the members that are texts: the status, its proofs and README.txt.
    async fn prepare(
        &self,
        rows: Rows<'_>,
        asked: &Asked,
        gathered: &Gathered,
        log_key: &LogKey,
    ) -> Result<Made> {
        let (checkpoint, signed) = signed(rows, gathered.size).await?;
        let names = self.names(rows, gathered).await?;
        let mut status = self.told(rows, asked, &names).await?;
        // Exact, so that anybody computes the same.
        if status.known_by == "now" {
            let last = gathered.known_size - 1;
            status.known_by = format!("#{last}");
            status.known_by_told = self.zone.told(&status.known_by, time_of(rows, last).await?);
        }
        let (as_of, known_by) = (status.as_of.clone(), status.known_by.clone());
        let proofs = proofs(&proved(&status), &gathered.leaves, &checkpoint)?;
        let readme = pack::readme_text(&Readme {
            organisation: status.organisation.clone(),
            origin: log_key.origin().to_owned(),
            vkey: log_key.signing.vkey(),
            entries: gathered.size,
            root: signed.root,
            as_of: status.as_of_told.clone(),
            known_by: status.known_by_told.clone(),
            rules: self.catalogue.edition.clone(),
            profile: PROFILE.to_owned(),
            simulated_clock: self.begin.simulated_clock,
            withdrawn: gathered
                .withdrawn
                .iter()
                .map(|one| one.sentence(names.get(&one.id)))
                .collect(),
            shown: gathered.leaving_marked.counted(),
            in_files: gathered
                .leaving_in_files
                .iter()
                .filter_map(LeavingInFile::told)
                .collect(),
            has_proofs: !proofs.is_empty(),
            has_files: !gathered.files.is_empty(),
        });
        let status_json = status_json(&status)?;
        Ok(Made {
            as_of,
            known_by,
            readme,
            status_json,
            checkpoint,
            proofs,
        })
    }
}

/// Returns the checkpoint that signs every entry, as it is kept and read.
async fn signed(rows: Rows<'_>, size: u64) -> Result<(String, Checkpoint)> {
    let latest = rows.latest_checkpoint(GOVERNANCE_LOG).await?;
    let latest = latest.ok_or_else(|| AppError::Damaged("no checkpoint is kept".to_owned()))?;
    let note = Note::parse(latest.note.as_bytes()).map_err(AppError::fault)?;
    let signed = Checkpoint::parse(&note.text).map_err(AppError::fault)?;
    if signed.size != size {
        return Err(Refusal::new(
            "not_signed",
            "The newest entries are not under a signed checkpoint yet.",
        )
        .hint("Start the writer once, and make the pack again.")
        .into());
    }
    Ok((latest.note, signed))
}

/// The members of a pack that are texts.
struct Made {
    as_of: String,
    known_by: String,
    readme: String,
    status_json: Vec<u8>,
    checkpoint: String,
    proofs: Vec<(u64, String)>,
}

fn leaving(gathered: &Gathered) -> Leaving {
    Leaving {
        entries: gathered.size,
        groups: gathered.places.len(),
        files: gathered.files.len(),
        withheld_groups: gathered.withheld.clone(),
        leaving_elsewhere: gathered.leaving_elsewhere.clone(),
        leaving_in_files: gathered.leaving_in_files.clone(),
        leaving_marked: gathered.leaving_marked.clone(),
        leaving_marked_later: gathered.leaving_marked_later.clone(),
        withheld_files: gathered.withheld_files.clone(),
        withdrawn: gathered.withdrawn.clone(),
    }
}

type Read<T> = std::result::Result<T, pack::write::Source>;

fn entry(rows: Rows<'_>, seq: u64) -> Read<Vec<u8>> {
    later(rows.entry(GOVERNANCE_LOG, seq))?.ok_or_else(|| format!("entry {seq} is missing").into())
}

fn group(rows: Rows<'_>, place: &GroupAt) -> Read<(Hash, Vec<u8>)> {
    let found =
        later(rows.group(GOVERNANCE_LOG, place.seq, &place.name))?.and_then(|group| group.bytes);
    found
        .map(|bytes| (place.commitment, bytes))
        .ok_or_else(|| format!("entry {}: group {} is missing", place.seq, place.name).into())
}

fn opened(files: &Files, file: Hash) -> Read<(Hash, Box<dyn pack::write::ReadSeek>)> {
    Ok((file, Box::new(later(files.open(&file.0))?)))
}

fn proofs(cited: &BTreeSet<u64>, leaves: &[Hash], checkpoint: &str) -> Result<Vec<(u64, String)>> {
    cited
        .iter()
        .map(|index| {
            let hashes = tree::inclusion_proof(leaves, *index).map_err(AppError::fault)?;
            let proof = TlogProof {
                extra: Vec::new(),
                index: *index,
                hashes,
                checkpoint: checkpoint.to_owned(),
            };
            Ok((*index, proof.encode().map_err(AppError::fault)?))
        })
        .collect()
}
