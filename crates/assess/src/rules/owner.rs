//! 5.3: the two responsibilities, who holds them, and by whose assignment.

use catalogue::{Level, Rule};
use record::put_right::standing_moves;
use record::records::Approved;
use record::{Day, Event, Leaving, Left, Record, Version};
use serde_json::Value;
use uuid::Uuid;

use super::{Subject, delegation, policy, system, without_attendance};
use crate::at::{At, STAY, day, id, list, stated};
use crate::outcome::{Outcome, Says};
use crate::sentence::Param;

/// The kinds that say who holds a responsibility.
pub const READS: &[&str] = &["appointment", "person", "body"];

/// The two responsibilities of 5.3.
pub const DUTIES: [&str; 2] = ["conformity", "reporting"];

/// Returns whether an appointment gives a duty of 5.3.
pub fn gives_duties(appointment: &Version) -> bool {
    !list(appointment.body(), "/duties").is_empty()
}

/// Returns whether an appointment gives one duty of 5.3.
pub(crate) fn gives(appointment: &Version, duty: &str) -> bool {
    let mut duties = list(appointment.body(), "/duties").iter();
    duties.any(|one| one.as_str() == Some(duty))
}

/// Returns the two responsibilities of 5.3.
pub fn duties(_: &At<'_>) -> Vec<Subject> {
    DUTIES.map(Subject::Duty).to_vec()
}

/// Who holds a duty on a day.
#[derive(Debug, Clone, Copy)]
pub struct Holder<'a> {
    /// The appointment.
    pub appointment: &'a Version,
    /// The person or body.
    pub holder: Uuid,
    /// The appointment that gives them the post with which the duty lies, where it lies with one.
    pub by_post: Option<&'a Version>,
    /// Whether they stand in for the one appointed.
    pub cover: bool,
    /// Whether it is a person.
    pub is_person: bool,
}

impl Holder<'_> {
    /// Returns whether another duty is held alike: by the same appointment, and by the same person
    /// or body, or whoever stands in for them.
    pub fn is_as(&self, other: &Self) -> bool {
        let title = |one: &Self| (one.appointment.cite(), one.holder, one.cover);
        title(self) == title(other)
    }

    /// Returns whether top management assigned it.
    pub fn is_by_top(&self, at: &At<'_>) -> bool {
        let approved = at.approved(self.appointment);
        approved.is_some_and(|one| delegation::by_top_management(at, one.act))
    }
}

/// Returns who holds a duty: by the latest appointment in force whose holder, or whose cover,
/// is there. One by top management goes before any other.
pub fn holder<'a>(at: &At<'a>, duty: &str) -> Option<Holder<'a>> {
    holders(at, duty).pop()
}

/// Returns everybody who holds a duty by an appointment, whoever answers for it last.
fn holders<'a>(at: &At<'a>, duty: &str) -> Vec<Holder<'a>> {
    let gives = |version: &Version| gives(version, duty);
    let mut found: Vec<Holder<'a>> = begun(at, gives)
        .filter_map(|version| seated(at, version))
        .collect();
    found.sort_by_cached_key(|one| {
        let body = one.appointment.body();
        let from = at.approved(one.appointment).map(|one| one.from);
        let latest = (day(body, "/start"), from);
        (
            one.is_by_top(at),
            one.is_person,
            latest,
            one.appointment.put.seq,
        )
    });
    found
}

/// Returns the appointments in force and begun that give something.
fn begun<'a>(
    at: &At<'a>,
    gives: impl Fn(&Version) -> bool + Copy,
) -> impl Iterator<Item = &'a Version> {
    at.records
        .of_kind("appointment")
        // Only those are asked for their days, as appointments may be many.
        .filter(move |record| record.standing().any(gives))
        .filter_map(|record| at.in_force(record))
        .filter(move |version| gives(version))
        .filter(|version| day(version.body(), "/start").is_some_and(|start| at.reached(start)))
}

/// How an appointment says that whoever it names leaves it.
const LEAVING: Leaving = Leaving {
    names: &["/holder", "/holder_post"],
    first: "/start",
    by: "leave",
    last: "/last_day",
};

/// Returns that whoever an appointment names leaves it, as it or an earlier version of it tells.
fn left<'a>(at: &At<'a>, appointment: &Version) -> Option<Left<'a>> {
    let record = at.records.get(appointment.put.id)?;
    let up_to = record.standing();
    let up_to = up_to.filter(|one| one.number() <= appointment.number());
    LEAVING.told(appointment.body(), up_to)
}

/// Returns who fills the post that an appointment gives: its holder, or whoever has the post
/// that it is given to, or the cover of one who is gone.
pub(crate) fn seated<'a>(at: &At<'a>, version: &'a Version) -> Option<Holder<'a>> {
    let body = version.body();
    let over = |last: Option<Day>| last.is_some_and(|last| at.reached(last.next()));
    if over(day(body, "/end")) {
        return None;
    }
    let left = left(at, version).is_some_and(|left| over(Some(left.last)));
    let here = |pointer: &str| {
        let found = at.records.get(id(body, pointer)?)?;
        let is_here = at
            .records
            .is_here_when(found.id, Some(STAY), |day| at.reached(day));
        // A body that nobody set up, or that was dissolved, holds nothing.
        let sits = &*found.kind != "body" || at.in_force(found).is_some();
        (is_here && sits).then_some(found)
    };
    let filled = |record: &Record, by_post: Option<&'a Version>, cover: bool| Holder {
        appointment: version,
        holder: record.id,
        by_post,
        cover,
        is_person: &*record.kind == "person",
    };
    if !left && let Some(holder) = here("/holder") {
        return Some(filled(holder, None, false));
    }
    if !left && let Some((by_post, holder)) = in_post(at, body) {
        return Some(filled(at.records.get(holder)?, Some(by_post), false));
    }
    here("/cover").map(|cover| filled(cover, None, true))
}

/// How the one whom an appointment names came to be there no longer.
#[derive(Debug, Clone, Copy)]
pub struct Gone<'a> {
    /// The person, or the body.
    pub holder: Uuid,
    /// Their last day; none of one who was entered in error.
    pub last: Option<Day>,
    /// The entry that says so, and the version that it adds or acts on.
    pub event: &'a Event,
    pub version: &'a Version,
}

/// Returns how the one whom an appointment names is gone by the day: by leaving it, by leaving
/// altogether, or because the record of them was withdrawn.
pub fn gone<'v, 'a: 'v>(at: &At<'a>, appointment: &'v Version) -> Option<Gone<'v>> {
    let holder = id(appointment.body(), "/holder")?;
    let over = |last: &Day| at.reached(last.next());
    if let Some(left) = left(at, appointment).filter(|left| over(&left.last)) {
        return Some(Gone {
            holder,
            last: Some(left.last),
            event: left.event,
            version: left.version,
        });
    }
    let record = at.records.get(holder)?;
    if let Some(last) = record.left(STAY.last, |day| at.reached(day)) {
        let mut versions = record.standing().rev();
        let version = versions.find(|version| version.put.day(STAY.last) == Some(last))?;
        return Some(Gone {
            holder,
            last: Some(last),
            event: &version.put,
            version,
        });
    }
    if record.standing().next().is_some() {
        return None;
    }
    let version = record.versions.last()?;
    Some(Gone {
        holder,
        last: None,
        event: version.withdrawn.as_deref()?,
        version,
    })
}

/// Returns the appointment to a duty that nobody fills as the record of whoever it names was
/// withdrawn, and that withdrawal.
pub fn entered_in_error<'a>(at: &At<'a>, duty: &str) -> Option<(&'a Version, Gone<'a>)> {
    let gives = |version: &Version| gives(version, duty);
    let empty = begun(at, gives).filter(|version| seated(at, version).is_none());
    let empty = empty.filter_map(|version| Some((version, gone(at, version)?)));
    let in_error = empty.filter(|(_, gone)| gone.last.is_none());
    in_error.max_by_key(|(version, _)| version.put.seq)
}

/// An appointment in force that begins later, and took the place of one by which a duty was held.
struct BeginsLater {
    record: Uuid,
    holder: Uuid,
    start: Day,
    /// Whom the version before it named.
    before: Uuid,
}

/// Returns the appointment that leaves a duty with nobody until it begins: superseded, the version
/// before it gives nothing any more, whatever the later one says of its first day.
fn begins_later(at: &At<'_>, duty: &str) -> Option<BeginsLater> {
    let gives = |version: &Version| gives(version, duty);
    let records = at.records.of_kind("appointment");
    let found = records.filter_map(|record| {
        let later = at.in_force(record).filter(|version| gives(version))?;
        let start = day(later.body(), "/start").filter(|start| !at.reached(*start))?;
        let mut earlier = record.standing().rev();
        let earlier = earlier.find(|version| {
            version.number() < later.number() && gives(version) && at.approved(version).is_some()
        })?;
        Some(BeginsLater {
            record: record.id,
            holder: id(later.body(), "/holder")?,
            start,
            before: id(earlier.body(), "/holder")?,
        })
    });
    found.min_by_key(|one| one.start)
}

/// Returns the last day of whoever holds a duty now, still to come, after which nobody does by that
/// appointment: where no cover is named, or who is will not be there either.
pub fn leaves_on<'a>(holder: &Holder<'a>, at: &At<'a>) -> Option<Day> {
    let seat = holder.by_post.unwrap_or(holder.appointment);
    let left = left(at, seat).filter(|_| !holder.cover);
    let person = at.records.get(holder.holder);
    let newest = person.and_then(|person| person.standing().next_back());
    let days = [
        left.map(|left| left.last),
        newest.and_then(|version| version.put.day(STAY.last)),
    ];
    let last = days.into_iter().flatten().min()?;
    let after = at.on(last.next());
    seated(&after, holder.appointment).is_none().then_some(last)
}

/// Returns the appointments that gave a person a power at some time of a day: to the holder they
/// name, never to a cover or a post, and to nobody who had left.
pub(crate) fn empowered<'a>(
    at: &At<'a>,
    (person, on): (Uuid, Day),
    power: &str,
) -> impl Iterator<Item = Approved<'a>> {
    let gives = move |version: &Version| {
        let begun = day(version.body(), "/start").is_some_and(|start| start <= on);
        begun && delegation::gives(version, power)
    };
    let then = at.on(on);
    let records = at.records.of_kind("appointment");
    // Only those are asked for their days, as appointments may be many.
    let records = records.filter(move |record| record.standing().any(gives));
    let given = records.flat_map(move |record| record.approved_on(on));
    given.filter(move |one| {
        let seated = seated(&then, one.version).filter(|_| gives(one.version));
        seated.is_some_and(|one| one.holder == person && !one.cover && one.by_post.is_none())
    })
}

/// Returns who has the post that an appointment names as its holder, and by which appointment.
/// A post is given to somebody by name, never to another post.
fn in_post<'a>(at: &At<'a>, body: &Value) -> Option<(&'a Version, Uuid)> {
    let post = body.get("holder_post").filter(|post| post.is_string())?;
    let gives = |version: &Version| {
        version.body().get("post") == Some(post) && id(version.body(), "/holder").is_some()
    };
    begun(at, gives)
        .filter_map(|version| Some((version, seated(at, version)?.holder)))
        .max_by_key(|(version, _)| (day(version.body(), "/start"), version.put.seq))
}

/// Returns since when a duty has been vacant without a break; `None` where somebody holds it.
pub fn vacant_since(at: &At<'_>, duty: &str) -> Option<Day> {
    system::so_since(at, at.start, |then| holder(then, duty).is_none())
}

/// Returns since when a duty has lain with somebody without a break; `None` where it does not.
pub fn lies_since(at: &At<'_>, duty: &str, with: Uuid) -> Option<Day> {
    system::so_since(at, at.start, |then| {
        holder(then, duty).is_some_and(|one| one.holder == with)
    })
}

/// Returns the entry by which an appointment was made known, and the day: since it was decided,
/// or first was of one that has been in force without a break.
pub(crate) fn announced<'v, 'a: 'v>(at: &At<'a>, version: &'v Version) -> Option<(&'v Event, Day)> {
    let begun = at.unbroken(version)?.from;
    let decided = version.approved().filter(|one| begun <= one.from);
    let decided_on = decided.map(|one| one.act.decided_on).min()?;
    standing_moves(version, "communicate").find_map(|event| {
        let on = event.day("/on")?;
        (on >= decided_on && at.reached(on)).then_some((event, on))
    })
}

/// Returns the entry by which a holder accepted, and the day: nobody accepts for another. Told
/// again, the newest counts.
pub(crate) fn accepted<'v>(at: &At<'_>, holder: &Holder<'v>) -> Option<(&'v Event, Day)> {
    let moves = holder.appointment.moved("accept");
    let own = moves.filter(|event| event.facts.by == Some(holder.holder));
    let event = own.max_by_key(|event| event.seq)?;
    let on = event.day("/on").filter(|on| at.reached(*on))?;
    Some((event, on))
}

/// Says that nobody holds a duty, and why that is where the records show a reason.
fn vacant(at: &At<'_>, duty: &str) -> Outcome {
    let fails = Outcome::fails();
    if let Some((_, gone)) = entered_in_error(at, duty) {
        return fails
            .with("case", "withdrawn")
            .with("holder", gone.holder)
            .with("on", gone.event.recorded_on);
    }
    let Some(later) = begins_later(at, duty) else {
        return fails;
    };
    // Who held it by that appointment may not be whom it names.
    let last = vacant_since(at, duty).map(|since| at.on(since.plus_days(-1)));
    let last = last.and_then(|then| holder(&then, duty));
    let last = last.filter(|one| one.appointment.put.id == later.record);
    let case = match last.is_some_and(|one| one.cover) {
        true => "later_cover",
        false => "later",
    };
    fails
        .with("case", case)
        .with("holder", later.holder)
        .with("on", later.start)
        .with("another", last.map_or(later.before, |one| one.holder))
}

/// 5.3: the duty is held, by top management's assignment, with authority, and made known.
pub fn held(at: &At<'_>, _: &Rule, subject: &Subject) -> Outcome {
    let Subject::Duty(duty) = subject else {
        return Outcome::new(Says::Absent);
    };
    let Some(holder) = holder(at, duty) else {
        let since = vacant_since(at, duty).unwrap_or(at.start);
        return vacant(at, duty)
            .with("responsibility", in_words(duty))
            .with("date", since)
            // Both days count: the first is one day.
            .with("days", Param::DaysSince(since.plus_days(-1)));
    };
    let version = holder.appointment;
    let said = |outcome: Outcome| {
        let outcome = outcome.with("responsibility", in_words(duty));
        outcome.with("holder", holder.holder)
    };
    if !holder.is_by_top(at) {
        return said(Outcome::fails().with("case", "approval")).whose(holder.holder);
    }
    if !stated(version.body(), "/authority") {
        return said(Outcome::fails().with("case", "authority")).whose(holder.holder);
    }
    if announced(at, version).is_none() {
        return said(Outcome::new(Says::Unknown));
    }
    let approved = at.approved(version);
    match approved.and_then(|one| policy::terms_unattended(at, one.act)) {
        None => Outcome::holds(),
        Some((body, day)) => said(Outcome::fails())
            .with("case", "terms")
            .with("body", body)
            .with("date", day)
            .at_level(Level::Reservation),
    }
}

/// Says that somebody stands in: for whom, and since when.
fn standing_in(at: &At<'_>, holder: &Holder<'_>) -> Outcome {
    let fails = Outcome::fails();
    match gone(at, holder.appointment) {
        Some(Gone {
            holder: another,
            last: Some(last),
            ..
        }) => fails
            .with("case", "cover")
            .with("another", another)
            .with("on", last),
        Some(gone) => fails
            .with("case", "cover_in_error")
            .with("another", gone.holder),
        None => match id(holder.appointment.body(), "/holder") {
            Some(body) => fails.with("case", "cover_of_body").with("another", body),
            None => fails.with("case", "cover_of_post"),
        },
    }
}

/// Says who else was given a duty than the one who answers for it: by another than top management,
/// which gave it to that one, or by an appointment that has not ended either.
fn another(at: &At<'_>, duty: &str, holder: &Holder<'_>) -> Option<Outcome> {
    let others = holders(at, duty).into_iter().rev();
    let mut others = others.filter(|one| one.holder != holder.holder);
    others.find_map(|one| {
        if passes(at, duty, one.holder, holder.holder)
            || passes(at, duty, holder.holder, one.holder)
        {
            return None;
        }
        let said = match (holder.is_by_top(at), one.is_by_top(at)) {
            (true, false) => Outcome::fails().with("case", "another"),
            // Whoever stands in does so until somebody is appointed.
            _ if one.cover => return None,
            _ => Outcome::fails().with("case", "several"),
        };
        Some(said.with("another", one.holder))
    })
}

/// Returns whether a duty passes from one to another on the day: the last of the one is the first
/// of the other, who hand it over.
fn passes(at: &At<'_>, duty: &str, from: Uuid, to: Uuid) -> bool {
    let holds = |day: Day, who: Uuid| {
        let then = at.on(day);
        holders(&then, duty).iter().any(|one| one.holder == who)
    };
    !holds(at.day.next(), from) && !holds(at.day.plus_days(-1), to)
}

/// 5.3.p: it is held by one natural person who accepted, not by whoever stands in for them, and
/// nobody else was given it.
pub fn by_one_person(at: &At<'_>, _: &Rule, subject: &Subject) -> Outcome {
    let Subject::Duty(duty) = subject else {
        return Outcome::new(Says::Absent);
    };
    let Some(holder) = holder(at, duty) else {
        return Outcome::new(Says::NotDue);
    };
    let said = |outcome: Outcome| {
        let outcome = outcome.with("responsibility", in_words(duty));
        outcome.with("holder", holder.holder).whose(holder.holder)
    };
    let accepted = accepted(at, &holder).is_some();
    let approved = at.approved(holder.appointment);
    if let Some(another) = another(at, duty, &holder) {
        return said(another);
    }
    if holder.is_person && holder.cover {
        return said(standing_in(at, &holder));
    }
    let case = if !holder.is_person {
        "committee"
    } else if !accepted {
        "accepted"
    } else if approved.is_some_and(|one| without_attendance(one.act)) {
        "attendance"
    } else {
        return Outcome::holds();
    };
    said(Outcome::fails().with("case", case))
}

/// Returns a duty as a sentence names it.
pub fn in_words(duty: &str) -> &'static str {
    match duty {
        "conformity" => "responsibility for the conformity of the AI management system",
        _ => "responsibility for reporting on the AI management system to top management",
    }
}
