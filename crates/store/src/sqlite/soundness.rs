//! The statements that ask whether the database is whole.

use rusqlite::Connection;

use super::read::{all, first};
use crate::error::Result;

pub(crate) fn damage(connection: &Connection) -> Result<Vec<String>> {
    let mut found: Vec<String> = all(connection, "PRAGMA integrity_check", [], first)?;
    found.retain(|line| line != "ok");
    Ok(found)
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
