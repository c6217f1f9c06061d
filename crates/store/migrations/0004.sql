-- What governs is read whole whenever a ledger is opened. Its entries lie far apart, one in many, so
-- they are kept together once more, each with its facts, in the order of the log.

CREATE TABLE governing (
    seq   INTEGER PRIMARY KEY NOT NULL,
    entry BLOB NOT NULL,
    facts BLOB NOT NULL
);

-- Of what was known of a day on that day itself, the first of a rule's subjects are sought among all
-- that was ever said of them: by how long it was known to be so from what they are ordered by, in
-- classes, since what has lasted at most some days begins at most so many before the day.
CREATE INDEX verdict_known_then ON verdict (
    rule,
    says,
    CASE
        WHEN min(until_day, known_until) = 2147483647 THEN 6
        WHEN min(until_day, known_until) - sort > 2048 THEN 5
        WHEN min(until_day, known_until) - sort > 512 THEN 4
        WHEN min(until_day, known_until) - sort > 128 THEN 3
        WHEN min(until_day, known_until) - sort > 32 THEN 2
        WHEN min(until_day, known_until) - sort > 0 THEN 1
        ELSE 0
    END,
    sort, subject, from_day, until_day, known_from, known_until
) WHERE max(from_day, known_from) < min(until_day, known_until);

-- Everything derived is made anew by the program: it derives more than it did.
DELETE FROM record;
DELETE FROM link;
DELETE FROM idempotency;
DELETE FROM field;
DELETE FROM verdict;
DELETE FROM tally;
DELETE FROM fact;
