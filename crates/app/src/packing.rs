//! Making the auditor's file: what leaves, what is withheld and on what basis.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufWriter, Write};
use std::mem::take;
use std::path::Path;

use assess::Names;
use ledger::{Checkpoint, Entry, Hash, Note, TlogProof, hash, tree};
use pack::{After, PackInput, Readme, WithheldFile, WithheldGroup, Withholding};
use record::approve::WITHDRAW;
use record::{Act, Cite, Event, Refusal};
use serde_json::Value;
use store::{Files, GOVERNANCE_LOG, Rows};
use uuid::Uuid;

use crate::checking::{self, proved, status_json};
use crate::citing::{Citing, LeavingInFile};
use crate::error::{AppError, Result};
use crate::groups::make_sure;
use crate::keeping::MANY;
use crate::keys::LogKey;
use crate::leaving::Leaving;
use crate::left_out::after;
use crate::marked::{ByGroup, LeavingElsewhere, LeavingMarked};
use crate::named::{name_version, named};
use crate::place;
use crate::profile::{Here, MarkedGroup, Marks, PROFILE, file_listed, withholds};
use crate::reading::{Asked, Ledger, head, time_of};
use crate::stored;
use crate::texts::cited_files;
use crate::titles::called;
use crate::whole::WholeFile;
use crate::withdrawn::{Withdrawal, Withdrawn};

/// As many bytes of a pack are written at once: a system that is given much keeps it in few pieces,
/// which are cheap to read again.
const WRITTEN_BYTES: usize = 1 << 20;

/// A group of an entry and where it is.
#[derive(Debug, Clone)]
struct GroupAt {
    commitment: Hash,
    seq: u64,
    name: String,
}

/// Everything gathered before a pack is written.
struct Gathered {
    size: u64,
    known_size: u64,
    leaves: Vec<Hash>,
    places: Vec<GroupAt>,
    withheld: Vec<WithheldGroup>,
    leaving_elsewhere: Vec<LeavingElsewhere>,
    leaving_in_files: Vec<LeavingInFile>,
    leaving_marked: LeavingMarked,
    leaving_marked_later: LeavingMarked,
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

    async fn gather(&self, rows: Rows<'_>, asked: &Asked) -> Result<Gathered> {
        let head = head(rows).await?;
        let (_, cached) = self.at_hand(rows).await?;
        let exact = self.exact(rows, &cached, asked).await?;
        let known_size = exact.size;
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
        let (mut gathered, by_group) = gathering.finish(head.size, &asked.spoken(&exact).1)?;
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
            .map_err(|error| AppError::writing("making the pack", &error))
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

/// What is gathered entry by entry.
#[derive(Default)]
struct Gathering {
    known_size: u64,
    leaves: Vec<Hash>,
    places: Vec<GroupAt>,
    /// Groups whose bytes are here, of entries known by U: each leaves unless its mark withholds it.
    all: Vec<Meant>,
    files: BTreeSet<Hash>,
    citing: Citing,
    marks: Marks,
    /// The marks set after U.
    later: Marks,
    /// Groups that say on what basis something is marked, and why and by whom withdrawn.
    opened: BTreeMap<Hash, Value>,
    withdrawn: Vec<Withdrawal>,
    /// The entries that put each record, by version: the last of a system, all of any other.
    puts: BTreeMap<Uuid, Vec<(u32, u64)>>,
}

/// A group that leaves or not, once every mark is known.
struct Meant {
    place: GroupAt,
    of: (Uuid, u32),
    is_put: bool,
}

/// The groups known by U that bear a mark, by what it does.
#[derive(Default)]
struct ByMark {
    withheld: Vec<MarkedGroup>,
    shown: Vec<MarkedGroup>,
    /// Those that leave, with the mark that was set on them after U.
    since: Vec<MarkedGroup>,
    by_group: ByGroup,
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
        let withdrawal = Withdrawal::of(&entry, &event);
        let must = withdrawal.is_some() || event.act == Act::Erasure;
        self.withdrawn.extend(withdrawal);
        let is_known = seq < self.known_size;
        let here = |group: &&store::Group| group.bytes.is_some();
        for group in groups.iter().filter(here) {
            let place = GroupAt {
                commitment: Hash(group.commitment),
                seq,
                name: group.name.clone(),
            };
            if is_known {
                self.all.push(Meant {
                    place,
                    of: (event.id, event.version),
                    is_put: event.act == Act::Put,
                });
            } else if must && group.name == "facts" {
                self.places.push(place);
            }
        }
        if is_known {
            self.add_known(&entry, &event, groups)
        } else {
            self.later.note(&entry, &event);
            self.open(&event, groups)
        }
    }

    fn add_known(&mut self, entry: &Entry, event: &Event, groups: &[store::Group]) -> Result<()> {
        self.marks.note(entry, event);
        for file in cited_files(event) {
            self.citing.note(file, event.seq);
            self.files.insert(file);
        }
        if event.act == Act::Put {
            let puts = self.puts.entry(event.id).or_default();
            if &*event.kind == MANY {
                puts.clear();
            }
            puts.push((event.version, event.seq));
        }
        self.open(event, groups)
    }

    /// Opens what says on what basis an entry marks, and why and by whom it withdraws.
    fn open(&mut self, event: &Event, groups: &[store::Group]) -> Result<()> {
        let is_withdrawn = &*event.name == WITHDRAW;
        for group in groups {
            let is_asked = match group.name.as_str() {
                "act" => is_withdrawn || !event.facts.marks.is_empty(),
                record::shape::WORDS => is_withdrawn,
                _ => false,
            };
            if let Some(bytes) = group.bytes.as_deref().filter(|_| is_asked) {
                let words = stored::words(bytes)?;
                self.opened.insert(Hash(group.commitment), words);
            }
        }
        Ok(())
    }

    /// Returns the groups known by U that bear one of these marks, by entry and name.
    fn marked(&self, marks: &mut Marks) -> Result<BTreeMap<(u64, String), MarkedGroup>> {
        let mut of_versions: BTreeMap<(Uuid, u32), Vec<&GroupAt>> = BTreeMap::new();
        let versions = marks.versions();
        for one in self.all.iter().filter(|one| versions.contains(&one.of)) {
            of_versions.entry(one.of).or_default().push(&one.place);
        }
        let marked = marks.on_groups(|(id, version, name)| {
            let places = of_versions.get(&(*id, *version)).into_iter().flatten();
            let so = places.filter(|place| place.name == *name);
            Ok(so.map(|place| (place.seq, place.commitment)).collect())
        })?;
        let by_place = |one: MarkedGroup| ((one.seq, one.group.clone()), one);
        Ok(marked.into_iter().map(by_place).collect())
    }

    /// Parts what leaves from what is withheld by these marks, or would be by later ones.
    fn part(&mut self, marks: &mut Marks, later: &mut Marks) -> Result<ByMark> {
        let mut marked = self.marked(marks)?;
        let mut marked_later = self.marked(later)?;
        marked_later.retain(|_, one| withholds(one.set.mark));
        let mut by_mark = ByMark::default();
        for one in take(&mut self.all) {
            let place = (one.place.seq, one.place.name.clone());
            let mark = marked.remove(&place);
            let is_withheld = mark.as_ref().is_some_and(|one| withholds(one.set.mark));
            if one.is_put {
                let entry = (one.place.seq, is_withheld);
                by_mark.by_group.add(one.of, &one.place.name, entry);
            }
            if is_withheld {
                self.opened.remove(&one.place.commitment);
                by_mark.withheld.extend(mark);
            } else {
                by_mark.shown.extend(mark);
                by_mark.since.extend(marked_later.remove(&place));
                self.places.push(one.place);
            }
        }
        Ok(by_mark)
    }

    fn finish(mut self, size: u64, known_by: &str) -> Result<(Gathered, ByGroup)> {
        let (mut marks, mut later) = (take(&mut self.marks), take(&mut self.later));
        let by_mark = self.part(&mut marks, &mut later)?;
        self.places.sort_by_key(|place| place.commitment);
        let opened = take(&mut self.opened);
        let mut here = |group: &Hash| Ok(opened.get(group).cloned());
        let mut listed = |mut groups: Vec<MarkedGroup>| {
            groups.sort_by(|a, b| (a.seq, &a.group).cmp(&(b.seq, &b.group)));
            let listed = groups.into_iter().map(|one| one.listed(&mut here));
            listed.collect::<Result<Vec<WithheldGroup>>>()
        };
        let (withheld, shown) = (listed(by_mark.withheld)?, listed(by_mark.shown)?);
        let shown_since = listed(by_mark.since)?;
        let (withheld_files, shown_files) = self.marked_files(marks, &mut here)?;
        later
            .files
            .retain(|file, set| withholds(set.mark) && self.files.contains(file));
        let since = later.files.into_iter();
        let files_since: Result<_> = since.map(|one| file_listed(one, &mut here)).collect();
        let of_groups = withheld.iter().map(|one| (one.seq, one.group.as_str()));
        let leaving_in_files = self
            .citing
            .leaving(of_groups, |file| self.files.contains(file));
        let withdrawn = self.withdrawn.into_iter().map(|one| {
            let is_later = one.seq >= self.known_size;
            one.told(is_later.then_some(known_by), &mut here)
        });
        let gathered = Gathered {
            size,
            known_size: self.known_size,
            withdrawn: withdrawn.collect::<Result<_>>()?,
            leaves: self.leaves,
            places: self.places,
            withheld,
            leaving_elsewhere: Vec::new(),
            leaving_in_files,
            leaving_marked: LeavingMarked {
                groups: shown,
                files: shown_files,
            },
            leaving_marked_later: LeavingMarked {
                groups: shown_since,
                files: files_since?,
            },
            files: self.files,
            withheld_files,
            puts: self.puts,
        };
        Ok((gathered, by_mark.by_group))
    }

    /// Takes the files that are withheld out of those that leave; returns them, and those that
    /// leave though they are marked.
    fn marked_files(
        &mut self,
        marks: Marks,
        here: &mut Here<'_>,
    ) -> Result<(Vec<WithheldFile>, Vec<WithheldFile>)> {
        let (mut withheld, mut shown) = (Vec::new(), Vec::new());
        for (file, set) in marks.files {
            if !self.files.contains(&file) {
                continue;
            }
            let one = file_listed((file, set), here)?;
            if withholds(set.mark) {
                self.files.remove(&file);
                withheld.push(one);
            } else {
                shown.push(one);
            }
        }
        Ok((withheld, shown))
    }
}
