-- Room keys, encrypted by the clients, and what became of those that were there before.

-- owner: key_backup
CREATE TABLE key_backups (
    number serial,
    user_id text NOT NULL REFERENCES users (user_id),
    version bigint NOT NULL,        -- 1, 2, 3, … of each user; never given out again
    algorithm text NOT NULL,
    auth_data text NOT NULL,        -- JSON
    count bigint NOT NULL DEFAULT 0,    -- the keys in it
    etag bigint NOT NULL DEFAULT 0,     -- grows with each change of them
    created_at bigint NOT NULL,
    created_by text NOT NULL,       -- device_id
    ended_at bigint,                -- NULL: the current one
    ended_how text                  -- 'deleted' or 'superseded'
) STRICT;
CREATE UNIQUE INDEX key_backups_by_version ON key_backups (user_id, version);
CREATE UNIQUE INDEX key_backups_current ON key_backups (user_id) WHERE ended_at IS NULL;
CREATE INDEX key_backups_ended ON key_backups (ended_at) WHERE ended_at IS NOT NULL;

-- owner: key_backup
CREATE TABLE room_keys (
    backup bigint NOT NULL REFERENCES key_backups (number) ON DELETE CASCADE,
    room_id text NOT NULL,
    session_id text NOT NULL,
    first_message_index bigint NOT NULL,
    forwarded_count bigint NOT NULL,
    is_verified bigint NOT NULL,    -- 0 or 1
    key text NOT NULL,              -- the JSON that clients get back
    uploaded_by text NOT NULL,      -- device_id
    uploaded_at bigint NOT NULL,
    PRIMARY KEY (backup, room_id, session_id)
) STRICT;

-- owner: key_backup
-- Keys that were replaced or deleted, kept for key_backup.undo_lifetime.
CREATE TABLE old_room_keys (
    number serial,
    backup bigint NOT NULL REFERENCES key_backups (number) ON DELETE CASCADE,
    change text NOT NULL,           -- what was ended together has the same
    ended_at bigint NOT NULL,
    ended_how text NOT NULL,        -- 'replaced' or 'deleted'
    ended_by text NOT NULL,         -- device_id
    room_id text NOT NULL,
    session_id text NOT NULL,
    first_message_index bigint NOT NULL,
    forwarded_count bigint NOT NULL,
    is_verified bigint NOT NULL,
    key text NOT NULL,
    uploaded_by text NOT NULL,
    uploaded_at bigint NOT NULL
) STRICT;
CREATE INDEX old_room_keys_by_change ON old_room_keys (backup, change);
CREATE INDEX old_room_keys_by_end ON old_room_keys (ended_at);

-- owner: key_backup
-- When each session last stored keys in a backup.
CREATE TABLE key_backup_sessions (
    backup bigint NOT NULL REFERENCES key_backups (number) ON DELETE CASCADE,
    device_id text NOT NULL,
    last_at bigint NOT NULL,
    PRIMARY KEY (backup, device_id)
) STRICT;
