//! Looking up what is kept of the verdicts: about a day, known on a day.

use std::collections::{BTreeMap, HashMap};

use assess::{
    Inquiry, KnownThen, Outcome, RuleAt, SUBJECTS_SHOWN, SaidAt, Says, Steps, Tally, Word,
};
use record::{Day, Records};
use store::{KnownBy, Rows, TallyChange, TwiceDated};

use crate::error::{AppError, Result};
use crate::exact::Exact;
use crate::keeping::{MANY, countable, numbered};
use crate::reading::{Asked, Cached, Ledger, known_by, load, size_at, time_of};

/// Between these lie the names under which all subjects of a question together are kept.
pub(crate) const TOGETHER: (&str, &str) = ("=", ">");

/// What each question says along time, by its name.
pub(crate) type Words = BTreeMap<String, Steps<Word>>;

/// How the number of each question's subjects with each word changes, in order of question and day.
pub(crate) type Sums = Vec<TallyChange>;

/// On which day something is known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    pub day: Day,
    by: KnownBy,
}

/// The five answers along time, for the strips: each day on which a word changes, with the
/// words in hand and holds from that day on.
pub type Strip = BTreeMap<String, Vec<(Day, &'static str, &'static str)>>;

impl Ledger {
    /// Returns the five answers along time: as known then, or for a later U as known by it.
    ///
    /// # Errors
    /// As `status`.
    pub async fn strip(&self, asked: &Asked) -> Result<Strip> {
        let snapshot = self.reader.snapshot().await?;
        let rows = snapshot.rows();
        let (_, cached) = self.at_hand(rows).await?;
        let exact = self.exact(rows, &cached, asked).await?;
        let last = self.zone.day(cached.last_ms).max(exact.about);
        let later = asked.known_by.is_some() && asked.known_by != asked.as_of;
        let (aims_start, words) = if !later {
            // On each of its days that start was known which the ledger began with, or an earlier.
            (self.begin.aims_start, as_known_then(&cached.words)?)
        } else {
            let known = known_by(&cached.events, exact.size);
            let aims_start = self.aims_start(&known);
            let at_end = Exact {
                about: last,
                ..exact
            };
            let words = match self.known_on(rows, &cached, (at_end, &known)).await? {
                Some(known) => as_known_on(&cached.words, known.day)?,
                None => {
                    let all = load(rows, exact.size, &self.zone).await?;
                    let at = assess::At::new(&all, aims_start, last, last);
                    let said = assess::said_at(&at, &self.catalogue, None);
                    said.into_iter()
                        .map(|(id, said)| (id, said.words))
                        .collect()
                }
            };
            (aims_start, words)
        };
        let said = words
            .iter()
            .map(|(id, steps)| (id.as_str(), steps))
            .collect();
        Ok(assess::strip(&said, &self.catalogue, aims_start, last))
    }

    /// Returns what every question said about a day as known on it and as known in time, where
    /// more is known than that: looked up, or worked out from the entries. Before the ledger began
    /// nothing was known.
    pub(crate) async fn known_then(
        &self,
        rows: Rows<'_>,
        cached: &Cached,
        (exact, look_up): (Exact, bool),
    ) -> Result<Vec<KnownThen>> {
        let Some(last) = exact.size.checked_sub(1) else {
            return Ok(Vec::new());
        };
        let last = match exact.size == cached.size {
            true => cached.last_ms,
            false => time_of(rows, last).await?,
        };
        let about = exact.about;
        if self.zone.day(last) <= about || about < self.zone.day(self.began_ms) {
            return Ok(Vec::new());
        }
        let size = size_at(rows, exact.size, self.zone.end_of(about)).await?;
        let in_time = assess::in_time(&known_by(&cached.events, size), about);
        let mut then = vec![
            self.known_on_day(rows, cached, (about, about, look_up))
                .await?,
        ];
        if about < in_time && in_time < self.zone.day(last) {
            then.push(
                self.known_on_day(rows, cached, (about, in_time, look_up))
                    .await?,
            );
        }
        Ok(then)
    }

    /// Returns what every question said about a day, as known at the end of another.
    async fn known_on_day(
        &self,
        rows: Rows<'_>,
        cached: &Cached,
        (about, day, look_up): (Day, Day, bool),
    ) -> Result<KnownThen> {
        let size = size_at(rows, cached.size, self.zone.end_of(day)).await?;
        let aims_start = self.aims_start(&known_by(&cached.events, size));
        if look_up {
            let mut words = as_known_on(&cached.words, day)?;
            for asked in assess::inquiries(&self.catalogue) {
                words.entry(asked.id().to_owned()).or_default();
            }
            return Ok(KnownThen {
                day,
                words,
                aims_start,
            });
        }
        let all = load(rows, size, &self.zone).await?;
        let at = assess::At::new(&all, aims_start, about, about);
        let said = assess::said_at(&at, &self.catalogue, None);
        Ok(KnownThen::of(said, day, aims_start))
    }

    /// Returns the day on which all that is known by a size was known at its end, where what
    /// is kept of it tells about the day asked about; `None` where that has to be worked out.
    pub(crate) async fn known_on(
        &self,
        rows: Rows<'_>,
        cached: &Cached,
        (exact, known): (Exact, &Records),
    ) -> Result<Option<Known>> {
        let by = |next: Option<Day>, day: Day| match next {
            None => KnownBy::Now,
            Some(next) if day <= exact.about && exact.about < next => KnownBy::Then,
            Some(_) => KnownBy::Day(day.number()),
        };
        let next = match exact.size {
            size if size == cached.size => None,
            size => Some(self.zone.day(time_of(rows, size).await?)),
        };
        let Some(last) = exact.size.checked_sub(1) else {
            let (day, by) = (exact.about, by(next, exact.about));
            return Ok(Some(Known { day, by }));
        };
        let day = self.zone.day(time_of(rows, last).await?);
        let ends_a_day = next.is_none_or(|next| next > day);
        // With another first day of the AIMS than the one known now, it is worked out.
        let same_start = self.aims_start(known) == self.aims_start(&cached.records);
        let within = exact.about <= assess::horizon(day);
        let by = by(next, day);
        Ok((ends_a_day && same_start && within).then_some(Known { day, by }))
    }

    /// Returns what every question was answered about a day, as known at the end of a day.
    pub(crate) async fn kept_about(
        &self,
        rows: Rows<'_>,
        cached: &Cached,
        (about, known): (Day, Known),
        all_of: Option<&str>,
    ) -> Result<SaidAt> {
        let mut tallies = match known.by {
            KnownBy::Now => summed(&cached.sums, about, |change| change.as_known_now)?,
            KnownBy::Then => summed(&cached.sums, about, |change| change.as_known_then)?,
            KnownBy::Day(day) => counted(rows, (about.number(), day)).await?,
        };
        let mut words = as_known_on(&cached.words, known.day)?;
        let mut said = SaidAt::new();
        for asked in assess::inquiries(&self.catalogue) {
            let tally = tallies.remove(asked.id()).unwrap_or_default();
            let few = asked.of_each(MANY) && !all_of.is_some_and(|rule| asked.tells(rule));
            let limit = if few { SUBJECTS_SHOWN } else { usize::MAX };
            said.insert(
                asked.id().to_owned(),
                RuleAt {
                    words: words.remove(asked.id()).unwrap_or_default(),
                    tally,
                    first: first(rows, &asked, (tally, about, known), limit).await?,
                },
            );
        }
        Ok(said)
    }
}

/// Sums up how many subjects of each question have which word about a day.
fn summed(
    sums: &Sums,
    about: Day,
    by: impl Fn(&TallyChange) -> i64,
) -> Result<HashMap<String, Tally>> {
    let about = about.number();
    let mut tallies = HashMap::new();
    for changes in sums.chunk_by(|one, next| one.rule == next.rule) {
        let mut tally = Tally::default();
        for change in changes {
            numbered(change.day)?;
            if change.day <= about {
                tally.count(word(change.says)?, countable(by(change))?);
            }
        }
        tallies.extend(changes.first().map(|one| (one.rule.clone(), tally)));
    }
    Ok(tallies)
}

/// Counts what is kept, where nothing is summed up.
async fn counted(rows: Rows<'_>, (about, known): (i64, i64)) -> Result<HashMap<String, Tally>> {
    let mut tallies: HashMap<String, Tally> = HashMap::new();
    for (rule, says, count) in rows.verdict_counts(about, known).await? {
        tallies.entry(rule).or_default().count(word(says)?, count);
    }
    Ok(tallies)
}

async fn first(
    rows: Rows<'_>,
    asked: &Inquiry<'_>,
    (tally, about, known): (Tally, Day, Known),
    limit: usize,
) -> Result<Vec<(assess::RuleSubject, Day, Outcome)>> {
    let mut first = Vec::new();
    let limit = u32::try_from(limit).unwrap_or(u32::MAX);
    for says in assess::named(asked) {
        if tally.number(*says) == 0 {
            continue;
        }
        let says = says.number();
        let rule = (asked.id(), says);
        let found = rows
            .first_verdicts(rule, (about.number(), known.by), limit)
            .await?;
        for (written, one) in found {
            let found =
                assess::RuleSubject::from_bytes(&written).zip(Outcome::kept(one.says, &one.body));
            let (subject, outcome) = found.ok_or_else(not_ours)?;
            first.push((subject, numbered(one.since)?, outcome));
        }
    }
    Ok(first)
}

fn not_ours() -> AppError {
    AppError::Damaged("a kept verdict cannot be read".to_owned())
}

fn word(says: u8) -> Result<Says> {
    Says::ALL
        .get(usize::from(says))
        .copied()
        .ok_or_else(not_ours)
}

/// Returns what each question says along time, as known at the end of a day.
pub(crate) fn as_known_on(rows: &[TwiceDated], day: Day) -> Result<Words> {
    let day = day.number();
    along(rows, |row| {
        let known = row.known_from <= day && day < row.known_until;
        known.then_some((row.stretch.from, row.stretch.until))
    })
}

/// Returns what each question said along time, each day as known at its end.
pub(crate) fn as_known_then(rows: &[TwiceDated]) -> Result<Words> {
    along(rows, |row| {
        let from = row.stretch.from.max(row.known_from);
        let until = row.stretch.until.min(row.known_until);
        (from < until).then_some((from, until))
    })
}

/// Between stretches there was nothing to say.
fn along(rows: &[TwiceDated], place: impl Fn(&TwiceDated) -> Option<(i64, i64)>) -> Result<Words> {
    let nothing = Word {
        says: Says::Absent,
        remarks: false,
    };
    let mut found: BTreeMap<&str, Vec<(i64, i64, Word)>> = BTreeMap::new();
    for row in rows {
        let says = Says::ALL.get(usize::from(row.stretch.says));
        if let Some(((from, until), says)) = place(row).zip(says.copied()) {
            let remarks = row.stretch.sort != 0;
            let word = Word { says, remarks };
            let id = row.rule.get(1..).unwrap_or_default();
            found.entry(id).or_default().push((from, until, word));
        }
    }
    let steps = |mut stretches: Vec<(i64, i64, Word)>| {
        stretches.sort_by_key(|(from, ..)| *from);
        let starts = stretches.iter().skip(1).map(|(from, ..)| *from);
        let next: Vec<i64> = starts.chain([i64::MAX]).collect();
        let mut values = Vec::new();
        for ((from, until, word), next) in stretches.into_iter().zip(next) {
            values.push((numbered(from)?, word));
            if until < next && until < store::FOR_EVER {
                values.push((numbered(until)?, nothing));
            }
        }
        Ok::<_, AppError>(Steps::new(values))
    };
    found
        .into_iter()
        .map(|(id, stretches)| Ok((id.to_owned(), steps(stretches)?)))
        .collect()
}
