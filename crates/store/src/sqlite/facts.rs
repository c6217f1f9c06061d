//! Entries joined with one of their groups.

use std::ops::Range;

use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use crate::error::Result;
use crate::facts::WithGroup;

const CHUNK: u32 = 4_096;

fn read(row: &Row<'_>) -> rusqlite::Result<WithGroup> {
    let seq: i64 = row.get(0)?;
    Ok(WithGroup {
        seq: u64::try_from(seq).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(0, seq))?,
        entry: row.get(1)?,
        group: row.get(2)?,
    })
}

pub(crate) fn chunk(
    connection: &Connection,
    log: u32,
    range: Range<u64>,
    name: &str,
) -> Result<Vec<WithGroup>> {
    let mut statement = connection.prepare_cached(
        "SELECT e.seq, e.bytes, g.bytes FROM entry e
         LEFT JOIN grp g ON g.log = e.log AND g.seq = e.seq AND g.name = ?4
         WHERE e.log = ?1 AND e.seq >= ?2 AND e.seq < ?3 ORDER BY e.seq LIMIT ?5",
    )?;
    let bound = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let rows = statement.query_map(
        params![log, bound(range.start), bound(range.end), name, CHUNK],
        read,
    )?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn of_record(
    connection: &Connection,
    log: u32,
    id: Uuid,
    name: &str,
) -> Result<Vec<WithGroup>> {
    let mut statement = connection.prepare_cached(
        "SELECT e.seq, e.bytes, g.bytes FROM link l
         JOIN entry e ON e.log = ?1 AND e.seq = l.from_seq
         LEFT JOIN grp g ON g.log = e.log AND g.seq = e.seq AND g.name = ?3
         WHERE l.to_id = ?2 AND l.field = '' ORDER BY e.seq",
    )?;
    let rows = statement.query_map(params![log, id.as_bytes(), name], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn of_kind(
    connection: &Connection,
    log: u32,
    kind: &str,
    name: &str,
) -> Result<Vec<WithGroup>> {
    let mut statement = connection.prepare_cached(
        "SELECT e.seq, e.bytes, g.bytes FROM record r
         JOIN link l ON l.to_id = r.id AND l.field = ''
         JOIN entry e ON e.log = ?1 AND e.seq = l.from_seq
         LEFT JOIN grp g ON g.log = e.log AND g.seq = e.seq AND g.name = ?3
         WHERE r.kind = ?2 ORDER BY e.seq",
    )?;
    let rows = statement.query_map(params![log, kind, name], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn governing(connection: &Connection) -> Result<Vec<WithGroup>> {
    let sql = "SELECT seq, entry, facts FROM governing ORDER BY seq";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
