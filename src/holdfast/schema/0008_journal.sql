-- What was done to an account, by whom, from where. Only ever added to; holds no secrets.

-- owner: journal
CREATE TABLE journal (
    number serial,
    user_id text NOT NULL REFERENCES users (user_id),
    at bigint NOT NULL,
    what text NOT NULL,             -- as in journal.rules.What
    by_device text,                 -- NULL: nobody was signed in, or the server did it
    by_address text,                -- NULL: not over the network
    facts text NOT NULL,            -- JSON object: counts, device IDs, versions
    forget_at bigint                -- of an account's erasure: when its whole journal goes
) STRICT;
CREATE INDEX journal_by_user ON journal (user_id, number);
CREATE INDEX journal_to_forget ON journal (forget_at) WHERE forget_at IS NOT NULL;
