//! Decides what a Command does: a pure function of the Command, the records and the day.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::adopting::{held_to_first_day, held_to_later_review};
use crate::approve::WITHDRAW;
use crate::approve::{self, AskedByPerson};
use crate::attested;
use crate::called::{in_a_sentence, one_of};
use crate::citing::{held_to_kind, held_to_person, held_to_source, held_to_who_states};
use crate::command::{Move, Put};
use crate::corrected;
use crate::counted;
use crate::dated::{Dates, held_to_ledger, held_to_time};
use crate::event::{Act, Brought, Event, Facts, Key};
use crate::fields::{Cite, Day};
use crate::held::{held_to_newest, held_to_one, held_to_stay};
use crate::marks::MARK;
use crate::naming::held_to_names;
use crate::records::{Records, Version};
use crate::refusal::Refusal;
use crate::spec::{BodySpec, Counts, KindSpec, MoveSpec, Registry};
use crate::withdrawal::{held_to_name, held_to_power};

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Their person record; `None` is the local operator without a name.
    pub person: Option<Uuid>,
    /// As given, such as an e-mail address.
    pub who: String,
    /// How their identity was assured, in words.
    pub assured: String,
}

/// What is known of a record that is not at hand in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its kind.
    pub kind: String,
    /// Its number of versions.
    pub versions: u32,
}

/// What a decision may look at.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The kinds.
    pub registry: &'a Registry,
    /// Records at hand: every governing kind, and the record a move acts on.
    pub records: &'a Records,
    /// Every record the Command names, by id, that exists.
    pub known: &'a HashMap<Uuid, Known>,
    /// Who acts.
    pub actor: &'a Actor,
    /// The day, in the organisation's time zone.
    pub today: Day,
    /// The id for a record created without one.
    pub new_id: Uuid,
}

/// An entry to append, before salts and sealing.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEntry {
    /// What it does.
    pub act: Act,
    /// The kind; empty when it concerns none.
    pub kind: String,
    /// The schema number of its body.
    pub schema: u32,
    /// The record; nil when it concerns none.
    pub id: Uuid,
    /// The version added or acted on.
    pub version: u32,
    /// The move's name.
    pub name: Option<String>,
    /// What it cites, sorted, unique.
    pub refs: Vec<Cite>,
    /// Its facts.
    pub facts: Facts,
    /// Every other group: `act` and the words.
    pub groups: BTreeMap<String, Value>,
}

/// Returns every id that a body names, sorted.
pub fn mentioned(value: &Value) -> BTreeSet<Uuid> {
    let mut ids = BTreeSet::new();
    walk(value, &mut |text| {
        if text.len() == 36
            && let Ok(id) = Uuid::try_parse(text)
        {
            ids.insert(id);
        }
    });
    ids
}

fn walk(value: &Value, visit: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => visit(text),
        Value::Array(values) => values.iter().for_each(|value| walk(value, visit)),
        Value::Object(values) => values.values().for_each(|value| walk(value, visit)),
        _ => {}
    }
}

/// Returns the digests that make a repeat of a keyed Command harmless: of its content behind the
/// ledger's secret, so that a short text cannot be guessed back from what the facts tell for ever.
/// The secret is empty where an early ledger had none.
pub fn key_digests(key: &str, content: &[u8], secret: &[u8]) -> Key {
    // Into a buffer: `hex::encode` puts a text together letter by letter.
    let hash = |secret: &[u8], bytes: &[u8]| {
        let digest = Sha256::new().chain_update(secret).chain_update(bytes);
        let mut digits = [0; 64];
        hex::encode_to_slice(digest.finalize(), &mut digits).expect("64 digits are 32 bytes");
        str::from_utf8(&digits)
            .expect("digits are ASCII")
            .to_owned()
    };
    Key {
        content: hash(secret, content),
        key: hash(&[], key.as_bytes()),
    }
}

/// Decides a put or a move.
///
/// # Errors
/// Refuses whatever must not be recorded; nothing was changed.
pub fn decide(command: &Either<'_>, context: &Context<'_>) -> Result<NewEntry, Refusal> {
    match command {
        Either::Put(put) => decide_put(put, context),
        Either::Move(one) => decide_move(one, context),
    }
}

/// One put or one move, as `decide` takes it.
#[derive(Debug, Clone, Copy)]
pub enum Either<'a> {
    /// Adds a version.
    Put(&'a Put),
    /// Acts on a version.
    Move(&'a Move),
}

fn decide_put(put: &Put, context: &Context<'_>) -> Result<NewEntry, Refusal> {
    let Some(kind) = context.registry.get(&put.kind) else {
        return Err(Refusal::new(
            "unknown_kind",
            format!("There is no kind of record named {:?}.", put.kind),
        )
        .at("/kind")
        .hint("`minutebook kinds` lists them."));
    };
    kind.body.check(&put.body)?;
    let id = put.id.unwrap_or(context.new_id);
    if id.is_nil() {
        return Err(nil());
    }
    held_to_one(context, kind, id)?;
    held_to_stay(context, context.today)?;
    let versions = versions(put, id, kind, context)?;
    let dates = Dates {
        effective_on: put.effective_on,
        brought_in: put.brought_in.as_ref(),
        happened: kind.happened,
        to_come: kind.to_come,
        happens: &[],
        later_effect: kind.later_effect,
    };
    let mut body = put.body.clone();
    if let Some(derive) = kind.derive {
        derive(&mut body);
    }
    let mut entry = draft(context, kind, &kind.body, body, &dates)?;
    held_to_who_states(context, kind, &entry.facts.body)?;
    held_to_kind(context, kind.cites, &entry.facts.body)?;
    held_to_names(context, kind, &entry.facts.body, entry.facts.effective_on)?;
    entry.id = id;
    entry.version = versions + 1;
    entry.mark(&put.marks, kind)?;
    if let Some(against) = kind.against {
        against(id, &entry.facts.body, context.records, context.today)?;
    }
    if is_root(&entry, kind, context)? {
        entry.facts.acts = vec![root_approval(&entry)];
    }
    let corrected = corrected::by_version(context, &entry);
    corrected::held_to_attesters(context, &corrected)?;
    entry.facts.acts.extend(corrected);
    Ok(entry)
}

/// Returns how many versions a put follows: those of its record, which must be of this kind.
fn versions(put: &Put, id: Uuid, kind: &KindSpec, context: &Context<'_>) -> Result<u32, Refusal> {
    let versions = match context.known.get(&id) {
        None => 0,
        Some(known) if known.kind == kind.name => known.versions,
        Some(known) => {
            return Err(Refusal::new(
                "other_kind",
                format!(
                    "This id is that of {}, not of {}.",
                    one_of(context.registry, &known.kind),
                    kind.one()
                ),
            )
            .at("/id")
            .hint("Leave `id` out for a new record, or name one of this kind."));
        }
    };
    held_to_newest(put, versions)?;
    Ok(versions)
}

fn nil() -> Refusal {
    let what = "The nil UUID is no id of a record: it stands for none.";
    Refusal::new("nil_id", what)
        .at("/id")
        .hint("Leave `id` out, or name a random UUID.")
}

/// The root is declared, not approved: it stands on the operator's word. So do terms of it that are
/// put right, where those before let nothing ever be decided.
fn is_root(entry: &NewEntry, kind: &KindSpec, context: &Context<'_>) -> Result<bool, Refusal> {
    let (records, today) = (context.records, context.today);
    let terms = kind.authority.terms.map(|read| read(&entry.facts.body));
    let Some(terms) = terms.filter(|terms| terms.is_top_management) else {
        return Ok(false);
    };
    if terms.can_decide() && approve::root_cannot(context.registry, records, entry.id, today) {
        return Ok(true);
    }
    if !approve::lacks_root(records, today) {
        return Ok(false);
    }
    if terms.only_advises {
        return Err(Refusal::new(
            "only_advises",
            "This would be the body that holds every power, and its terms do not let it decide: nothing could ever be approved.",
        )
        .at("/body/may")
        .hint("Add `decide`, or leave `may` out."));
    }
    Ok(true)
}

fn root_approval(entry: &NewEntry) -> approve::Approval {
    approve::Approval {
        by: approve::Approver::Operator,
        carries: Value::Null,
        counts: true,
        because: None,
        decided_on: entry.facts.effective_on,
        effective_on: None,
        name: "approve".to_owned(),
        of: Cite {
            id: entry.id,
            version: entry.version,
        },
        quorum: None,
        same_person: false,
    }
}

/// Returns what a move acts on, by its names: the kind, the move and the version.
fn moved<'a>(
    one: &Move,
    context: &Context<'a>,
) -> Result<(&'a KindSpec, &'a MoveSpec, &'a Version), Refusal> {
    let Some(known) = context.known.get(&one.id) else {
        return Err(Refusal::new("no_such_record", "No record has this id.")
            .at("/id")
            .hint("`minutebook record list KIND` shows the ids of a kind."));
    };
    let Some(kind) = context.registry.get(&known.kind) else {
        return Err(Refusal::new(
            "unknown_kind",
            format!("There is no kind of record named {:?}.", known.kind),
        )
        .at("/id")
        .hint("A newer program recorded it: use that one."));
    };
    let Some(spec) = kind.find_move(&one.name) else {
        let names: Vec<_> = kind.moves.iter().map(|one| one.name).collect();
        return Err(Refusal::new(
            "unknown_move",
            format!("{} has no move {:?}.", kind.one_first(), one.name),
        )
        .at("/move")
        .hint(format!("Its moves: {}.", names.join(", "))));
    };
    let version = context
        .records
        .cited(Cite {
            id: one.id,
            version: one.version,
        })
        .ok_or_else(|| {
            Refusal::new(
                "unwritten_version",
                format!(
                    "The record has {}; there is no version {}.",
                    counted(known.versions, "version"),
                    one.version
                ),
            )
            .at("/version")
            .hint("`minutebook record history ID` shows its versions.")
        })?;
    Ok((kind, spec, version))
}

fn decide_move(one: &Move, context: &Context<'_>) -> Result<NewEntry, Refusal> {
    let (kind, spec, version) = moved(one, context)?;
    held_to_person(context, spec)?;
    // Whoever approves or attests does so on the day they say; anything else is done now.
    let claimed = one.effective_on.filter(|_| spec.counts != Counts::Recorded);
    let on = claimed.map_or(context.today, |day| day.min(context.today));
    held_to_stay(context, on)?;
    if version.withdrawn.is_some() && spec.name != MARK {
        return Err(withdrawn());
    }
    held_to_name(context, kind, spec, version)?;
    let body = if one.body.is_null() {
        Value::Object(Map::new())
    } else {
        one.body.clone()
    };
    spec.body.check(&body)?;
    let dates = Dates {
        effective_on: one.effective_on,
        brought_in: one.brought_in.as_ref(),
        happened: spec.happened,
        to_come: &[],
        happens: spec.happens,
        later_effect: spec.later_effect,
    };
    let mut entry = draft(context, kind, &spec.body, body, &dates)?;
    held_to_kind(context, spec.cites, &entry.facts.body)?;
    held_to_power(context, kind, spec, version, &entry.facts.body)?;
    if let Some(against) = spec.against {
        against(context.records, version, &entry.facts.body)?;
    }
    held_to_ledger(context, &entry.facts.body, &dates)?;
    entry.act = Act::Move;
    entry.id = one.id;
    entry.version = one.version;
    entry.name = Some(one.name.clone());
    entry.mark(&one.marks, kind)?;
    if spec.name == MARK {
        entry.mark_version(&one.body, kind, version)?;
    }
    entry.facts.acts = approvals(spec, kind, version, &entry, context)?;
    if spec.name == WITHDRAW {
        entry.facts.acts = corrected::by_withdrawal(context, version);
        corrected::held_to_attesters(context, &entry.facts.acts)?;
    }
    Ok(entry)
}

fn withdrawn() -> Refusal {
    let what =
        "This version was withdrawn; nothing more can be done on it but to mark what it says.";
    Refusal::new("withdrawn", what)
        .at("/version")
        .hint("Put a new version, and go on with that.")
}

fn approvals(
    spec: &MoveSpec,
    kind: &KindSpec,
    version: &Version,
    entry: &NewEntry,
    context: &Context<'_>,
) -> Result<Vec<approve::Approval>, Refusal> {
    let acts = match spec.counts {
        Counts::Recorded => return Ok(Vec::new()),
        Counts::Power => {
            let approved = version.approval().is_some();
            if spec.name == "approve" && approved {
                return Err(Refusal::new("already_approved", "This version is already approved.")
                    .at("/version")
                    .hint("To leave it as it is for a reason, use `keep`; to change it, put a new version."));
            }
            if spec.name != "approve" && !approved {
                return Err(Refusal::new(
                    "not_approved",
                    format!("Only an approved version can be moved by {}.", spec.name),
                )
                .at("/version")
                .hint("Have it approved first, or name the version that is."));
            }
            let on = entry.facts.effective_on.min(context.today);
            let asked = AskedByPerson {
                person: context.actor.person,
                name: spec.name.to_owned(),
                on,
            };
            let mut act =
                approve::by_person(context.records, context.registry, kind, version, &asked)?;
            act.effective_on = Some(entry.facts.effective_on).filter(|day| *day > on);
            act.carries = entry.facts.body.clone();
            held_to_first_day(version, &act)?;
            held_to_later_review(&act)?;
            vec![act]
        }
        Counts::Attests => attested::approvals(
            context,
            kind,
            version,
            entry.facts.effective_on.min(context.today),
        )?,
    };
    for act in acts.iter().filter(|act| act.counts) {
        let target = context
            .records
            .cited(act.of)
            .and_then(|cited| context.registry.get(&cited.put.kind));
        if let Some(acted) = target.and_then(|kind| kind.acted) {
            acted(context.records, act, context.today)?;
        }
    }
    Ok(acts)
}

/// The parts of an entry that puts and moves share: dates held to the rules, the body parted,
/// its citations checked.
fn draft(
    context: &Context<'_>,
    kind: &KindSpec,
    spec: &BodySpec,
    body: Value,
    dates: &Dates<'_>,
) -> Result<NewEntry, Refusal> {
    let effective_on = dates.effective_on.unwrap_or(context.today);
    let parted = spec.shape.part(body);
    held_to_time(context, &parted.facts, dates, effective_on)?;
    let refs = citations(&parted.facts, context)?;
    let brought_in = dates.brought_in.map(|brought| Brought {
        by: brought.by.or(context.actor.person),
        file: brought.file.clone(),
    });
    if let Some(brought) = &brought_in
        && brought.file.is_none()
        && !kind.file_optional
    {
        return Err(no_file(kind));
    }
    let mut act = json!({"assured": context.actor.assured, "who": context.actor.who});
    if let Some(brought) = dates.brought_in {
        held_to_source(context, brought)?;
        act["brought_in_from"] = Value::String(brought.from.clone());
    }
    let mut groups: BTreeMap<String, Value> = parted
        .words
        .into_iter()
        .map(|(name, words)| (name, Value::Object(words)))
        .collect();
    // In place of what the body says for it: the basis of marks, which stands there by their groups.
    groups.insert("act".to_owned(), act);
    Ok(NewEntry {
        act: Act::Put,
        kind: kind.name.to_owned(),
        schema: kind.schema,
        id: Uuid::nil(),
        version: 0,
        name: None,
        refs,
        facts: Facts {
            acts: Vec::new(),
            begin: None,
            body: parted.facts,
            brought_in,
            by: context.actor.person,
            effective_on,
            key: None,
            marks: BTreeMap::new(),
        },
        groups,
    })
}

fn no_file(kind: &KindSpec) -> Refusal {
    let what = format!(
        "{} brought in needs the file it comes from.",
        kind.one_first()
    );
    Refusal::new("no_file", what)
        .at("/brought_in/file")
        .hint("`minutebook file add PATH` prints the hash to cite.")
}

/// Returns the citations in a body, each checked to exist.
fn citations(facts: &Value, context: &Context<'_>) -> Result<Vec<Cite>, Refusal> {
    let mut cites = BTreeSet::new();
    collect(facts, "/body", context, &mut cites)?;
    Ok(cites.into_iter().collect())
}

fn collect(
    value: &Value,
    path: &str,
    context: &Context<'_>,
    cites: &mut BTreeSet<Cite>,
) -> Result<(), Refusal> {
    match value {
        Value::Object(values) => {
            if let (2, Some(id), Some(version)) =
                (values.len(), values.get("id"), values.get("version"))
                && let (Some(id), Some(version)) = (
                    id.as_str().and_then(|id| Uuid::try_parse(id).ok()),
                    version.as_u64(),
                )
            {
                cites.insert(cited(id, version, path, context)?);
                return Ok(());
            }
            values.iter().try_for_each(|(name, value)| {
                collect(value, &format!("{path}/{name}"), context, cites)
            })
        }
        Value::Array(values) => values.iter().enumerate().try_for_each(|(index, value)| {
            collect(value, &format!("{path}/{index}"), context, cites)
        }),
        Value::String(text) if text.len() == 36 => match Uuid::try_parse(text) {
            Ok(id) if !context.known.contains_key(&id) => Err(nothing(id, path)),
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

fn cited(id: Uuid, version: u64, path: &str, context: &Context<'_>) -> Result<Cite, Refusal> {
    let known = context.known.get(&id).ok_or_else(|| nothing(id, path))?;
    match u32::try_from(version) {
        Ok(version) if (1..=known.versions).contains(&version) => Ok(Cite { id, version }),
        _ => Err(Refusal::new(
            "unwritten_version",
            format!(
                "Version {version} of this {} is not written yet; it has {}.",
                in_a_sentence(context.registry, &known.kind),
                known.versions
            ),
        )
        .at(format!("{path}/version"))
        .hint("`minutebook record history ID` shows its versions.")),
    }
}

pub(crate) fn nothing(id: Uuid, path: &str) -> Refusal {
    Refusal::new("cites_nothing", format!("No record has the id {id}."))
        .at(path)
        .hint("Record what you cite first.")
}

impl NewEntry {
    /// Returns the event that this entry becomes.
    pub fn into_event(self, seq: u64, recorded_at: i64, recorded_on: Day) -> Event {
        Event {
            seq,
            recorded_at,
            recorded_on,
            act: self.act,
            kind: self.kind.as_str().into(),
            id: self.id,
            version: self.version,
            name: self.name.as_deref().unwrap_or_default().into(),
            refs: self.refs,
            facts: Arc::new(self.facts),
        }
    }
}
