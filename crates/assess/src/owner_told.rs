//! What the answer on the named owner says.

use record::{Act, Day, Version};

use crate::at;
use crate::five::Words;
use crate::five_told::{Told, count, lower, n_of};
use crate::rules::owner;
use crate::status::Base;
use crate::view::{Affected, Evidence};

impl Base<'_> {
    pub fn tell_owner(&self, words: Words, since: Option<Day>) -> Told {
        let at = &self.at;
        let holders: Vec<_> = ["conformity", "reporting"]
            .iter()
            .filter_map(|duty| owner::holder(at, duty))
            .collect();
        let unheld = 2 - count(holders.iter().filter(|one| one.is_person).count());
        let mut evidence: Vec<Evidence> = Vec::new();
        let mut named: Vec<String> = Vec::new();
        for one in &holders {
            let name = self.holder_named(one);
            if !named.contains(&name) {
                named.push(name);
            }
            let moves = [
                owner::accepted(at, one),
                owner::announced(at, one.appointment),
            ];
            let mut found = self.rests_on(one.appointment, moves.into_iter().flatten());
            found.extend(one.by_post.map(|version| self.evidence(version, None)));
            let gone = owner::gone(at, one.appointment).filter(|_| one.cover);
            found.extend(gone.map(|gone| self.gone(&gone)));
            for found in found {
                if !evidence.contains(&found) {
                    evidence.push(found);
                }
            }
        }
        let committee = holders.iter().any(|one| !one.is_person);
        // Nobody holds what was given to somebody who was entered in error.
        let in_error = self.in_error().filter(|_| words.in_hand != "yes");
        for (appointment, gone) in in_error {
            for found in [self.evidence(appointment, None), self.gone(&gone)] {
                if !evidence.contains(&found) {
                    evidence.push(found);
                }
            }
        }
        let because = if committee && words.in_hand != "yes" {
            format!(
                "The responsibilities lie with {}, not with a named person, since {}.",
                named.join(" and "),
                self.since_in_words(since)
            )
        } else {
            self.owner_because(words, since, &holders)
        };
        let posts = holders.iter().filter_map(|one| one.by_post);
        let appointments = holders.iter().map(|one| one.appointment).chain(posts);
        let leaves = holders.iter().filter_map(|one| owner::leaves_on(one, at));
        let ends = appointments
            .filter_map(|version| self.due_or_over(version, at::day(version.body(), "/end")));
        Told {
            because,
            affected: Some(Affected { n: unheld, of: 2 }),
            next_due: ends.chain(leaves).min(),
            evidence,
            ..Told::default()
        }
    }

    /// Names who holds a duty, and the post where it lies with one.
    fn holder_named(&self, holder: &owner::Holder<'_>) -> String {
        let name = self.in_sentence(holder.holder);
        let post = holder
            .by_post
            .and_then(|version| version.body().get("post")?.as_str());
        post.map_or_else(
            || name.clone(),
            |post| format!("{name} ({})", self.q.names.called(post)),
        )
    }

    /// Says who holds responsibility for something and by whose appointment, or for whom they stand
    /// in.
    fn holds(&self, one: &owner::Holder<'_>, what: &str) -> String {
        let name = self.holder_named(one);
        let appointed = self.approved(one.appointment, "appointed");
        if !one.cover {
            return format!("{name}, {appointed}, holds responsibility {what}");
        }
        let gone = self.stood_in_for(one, &appointed);
        format!("{name} stands in for {gone} in responsibility {what}")
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

    /// Says of another who holds the second, as the end of a sentence.
    fn holds_also(&self, other: &owner::Holder<'_>) -> String {
        let what = "for reporting to top management";
        match other.cover {
            true => self.holds(other, what),
            false => format!(
                "{}, {}, {what}",
                self.holder_named(other),
                self.approved(other.appointment, "appointed")
            ),
        }
    }

    /// Says who holds the two responsibilities and by whose appointment, and names them.
    fn owners(&self, holders: &[owner::Holder<'_>]) -> (String, String) {
        let name = |one| self.holder_named(one);
        match holders {
            [one, other] if name(one) != name(other) => (
                format!(
                    "{}, and {}",
                    self.holds(one, "for conformity"),
                    self.holds_also(other)
                ),
                format!(
                    "{} and {} hold the two responsibilities",
                    name(one),
                    name(other)
                ),
            ),
            [one, ..] => (
                self.holds(one, "for conformity and for reporting to top management"),
                match one.cover {
                    true => format!("{} stands in for both responsibilities", name(one)),
                    false => format!("{} holds both responsibilities", name(one)),
                },
            ),
            [] => (String::new(), String::new()),
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
    fn gone(&self, gone: &owner::Gone<'_>) -> Evidence {
        let on = gone.last.unwrap_or(gone.event.recorded_on);
        match gone.event.act {
            Act::Put => self.evidence(gone.version, Some(on)),
            _ => self.done(gone.version, gone.event, on),
        }
    }

    fn owner_because(
        &self,
        words: Words,
        since: Option<Day>,
        holders: &[owner::Holder<'_>],
    ) -> String {
        let (held, named) = self.owners(holders);
        match (words.in_hand, words.holds) {
            ("yes", "yes") => format!("{held}."),
            ("yes", "unknown") => {
                format!("{held}; the records do not say that this was made known.")
            }
            ("yes", _) => format!("{named}, but {}", lower(&self.first_finding(&["5.3"]))),
            _ => {
                let vacant = |duty| Some((duty, owner::vacant_since(&self.at, duty)?));
                let vacant: Vec<_> = owner::DUTIES.into_iter().filter_map(vacant).collect();
                // Both have been vacant from the later day on.
                let from = vacant.iter().map(|(_, from)| *from).max();
                let from = from.or(since).unwrap_or(self.q.aims_start);
                let days = self.q.about.days_since(from) + 1;
                let what = match vacant[..] {
                    [(one, _)] => owner::in_words(one),
                    _ => "the responsibilities of 5.3",
                };
                format!(
                    "The records show nobody holding {what} for {}, from {}.{}{}",
                    n_of(days, "day", "days"),
                    from.in_words(),
                    self.emptied(),
                    self.inquorate("appointment")
                )
            }
        }
    }
}
