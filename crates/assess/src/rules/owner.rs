//! 5.3: the two responsibilities, who holds them, and by whose assignment.

use catalogue::{Level, Rule};
use record::{Record, Version};
use uuid::Uuid;

use super::{Subject, policy, told, without_attendance};
use crate::at::{At, day, id, list, stated};
use crate::outcome::{Outcome, Says};

/// The kinds that say who holds a responsibility.
pub const READS: &[&str] = &["appointment", "person", "body"];

/// The two responsibilities of 5.3.
pub const DUTIES: [&str; 2] = ["conformity", "reporting"];

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
    /// Whether they stand in for the one appointed.
    pub cover: bool,
    /// Whether it is a person.
    pub is_person: bool,
}

/// Returns who holds a duty: the latest appointment in force whose holder, or whose cover,
/// is there.
pub fn holder<'a>(at: &At<'a>, duty: &str) -> Option<Holder<'a>> {
    let gives = |version: &&Version| {
        list(version.body(), "/duties")
            .iter()
            .any(|one| one.as_str() == Some(duty))
            && day(version.body(), "/start").is_some_and(|start| at.reached(start))
    };
    let mut found: Vec<Holder<'a>> = at
        .all_in_force("appointment")
        .into_iter()
        .filter(gives)
        .filter_map(|version| seated(at, version))
        .collect();
    found.sort_by_key(|one| (one.is_person, day(one.appointment.body(), "/start")));
    found.pop()
}

/// Returns who fills the post that an appointment gives: its holder, or the cover of one who is
/// gone.
pub(crate) fn seated<'a>(at: &At<'a>, version: &'a Version) -> Option<Holder<'a>> {
    let body = version.body();
    let over = |last: Option<record::Day>| last.is_some_and(|last| at.reached(last.next()));
    if over(day(body, "/end")) {
        return None;
    }
    let left = version
        .moved("leave")
        .any(|event| over(event.day("/last_day")));
    let holder = id(body, "/holder").and_then(|holder| at.records.get(holder))?;
    if !left && here(at, holder) {
        let is_person = &*holder.kind == "person";
        return Some(Holder {
            appointment: version,
            holder: holder.id,
            cover: false,
            is_person,
        });
    }
    let cover = id(body, "/cover")
        .and_then(|cover| at.records.get(cover))
        .filter(|cover| here(at, cover))?;
    Some(Holder {
        appointment: version,
        holder: cover.id,
        cover: true,
        is_person: &*cover.kind == "person",
    })
}

fn here(at: &At<'_>, record: &Record) -> bool {
    let Some(version) = record.standing().next_back() else {
        return false;
    };
    let left = day(version.body(), "/left_on").is_some_and(|last| at.reached(last.next()));
    !left
}

/// 5.3: the duty is held, by top management's assignment, with authority, and made known.
pub fn held(at: &At<'_>, _: &Rule, subject: &Subject) -> Outcome {
    let Subject::Duty(duty) = subject else {
        return Outcome::new(Says::Absent);
    };
    let vacant = || Outcome::fails().with("responsibility", in_words(duty));
    let Some(holder) = holder(at, duty) else {
        return vacant();
    };
    let version = holder.appointment;
    let assigned = version
        .approval()
        .map(|(approval, _)| approval)
        .filter(|approval| policy::by_top_management(at, approval));
    let Some(assigned) = assigned.filter(|_| stated(version.body(), "/authority")) else {
        return vacant();
    };
    if told(at, version, "communicate").is_none() {
        return Outcome::new(Says::Unknown).with("responsibility", in_words(duty));
    }
    match policy::terms_unattended(at, assigned) {
        None => Outcome::holds(),
        Some((body, day)) => Outcome::fails()
            .with("case", "terms")
            .with("body", body)
            .with("date", day)
            .with("holder", holder.holder)
            .with("responsibility", in_words(duty))
            .at_level(Level::Reservation),
    }
}

/// 5.3.p: it is held by one natural person who accepted.
pub fn by_one_person(at: &At<'_>, _: &Rule, subject: &Subject) -> Outcome {
    let Subject::Duty(duty) = subject else {
        return Outcome::new(Says::Absent);
    };
    let Some(holder) = holder(at, duty) else {
        return Outcome::new(Says::NotDue);
    };
    let accepted = told(at, holder.appointment, "accept").is_some();
    let approval = holder.appointment.approval();
    let case = if !holder.is_person {
        "committee"
    } else if !(accepted || holder.cover) {
        "accepted"
    } else if approval.is_some_and(|(approval, _)| without_attendance(approval)) {
        "attendance"
    } else {
        return Outcome::holds();
    };
    Outcome::fails()
        .with("case", case)
        .with("responsibility", in_words(duty))
        .with("holder", holder.holder)
}

/// Returns a duty as a sentence names it.
pub fn in_words(duty: &str) -> &'static str {
    match duty {
        "conformity" => "responsibility for the conformity of the AI management system",
        _ => "responsibility for reporting on it to top management",
    }
}
