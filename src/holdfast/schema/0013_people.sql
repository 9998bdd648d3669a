-- Administrators, accounts that they lock or suspend, what users report, and who is there.

-- owner: credentials
ALTER TABLE users ADD COLUMN is_admin bigint NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN locked_at bigint;      -- by an administrator; milliseconds
ALTER TABLE users ADD COLUMN suspended_at bigint;

-- 'locked' or 'suspended' as the account is: each request looks here, and nowhere else.
-- owner: sessions
ALTER TABLE access_tokens ADD COLUMN restricted text;

-- owner: admin
CREATE TABLE reports (
    report_id serial,
    reporter text NOT NULL REFERENCES users (user_id),
    room_id text,
    event_id text,
    user_id text,                   -- who is reported, where it is a user
    reason text NOT NULL,
    reported_at bigint NOT NULL,    -- milliseconds
    closed_at bigint
) STRICT;

-- owner: presence
CREATE TABLE presence (
    user_id text PRIMARY KEY REFERENCES users (user_id),
    state text NOT NULL,            -- 'online', 'unavailable' or 'offline'
    status_msg text,
    active_at bigint NOT NULL,      -- when the user was last there; milliseconds
    position bigint NOT NULL        -- in the stream, of the last change
) STRICT;
CREATE INDEX presence_by_position ON presence (position);
