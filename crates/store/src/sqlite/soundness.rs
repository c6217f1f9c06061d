//! The statements that ask whether the database is whole.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::Connection;

use super::read::{all, first};
use crate::error::Result;

pub(crate) fn damage(connection: &Connection) -> Result<Vec<String>> {
    let mut found: Vec<String> = all(connection, "PRAGMA integrity_check", [], first)?;
    found.retain(|line| line != "ok");
    Ok(found)
}

/// Steps of SQLite between two looks at whether to stop: less than a millisecond.
const STEPS: i32 = 10_000;

pub(crate) fn damage_until(
    connection: &mut Connection,
    stop: &Arc<AtomicBool>,
) -> Result<Vec<String>> {
    let told = stop.clone();
    connection.progress_handler(STEPS, Some(move || told.load(Ordering::Relaxed)))?;
    let found = damage(connection);
    connection.progress_handler(0, None::<fn() -> bool>)?;
    found
}

/// What SQLite counts for itself when it is asked to analyse a database is nobody's.
pub(crate) fn declared(connection: &Connection) -> Result<Vec<String>> {
    let sql = "SELECT type || ' ' || name || ' on ' || tbl_name || ': ' || ifnull(sql, '')
               FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\' ORDER BY type, name";
    all(connection, sql, [], first)
}

pub(crate) fn logs(connection: &Connection) -> Result<Vec<i64>> {
    let sql = "SELECT log FROM entry UNION SELECT log FROM grp UNION SELECT log FROM head
               UNION SELECT log FROM checkpoint ORDER BY 1";
    all(connection, sql, [], first)
}

pub(crate) fn metas(connection: &Connection) -> Result<Vec<(String, String)>> {
    let sql = "SELECT name, value FROM meta ORDER BY name";
    all(connection, sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
}
