//! What is to be noted of something that was recorded: it is on record, and not all that somebody
//! may take it for.

mod not_newest;
mod undone;

use assess::At;
use catalogue::Catalogue;
use record::approve::{came_to_nothing, why_of};
use record::spec::Note;
use record::{Act, Approval, Cite, Day, Event, KindSpec, Records, Registry, Version, listed};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::marked::in_words;
pub(crate) use not_newest::newer_than_kept;
pub(crate) use undone::{Another, still_by_another, undone};

/// A note: nothing was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntryNote {
    /// A stable word for programs, such as `no_meeting`.
    pub code: String,
    /// What to do next.
    pub hint: String,
    /// One sentence for people.
    pub message: String,
    /// The version that is concerned, where that is another's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<Cite>,
    /// The other versions of the same record that are concerned.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<u32>,
}

/// Returns why what an entry resolved came to nothing, for each version that it is about, as that
/// is called.
pub(crate) fn of_entry(
    event: &Event,
    (records, registry): (&Records, &Registry),
    call: impl Fn(Cite) -> Option<String>,
) -> Vec<EntryNote> {
    let lost = event.facts.acts.iter().filter(|act| !act.counts);
    let note = |act: &record::Approval| {
        let because = act.because.as_deref().unwrap_or_default();
        let Cite { id, version } = act.of;
        let of = match call(act.of) {
            Some(title) => format!("“{title}”, version {version},"),
            None => format!("version {version} of {id}"),
        };
        EntryNote {
            code: because.to_owned(),
            hint: next(because).to_owned(),
            message: format!(
                "The resolution on {of} {} and {}.",
                why_of(records, registry, act, event),
                came_to_nothing(&act.name)
            ),
            of: Some(act.of),
            versions: Vec::new(),
        }
    };
    lost.map(note).collect()
}

/// Returns what an entry decides by a move's name, or says that a body decided: which version, on
/// which day, and a later one from which it was to count.
pub(crate) fn decided(
    event: &Event,
    kind: Option<&KindSpec>,
    name: &str,
) -> Vec<(Cite, Day, Option<Day>)> {
    let resolves = kind.and_then(|kind| kind.authority.resolves);
    let Some(read) = resolves.filter(|_| event.act == Act::Put) else {
        let acts = event.facts.acts.iter();
        let done = acts.filter(|act| act.counts && act.name == name);
        return done
            .map(|act| (act.of, act.decided_on, act.effective_on))
            .collect();
    };
    let resolved = read(&event.facts.body);
    let on = resolved.decided_on.unwrap_or(event.recorded_on);
    let acts = resolved.acts.into_iter();
    acts.filter(|(act, ..)| act.as_deref() == Some(name))
        .map(|(_, of, from, _)| (of, on, from))
        .collect()
}

fn next(because: &str) -> &'static str {
    match because {
        "inquorate" | "recused" => {
            "It stays on record; let the body decide again with a quorum, and record that resolution. If the attendance was written down wrong, record the meeting again with it corrected, withdraw this with its reason and record it again. Terms of reference decided that day and attested after it do not count for it: once they are attested, put a new version of it and have that attested."
        }
        "circulated" | "no_meeting" | "not_met" | "no_such_item" => {
            "If it was written down wrong, withdraw it with its reason and record it as it was resolved, with its meeting and item; otherwise let the body decide again."
        }
        "approves_nothing" | "cites_nothing" | "before_version" | "withdrawn" | "ended" => {
            "Cite the version that is meant, in another resolution."
        }
        "beyond_own_powers" => {
            "It stays on record; let a body that holds every power given decide, or put a version that gives less and resolve on that. Levels of risk are put in order by the criteria in force on the day decided."
        }
        "beyond_own_place" => {
            "It stays on record; let the body that holds every power, or another that is top management, decide, or put a version that says `no` there and resolve on that."
        }
        "before_first_day" => {
            "It stays on record; end the version on its first day or later, or withdraw it with its reason if it should never have been entered."
        }
        "no_terms" => {
            "If the body had terms of reference then, bring them in with their day, and the resolution of that day that approved them; withdraw this with its reason and record it again."
        }
        "minutes_corrected" => {
            "If the meeting was recorded right before, record it so again; otherwise let the body decide again."
        }
        _ => {
            "It stays on record; let a body that has the power decide, and record that resolution."
        }
    }
}

/// The version before another.
pub(crate) struct Before<'a> {
    /// Its number.
    pub version: u32,
    /// Its entry.
    pub seq: u64,
    /// When that was recorded, RFC 3339.
    pub recorded_at: &'a str,
    /// Who put it, by their title.
    pub by: &'a str,
}

/// Returns which version one follows that was put without a word on it.
pub(crate) fn revises(cite: Cite, before: &Before<'_>) -> EntryNote {
    let Before {
        version,
        seq,
        recorded_at,
        by,
    } = before;
    EntryNote {
        code: "revises".to_owned(),
        hint: format!(
            "If that was not the one read, hold the two together: `minutebook record history {}`. With `if_version` a Command that follows another than it says is refused.",
            cite.id
        ),
        message: format!(
            "Version {} follows version {version}, which {by} put at {recorded_at} (entry {seq}); the Command did not say which it follows.",
            cite.version
        ),
        of: Some(Cite {
            version: *version,
            ..cite
        }),
        versions: Vec::new(),
    }
}

/// Returns that a body has a resolution of the same number on record.
pub(crate) fn number_again(title: &str, of: Cite, seq: u64) -> EntryNote {
    EntryNote {
        code: "number_again".to_owned(),
        hint: format!(
            "If this is the same one, withdraw this one with its reason; to correct it, put a version of the record {}.",
            of.id
        ),
        message: format!("{title} of this body is already on record (entry {seq})."),
        of: Some(of),
        versions: Vec::new(),
    }
}

/// Returns that a resolution which came to nothing when it was attested could do what it was to, by
/// its meeting as that is recorded now, by its title.
pub(crate) fn can_be_attested(title: &str, of: Cite, act: &Approval) -> EntryNote {
    EntryNote {
        code: "can_be_attested".to_owned(),
        hint: "If it was passed so, put a new version of it and have that attested; the one attested before stays as it is.".to_owned(),
        message: format!(
            "{title}, version {}, {} when it was attested; by its meeting as it is recorded now it could.",
            of.version,
            came_to_nothing(&act.name)
        ),
        of: Some(of),
        versions: Vec::new(),
    }
}

/// Returns what an earlier version of a resolution still does, by their titles.
pub(crate) fn still_does(title: &str, version: u32, act: &Approval, of: &str) -> EntryNote {
    EntryNote {
        code: "still_counts".to_owned(),
        hint: format!(
            "If that was not resolved, withdraw version {version} with its reason; what was resolved otherwise later is another resolution."
        ),
        message: format!(
            "Version {version} of {title} is attested too, and what it resolved on “{of}”, version {}, still counts.",
            act.of.version
        ),
        of: Some(act.of),
        versions: vec![version],
    }
}

/// Returns which version is left of a record where a later one was entered in error, by its title
/// and what is said of how that stands; and all that stand.
pub(crate) fn stands_again(title: &str, left: Cite, stands: &str, standing: Vec<u32>) -> EntryNote {
    let each = match standing.len() {
        1 => "",
        _ => "each ",
    };
    EntryNote {
        code: "stands_again".to_owned(),
        hint: format!(
            "To take the whole record out, withdraw {} too, {each}with its reason.",
            in_words(&standing)
        ),
        message: format!("“{title}”, version {}, {stands}.", left.version),
        of: Some(left),
        versions: standing,
    }
}

/// Returns what rests on a record of which no version stands any more, by their titles and what is
/// said of one that there was: held, or opened.
pub(crate) fn rested_on((title, was): (&str, &str), resting: &[String]) -> EntryNote {
    let (rest, them) = match resting.len() {
        1 => (
            "rests",
            "a version of that which cites it; if not, withdraw that too, with its reason",
        ),
        _ => (
            "rest",
            "versions of them that cite it; if not, withdraw them too, each with its reason",
        ),
    };
    EntryNote {
        code: "rested_on".to_owned(),
        hint: format!("If it was {was}, record it again and put {them}."),
        message: format!(
            "No version of “{title}” stands any more, and {} {rest} on it.",
            listed(resting)
        ),
        of: None,
        versions: Vec::new(),
    }
}

/// Returns that a version took the place of one that top management had set, by their title.
pub(crate) fn displaces(title: &str, act: &Approval, before: Cite) -> EntryNote {
    EntryNote {
        code: "displaces".to_owned(),
        hint: format!(
            "If that was not meant, let top management resolve on version {}, or on another; what is in force meanwhile is not of its making, and the answers say so.",
            before.version
        ),
        message: format!(
            "Version {} of “{title}” takes the place of version {}, which top management had set, and was not set by it.",
            act.of.version, before.version
        ),
        of: Some(act.of),
        versions: vec![before.version],
    }
}

/// Returns that a version comes into force beside another record of its kind, by their titles.
pub(crate) fn in_force_beside(
    title: &str,
    act: &Approval,
    (other, version): (&str, Cite),
    counts: &str,
) -> EntryNote {
    EntryNote {
        code: "in_force_beside".to_owned(),
        hint: format!(
            "If this replaces “{other}”, put it as the next version of that record, {}, and let that be approved; then withdraw this one with its reason.",
            version.id
        ),
        message: format!(
            "“{other}”, version {}, is in force beside “{title}”, version {}, which is another record. {counts}",
            version.version, act.of.version
        ),
        of: Some(version),
        versions: Vec::new(),
    }
}

/// Returns that somebody attested for a unit of which no record makes them the head, by their name.
pub(crate) fn not_by_head(name: &str, unit: &str, on: Day) -> EntryNote {
    EntryNote {
        code: "not_by_head".to_owned(),
        hint: "Let its head attest, under their own name. If this was its head, record the appointment with `head_of` and have it approved; it counts from the day on which that is decided, so let them attest again on that day or a later one.".to_owned(),
        message: format!(
            "No appointment in force on {} makes “{name}” the head of the unit {unit}: nobody attests for another, and this counts for nothing.",
            on.in_words()
        ),
        of: None,
        versions: Vec::new(),
    }
}

/// What was resolved, or is to be, from an earlier day on than its text says of itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Earlier {
    /// The version.
    pub of: Cite,
    /// The day decided, and that from which it was to count.
    pub decided_on: Day,
    pub from: Day,
    /// The day from which its text says that it counts.
    pub counts_from: Day,
}

impl Earlier {
    /// Returns what was decided on a version that counts only from the day on which it was
    /// recorded, as it does where nothing else is said, and was to count before.
    pub(crate) fn of(
        version: &Version,
        decided_on: Day,
        effective_on: Option<Day>,
    ) -> Option<Self> {
        let counts_from = version.put.facts.effective_on;
        let from = effective_on.map_or(decided_on, |day| day.max(decided_on));
        (counts_from == version.put.recorded_on && from < counts_from).then(|| Self {
            of: version.cite(),
            decided_on,
            from,
            counts_from,
        })
    }

    /// Says so, by its title.
    pub(crate) fn note(&self, title: &str) -> EntryNote {
        let version = self.of.version;
        EntryNote {
            code: "counts_later".to_owned(),
            hint: format!(
                "If it was to count before, put “{title}” again with `effective_on` {}, and let what was decided cite that version in place of version {version}.",
                self.from
            ),
            message: format!(
                "This was decided on {}; version {version} of “{title}” says that it counts from {} only, the day on which it was recorded.",
                self.decided_on.in_words(),
                self.counts_from.in_words()
            ),
            of: Some(self.of),
            versions: Vec::new(),
        }
    }
}

/// Returns that the day by which a version is to be looked at again has passed on the first on which it
/// counts, by its title.
pub(crate) fn review_passed((title, of): (&str, Cite), due: Day, first: Day) -> EntryNote {
    let version = of.version;
    EntryNote {
        code: "review_passed".to_owned(),
        hint: format!(
            "Put “{title}” again with a later `review_by`, and let what is decided cite that version in place of version {version}; or let version {version} be kept once it counts, with the day of its next review."
        ),
        message: format!(
            "Version {version} of “{title}” counts from {} and is to be looked at again by {}, before that: it is overdue from its first day.",
            first.in_words(),
            due.in_words()
        ),
        of: Some(of),
        versions: Vec::new(),
    }
}

/// Returns where nobody is any more, by the titles of the first few and how many there are: a person
/// was entered in error.
pub(crate) fn emptied(title: &str, first: &[String], all: usize) -> EntryNote {
    let named: Vec<String> = first.iter().map(|one| format!("“{one}”")).collect();
    let more = match all.saturating_sub(first.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    EntryNote {
        code: "emptied".to_owned(),
        hint: "Whoever was there and left has a version with `left_on` instead: put one, and they are there again until that day. If another was meant, put versions that name them; a meeting recorded again is counted again.".to_owned(),
        message: format!(
            "{title} is named by {}{more}: there is nobody there now, from the first day on. What was decided stays as it was counted then.",
            named.join(", ")
        ),
        of: None,
        versions: Vec::new(),
    }
}

/// Returns that a move tells a day again, of which there is one: the newest counts.
pub(crate) fn of_told_again(event: &Event, kind: &KindSpec, records: &Records) -> Vec<EntryNote> {
    let found = kind.find_move(&event.name).and_then(|spec| spec.told_again);
    let cite = Cite {
        id: event.id,
        version: event.version,
    };
    let Some((pointer, version)) = found.zip(records.cited(cite)) else {
        return Vec::new();
    };
    let earlier = version.moved(&event.name);
    let earlier = earlier.filter(|one| one.seq < event.seq).last();
    let days = earlier
        .and_then(|one| one.day(pointer))
        .zip(event.day(pointer));
    let Some((before, now)) = days.filter(|(before, now)| before != now) else {
        return Vec::new();
    };
    vec![EntryNote {
        code: "told_again".to_owned(),
        hint: "Both stay on record. If the day before was right, make the move again with it."
            .to_owned(),
        message: format!(
            "An earlier entry gave {}; from now on {} counts in its place.",
            before.in_words(),
            now.in_words()
        ),
        of: None,
        versions: Vec::new(),
    }]
}

/// Returns what a version still lacks to count: a resolution, its attestation.
pub(crate) fn of_version(kind: &KindSpec, version: &Version) -> Vec<EntryNote> {
    let open = kind.authority.resolves.is_some() && version.withdrawn.is_none();
    if !open || kind.is_attested(version) {
        return Vec::new();
    }
    vec![EntryNote {
        code: "not_attested".to_owned(),
        hint: "Let the body's secretary or chair make the move `attest` on it.".to_owned(),
        message: "It is not attested, and until it is adopts nothing.".to_owned(),
        of: None,
        versions: Vec::new(),
    }]
}

/// Returns what a kind notes of a body of a record, by the other records.
pub(crate) fn of_body(
    kind: &KindSpec,
    id: Uuid,
    body: &Value,
    records: &Records,
) -> Option<EntryNote> {
    kind.noted?(id, body, records).map(of_kind)
}

/// Returns what a kind notes of a move on a version of it, by the other records.
pub(crate) fn of_move(kind: &KindSpec, event: &Event, records: &Records) -> Option<EntryNote> {
    let (id, version) = (event.id, event.version);
    let noted = kind.move_noted.filter(|_| event.act == Act::Move)?;
    noted(event, records.cited(Cite { id, version })?, records).map(of_kind)
}

fn of_kind(note: Note) -> EntryNote {
    EntryNote {
        code: note.code.to_owned(),
        hint: note.hint,
        message: note.message,
        of: None,
        versions: Vec::new(),
    }
}

/// Returns that what disposes of a finding is beside none, by the records known about a day.
pub(crate) fn of_disposition(
    kind: &KindSpec,
    body: &Value,
    records: &Records,
    catalogue: &Catalogue,
    day: Day,
) -> Vec<EntryNote> {
    let begun = records.begin.as_ref();
    let (Some(_), Some((begin, _))) = (kind.rule, begun) else {
        return Vec::new();
    };
    let start = assess::aims_start(begin.aims_start, records);
    let at = At::new(records, start, day.max(start), day.max(start));
    let Some(beside) = assess::beside_none(&at, catalogue, body) else {
        return Vec::new();
    };
    let found: Vec<String> = beside.found.iter().map(|day| day.in_words()).collect();
    let found = match found.as_slice() {
        [] => "there is none of that rule on that subject".to_owned(),
        found => format!(
            "those on that subject stand or stood since {}",
            found.join(", ")
        ),
    };
    vec![EntryNote {
        code: "no_such_finding".to_owned(),
        hint: format!(
            "`minutebook status --json --findings {}` shows each subject and its `since`; put another that names them, and withdraw this one.",
            beside.rule
        ),
        message: format!(
            "No finding of {} has stood since {}: {found}. It is shown beside none, and counts for nothing.",
            beside.rule,
            beside.since.in_words()
        ),
        of: None,
        versions: Vec::new(),
    }]
}
