-- Room keys, encrypted by the clients, and what became of those that were there before.

-- owner: key_backup
CREATE TABLE key_backups (
    number serial,
    user_id text NOT NULL REFERENCES users (user_id),
    version bigint NOT NULL,        -- 1, 2, 3, … of each user
    algorithm text NOT NULL,
    auth_data text NOT NULL,        -- JSON
    count bigint NOT NULL DEFAULT 0,    -- the keys in it
    etag bigint NOT NULL DEFAULT 0,     -- grows with each change of them
    created_at bigint NOT NULL,
    created_by text NOT NULL,       -- device_id
    ended_at bigint,                -- NULL: the current one
    ended_how text,                 -- 'deleted' or 'superseded'
    ended_by text                   -- device_id; NULL: no session did it
) STRICT;
CREATE UNIQUE INDEX key_backups_by_version ON key_backups (user_id, version);
CREATE UNIQUE INDEX key_backups_current ON key_backups (user_id) WHERE ended_at IS NULL;
CREATE INDEX key_backups_ended ON key_backups (ended_at) WHERE ended_at IS NOT NULL;

-- owner: key_backup
-- A version's number is never given out again, not even when nothing is left of that backup.
CREATE TABLE key_backup_versions (
    user_id text PRIMARY KEY REFERENCES users (user_id),
    newest bigint NOT NULL
) STRICT;

-- owner: key_backup
-- In the order in which they came, so that whoever wants all of them reads from end to end. A key is
-- found by its slot, a short digest: session IDs are random, and an index of them would have a page
-- to write for each key.
CREATE TABLE room_keys (
    number serial,
    backup bigint NOT NULL REFERENCES key_backups (number) ON DELETE CASCADE,
    slot text NOT NULL,             -- of room ID and session ID; two keys may have the same
    room_id text NOT NULL,
    session_id text NOT NULL,
    first_message_index bigint NOT NULL,
    forwarded_count bigint NOT NULL,
    is_verified bigint NOT NULL,    -- 0 or 1
    uploaded_by text NOT NULL,      -- device_id
    uploaded_at bigint NOT NULL,
    member text NOT NULL            -- as it stands in an answer, "session ID" and colon included
) STRICT;
CREATE INDEX room_keys_by_slot ON room_keys (backup, slot);
CREATE INDEX room_keys_of_backup ON room_keys (backup, number);

-- owner: key_backup
-- Keys that were replaced or deleted together, kept for key_backup.undo_lifetime.
CREATE TABLE key_backup_changes (
    number serial,
    user_id text NOT NULL REFERENCES users (user_id),
    backup bigint NOT NULL REFERENCES key_backups (number) ON DELETE CASCADE,
    ended_at bigint NOT NULL,
    ended_how text NOT NULL,        -- 'replaced' or 'deleted'
    ended_by text,                  -- device_id; NULL: no session did it
    count bigint NOT NULL,          -- the keys in it
    rooms bigint NOT NULL           -- and of how many rooms they are
) STRICT;
CREATE INDEX key_backup_changes_by_user ON key_backup_changes (user_id, number);
CREATE INDEX key_backup_changes_by_backup ON key_backup_changes (backup);
CREATE INDEX key_backup_changes_by_end ON key_backup_changes (ended_at);

-- owner: key_backup
CREATE TABLE old_room_keys (
    number serial,
    change bigint NOT NULL REFERENCES key_backup_changes (number) ON DELETE CASCADE,
    slot text NOT NULL,
    room_id text NOT NULL,
    session_id text NOT NULL,
    first_message_index bigint NOT NULL,
    forwarded_count bigint NOT NULL,
    is_verified bigint NOT NULL,
    uploaded_by text NOT NULL,
    uploaded_at bigint NOT NULL,
    member text NOT NULL
) STRICT;
CREATE INDEX old_room_keys_by_change ON old_room_keys (change, number);

-- owner: key_backup
-- The sessions that store keys in a backup.
CREATE TABLE key_backup_sessions (
    backup bigint NOT NULL REFERENCES key_backups (number) ON DELETE CASCADE,
    device_id text NOT NULL,
    last_at bigint NOT NULL,        -- when it last sent keys; 0: it has sent none since
    count bigint NOT NULL,          -- the keys in the backup that it stored
    PRIMARY KEY (backup, device_id)
) STRICT;
