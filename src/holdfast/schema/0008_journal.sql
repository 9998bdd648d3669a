-- What was done to an account, by whom, from where. Only ever added to; holds no secrets.

-- owner: journal
CREATE TABLE journal (
    number serial,
    user_id text NOT NULL REFERENCES users (user_id),
    at bigint NOT NULL,
    what text NOT NULL,             -- as in journal.rules.WHAT
    by_device text,                 -- NULL: nobody was signed in, or the server did it
    by_address text,                -- NULL: not over the network
    facts text NOT NULL             -- JSON object: counts, device IDs, versions
) STRICT;
CREATE INDEX journal_by_user ON journal (user_id, number);
