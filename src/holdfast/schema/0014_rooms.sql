-- Rooms and their events. One server writes a room's events one after the other, so the position of
-- an event in the stream is its place in the room's history, too. Times are milliseconds.

-- owner: rooms
CREATE TABLE rooms (
    room_id text PRIMARY KEY,
    version text NOT NULL,
    creator text NOT NULL,
    room_type text,                 -- of m.room.create, such as 'm.space'
    newest_position bigint NOT NULL,  -- of the newest event
    newest_event_id text NOT NULL,  -- what the next event follows (`prev_events`)
    depth bigint NOT NULL,          -- of the newest event
    published_at bigint             -- not NULL: in the public directory
) STRICT;

-- owner: rooms
CREATE TABLE events (
    position bigint PRIMARY KEY,
    event_id text NOT NULL UNIQUE,
    room_id text NOT NULL REFERENCES rooms (room_id),
    type text NOT NULL,
    state_key text,                 -- NULL: no state event
    sender text NOT NULL,
    device_id text,                 -- the session that sent it; NULL: the server, for its sender
    txn_id text,                    -- that session's, for sending once and for its echo
    origin_server_ts bigint NOT NULL,
    content text NOT NULL,          -- JSON; of a redacted event, what is left of it
    federation text NOT NULL,       -- JSON: auth_events, prev_events, depth, hashes, signatures
    replaces text,                  -- a state event: the event whose place it took
    rel_type text,                  -- of content.m.relates_to
    relates_to text,
    thread text,                    -- the root of the thread it belongs to; NULL: the main timeline
    redacts text,
    redacted_by text                -- the event that redacted it
) STRICT;
CREATE INDEX events_by_room ON events (room_id, position);
CREATE INDEX events_by_state ON events (room_id, type, state_key, position)
    WHERE state_key IS NOT NULL;
CREATE INDEX events_by_transaction ON events (sender, device_id, txn_id) WHERE txn_id IS NOT NULL;
CREATE INDEX events_by_relation ON events (relates_to, rel_type, position)
    WHERE relates_to IS NOT NULL;
CREATE INDEX events_by_thread ON events (room_id, thread, position) WHERE thread IS NOT NULL;
CREATE INDEX events_by_time ON events (room_id, origin_server_ts, position);

-- owner: rooms
CREATE TABLE room_state (
    room_id text NOT NULL REFERENCES rooms (room_id),
    type text NOT NULL,
    state_key text NOT NULL,
    position bigint NOT NULL REFERENCES events (position),
    PRIMARY KEY (room_id, type, state_key)
) STRICT;

-- owner: rooms
CREATE TABLE room_members (
    room_id text NOT NULL REFERENCES rooms (room_id),
    user_id text NOT NULL,
    membership text NOT NULL,       -- 'join', 'invite', 'knock', 'leave' or 'ban'
    position bigint NOT NULL,       -- of the member event
    forgotten bigint NOT NULL DEFAULT 0,  -- 1: its user wants to hear of the room no more
    PRIMARY KEY (room_id, user_id)
) STRICT;
CREATE INDEX room_members_by_user ON room_members (user_id, membership);
CREATE INDEX room_members_by_position ON room_members (room_id, position);

-- owner: rooms
CREATE TABLE room_aliases (
    alias text PRIMARY KEY,
    room_id text NOT NULL REFERENCES rooms (room_id),
    creator text NOT NULL,
    created_at bigint NOT NULL
) STRICT;
CREATE INDEX room_aliases_by_room ON room_aliases (room_id);

-- What the header of an encrypted message says without any key. Redacted events have no row.
-- owner: rooms
CREATE TABLE encrypted_events (
    position bigint PRIMARY KEY REFERENCES events (position),
    room_id text NOT NULL,
    session_id text,                -- the Megolm session; NULL with message_index: not readable
    message_index bigint,
    sender text NOT NULL,
    device_id text                  -- the session that sent it
) STRICT;
CREATE INDEX encrypted_events_by_session ON encrypted_events (room_id, session_id, message_index);
