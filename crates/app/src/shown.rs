//! Single records as they are shown: one, a list of them, and what was done to one.

use std::sync::Arc;

use assess::Names;
use record::command::MarkAs;
use record::stretches::Corrected;
use record::{
    Approval, Approver, Day, Event, KindSpec, Record, Records, Refusal, Version, days_at,
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use store::{GOVERNANCE_LOG, Rows};
use uuid::Uuid;

use crate::came::{self, BroughtFrom};
use crate::dates::rfc3339;
use crate::derive::title;
use crate::error::{AppError, Result};
use crate::exact::Exact;
use crate::groups;
use crate::notes::{self, EntryNote};
use crate::profile;
use crate::reading::{Asked, Ledger, body, read, words_of};
use crate::stored;

/// A record as it is shown.
#[derive(Debug, Clone, Serialize)]
pub struct RecordView {
    /// Its id.
    pub id: Uuid,
    /// Its kind.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// The version shown.
    pub version: u32,
    /// proposed, in_force, superseded, ended or withdrawn.
    pub state: &'static str,
    /// The version in force, if one is: a newer one may be a draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_force: Option<u32>,
    /// The day claimed.
    pub effective_on: Day,
    /// The instant it was recorded.
    pub recorded_at: String,
    /// The entry.
    pub seq: u64,
    /// in_time, late or brought_in.
    pub provenance: &'static str,
    /// Where it was brought in from, if it was.
    pub brought_in: Option<BroughtFrom>,
    /// What is to be noted of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<EntryNote>,
    /// What it says; what is withheld or erased stays `true`.
    pub body: Value,
    /// What records are called, for whoever reads the ids in the body: not part of the JSON.
    #[serde(skip)]
    pub names: Arc<Names>,
}

impl Ledger {
    /// Returns one record in the version named, or in its newest, known by U about T.
    ///
    /// # Errors
    /// Refuses an id that no record has, a version that it does not have, and about a day before
    /// it was put whatever is not named.
    pub async fn show(&self, id: Uuid, version: Option<u32>, asked: &Asked) -> Result<RecordView> {
        let snapshot = self.reader.snapshot().await?;
        let rows = snapshot.rows();
        let (records, exact, names) = self.known(rows, asked).await?;
        let record = records.get(id).ok_or_else(|| no_record(id))?;
        let version = match version {
            Some(number) => record
                .version(number)
                .ok_or_else(|| no_version(record, number))?,
            None => {
                let kind = self.registry.get(&record.kind);
                let found = newest(record.versions.iter().collect(), kind, exact.about);
                found.ok_or_else(|| not_yet(record, kind))?
            }
        };
        let state = self.state(record, version, exact.about);
        let put = &version.put;
        let act = act_of(rows, put).await?;
        let known = (&*records, exact.about);
        let title = self.title_of(rows, version, (known, &names)).await?;
        Ok(RecordView {
            id: put.id,
            kind: put.kind.to_string(),
            title,
            version: version.number(),
            state,
            in_force: self.in_force(record, exact.about),
            effective_on: put.facts.effective_on,
            recorded_at: rfc3339(put.recorded_at),
            seq: put.seq,
            provenance: came::of(put, &records, &self.registry),
            brought_in: came::from(put, &act),
            notes: self.notes(&records, version, exact.about),
            body: body(rows, put).await?,
            names,
        })
    }

    async fn known(
        &self,
        rows: Rows<'_>,
        asked: &Asked,
    ) -> Result<(Arc<Records>, Exact, Arc<Names>)> {
        let (_, cached) = self.at_hand(rows).await.map_err(AppError::of_reading)?;
        let exact = self.exact(rows, &cached, asked).await?;
        let records = self.proved(rows, exact.size).await?;
        Ok((Arc::new(records), exact, cached.names.clone()))
    }

    /// Returns what is to be noted of a version, by the records known about a day.
    fn notes(&self, records: &Records, version: &Version, about: Day) -> Vec<EntryNote> {
        let kind = self.registry.get(&version.put.kind);
        let Some(kind) = kind.filter(|_| version.withdrawn.is_none()) else {
            return Vec::new();
        };
        let mut found = notes::of_version(kind, version);
        let newest = records
            .get(version.put.id)
            .and_then(|record| record.standing().next_back());
        if newest.is_some_and(|newest| newest.number() == version.number()) {
            let body = version.body();
            found.extend(notes::of_body(kind, version.put.id, body, records));
        }
        let (body, catalogue) = (version.body(), &*self.catalogue);
        found.extend(notes::of_disposition(kind, body, records, catalogue, about));
        found
    }

    /// Returns what is to be noted of an entry, by the records known.
    fn notes_of_entry(&self, event: &Event, records: &Records, names: &Names) -> Vec<EntryNote> {
        let call = |of| names.of_version(of).cloned();
        let mut found = notes::of_entry(event, (records, &self.registry), call);
        let kind = self.registry.get(&event.kind);
        let kept = notes::newer_than_kept(event, kind, records).into_iter();
        found.extend(kept.map(|newer| {
            let title = call(newer.than);
            newer.note(&title.unwrap_or_else(|| newer.than.id.to_string()))
        }));
        found.extend(kind.and_then(|kind| notes::of_move(kind, event, records)));
        found
    }

    /// Returns what was done to a record by resolutions that were withdrawn since: it counts as never
    /// done, and stays on record.
    fn struck_out<'a>(&'a self, records: &'a Records, id: Uuid) -> Vec<StruckOut<'a>> {
        let resolve = |kind: &&KindSpec| kind.authority.resolves.is_some();
        let resolutions = self.registry.iter().filter(resolve);
        let resolutions = resolutions.flat_map(|kind| records.citing(id, kind.name));
        let versions = resolutions.flat_map(|resolution| &resolution.versions);
        let withdrawn = versions.filter_map(|version| Some((version, version.withdrawn.as_ref()?)));
        let acts = withdrawn.flat_map(|(version, by)| {
            let attested = version.moves.iter();
            attested.flat_map(move |event| {
                event
                    .facts
                    .acts
                    .iter()
                    .map(move |act| (act, &**event, &**by))
            })
        });
        acts.filter(|(act, ..)| act.of.id == id).collect()
    }

    /// Returns the line of what a resolution had done that was withdrawn since.
    async fn told_struck(
        &self,
        rows: Rows<'_>,
        (approval, event, by): StruckOut<'_>,
        records: &Records,
        names: &Names,
    ) -> Result<Value> {
        let act = act_of(rows, event).await?;
        let mut line = self.resolved((approval, event), &act, (records, names));
        line["counts"] = json!(false);
        line["by"]["withdrawn"] = json!({"on": by.recorded_on, "seq": by.seq});
        line["provenance"] = came::of(event, records, &self.registry).into();
        line["brought_in"] = json!(came::from(event, &act));
        Ok(line)
    }

    /// Returns the line of an approval that a resolution gave, or why it gave none.
    fn resolved(
        &self,
        (approval, event): (&Approval, &Event),
        act: &Value,
        (records, names): (&Records, &Names),
    ) -> Value {
        let by = match approval.by {
            Approver::Body { body, .. } => names.get(&body),
            Approver::Person(person) => names.get(&person),
            Approver::Operator => None,
        };
        let mut line = json!({
            "seq": event.seq,
            "act": "approval",
            "move": approval.name,
            "version": approval.of.version,
            "effective_on": approval.takes_effect(),
            "recorded_at": rfc3339(event.recorded_at),
            "who": by,
            "assured": act.get("assured"),
            "body": Value::Null,
            "by": {"id": event.id, "version": event.version, "title": names.get(&event.id)},
            "counts": approval.counts,
        });
        if let Some(because) = &approval.because {
            line["because"] = json!(because);
            line["why"] = json!(record::approve::why_of(
                records,
                &self.registry,
                approval,
                event
            ));
        }
        line
    }

    fn state(&self, record: &Record, version: &Version, about: Day) -> &'static str {
        record
            .state(version, about, self.is_approved(record))
            .as_str()
    }

    fn is_approved(&self, record: &Record) -> bool {
        let kind = self.registry.get(&record.kind);
        kind.is_some_and(|kind| kind.approval.is_some())
    }

    /// Returns the number of the version that counts, which need not be the newest.
    fn in_force(&self, record: &Record, about: Day) -> Option<u32> {
        let counting = match self.is_approved(record) {
            true => record.in_force(about),
            false => record.counting(about),
        };
        counting.map(Version::number)
    }

    /// Returns the records of a kind known by U, in order of first recording; withdrawn ones
    /// are left out.
    ///
    /// # Errors
    /// Refuses an unknown kind.
    pub async fn list(&self, kind: &str, asked: &Asked) -> Result<Vec<Value>> {
        let spec = self.registry.get(kind);
        if spec.is_none() {
            return Err(Refusal::new(
                "unknown_kind",
                format!("There is no kind of record named {kind:?}."),
            )
            .hint("`minutebook kinds` lists them.")
            .into());
        }
        let snapshot = self.reader.snapshot().await?;
        let rows = snapshot.rows();
        let (records, exact, names) = self.known(rows, asked).await?;
        let mut list = Vec::new();
        for record in records.of_kind(kind) {
            let found = newest(record.standing().collect(), spec, exact.about);
            let Some(version) = found else { continue };
            let mut shown = json!({
                "id": record.id,
                "version": version.number(),
                "title": self.title_of(rows, version, ((&records, exact.about), &names)).await?,
                "state": self.state(record, version, exact.about),
                "effective_on": version.put.facts.effective_on,
                "recorded_at": rfc3339(version.put.recorded_at),
                "provenance": came::of(&version.put, &records, &self.registry),
            });
            if let Some(number) = self.in_force(record, exact.about) {
                shown["in_force"] = number.into();
            }
            noted(&mut shown, &self.notes(&records, version, exact.about));
            list.push(shown);
        }
        Ok(list)
    }

    /// Returns what a version is called by its own words, which are held against its entry; the
    /// title kept beside them is derived. One that is told apart by a unit or post goes by what the
    /// organisation calls that about the day.
    async fn title_of(
        &self,
        rows: Rows<'_>,
        version: &Version,
        ((records, about), names): ((&Records, Day), &Names),
    ) -> Result<String> {
        let words = words_of(rows, &version.put).await?;
        let kind = self.registry.get(&version.put.kind);
        let title = match kind.filter(|_| !words.is_empty()) {
            Some(kind) => title(kind, version.body(), &words),
            None => {
                let kept = names.of_version(version.cite());
                kept.cloned().unwrap_or_default()
            }
        };
        let organisation = records.get(self.begin.organisation);
        let organisation = organisation.and_then(|record| record.counting(about));
        let short = kind.and_then(|kind| kind.listed_apart(version.body()));
        let named = organisation.zip(short).and_then(|(organisation, short)| {
            let lead = title.strip_suffix(short)?.strip_suffix(": ")?;
            let name = names.called_in(organisation.cite(), short);
            Some(format!("{lead}: {name}"))
        });
        Ok(named.unwrap_or(title))
    }

    /// Returns everything that was done to a record, in order: its own entries, the approvals that
    /// resolutions gave, and that those count no more, or again, as their meeting says since. Withdrawn versions are struck through.
    ///
    /// # Errors
    /// Refuses an id that no record has.
    pub async fn history(&self, id: Uuid, asked: &Asked) -> Result<Vec<Value>> {
        let snapshot = self.reader.snapshot().await?;
        let rows = snapshot.rows();
        let (records, exact, names) = self.known(rows, asked).await?;
        let record = records.get(id).ok_or_else(|| no_record(id))?;
        let mut lines = Vec::new();
        for found in rows.of_record(GOVERNANCE_LOG, id, "facts").await? {
            let event = read(&found, &self.zone)?;
            if event.seq >= exact.size {
                break;
            }
            let act = act_of(rows, &event).await?;
            let mut line = json!({
                "seq": event.seq,
                "act": event.act.as_str(),
                "move": (!event.name.is_empty()).then(|| event.name.to_string()),
                "version": event.version,
                "effective_on": event.facts.effective_on,
                "recorded_at": rfc3339(event.recorded_at),
                "who": act.get("who"),
                "assured": act.get("assured"),
                "body": body(rows, &event).await?,
                "provenance": came::of(&event, &records, &self.registry),
                "brought_in": came::from(&event, &act),
            });
            marked(&mut line, &event, &act);
            noted(&mut line, &self.notes_of_entry(&event, &records, &names));
            lines.push(line);
        }
        let acts = record.versions.iter().flat_map(|version| &version.acts);
        for (approval, event) in acts.filter(|(_, event)| event.id != id) {
            let act = act_of(rows, event).await?;
            // As it was recorded: what became of it since is another line.
            let recorded = event.facts.acts.iter().find(|one| one.is_again(approval));
            let told = (recorded.unwrap_or(approval), &**event);
            let mut line = self.resolved(told, &act, (&records, &names));
            line["provenance"] = came::of(event, &records, &self.registry).into();
            line["brought_in"] = json!(came::from(event, &act));
            lines.push(line);
        }
        for struck_out in self.struck_out(&records, id) {
            lines.push(self.told_struck(rows, struck_out, &records, &names).await?);
        }
        let corrected = record.versions.iter().flat_map(|one| &one.corrected);
        for Corrected { was, by } in corrected {
            let since = by.facts.acts.iter().find(|one| one.is_again(&was.0));
            let Some(since) = since.filter(|one| one.counts != was.0.counts) else {
                continue;
            };
            let act = act_of(rows, by).await?;
            let mut line = self.resolved((since, &**by), &act, (&records, &names));
            line["act"] = json!("correction");
            line["effective_on"] = json!(by.recorded_on);
            line["who"] = json!(act.get("who"));
            lines.push(line);
        }
        struck(&mut lines, record);
        lines.sort_by_key(|line| line["seq"].as_u64());
        Ok(lines)
    }
}

/// An act of a resolution that was withdrawn since, with the entry that attested it and the one that
/// withdrew it.
type StruckOut<'a> = (&'a Approval, &'a Event, &'a Event);

/// Says of each line whether its version was withdrawn.
fn struck(lines: &mut [Value], record: &Record) {
    for line in lines {
        let version = line["version"].as_u64().and_then(|n| u32::try_from(n).ok());
        let version = version.and_then(|number| record.version(number));
        let withdrawn = version.is_some_and(|version| version.withdrawn.is_some());
        line["withdrawn"] = Value::Bool(withdrawn);
    }
}

/// Adds the marks that an entry sets, by group or file, each with its basis; where what says that is
/// not here, without.
fn marked(shown: &mut Value, event: &Event, act: &Value) {
    let stated = |(name, mark): (&String, &MarkAs)| {
        let mark = match act.is_null() {
            true => json!({"as": mark}),
            false => {
                let (basis, review_by) = profile::stated(act, name);
                json!({"as": mark, "basis": basis, "review_by": review_by})
            }
        };
        (name.clone(), mark)
    };
    let marks: Map<String, Value> = event.facts.marks.iter().map(stated).collect();
    // What the move `mark` carries says the basis where its facts say that there is one.
    for (name, mark) in &marks {
        let place = shown.pointer_mut(&format!("/body/marks/{name}/basis"));
        if let Some(basis) = place.filter(|basis| basis.as_bool() == Some(true)) {
            *basis = mark["basis"].clone();
        }
    }
    if !marks.is_empty() {
        shown["marks"] = Value::Object(marks);
    }
}

/// Adds notes where there are any.
fn noted(shown: &mut Value, notes: &[EntryNote]) {
    if !notes.is_empty() {
        shown["notes"] = json!(notes);
    }
}

/// Returns the words of an entry on who acted.
async fn act_of(rows: Rows<'_>, event: &Event) -> Result<Value> {
    let groups = groups::sound(rows, event.seq).await?;
    let act = groups.into_iter().find(|group| group.name == "act");
    let act = act.and_then(|group| group.bytes);
    let act = act.map(|bytes| stored::words(&bytes)).transpose()?;
    Ok(act.unwrap_or(Value::Null))
}

/// Returns the newest of some versions effective by a day, or else the newest that was recorded by
/// then, or that tells of what was done by then: answers about the day rest on that.
fn newest<'r>(
    versions: Vec<&'r Version>,
    kind: Option<&KindSpec>,
    about: Day,
) -> Option<&'r Version> {
    let newest = |by: &dyn Fn(&Version) -> Option<Day>| {
        let mut newest_first = versions.iter().rev();
        let found = newest_first.find(|version| by(version).is_some_and(|day| day <= about));
        found.copied()
    };
    newest(&|version| Some(version.put.facts.effective_on))
        .or_else(|| newest(&|version| Some(version.put.recorded_on)))
        .or_else(|| newest(&|version| first_told(version, kind)))
}

/// Returns the first day of which a version tells what happened on it.
fn first_told(version: &Version, kind: Option<&KindSpec>) -> Option<Day> {
    let pointers = kind.map_or(&[][..], |kind| kind.happened);
    let days = pointers.iter().flat_map(|at| days_at(version.body(), at));
    days.map(|(_, day)| day).min()
}

fn not_yet(record: &Record, kind: Option<&KindSpec>) -> Refusal {
    let days = record.versions.iter().map(|version| {
        let put = &version.put;
        let first = put.facts.effective_on.min(put.recorded_on);
        first_told(version, kind).map_or(first, |told| told.min(first))
    });
    let first = days.min().map(Day::in_words).unwrap_or_default();
    Refusal::new(
        "no_such_record",
        format!("The record {} was not on record about that day.", record.id),
    )
    .hint(format!(
        "Ask about {first}, from which on it was, or a later day."
    ))
}

fn no_version(record: &Record, number: u32) -> Refusal {
    let what = format!("This record had no version {number} by then.");
    let newest = record.newest().number();
    Refusal::new("no_such_version", what).hint(format!("Its newest is version {newest}."))
}

fn no_record(id: Uuid) -> Refusal {
    Refusal::new(
        "no_such_record",
        format!("No record known by then has the id {id}."),
    )
    .hint("`minutebook record list KIND` shows the ids of a kind, `--as-of` and `--known-by` those of another time.")
}
