-- What rules say along time is kept twice dated: about which days, and known on which.

DROP TABLE verdict;

-- Days are counted from 1 January 1970. A row says of one subject, about the days from from_day
-- until before until_day, what was known on the days from known_from until before known_until.
CREATE TABLE verdict (
    rule        TEXT    NOT NULL,
    subject     BLOB    NOT NULL,
    known_from  INTEGER NOT NULL,
    from_day    INTEGER NOT NULL,
    until_day   INTEGER NOT NULL,
    known_until INTEGER NOT NULL,
    since_day   INTEGER NOT NULL,
    says        INTEGER NOT NULL,
    sort        INTEGER NOT NULL,
    body        TEXT    NOT NULL
);
CREATE UNIQUE INDEX verdict_by_subject ON verdict (rule, subject, known_from, from_day);
CREATE INDEX verdict_by_says ON verdict
    (rule, says, sort, subject, from_day, until_day, known_from, known_until);

-- Everything derived is made anew by the program: it derives more than it did.
DELETE FROM record;
DELETE FROM link;
DELETE FROM idempotency;
DELETE FROM field;
DELETE FROM fact;
