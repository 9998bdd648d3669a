-- owner: kit.mail
CREATE TABLE outbox (
    position serial,
    id text NOT NULL UNIQUE,        -- also makes the Message-ID
    created_at bigint NOT NULL,
    expires_at bigint,              -- when the link in it dies; NULL: it has none
    sealed blob,                    -- recipient, subject and body, AES-256-GCM; NULL once finished
    tries bigint NOT NULL DEFAULT 0,
    next_try_at bigint,             -- also the claim of the worker that is sending; NULL: finished
    sent_at bigint,
    given_up_at bigint,
    last_error text                 -- reply codes only: what a mail server says may quote the mail
) STRICT;
CREATE INDEX outbox_by_next_try ON outbox (next_try_at);
