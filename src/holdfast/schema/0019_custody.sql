-- What the custody report counts: `docs/decisions/0070-custody-report.md`.

-- What the messages of a Megolm session that one session sent to a room come to. Each change of
-- encrypted_events changes the row it belongs to.
-- owner: rooms
CREATE TABLE megolm_sessions (
    room_id text NOT NULL,
    session_id text NOT NULL,       -- '': the messages of which nobody can tell the session
    sender text NOT NULL,
    device_id text NOT NULL,        -- the session that sent them; '': the server, for its sender
    slot text NOT NULL,             -- by which the key backup finds its key
    events bigint NOT NULL,
    first_index bigint NOT NULL,    -- message indexes
    last_index bigint NOT NULL,
    gapless bigint NOT NULL,        -- 1: each message's index is the one after the former message's
    first_position bigint NOT NULL,
    last_position bigint NOT NULL,
    first_ts bigint NOT NULL,       -- milliseconds
    last_ts bigint NOT NULL,
    PRIMARY KEY (room_id, session_id, sender, device_id)
) STRICT;
CREATE INDEX megolm_sessions_by_sender ON megolm_sessions (sender, device_id);

-- What the report reads of other features' tables, and nothing else.
-- owner: custody
CREATE VIEW custody_sessions AS SELECT room_id, session_id, sender, device_id, slot, events,
    first_index, last_index, gapless, first_position, last_position, first_ts, last_ts FROM megolm_sessions;
-- owner: custody
CREATE VIEW custody_keys AS SELECT backup, slot, room_id, session_id, first_message_index
    FROM room_keys;
-- owner: custody
CREATE VIEW custody_headers AS SELECT position, room_id, session_id, message_index, sender,
    coalesce(device_id, '') AS device_id FROM encrypted_events;
-- owner: custody
CREATE VIEW custody_times AS SELECT position, origin_server_ts AS ts FROM events;
-- owner: custody
CREATE VIEW custody_events AS SELECT e.position, e.room_id, e.session_id, e.message_index, e.sender,
    coalesce(e.device_id, '') AS device_id, v.origin_server_ts AS ts
    FROM encrypted_events AS e JOIN events AS v ON v.position = e.position;
