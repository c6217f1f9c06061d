//! What the answer on the named owner says.

use record::{Act, Day, Version};
use uuid::Uuid;

use crate::at;
use crate::ended::Cause;
use crate::five::Words;
use crate::five_told::{Told, count, lower, n_of};
use crate::rules::owner;
use crate::status::Base;
use crate::view::{Affected, Evidence};
use crate::wording;

impl Base<'_> {
    pub fn tell_owner(&self, words: Words) -> Told {
        let at = &self.at;
        let holders: Vec<_> = ["conformity", "reporting"]
            .iter()
            .filter_map(|duty| owner::holder(at, duty))
            .collect();
        let unheld = 2 - count(holders.iter().filter(|one| one.is_person).count());
        let mut evidence: Vec<Evidence> = Vec::new();
        for one in &holders {
            let moves = [
                owner::accepted(at, one),
                owner::announced(at, one.appointment),
            ];
            let mut found = self.rests_on(one.appointment, moves.into_iter().flatten());
            found.extend(one.by_post.map(|version| self.evidence(version, None)));
            let gone = owner::gone(at, one.appointment).filter(|_| one.cover);
            found.extend(gone.map(|gone| self.gone(&gone)));
            found.extend(self.to_end(one.appointment));
            if !one.is_by_top(at) {
                found.extend(self.approver_until(one.appointment).1);
            }
            for found in found {
                if !evidence.contains(&found) {
                    evidence.push(found);
                }
            }
        }
        // Nobody holds what was given to somebody who was entered in error.
        let in_error = self.in_error().filter(|_| words.in_hand != "yes");
        let in_error =
            in_error.flat_map(|(given, gone)| [self.evidence(given, None), self.gone(&gone)]);
        let mut left = self.all_vacated();
        left.extend(in_error);
        for found in left {
            if !evidence.contains(&found) {
                evidence.push(found);
            }
        }
        let (because, besides) = match words.in_hand {
            "yes" => self.owner_because(words, &holders),
            _ => self.no_owner_because(),
        };
        let posts = holders.iter().filter_map(|one| one.by_post);
        let appointments = holders.iter().map(|one| one.appointment).chain(posts);
        let leaves = holders.iter().filter_map(|one| owner::leaves_on(one, at));
        let ends = appointments
            .filter_map(|version| self.due_or_over(version, at::day(version.body(), "/end")));
        Told {
            because,
            affected: Some(Affected { n: unheld, of: 2 }),
            next_due: ends.chain(leaves).filter(|last| !self.goes_on(*last)).min(),
            evidence,
            besides,
            ..Told::default()
        }
    }

    /// Returns whether both responsibilities lie with a named person on the day after one on which an
    /// appointment ends, or somebody leaves: nothing is due by then.
    fn goes_on(&self, last: Day) -> bool {
        let after = self.at.on(last.next());
        let mut duties = owner::DUTIES.into_iter();
        duties
            .all(|duty| owner::holder(&after, duty).is_some_and(|one| one.is_person && !one.cover))
    }

    /// Names who holds a duty, and the post where it lies with one.
    fn holder_named(&self, holder: &owner::Holder<'_>) -> String {
        let name = self.in_sentence(holder.holder);
        match self.post(holder) {
            None => name,
            Some(post) => format!("{name} ({post})"),
        }
    }

    /// Names the post with which a duty lies, where it lies with one.
    fn post(&self, holder: &owner::Holder<'_>) -> Option<String> {
        let post = holder.by_post?.body().get("post")?.as_str()?;
        Some(self.q.names.called(post).to_owned())
    }

    /// Says that somebody named, or named before, holds responsibility for something and by whose
    /// appointment, or for whom they stand in.
    fn holds(&self, one: &owner::Holder<'_>, name: &str, holds: &str, what: &str) -> String {
        if one.cover {
            let gone = self.stood_in_for(one, &self.approved(one.appointment, "appointed"));
            return format!("{name} stands in for {gone} in responsibility {what}");
        }
        // A post was assigned it, perhaps long before whoever has the post came to it.
        let first = |post: &Version| at::day(post.body(), "/start");
        let since = one.by_post.and_then(first);
        match self.post(one).zip(since) {
            None => {
                let appointed = self.approved_until(one.appointment, "appointed");
                format!("{name}, {appointed},{holds} {what}")
            }
            Some((post, since)) => {
                let since = since.in_words();
                let assigned = self.approved_until(one.appointment, "assigned to the post");
                format!("{name}, in the post {post} since {since},{holds} {what}, {assigned}")
            }
        }
    }

    /// Says for whom somebody stands in, by whose appointment, and how they are gone.
    fn stood_in_for(&self, one: &owner::Holder<'_>, appointed: &str) -> String {
        let body = one.appointment.body();
        let holder = at::id(body, "/holder");
        let named = holder.map(|holder| self.in_sentence(holder));
        let gone = owner::gone(&self.at, one.appointment);
        match (named, gone.map(|gone| gone.last)) {
            (Some(named), Some(Some(last))) => {
                let last = last.in_words();
                format!("{named}, who left on {last}, {appointed},")
            }
            (Some(named), Some(None)) => {
                format!("{named}, {appointed}, whose record was withdrawn as entered in error,")
            }
            (Some(named), None) => format!("{named}, {appointed}, which is there no longer,"),
            (None, _) => {
                let post = body.get("holder_post").and_then(|post| post.as_str());
                let post = self.q.names.called(post.unwrap_or_default());
                format!("whoever has the post {post}, {appointed}, as nobody has,")
            }
        }
    }

    /// Says who holds the two responsibilities and by whose appointment: each by its own, and
    /// together where both rest on one.
    fn holders(&self, holders: &[owner::Holder<'_>]) -> String {
        const HOLDS: &str = " holds responsibility";
        let (conformity, reporting) = ("for conformity", "for reporting to top management");
        match holders {
            [one, other] if one.is_as(other) => {
                let both = format!("{conformity} and {reporting}");
                self.holds(one, &self.in_sentence(one.holder), HOLDS, &both)
            }
            [one, other] => {
                let first = self.holds(one, &self.in_sentence(one.holder), HOLDS, conformity);
                let holds = if one.cover { HOLDS } else { "" };
                if one.holder == other.holder {
                    let also = self.holds(other, "", holds, reporting);
                    return format!("{first} and{also}");
                }
                let name = self.in_sentence(other.holder);
                let also = self.holds(other, &name, holds, reporting);
                format!("{first}, and {also}")
            }
            _ => String::new(),
        }
    }

    /// Names who holds the two responsibilities, and who stands in.
    fn owners(&self, holders: &[owner::Holder<'_>]) -> String {
        let [one, other] = holders else {
            return String::new();
        };
        let (name, second) = (self.holder_named(one), self.holder_named(other));
        match (one.holder == other.holder, one.cover, other.cover) {
            (true, false, false) => format!("{name} holds both responsibilities"),
            (true, true, true) => format!("{name} stands in for both responsibilities"),
            (true, ..) => {
                format!("{name} holds one of the two responsibilities and stands in for the other")
            }
            (false, false, false) => {
                format!("{name} and {second} hold the two responsibilities")
            }
            (false, true, true) => {
                format!("{name} and {second} stand in for the two responsibilities")
            }
            (false, stands_in, _) => {
                let (holder, cover) = match stands_in {
                    true => (second, name),
                    false => (name, second),
                };
                format!(
                    "{holder} holds one of the two responsibilities, and {cover} stands in for the other"
                )
            }
        }
    }

    /// Returns the appointments that nobody fills as whoever they name was entered in error.
    fn in_error(&self) -> impl Iterator<Item = (&Version, owner::Gone<'_>)> {
        let duties = owner::DUTIES.into_iter();
        duties.filter_map(|duty| owner::entered_in_error(&self.at, duty))
    }

    /// Says which record it was that left a duty with nobody.
    fn emptied(&self) -> String {
        let Some((appointment, gone)) = self.in_error().next() else {
            return String::new();
        };
        format!(
            " The record of {}, to whom {} gives them, was withdrawn on {} as entered in error.",
            self.in_sentence(gone.holder),
            self.version_in_sentence(appointment.cite()),
            gone.event.recorded_on.in_words()
        )
    }

    /// Returns the entry by which somebody is gone, as evidence.
    pub fn gone(&self, gone: &owner::Gone<'_>) -> Evidence {
        let on = gone.last.unwrap_or(gone.event.recorded_on);
        match gone.event.act {
            Act::Put => self.evidence(gone.version, Some(on)),
            _ => self.done(gone.version, gone.event, on),
        }
    }

    fn owner_because(&self, words: Words, holders: &[owner::Holder<'_>]) -> Cause {
        let said = match words.holds {
            "yes" => format!("{}.", self.holders(holders)),
            "unknown" => format!(
                "{}; the records do not say that this was made known.",
                self.holders(holders)
            ),
            _ => {
                let (finding, named) = self.first_finding(&["5.3"]);
                let until = holders.iter().filter(|one| !one.is_by_top(&self.at));
                let until = until.map(|one| self.approver_until(one.appointment).0);
                let until = until.max().unwrap_or_default();
                let said = match until.is_empty() {
                    true => finding,
                    false => format!("{}{until}.", finding.trim_end_matches('.')),
                };
                let said = format!("{}, but {}", self.owners(holders), lower(&said));
                return (said, named);
            }
        };
        (said, Vec::new())
    }

    /// Says of each responsibility that lies with no named person with whom it lies instead, if
    /// with anybody, and since when.
    fn no_owner_because(&self) -> Cause {
        let duties = owner::DUTIES.into_iter();
        let open = duties.filter_map(|duty| self.lies(duty).map(|lies| (duty, lies)));
        let open: Vec<(&str, Lies)> = open.collect();
        let said = match &open[..] {
            [(_, one), (_, other)] if one == other => {
                let ending = match one.with {
                    Some(_) => "and for reporting on it to top management",
                    None => "or for reporting on it to top management",
                };
                self.not_named(&format!("{} {ending}", owner::in_words("conformity")), one)
            }
            open => {
                let said = open.iter();
                let said = said.map(|(duty, lies)| self.not_named(owner::in_words(duty), lies));
                said.collect::<Vec<_>>().join("; ")
            }
        };
        let vacant = open.iter().any(|(_, lies)| lies.with.is_none());
        let (lost, named) = match vacant {
            true => self.inquorate("appointment"),
            false => Cause::default(),
        };
        let emptied = if vacant {
            self.emptied()
        } else {
            String::new()
        };
        (
            format!("{}.{emptied}{lost}", wording::capital(&said)),
            named,
        )
    }

    /// Returns where a responsibility lies that lies with no named person.
    fn lies(&self, duty: &str) -> Option<Lies> {
        let at = &self.at;
        let (with, since) = match owner::holder(at, duty) {
            None => (None, owner::vacant_since(at, duty)),
            Some(one) if one.is_person => return None,
            Some(one) => (Some(one.holder), owner::lies_since(at, duty, one.holder)),
        };
        let since = since.unwrap_or(self.q.aims_start);
        let why = match with {
            None => self.vacated(duty, since).0,
            Some(_) => String::new(),
        };
        Some(Lies { with, since, why })
    }

    fn not_named(&self, what: &str, lies: &Lies) -> String {
        let since = lies.since.in_words();
        match lies.with {
            Some(with) => format!(
                "{what} lies with {}, not with a named person, since {since}",
                self.in_sentence(with)
            ),
            None => {
                // Both days count: the first is one day.
                let days = self.q.about.days_since(lies.since) + 1;
                let days = n_of(days, "day", "days");
                format!(
                    "the records show nobody holding {what} for {days}, from {since}{}",
                    lies.why
                )
            }
        }
    }
}

/// Where a responsibility lies that lies with no named person, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Lies {
    /// The body that holds it; nobody does without one.
    with: Option<Uuid>,
    since: Day,
    /// How whoever held it before is gone, after a colon.
    why: String,
}
