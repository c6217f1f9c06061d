//! What ended what stood, where an answer has nothing to hand over any more, or will not have from
//! the next day on: who rescinded it, the day until which it was approved, or how whoever was
//! appointed left.

use record::approve::Approver;
use record::records::Approved;
use record::{Approval, Day, Event, Version};
use uuid::Uuid;

use crate::at::{self, STAY};
use crate::five_told::Told;
use crate::rules::owner;
use crate::status::Base;
use crate::view::Evidence;

/// The end of what was approved.
pub(crate) struct Ended<'v> {
    approved: Approved<'v>,
    /// Its last day.
    pub last: Day,
    /// What rescinded it; none where it was approved until that day.
    by: Option<(&'v Approval, &'v Event)>,
}

impl Ended<'_> {
    /// Returns the first day on which it is no more.
    pub fn over(&self) -> Day {
        self.last.next()
    }
}

/// What is said of why nothing stands, and the records that it names.
pub(crate) type Cause = (String, Vec<Evidence>);

impl Base<'_> {
    /// Returns the end of a version by the approval that took effect last, as far as it was decided
    /// about the day, or reaches back so far that nothing stands on it.
    fn ended<'v>(&self, version: &'v Version) -> Option<Ended<'v>> {
        self.end(self.at.approved(version)?)
    }

    /// Returns the end of what was approved, as far as it was decided about the day.
    fn end<'v>(&self, approved: Approved<'v>) -> Option<Ended<'v>> {
        let version = approved.version;
        let last = approved.last?;
        let by = approved.ends().filter(|(on, _)| *on == last);
        let by = by.min_by_key(|(_, event)| event.seq);
        let by = by.and_then(|(_, event)| {
            let mut ends = version.counted("end");
            let (act, event) = ends.find(|(_, at)| at.seq == event.seq)?;
            Some((act, &**event))
        });
        let is_known = match by {
            Some((act, _)) => self.at.reached(act.decided_on.min(last.next())),
            None => approved.act.until() == Some(last),
        };
        is_known.then_some(Ended { approved, last, by })
    }

    /// Returns what stood last of a kind and has ended by the day: of those approvals that it is
    /// asked about.
    pub fn ended_last<'v>(
        &'v self,
        kind: &str,
        concerns: impl Fn(&Approval) -> bool,
    ) -> Option<Ended<'v>> {
        let records = self.q.records.of_kind(kind);
        let last = records.filter_map(|record| record.last_in_force(self.q.about));
        let ended = last.filter_map(|version| self.ended(version));
        let ended = ended.filter(|one| self.at.reached(one.over()) && concerns(one.approved.act));
        ended.max_by_key(|one| (one.last, one.approved.event.seq))
    }

    /// Says of what stood last and has ended how it did, after a colon, where nothing stands since the
    /// day after.
    pub fn ended_since(&self, ended: Option<&Ended<'_>>, since: Day) -> Cause {
        let ended = ended.filter(|one| one.over() == since);
        ended.map_or_else(Cause::default, |one| {
            (format!(": {}", self.ended_in_words(one)), self.end_of(one))
        })
    }

    /// Says since when no scope has been in force, and what ended the last.
    pub fn tell_no_scope(&self, since: Option<Day>) -> Told {
        let since = since.unwrap_or(self.q.aims_start);
        let ended = self.ended_last("scope", |_| true);
        let (why, evidence) = self.ended_since(ended.as_ref(), since);
        let (lost, besides) = self.inquorate("scope");
        Told {
            because: format!(
                "The records show no approved scope in force since {}{why}.{lost}",
                since.in_words()
            ),
            evidence,
            besides,
            ..Told::default()
        }
    }

    fn ended_in_words(&self, ended: &Ended<'_>) -> String {
        let (version, last) = (ended.approved.version, ended.last.in_words());
        let named = format!(
            "{}, version {}, was",
            self.version_in_sentence(version.cite()),
            version.number()
        );
        match ended.by {
            None => {
                let approved = self.decided_by(ended.approved.act, "approved");
                format!("{named} {approved} until {last}")
            }
            Some((act, _)) => {
                let decided = self.decided_by(act, rescinded(act));
                match act.decided_on == ended.last {
                    true => format!("{named} {decided}"),
                    false => format!("{named} {decided}, its last day being {last}"),
                }
            }
        }
    }

    /// Returns a version that ended, what was done to it, and the resolution that did so.
    fn end_of(&self, ended: &Ended<'_>) -> Vec<Evidence> {
        let version = ended.approved.version;
        let Some((act, event)) = ended.by else {
            return self.rests_on(version, []);
        };
        let mut evidence = vec![self.evidence(version, None)];
        evidence.extend(self.end_by(version, (act, event), ended.last));
        evidence
    }

    fn end_by(
        &self,
        version: &Version,
        (act, event): (&Approval, &Event),
        last: Day,
    ) -> Vec<Evidence> {
        let mut evidence = vec![self.done_as("end", (version, event), last)];
        if let Approver::Body { resolution, .. } = act.by {
            evidence.extend(self.resolved(resolution, event, act.decided_on));
        }
        evidence
    }

    /// Returns who approved a version and how, and who rescinded it since: it counts on its last day
    /// still.
    pub fn approved_until(&self, version: &Version, verb: &str) -> String {
        let approved = self.approved(version, verb);
        let ended = self.ended(version);
        match ended.and_then(|one| Some((one.over(), one.by?.0))) {
            None => approved,
            Some((over, act)) => format!(
                "{approved}, which was {} from {} on",
                self.decided_by(act, rescinded(act)),
                over.in_words()
            ),
        }
    }

    /// Returns the records by which a version in force was rescinded from a later day on.
    pub fn to_end(&self, version: &Version) -> Vec<Evidence> {
        let ended = self.ended(version);
        let by = ended.and_then(|one| Some((one.by?, one.last)));
        by.map_or_else(Vec::new, |(by, last)| self.end_by(version, by, last))
    }

    /// Returns the records by which whoever held the duties that nobody holds are gone from them.
    pub fn all_vacated(&self) -> Vec<Evidence> {
        let duties = owner::DUTIES.into_iter();
        let vacant = duties.filter_map(|duty| Some((duty, owner::vacant_since(&self.at, duty)?)));
        vacant
            .flat_map(|(duty, since)| self.vacated(duty, since).1)
            .collect()
    }

    /// Says of the body that approved a version that it was top management, or part of it, and had
    /// ended by then.
    pub fn approver_until(&self, version: &Version) -> Cause {
        let act = self.at.approved(version).map(|one| one.act);
        act.map_or_else(Cause::default, |act| match act.by {
            Approver::Body { body, .. } => self.top_until(body, act.decided_on),
            Approver::Person(_) | Approver::Operator => Cause::default(),
        })
    }

    /// Says of the body that last kept a version as it is that it had ended by then, in a sentence.
    pub fn keeper_until(&self, version: &Version) -> Option<Cause> {
        let (act, _) = self.kept(self.at.approved(version)?)?;
        let Approver::Body { body, .. } = act.by else {
            return None;
        };
        let (until, evidence) = self.top_until(body, act.decided_on);
        let until = until.strip_prefix("; ")?;
        let told = format!(
            "{} was kept as it is on {} by a body that had ended: {until}.",
            self.version_in_sentence(version.cite()),
            act.decided_on.in_words()
        );
        Some((told, evidence))
    }

    /// Says of a body that it was top management, or part of it, and had ended by the day on which it
    /// acted, after a semicolon.
    pub fn top_until(&self, body: Uuid, acted: Day) -> Cause {
        let ended = self.q.records.get(body).and_then(|record| {
            let terms = record.last_in_force(acted)?;
            let ended = self.end(terms.last_approved(|day| day <= acted)?)?;
            (ended.last < acted && self.at.is_top(body, ended.last)).then_some(ended)
        });
        let Some(ended) = ended else {
            return Cause::default();
        };
        let since = ended.by.filter(|(_, event)| acted < event.recorded_on);
        let since = since.map_or_else(String::new, |(_, event)| {
            let on = event.recorded_on.in_words();
            format!(", which was recorded only on {on}")
        });
        let told = format!(
            "; {} was, or was part of, top management until {}{since}",
            self.in_sentence(body),
            ended.last.in_words()
        );
        (told, self.end_of(&ended))
    }

    /// Says how whoever held a duty until the day before nobody did is gone from it, after a colon.
    pub fn vacated(&self, duty: &str, since: Day) -> Cause {
        let before = self.at.on(since.plus_days(-1));
        let Some(holder) = owner::holder(&before, duty) else {
            return Cause::default();
        };
        let told = self.seats_ended(&holder, since);
        let told = told.or_else(|| self.superseded(duty, &holder, since));
        let told = told.or_else(|| self.dissolved(&holder, since));
        let told = told.or_else(|| self.holder_left(&holder, since));
        told.map_or_else(Cause::default, |(why, mut evidence)| {
            evidence.insert(0, self.evidence(holder.appointment, None));
            (format!(": {why}"), evidence)
        })
    }

    /// Says of the appointments by which a duty was held that one ended, rescinded or by its own last
    /// day.
    fn seats_ended(&self, holder: &owner::Holder<'_>, since: Day) -> Option<Cause> {
        let mut seats = [Some(holder.appointment), holder.by_post]
            .into_iter()
            .flatten();
        seats.find_map(|seat| {
            if let Some(ended) = self.ended(seat).filter(|one| one.over() == since) {
                return Some((self.ended_in_words(&ended), self.end_of(&ended)));
            }
            let end = at::day(seat.body(), "/end").filter(|end| end.next() == since)?;
            let told = format!(
                "{}, version {}, ended on {}",
                self.version_in_sentence(seat.cite()),
                seat.number(),
                end.in_words()
            );
            Some((told, vec![self.evidence(seat, None)]))
        })
    }

    /// Says of the appointments by which a duty was held that a later version took the place of one,
    /// and does not give it, or not yet.
    fn superseded(&self, duty: &str, holder: &owner::Holder<'_>, since: Day) -> Option<Cause> {
        let seats = [Some(holder.appointment), holder.by_post];
        seats.into_iter().flatten().find_map(|seat| {
            let record = self.q.records.get(seat.put.id)?;
            let later = record.approved_when(|day| day <= since)?;
            let version = later.version;
            if later.from != since || version.number() == seat.number() {
                return None;
            }
            let start = at::day(version.body(), "/start").filter(|start| since < *start);
            let gives = owner::gives(version, duty);
            let gives = match start {
                _ if seat.cite() == holder.appointment.cite() && !gives => {
                    ", and gives it no longer".to_owned()
                }
                Some(start) => format!(", and begins on {}", start.in_words()),
                None => String::new(),
            };
            let told = format!(
                "{}, version {}, {}, took the place of version {}{gives}",
                self.version_in_sentence(version.cite()),
                version.number(),
                self.decided_by(later.act, "approved"),
                seat.number()
            );
            Some((told, self.rests_on(version, [])))
        })
    }

    /// Says of a body that held a duty how it ended.
    fn dissolved(&self, holder: &owner::Holder<'_>, since: Day) -> Option<Cause> {
        let body = self.q.records.get(holder.holder)?;
        let terms = body.last_in_force(since)?;
        let ended = self.end(terms.last_approved(|day| day <= since)?)?;
        let is_over = ended.over() == since;
        is_over.then(|| (self.ended_in_words(&ended), self.end_of(&ended)))
    }

    /// Says that whoever held a duty left it, or left altogether.
    fn holder_left(&self, holder: &owner::Holder<'_>, since: Day) -> Option<Cause> {
        let then = self.at.on(since);
        let seat = holder.by_post.unwrap_or(holder.appointment);
        let gone = owner::gone(&then, seat).filter(|_| !holder.cover);
        let (last, evidence) = match gone.and_then(|gone| Some((gone.last?, gone))) {
            Some((last, gone)) => (last, self.gone(&gone)),
            None => {
                let person = self.q.records.get(holder.holder)?;
                let last = person.left(STAY.last, |day| then.reached(day))?;
                let mut versions = person.standing().rev();
                let told = versions.find(|one| one.put.day(STAY.last) == Some(last))?;
                (last, self.evidence(told, Some(last)))
            }
        };
        let left = match holder.cover {
            false => "left",
            true => "who stood in, left",
        };
        let comma = if holder.cover { "," } else { "" };
        let name = self.in_sentence(holder.holder);
        let told = format!("{name}{comma} {left} on {}", last.in_words());
        (last.next() == since).then(|| (told, vec![evidence]))
    }
}

/// Says what an end is, by who gave it: a body rescinds.
fn rescinded(end: &Approval) -> &'static str {
    match end.by {
        Approver::Body { .. } => "rescinded",
        Approver::Person(_) | Approver::Operator => "ended",
    }
}
