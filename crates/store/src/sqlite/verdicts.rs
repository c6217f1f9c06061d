//! What rules say along time: about which days, and known on which.

use rusqlite::{Connection, Row, params};

use super::read::all;
use crate::error::Result;
use crate::rows::{FOR_EVER, NewVerdicts, Stretch, TallyChange, TwiceDated};

fn stretch(row: &Row<'_>) -> rusqlite::Result<Stretch> {
    Ok(Stretch {
        from: row.get(0)?,
        until: row.get(1)?,
        since: row.get(2)?,
        says: row.get(3)?,
        sort: row.get(4)?,
        body: row.get(5)?,
    })
}

struct Kept {
    stretch: Stretch,
    known_from: i64,
    known_until: i64,
}

/// Replaces what is known of a subject from a day on; returns what was known of it before.
/// Whatever was known on that day alone leaves no trace: it comes to the same whether a day's
/// entries are taken together or one after another.
pub(crate) fn set(connection: &Connection, new: &NewVerdicts<'_>) -> Result<Vec<Stretch>> {
    let on = new.known_from;
    let kept = if new.fresh {
        Vec::new()
    } else {
        let sql = "SELECT from_day, until_day, since_day, says, sort, body, known_from, known_until
                   FROM verdict WHERE rule = ?1 AND subject = ?2 AND known_until >= ?3";
        all(connection, sql, params![new.rule, new.subject, on], |row| {
            Ok(Kept {
                stretch: stretch(row)?,
                known_from: row.get(6)?,
                known_until: row.get(7)?,
            })
        })?
    };
    let earlier = |one: &Stretch| {
        kept.iter()
            .any(|kept| kept.known_from < on && kept.stretch == *one)
    };
    for one in &kept {
        let wanted = new.stretches.contains(&one.stretch);
        if one.known_from == on {
            if !wanted || earlier(&one.stretch) {
                connection
                    .prepare_cached(
                        "DELETE FROM verdict WHERE rule = ?1 AND subject = ?2
                         AND known_from = ?3 AND from_day = ?4",
                    )?
                    .execute(params![new.rule, new.subject, on, one.stretch.from])?;
            }
            continue;
        }
        let until = if wanted { FOR_EVER } else { on };
        if until != one.known_until {
            connection
                .prepare_cached(
                    "UPDATE verdict SET known_until = ?5 WHERE rule = ?1 AND subject = ?2
                     AND known_from = ?3 AND from_day = ?4",
                )?
                .execute(params![
                    new.rule,
                    new.subject,
                    one.known_from,
                    one.stretch.from,
                    until
                ])?;
        }
    }
    for one in new.stretches {
        if !kept.iter().any(|kept| kept.stretch == *one) {
            insert(connection, new, one)?;
        }
    }
    let before = kept.into_iter().filter(|one| one.known_until == FOR_EVER);
    Ok(before.map(|one| one.stretch).collect())
}

fn insert(connection: &Connection, new: &NewVerdicts<'_>, one: &Stretch) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO verdict (rule, subject, known_from, from_day, until_day, known_until,
                 since_day, says, sort, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            new.rule,
            new.subject,
            new.known_from,
            one.from,
            one.until,
            FOR_EVER,
            one.since,
            one.says,
            one.sort,
            one.body
        ])?;
    Ok(())
}

/// Adds to what is kept of a change; a change that comes to nothing is not kept.
pub(crate) fn change_tally(connection: &Connection, change: &TallyChange) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO tally (rule, day, says, as_known_now, as_known_then)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (rule, day, says) DO UPDATE
             SET as_known_now = as_known_now + excluded.as_known_now,
                 as_known_then = as_known_then + excluded.as_known_then",
        )?
        .execute(params![
            change.rule,
            change.day,
            change.says,
            change.as_known_now,
            change.as_known_then
        ])?;
    connection
        .prepare_cached(
            "DELETE FROM tally WHERE rule = ?1 AND day = ?2 AND says = ?3
             AND as_known_now = 0 AND as_known_then = 0",
        )?
        .execute(params![change.rule, change.day, change.says])?;
    Ok(())
}

pub(crate) fn tally(connection: &Connection) -> Result<Vec<TallyChange>> {
    let sql = "SELECT rule, day, says, as_known_now, as_known_then FROM tally
               ORDER BY rule, day, says";
    all(connection, sql, [], |row| {
        Ok(TallyChange {
            rule: row.get(0)?,
            day: row.get(1)?,
            says: row.get(2)?,
            as_known_now: row.get(3)?,
            as_known_then: row.get(4)?,
        })
    })
}

pub(crate) fn counts(
    connection: &Connection,
    about: i64,
    known: i64,
) -> Result<Vec<(String, u8, i64)>> {
    let sql = "SELECT rule, says, count(*) FROM verdict
               WHERE from_day <= ?1 AND ?1 < until_day AND known_from <= ?2 AND ?2 < known_until
               GROUP BY rule, says";
    all(connection, sql, params![about, known], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })
}

pub(crate) fn subjects(connection: &Connection, rule: &str) -> Result<Vec<Vec<u8>>> {
    let sql = format!(
        "SELECT DISTINCT subject FROM verdict WHERE known_until = {FOR_EVER} AND rule = ?1
         ORDER BY subject"
    );
    all(connection, &sql, params![rule], |row| row.get(0))
}

const COLUMNS: &str = "from_day, until_day, since_day, says, sort, body, subject";

fn named(row: &Row<'_>) -> rusqlite::Result<(Vec<u8>, Stretch)> {
    Ok((row.get(6)?, stretch(row)?))
}

pub(crate) fn first(
    connection: &Connection,
    (rule, says): (&str, u8),
    (about, known): (i64, i64),
    limit: u32,
) -> Result<Vec<(Vec<u8>, Stretch)>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM verdict
         WHERE rule = ?1 AND says = ?2
           AND from_day <= ?3 AND ?3 < until_day AND known_from <= ?4 AND ?4 < known_until
         ORDER BY sort, subject LIMIT ?5"
    );
    all(
        connection,
        &sql,
        params![rule, says, about, known, limit],
        named,
    )
}

/// What nothing ends is read in order, up to the limit; what ends on a day to come is sorted.
pub(crate) fn first_now(
    connection: &Connection,
    (rule, says): (&str, u8),
    about: i64,
    limit: u32,
) -> Result<Vec<(Vec<u8>, Stretch)>> {
    let known_now = |until: &str| {
        format!(
            "SELECT * FROM (
                 SELECT {COLUMNS} FROM verdict
                 WHERE known_until = {FOR_EVER} AND rule = ?1 AND says = ?2
                   AND {until} AND from_day <= ?3
                 ORDER BY sort, subject LIMIT ?4
             )"
        )
    };
    let without_end = known_now(&format!("until_day = {FOR_EVER}"));
    let ending = known_now(&format!("?3 < until_day AND until_day < {FOR_EVER}"));
    let sql = format!("{without_end} UNION ALL {ending} ORDER BY sort, subject LIMIT ?4");
    all(connection, &sql, params![rule, says, about, limit], named)
}

/// The longest that a row of each class lasts from what it is ordered by, as `verdict_known_then`
/// has them; of the last two there is no telling.
const LASTS: [Option<u32>; 7] = [
    Some(0),
    Some(32),
    Some(128),
    Some(512),
    Some(2_048),
    None,
    None,
];

/// Returns the expression of a row's class, as the index states it.
fn class() -> String {
    let known = LASTS.iter().enumerate().rev();
    let longer = known.filter_map(|(class, lasts)| {
        Some(format!(
            "WHEN min(until_day, known_until) - sort > {} THEN {}",
            (*lasts)?,
            class + 1
        ))
    });
    let longer: Vec<String> = longer.collect();
    format!(
        "CASE WHEN min(until_day, known_until) = {FOR_EVER} THEN {} {} ELSE 0 END",
        LASTS.len() - 1,
        longer.join(" ")
    )
}

/// What holds about the day and was known on it ends after it: a row of a class stands no further
/// before the day than such a row lasts.
pub(crate) fn first_then(
    connection: &Connection,
    (rule, says): (&str, u8),
    about: i64,
    limit: u32,
) -> Result<Vec<(Vec<u8>, Stretch)>> {
    let class = class();
    let of_class = LASTS.iter().enumerate().map(|(number, lasts)| {
        let after = lasts.map_or_else(String::new, |days| format!("AND sort > ?3 - {days}"));
        format!(
            "SELECT * FROM (
                 SELECT sort, subject, rowid AS place FROM verdict INDEXED BY verdict_known_then
                 WHERE rule = ?1 AND says = ?2 AND {class} = {number} {after}
                   AND max(from_day, known_from) < min(until_day, known_until)
                   AND from_day <= ?3 AND ?3 < until_day
                   AND known_from <= ?3 AND ?3 < known_until
                 ORDER BY sort, subject LIMIT ?4
             )"
        )
    });
    let of_class: Vec<String> = of_class.collect();
    let columns = COLUMNS.replace(", ", ", verdict.");
    let sql = format!(
        "SELECT verdict.{columns}
         FROM ({} ORDER BY sort, subject LIMIT ?4) first
         CROSS JOIN verdict ON verdict.rowid = first.place
         ORDER BY first.sort, first.subject",
        of_class.join(" UNION ALL ")
    );
    all(connection, &sql, params![rule, says, about, limit], named)
}

pub(crate) fn of_rules(
    connection: &Connection,
    (from, until): (&str, &str),
) -> Result<Vec<TwiceDated>> {
    let sql =
        "SELECT from_day, until_day, since_day, says, sort, body, rule, known_from, known_until
               FROM verdict WHERE rule >= ?1 AND rule < ?2 ORDER BY rule, from_day";
    all(connection, sql, params![from, until], |row| {
        Ok(TwiceDated {
            stretch: stretch(row)?,
            rule: row.get(6)?,
            known_from: row.get(7)?,
            known_until: row.get(8)?,
        })
    })
}
