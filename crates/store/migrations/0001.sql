-- Kept: what cannot be computed again. Every such table carries the number of its log.
-- Rowid tables throughout: WITHOUT ROWID made bulk appending three times slower.

CREATE TABLE entry (
    log   INTEGER NOT NULL,
    seq   INTEGER NOT NULL,
    bytes BLOB    NOT NULL
);
CREATE UNIQUE INDEX entry_by_seq ON entry (log, seq);

-- bytes is NULL once the group is erased; its commitment stays, so that proofs survive.
CREATE TABLE grp (
    log        INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    name       TEXT    NOT NULL,
    commitment BLOB    NOT NULL CHECK (length(commitment) = 32),
    bytes      BLOB,
    mark       TEXT
);
CREATE UNIQUE INDEX grp_by_seq ON grp (log, seq, name);
CREATE INDEX grp_erased ON grp (log) WHERE bytes IS NULL;

CREATE TABLE head (
    log      INTEGER PRIMARY KEY,
    size     INTEGER NOT NULL,
    frontier BLOB    NOT NULL,
    root     BLOB    NOT NULL CHECK (length(root) = 32)
);

CREATE TABLE checkpoint (
    log  INTEGER NOT NULL,
    size INTEGER NOT NULL,
    note TEXT    NOT NULL
);
CREATE UNIQUE INDEX checkpoint_by_size ON checkpoint (log, size);

CREATE TABLE meta (
    name  TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);

-- Derived: droppable, rebuilt from the entries of the governance log to the same rows.

CREATE TABLE record (
    id        BLOB    PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    kind      TEXT    NOT NULL,
    versions  INTEGER NOT NULL,
    title     TEXT    NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq  INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL
);
CREATE INDEX record_by_kind ON record (kind, first_seq);

-- A row whose field is '' ties an entry to its own record: together they are its history.
CREATE TABLE link (
    to_id      BLOB    NOT NULL CHECK (length(to_id) = 16),
    to_version INTEGER NOT NULL,
    from_seq   INTEGER NOT NULL,
    field      TEXT    NOT NULL
);
CREATE UNIQUE INDEX link_by_target ON link (to_id, from_seq, field, to_version);

CREATE TABLE idempotency (
    key     BLOB PRIMARY KEY NOT NULL CHECK (length(key) = 32),
    content BLOB    NOT NULL CHECK (length(content) = 32),
    seq     INTEGER NOT NULL
);

CREATE TABLE field (
    name  TEXT NOT NULL,
    value TEXT NOT NULL,
    id    BLOB NOT NULL CHECK (length(id) = 16)
);
CREATE UNIQUE INDEX field_by_value ON field (name, value, id);
CREATE INDEX field_by_record ON field (id);

-- until_ms is NULL while no passing day alone changes the verdict.
CREATE TABLE verdict (
    family   INTEGER NOT NULL,
    rule     TEXT    NOT NULL,
    subject  BLOB    NOT NULL,
    from_ms  INTEGER NOT NULL,
    until_ms INTEGER,
    body     TEXT    NOT NULL
);
CREATE UNIQUE INDEX verdict_by_subject ON verdict (family, rule, subject, from_ms);
CREATE INDEX verdict_by_time ON verdict (family, rule, from_ms);

CREATE TABLE fact (
    name  TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);
