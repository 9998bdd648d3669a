-- What users were notified of, by their push rules, and the rules of those who changed them.

-- owner: push
CREATE TABLE push_rules (
    user_id text PRIMARY KEY REFERENCES users (user_id),
    ruleset text NOT NULL,          -- JSON: the rules by kind, those of the server among them
    position bigint NOT NULL        -- in the stream, of the last change
) STRICT;

-- owner: push
CREATE TABLE notifications (
    user_id text NOT NULL,
    room_id text NOT NULL,
    position bigint NOT NULL,       -- of the event
    event_id text NOT NULL,
    thread text NOT NULL,           -- the thread's root; '': the main timeline
    highlight bigint NOT NULL,
    actions text NOT NULL,          -- JSON
    at bigint NOT NULL,             -- milliseconds
    is_read bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, position)
) STRICT;
CREATE INDEX notifications_unread ON notifications (user_id, room_id, thread) WHERE is_read = 0;

-- owner: push
ALTER TABLE pushers ADD COLUMN delivered bigint NOT NULL DEFAULT 0;  -- the position up to which
ALTER TABLE pushers ADD COLUMN retry_at bigint;         -- milliseconds; not NULL: its gateway fails
ALTER TABLE pushers ADD COLUMN failing_since bigint;
ALTER TABLE pushers ADD COLUMN leased_until bigint;     -- a worker delivers to it until then
