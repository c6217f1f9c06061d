//! Making the auditor's file: what leaves, what is withheld and on what basis.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufWriter, Write};
use std::path::Path;

use assess::Names;
use ledger::{Checkpoint, Entry, Hash, Note, TlogProof, hash, tree};
use pack::{After, PackInput, Readme, WithheldFile, WithheldGroup, Withholding};
use record::command::MarkAs;
use record::{Act, Cite, Day, Event, Refusal};
use serde::Serialize;
use serde_json::Value;
use store::{Files, GOVERNANCE_LOG, Rows};
use uuid::Uuid;

use crate::checking::{self, status_json};
use crate::error::{AppError, Result};
use crate::groups::make_sure;
use crate::keeping::MANY;
use crate::keys::LogKey;
use crate::marked::{ByGroup, LeavingElsewhere};
use crate::named::named;
use crate::reading::{Asked, Ledger, head};
use crate::stored;
use crate::texts::cited_files;
use crate::titles::called;
use crate::whole::WholeFile;

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
    /// Versions entered in error: each pack names them, with reason, date and who.
    pub withdrawn: Vec<Withdrawn>,
}

/// A version entered in error.
#[derive(Debug, Clone, Serialize)]
pub struct Withdrawn {
    /// The record.
    pub id: Uuid,
    /// The version.
    pub version: u32,
    /// The record's kind.
    pub kind: String,
    /// The entry that withdrew it.
    pub seq: u64,
    /// The day it was withdrawn.
    pub on: Day,
    /// Why, as far as that is here.
    pub because: Option<String>,
    /// Who did it, as far as that is here.
    pub who: Option<String>,
}

impl Withdrawn {
    /// Returns it as a sentence.
    pub fn sentence(&self, title: Option<&String>) -> String {
        let title = title.map_or_else(|| self.id.to_string(), |title| format!("{title:?}"));
        let who = self.who.as_deref().unwrap_or("the local operator");
        let because = self.because.as_deref().unwrap_or("reason withheld");
        format!(
            "entry {}: version {} of {} {title} was withdrawn on {} by {who}: {because}",
            self.seq,
            self.version,
            self.kind,
            self.on.in_words()
        )
    }
}

/// As many bytes of a pack are written at once: a system that is given much keeps it in few pieces,
/// which are cheap to read again.
const WRITTEN_BYTES: usize = 1 << 20;

/// The marks that the auditor's profile withholds: personal words are shown in confidence.
const WITHHELD_FROM_AUDITOR: [MarkAs; 2] = [MarkAs::Privileged, MarkAs::Exempt];

/// A group of an entry and where it is.
#[derive(Debug, Clone)]
struct Place {
    commitment: Hash,
    seq: u64,
    name: String,
}

/// Everything gathered before a pack is written.
struct Gathered {
    size: u64,
    known_size: u64,
    leaves: Vec<Hash>,
    places: Vec<Place>,
    withheld: Vec<WithheldGroup>,
    leaving_elsewhere: Vec<LeavingElsewhere>,
    files: BTreeSet<Hash>,
    withheld_files: Vec<WithheldFile>,
    withdrawn: Vec<Withdrawn>,
    /// The entries that put each record known by U, by version: the last of a system, all of any
    /// other.
    puts: BTreeMap<Uuid, Vec<(u32, u64)>>,
}

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
    /// Refuses a moment that cannot be read or a file that is there already.
    pub async fn pack(&self, out: &Path, asked: &Asked) -> Result<Leaving> {
        let snapshot = self.reader.snapshot().await?;
        let rows = snapshot.rows();
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
            whole.discard()?;
            return Err(error);
        }
        whole.finish()?;
        Ok(leaving(&gathered))
    }

    /// Whoever verifies the pack computes its status from its records: it is computed so once more
    /// here, since what was derived and kept may have been altered.
    fn held(&self, whole: &WholeFile) -> Result<()> {
        let file = whole.file.try_clone();
        let file = file.map_err(|error| AppError::io("reading the pack", error))?;
        let model = (&*self.registry, &*self.catalogue);
        let differs = tokio::task::block_in_place(|| checking::differs(file, model))?;
        match differs {
            None => Ok(()),
            Some(what) => Err(AppError::Damaged(format!("status.json: {what}"))),
        }
    }

    async fn gather(&self, rows: Rows<'_>, asked: &Asked) -> Result<Gathered> {
        let head = head(rows).await?;
        let (_, cached) = self.at_hand(rows).await?;
        let known_size = self.exact(rows, &cached, asked).await?.size;
        if known_size == 0 {
            return Err(Refusal::new(
                "nothing_known",
                "Nothing was on record by then: the ledger began later.",
            )
            .hint("Ask about a later day, or add `--known-by now`.")
            .into());
        }
        let mut gathering = Gathering {
            known_size,
            ..Gathering::default()
        };
        let mut entries = rows.entries(GOVERNANCE_LOG, 0..head.size);
        while let Some(chunk) = entries.next().await? {
            for one in chunk {
                let groups = rows.groups(GOVERNANCE_LOG, one.seq).await?;
                gathering.add(self, one.seq, &one.bytes, &groups)?;
            }
        }
        let (mut gathered, by_group) = gathering.finish(head.size);
        gathered.leaving_elsewhere = by_group.leaving(rows).await?;
        Ok(gathered)
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
            let facts = crate::writer::stored_facts(facts)?;
            if let Some(called) = called(&self.registry, &entry, &facts.body, here)? {
                if is_last && id == self.begin.organisation {
                    names.call(named(&facts.body, &called.words));
                }
                names.insert_version(Cite { id, version }, called.title.clone());
                if is_last {
                    names.insert(id, called.title);
                }
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
            basis: format!("recorded after {}", made.known_by),
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
            .map_err(AppError::fault)
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
            status.known_by = format!("#{}", gathered.known_size - 1);
        }
        let (as_of, known_by) = (status.as_of.clone(), status.known_by.clone());
        let evidence = status.says.five.iter().flat_map(|answer| &answer.evidence);
        let cited: BTreeSet<u64> = evidence.map(|one| one.seq).collect();
        let proofs = proofs(&cited, &gathered.leaves, &checkpoint)?;
        let readme = pack::readme_text(&Readme {
            organisation: status.organisation.clone(),
            origin: log_key.origin().to_owned(),
            vkey: log_key.signing.vkey(),
            entries: gathered.size,
            root: signed.root,
            as_of: as_of.clone(),
            known_by: known_by.clone(),
            rules: self.catalogue.edition.clone(),
            profile: PROFILE.to_owned(),
            simulated_clock: self.begin.simulated_clock,
            withdrawn: gathered
                .withdrawn
                .iter()
                .map(|one| one.sentence(names.get(&one.id)))
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

const PROFILE: &str = "auditor";

fn leaving(gathered: &Gathered) -> Leaving {
    Leaving {
        entries: gathered.size,
        groups: gathered.places.len(),
        files: gathered.files.len(),
        withheld_groups: gathered.withheld.clone(),
        leaving_elsewhere: gathered.leaving_elsewhere.clone(),
        withheld_files: gathered.withheld_files.clone(),
        withdrawn: gathered.withdrawn.clone(),
    }
}

type Read<T> = std::result::Result<T, pack::write::Source>;

fn entry(rows: Rows<'_>, seq: u64) -> Read<Vec<u8>> {
    later(rows.entry(GOVERNANCE_LOG, seq))?.ok_or_else(|| format!("entry {seq} is missing").into())
}

fn group(rows: Rows<'_>, place: &Place) -> Read<(Hash, Vec<u8>)> {
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

/// What is gathered entry by entry.
#[derive(Default)]
struct Gathering {
    known_size: u64,
    leaves: Vec<Hash>,
    places: Vec<Place>,
    all: Vec<Meant>,
    files: BTreeSet<Hash>,
    file_marks: BTreeMap<Hash, (MarkAs, Reason)>,
    moved: BTreeMap<(Uuid, u32, String), (MarkAs, Reason)>,
    withdrawn: Vec<Withdrawn>,
    /// The entries that put each record, by version: the last of a system, all of any other.
    puts: BTreeMap<Uuid, Vec<(u32, u64)>>,
}

/// A group that leaves or not, once every mark is known.
struct Meant {
    place: Place,
    of: (Uuid, u32),
    is_put: bool,
    own: Option<(MarkAs, Reason)>,
    leaves: bool,
}

impl Gathering {
    fn add(
        &mut self,
        ledger: &Ledger,
        seq: u64,
        bytes: &[u8],
        groups: &[store::Group],
    ) -> Result<()> {
        self.leaves.push(hash::leaf_hash(bytes));
        let facts = groups
            .iter()
            .find(|group| group.name == "facts")
            .and_then(|group| group.bytes.as_deref());
        let facts = facts
            .ok_or_else(|| AppError::Damaged(format!("entry {seq}: its facts are missing")))?;
        let entry = Entry::parse(bytes)
            .map_err(|error| AppError::Damaged(format!("entry {seq}: {error}")))?;
        // Whoever is handed a pack is to find it sound, so nothing goes into one that is not.
        make_sure(seq, &entry, groups)?;
        let event = stored::event_of(seq, &entry, facts, &ledger.zone)?;
        let act = groups
            .iter()
            .find(|group| group.name == "act")
            .and_then(|group| group.bytes.as_deref())
            .map(stored::words)
            .transpose()?;
        let known = seq < self.known_size;
        let must = &*event.name == "withdraw" || event.act == Act::Erasure;
        for one in &entry.groups {
            let own = event
                .facts
                .marks
                .get(&one.name)
                .map(|mark| (*mark, Reason::stated(act.as_ref(), &one.name)));
            let is_here = |group: &store::Group| group.name == one.name && group.bytes.is_some();
            let here = groups.iter().any(is_here);
            self.all.push(Meant {
                place: Place {
                    commitment: one.commitment,
                    seq,
                    name: one.name.clone(),
                },
                of: (event.id, event.version),
                is_put: event.act == Act::Put,
                own,
                leaves: here && (known || (must && one.name == "facts")),
            });
        }
        if known {
            self.marks_and_files(&event, act.as_ref());
            self.withdrawal(&event, act.as_ref(), groups)?;
            if event.act == Act::Put {
                let puts = self.puts.entry(event.id).or_default();
                if &*event.kind == MANY {
                    puts.clear();
                }
                puts.push((event.version, seq));
            }
        }
        Ok(())
    }

    fn marks_and_files(&mut self, event: &Event, act: Option<&Value>) {
        for (name, mark) in &event.facts.marks {
            if let Ok(file) = name.parse::<Hash>() {
                self.file_marks
                    .insert(file, (*mark, Reason::stated(act, name)));
            } else if &*event.name == "mark" {
                self.moved.insert(
                    (event.id, event.version, name.clone()),
                    (*mark, Reason::stated(act, name)),
                );
            }
        }
        self.files.extend(cited_files(event));
    }

    fn withdrawal(
        &mut self,
        event: &Event,
        act: Option<&Value>,
        groups: &[store::Group],
    ) -> Result<()> {
        if &*event.name != "withdraw" {
            return Ok(());
        }
        let words = groups
            .iter()
            .find(|group| group.name == record::shape::WORDS)
            .and_then(|group| group.bytes.as_deref());
        let words = words.map(stored::words).transpose()?.unwrap_or(Value::Null);
        let text = |value: Option<&Value>| Some(value?.as_str()?.to_owned());
        self.withdrawn.push(Withdrawn {
            id: event.id,
            version: event.version,
            kind: event.kind.to_string(),
            seq: event.seq,
            on: event.recorded_on,
            because: text(words.get("/because")),
            who: text(act.and_then(|act| act.get("who"))),
        });
        Ok(())
    }

    fn finish(mut self, size: u64) -> (Gathered, ByGroup) {
        let mut withheld = Vec::new();
        let mut by_group = ByGroup::default();
        for one in std::mem::take(&mut self.all) {
            let key = (one.of.0, one.of.1, one.place.name.clone());
            let mark = self.moved.get(&key).cloned().or(one.own);
            let mark = mark.filter(|(mark, _)| WITHHELD_FROM_AUDITOR.contains(mark));
            if one.is_put && one.leaves {
                by_group.add(one.of, &one.place.name, (one.place.seq, mark.is_some()));
            }
            match mark {
                Some((mark, reason)) if one.leaves => withheld.push(WithheldGroup {
                    seq: one.place.seq,
                    group: one.place.name,
                    commitment: one.place.commitment,
                    mark: mark.as_str().to_owned(),
                    basis: reason.basis,
                    review_by: reason.review_by,
                }),
                _ if one.leaves => self.places.push(one.place),
                _ => {}
            }
        }
        withheld.sort_by(|a, b| (a.seq, &a.group).cmp(&(b.seq, &b.group)));
        self.places.sort_by_key(|place| place.commitment);
        let marked = self.file_marks.iter().filter(|(file, (mark, _))| {
            self.files.contains(file) && WITHHELD_FROM_AUDITOR.contains(mark)
        });
        let withheld_files: Vec<WithheldFile> = marked
            .map(|(file, (mark, reason))| WithheldFile {
                file: *file,
                mark: mark.as_str().to_owned(),
                basis: reason.basis.clone(),
                review_by: reason.review_by.clone(),
            })
            .collect();
        self.files
            .retain(|file| !withheld_files.iter().any(|one| one.file == *file));
        let gathered = Gathered {
            size,
            known_size: self.known_size,
            leaves: self.leaves,
            places: self.places,
            withheld,
            leaving_elsewhere: Vec::new(),
            files: self.files,
            withheld_files,
            withdrawn: self.withdrawn,
            puts: self.puts,
        };
        (gathered, by_group)
    }
}

/// Why something bears its mark, and when that is looked at again.
#[derive(Clone, Debug)]
struct Reason {
    basis: String,
    review_by: Option<String>,
}

impl Reason {
    /// What the act states for a mark; the machinery itself marks only what is about a person.
    fn stated(act: Option<&Value>, name: &str) -> Self {
        let mark = act.and_then(|act| act.get("marks")?.get(name));
        let text = |field| Some(mark?.get(field)?.as_str()?.to_owned());
        Self {
            basis: text("basis").unwrap_or_else(|| "about a living person".to_owned()),
            review_by: text("review_by"),
        }
    }
}
