//! The one writer of a ledger: batches decided, committed, guarded, signed, then answered.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use ledger::{Frontier, GuardMark, Hash, hash};
use record::decide::Either;
use record::{Act, Command, Facts, NewEntry, Refusal};
use serde_json::{Value, json};
use store::{Files, GOVERNANCE_LOG, Head, Rows, Writer};
use uuid::Uuid;

use crate::clock::Clock;
pub use crate::desk::Written;
use crate::desk::{Appended, Desk};
use crate::error::{AppError, Result};
use crate::guard::{GuardDir, GuardState, earlier};
use crate::init::finished;
use crate::keeping::keep_range;
use crate::keys::LogKey;
use crate::model::Model;
use crate::reading::head;
use crate::rebuild;
use crate::signing;
use crate::stopped::{Failed, Stopped};
use crate::stored;
use crate::wal::WalKeeper;
use crate::walk::{Meant, StandsOn, Walk};

/// Commands that one batch holds at most.
pub const BATCH_MAX: usize = 256;

/// What a Command came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Recorded: one entry, or one for each Command of a set.
    Done(Vec<Written>),
    /// Refused; nothing was recorded.
    Refused(Refusal),
}

/// How a writer is opened.
#[derive(Debug, Clone)]
pub struct Acting {
    /// Who acts where a Command does not say: an e-mail address.
    pub email: Option<String>,
    /// What the lock says of who writes.
    pub holder: String,
    /// Whether a clock is accepted that jumped, or is over 366 days after the last entry.
    pub accept_clock: bool,
}

/// The writer of one ledger.
#[derive(Debug)]
pub struct Writing {
    // Invariant: these two first, so that they end before the writer's own connections close.
    pub(crate) walk: Walk,
    pub(crate) _wal: WalKeeper,
    pub(crate) writer: Writer,
    pub(crate) desk: Desk,
    pub(crate) key: LogKey,
    pub(crate) guard: GuardDir,
    pub(crate) frontier: Frontier,
}

impl Writing {
    /// Opens a ledger for writing: finishes what a crash left unsigned, and refuses where the
    /// guard does.
    ///
    /// # Errors
    /// Another writer, a guard that forbids appending, or what is stored not reading back.
    pub async fn open(dir: &Path, model: Model, guard: &GuardDir, acting: &Acting) -> Result<Self> {
        let mut writing = Self::open_unguarded(dir, model, guard, acting).await?;
        if let Some(error) = writing.guard_state().await?.against() {
            return Err(error);
        }
        signing::check_end(&writing.writer, &writing.frontier, &writing.key).await?;
        writing.recover().await?;
        Ok(writing)
    }

    /// Opens a ledger for writing without asking the guard: for the guard's own commands.
    ///
    /// # Errors
    /// As `open`, the guard apart.
    pub async fn open_unguarded(
        dir: &Path,
        model: Model,
        guard: &GuardDir,
        acting: &Acting,
    ) -> Result<Self> {
        guard.outside(dir)?;
        let mut writer = Writer::open(dir, &acting.holder).await?;
        finished(writer.rows(), dir).await?;
        let frontier = end(writer.rows()).await?;
        let key = LogKey::of_ledger(dir, writer.rows()).await?;
        let (begin, zone) = stored::beginning(writer.rows()).await?;
        let clock = Clock::new(begin.simulated_clock, acting.accept_clock);
        let mut desk = Desk::new(model.clone(), zone, clock, Files::in_dir(dir), key.secret());
        rebuild::where_needed(&mut writer, &model).await?;
        desk.load(writer.rows()).await?;
        desk.clock = desk.clock.after(desk.last_ms);
        desk.acting.clone_from(&acting.email);
        let meant = Meant {
            frontier: frontier.clone(),
            stands_on: Some(StandsOn {
                at_hand: desk.loaded.clone(),
                registry: model.registry,
                key: LogKey::open(dir)?,
                dir: dir.to_owned(),
            }),
        };
        let mut writing = Self::over(writer, (desk, frontier), key, guard).await?;
        writing.walk = Walk::start(dir, meant)?;
        Ok(writing)
    }

    /// Returns a writer over a database whose entries the desk and the compact range take in.
    pub(crate) async fn over(
        writer: Writer,
        (desk, frontier): (Desk, Frontier),
        key: LogKey,
        guard: &GuardDir,
    ) -> Result<Self> {
        let wal = WalKeeper::start(writer.wal().await?)?;
        Ok(Self {
            writer,
            desk,
            key,
            guard: guard.clone(),
            frontier,
            walk: Walk::over(),
            _wal: wal,
        })
    }

    /// Returns both sides of the guard.
    ///
    /// # Errors
    /// When either side cannot be read.
    pub async fn guard_state(&self) -> Result<GuardState> {
        let signed = self
            .writer
            .rows()
            .latest_checkpoint(GOVERNANCE_LOG)
            .await?
            .map_or(0, |one| one.size);
        let guard = self.guard.read(&self.key.short())?;
        Ok(GuardState {
            guard,
            head: GuardMark {
                size: self.frontier.size(),
                root: self.frontier.root(),
                checkpoints: None,
            },
            signed,
            earlier: earlier(self.writer.rows(), guard).await?,
        })
    }

    /// Entries committed after the latest checkpoint are read back, guarded and signed: the
    /// same code as for a batch just committed.
    async fn recover(&mut self) -> Result<()> {
        let state = self.guard_state().await?;
        if state.signed == state.head.size {
            return Ok(());
        }
        self.walk.end().await?;
        let guarded = state.guard.map_or(0, |mark| mark.size);
        let before = signing::range_of(self.writer.rows(), guarded).await?;
        let added = signing::read_back(&self.writer, before.size(), None).await?;
        let mut after = before.clone();
        added.iter().for_each(|leaf| after.append(*leaf));
        if after != self.frontier {
            return Err(AppError::Damaged(
                "the entries do not make the head".to_owned(),
            ));
        }
        signing::guard_and_sign(&mut self.writer, &self.guard, &self.key, &before, &added)
            .await
            .map(|_| ())
    }

    /// Decides Commands in order and answers each once it is durable and under a signed
    /// checkpoint; the first wait until the whole ledger was read back. At most 256 go into one
    /// batch; a set is a batch of its own.
    ///
    /// # Errors
    /// A fault, with what was answered before it: nothing of the batch is acknowledged, and the
    /// writer must be opened again.
    pub async fn submit(
        &mut self,
        commands: &[Command],
    ) -> std::result::Result<Vec<Outcome>, Stopped> {
        self.walk.end().await.map_err(|error| Stopped {
            outcomes: Vec::new(),
            not_known: 0,
            error,
        })?;
        let mut outcomes = Vec::with_capacity(commands.len());
        while let Some(first) = commands.get(outcomes.len()) {
            let rest = &commands[outcomes.len()..];
            let (length, done) = match first {
                Command::All(all) => {
                    let done = self.set(&all.commands).await;
                    (1, done.map(|outcome| vec![outcome]))
                }
                _ => {
                    let length = rest
                        .iter()
                        .take(BATCH_MAX)
                        .take_while(|command| !matches!(command, Command::All(_)))
                        .count();
                    (length, self.batch(&rest[..length]).await)
                }
            };
            match done {
                Ok(done) => outcomes.extend(done),
                Err(failed) => {
                    return Err(Stopped {
                        outcomes,
                        not_known: if failed.may_be_recorded { length } else { 0 },
                        error: failed.error,
                    });
                }
            }
        }
        Ok(outcomes)
    }

    async fn batch(&mut self, commands: &[Command]) -> std::result::Result<Vec<Outcome>, Failed> {
        let Self {
            writer,
            desk,
            frontier,
            ..
        } = self;
        let mut batch = writer.begin().await?;
        let mut outcomes = Vec::with_capacity(commands.len());
        let mut leaves = Vec::with_capacity(commands.len());
        for command in commands {
            let Some(one) = either(command) else { continue };
            match desk.submit(&mut batch, &one).await? {
                Ok(appended) => {
                    leaves.extend(leaf(&appended));
                    outcomes.push(Outcome::Done(vec![appended.written]));
                }
                Err(refusal) => outcomes.push(Outcome::Refused(refusal)),
            }
        }
        let after = finish(batch, desk, frontier, &leaves).await?;
        self.sign(after, &leaves).await.map_err(Failed::late)?;
        Ok(outcomes)
    }

    /// A set commits together or not at all.
    async fn set(&mut self, commands: &[Command]) -> std::result::Result<Outcome, Failed> {
        let Self {
            writer,
            desk,
            frontier,
            ..
        } = self;
        let mut batch = writer.begin().await?;
        let mut written = Vec::with_capacity(commands.len());
        let mut leaves = Vec::with_capacity(commands.len());
        for (index, command) in commands.iter().enumerate() {
            let Some(one) = either(command) else { continue };
            match desk.submit(&mut batch, &one).await? {
                Ok(appended) => {
                    leaves.extend(leaf(&appended));
                    written.push(appended.written);
                }
                Err(refusal) => {
                    batch.rollback().await?;
                    desk.load(writer.rows()).await?;
                    let place = format!(
                        "/commands/{index}{}",
                        refusal.field.clone().unwrap_or_default()
                    );
                    return Ok(Outcome::Refused(refusal.at(place)));
                }
            }
        }
        let after = finish(batch, desk, frontier, &leaves).await?;
        self.sign(after, &leaves).await.map_err(Failed::late)?;
        Ok(Outcome::Done(written))
    }

    async fn sign(&mut self, after: Frontier, leaves: &[Hash]) -> Result<()> {
        self.desk.tidy();
        if leaves.is_empty() {
            return Ok(());
        }
        let added = signing::read_back(&self.writer, self.frontier.size(), Some(leaves)).await?;
        let signed = signing::guard_and_sign(
            &mut self.writer,
            &self.guard,
            &self.key,
            &self.frontier,
            &added,
        )
        .await
        .map_err(|error| unsigned(self.frontier.size()..after.size(), error))?;
        if signed != after {
            return Err(AppError::Damaged(
                "the last batch does not make the head".to_owned(),
            ));
        }
        self.frontier = signed;
        Ok(())
    }

    /// Appends an entry that no Command asks for: a check, an accepted guard, the beginning.
    ///
    /// # Errors
    /// As `submit`.
    pub(crate) async fn append(&mut self, entry: NewEntry) -> Result<Written> {
        self.walk.end().await?;
        let time = self.desk.clock.record_ms(self.desk.last_ms)?;
        let Self {
            writer,
            desk,
            frontier,
            ..
        } = self;
        let mut batch = writer.begin().await?;
        let appended = desk
            .append(&mut batch, entry, time)
            .await?
            .map_err(AppError::Refused)?;
        let leaves = [hash::leaf_hash(&appended.bytes)];
        let after = finish(batch, desk, frontier, &leaves).await;
        let after = after.map_err(|failed| failed.error)?;
        self.sign(after, &leaves).await?;
        Ok(appended.written)
    }

    /// Looks whether an entry could be appended now; appends nothing.
    ///
    /// # Errors
    /// What would forbid it: the guard, the clock, or the database.
    pub async fn ready(&mut self) -> Result<()> {
        if let Some(error) = self.guard_state().await?.against() {
            return Err(error);
        }
        self.desk.clock.record_ms(self.desk.last_ms)?;
        self.walk.so_far().await?;
        Ok(self.writer.begin().await?.rollback().await?)
    }

    /// Records that the ledger was read back, and what came of it. That it was found altered is
    /// signed only where every entry and group reads back all the same (decision 018).
    ///
    /// # Errors
    /// As `submit`; and what an entry or a group is other than was recorded.
    pub async fn record_check(&mut self, sound: bool) -> Result<Written> {
        if !sound {
            let meant = Meant {
                frontier: self.frontier.clone(),
                stands_on: None,
            };
            meant
                .hold(self.writer.rows(), &AtomicBool::new(false))
                .await?;
        }
        let body = json!({
            "result": if sound { "sound" } else { "altered" },
            "root": self.frontier.root().to_string(),
            "size": self.frontier.size(),
        });
        let entry = bare(
            Act::Check,
            body,
            self.desk
                .zone
                .day(self.desk.clock.record_ms(self.desk.last_ms)?),
        );
        self.append(entry).await
    }

    /// Creates a missing guard anew, or moves one that lags forward after checking that the
    /// log extends what it remembers; recorded as an entry.
    ///
    /// # Errors
    /// When the guard is ahead of the log or remembers another history.
    pub async fn accept_guard(&mut self, because: &str) -> Result<Written> {
        if record::is_blank(because) {
            let refusal = Refusal::new("malformed", "A reason is needed.").at("--because");
            return Err(refusal
                .hint("Say how the guard was lost or left behind.")
                .into());
        }
        // Before the guard moves: an acceptance is an entry, or is none.
        let time = self.desk.clock.record_ms(self.desk.last_ms)?;
        signing::check_end(&self.writer, &self.frontier, &self.key).await?;
        self.walk.end().await?;
        let state = self.guard_state().await?;
        if let Some(mark) = state.guard {
            let before = signing::range_of(self.writer.rows(), mark.size).await?;
            if mark.size > state.head.size || before.root() != mark.root {
                // An older copy is told so; any other has another history.
                let older = state.against().filter(|_| mark.size > state.head.size);
                return Err(older.unwrap_or_else(|| AppError::Guard {
                    message: format!("the first {} entries are not those that the guard remembers: this ledger was forked or altered", mark.size),
                    hint: "run `minutebook verify`, and go on with the true copy".to_owned(),
                }));
            }
            if let Some(error) = state.against_checkpoints() {
                return Err(error);
            }
            if mark.size >= state.signed {
                return Err(nothing_to_accept().into());
            }
        }
        // Counted from what is kept: a guard that was lost, or lags, knows no better.
        let checkpoints = signing::counted(self.writer.rows(), None, state.head.size).await?;
        let head = GuardMark {
            checkpoints: Some(checkpoints),
            ..state.head
        };
        self.guard.write(&self.key.short(), &head)?;
        let mut entry = bare(
            Act::Guard,
            json!({"was": state.guard.map(|mark| mark.size), "is": state.head.size}),
            self.desk.zone.day(time),
        );
        entry.groups.insert(
            "act".to_owned(),
            json!({"because": because, "who": "the local operator"}),
        );
        self.append(entry).await
    }

    /// Returns the day it is, in the organisation's time zone.
    pub fn today(&self) -> record::Day {
        self.desk
            .zone
            .day(self.desk.clock.now_ms(self.desk.last_ms))
    }

    /// Returns the verifier key.
    pub fn vkey(&self) -> String {
        self.key.signing.vkey()
    }

    /// Returns the log's origin.
    pub fn origin(&self) -> &str {
        self.key.origin()
    }

    /// Returns the number of entries.
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }
}

/// Returns the leaf that is added to the log; none where an earlier entry is told again.
fn leaf(appended: &Appended) -> Option<Hash> {
    (!appended.bytes.is_empty()).then(|| hash::leaf_hash(&appended.bytes))
}

/// Says of entries that were just committed that the machine stood against signing them: they
/// are recorded, and whoever repeats the Command records it twice.
fn unsigned(entries: std::ops::Range<u64>, error: AppError) -> AppError {
    let of_machine = match &error {
        AppError::Io { .. } => true,
        AppError::Store(error) => !error.is_damage(),
        _ => false,
    };
    if !of_machine {
        return error;
    }
    let last = entries.end.saturating_sub(1);
    let recorded = match entries.start == last {
        true => format!("entry {last} is"),
        false => format!("entries {} to {last} are", entries.start),
    };
    AppError::Unsigned {
        recorded,
        source: Box::new(error),
    }
}

fn nothing_to_accept() -> Refusal {
    let what = "The signing guard is neither missing nor behind: there is nothing to accept.";
    Refusal::new("wrong_use", what).hint("`minutebook guard` says both sides of it.")
}

/// Sets the head and commits. Once committed, the batch is durable; what is left is to guard
/// and sign it.
pub(crate) async fn finish(
    mut batch: store::Batch<'_>,
    desk: &mut Desk,
    before: &Frontier,
    leaves: &[Hash],
) -> std::result::Result<Frontier, Failed> {
    let mut after = before.clone();
    if leaves.is_empty() {
        batch.rollback().await?;
        return Ok(after);
    }
    for leaf in leaves {
        after.append(*leaf);
        keep_range(&mut batch, &after).await?;
    }
    let head = Head {
        size: after.size(),
        frontier: after.to_bytes(),
        root: after.root().0,
    };
    desk.keep(&mut batch).await?;
    batch.set_head(GOVERNANCE_LOG, &head).await?;
    batch.commit().await.map_err(Failed::late)?;
    Ok(after)
}

/// Returns the compact range of the log as its head says it. Asked before anything is read up to
/// there: a head that was altered may name an end without end.
async fn end(rows: Rows<'_>) -> Result<Frontier> {
    let head = head(rows).await?;
    let frontier = Frontier::from_bytes(&head.frontier)
        .map_err(|error| AppError::Damaged(format!("the head: {error}")))?;
    if frontier.size() != head.size || frontier.root().0 != head.root {
        return Err(AppError::Damaged(
            "the head does not agree with itself".to_owned(),
        ));
    }
    Ok(frontier)
}

fn either(command: &Command) -> Option<Either<'_>> {
    match command {
        Command::Put(put) => Some(Either::Put(put)),
        Command::Move(one) => Some(Either::Move(one)),
        Command::All(_) => None,
    }
}

/// Returns an entry that concerns no record.
pub(crate) fn bare(act: Act, body: Value, today: record::Day) -> NewEntry {
    NewEntry {
        act,
        kind: String::new(),
        schema: 0,
        id: Uuid::nil(),
        version: 0,
        name: None,
        refs: Vec::new(),
        facts: Facts {
            acts: Vec::new(),
            begin: None,
            body,
            brought_in: None,
            by: None,
            effective_on: today,
            key: None,
            marks: std::collections::BTreeMap::new(),
        },
        groups: std::collections::BTreeMap::new(),
    }
}
