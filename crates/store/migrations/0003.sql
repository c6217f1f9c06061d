-- How many subjects of a rule have which word about a day is summed up from how the number
-- changes from the day before: as known now, and as known on each day itself.

CREATE TABLE tally (
    rule          TEXT    NOT NULL,
    day           INTEGER NOT NULL,
    says          INTEGER NOT NULL,
    as_known_now  INTEGER NOT NULL,
    as_known_then INTEGER NOT NULL
);
CREATE UNIQUE INDEX tally_by_day ON tally (rule, day, says);

-- Of what is known now, most of what a subject was said to be is over; what is not over is found
-- without it.
CREATE INDEX verdict_known_now ON verdict (rule, says, until_day, sort, subject, from_day)
    WHERE known_until = 2147483647;

-- Everything derived is made anew by the program: it derives more than it did.
DELETE FROM record;
DELETE FROM link;
DELETE FROM idempotency;
DELETE FROM field;
DELETE FROM verdict;
DELETE FROM fact;
