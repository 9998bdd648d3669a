-- How far people have read, and who is typing.

-- owner: receipts
CREATE TABLE receipts (
    room_id text NOT NULL,
    user_id text NOT NULL,
    type text NOT NULL,             -- 'm.read', 'm.read.private' or 'm.fully_read'
    thread text NOT NULL,           -- 'main', a thread's root, or '': of no thread in particular
    event_id text NOT NULL,
    event_position bigint NOT NULL,
    at bigint NOT NULL,             -- milliseconds
    position bigint NOT NULL,       -- in the stream, of the receipt itself
    PRIMARY KEY (room_id, user_id, type, thread)
) STRICT;
CREATE INDEX receipts_by_position ON receipts (room_id, position);

-- owner: typing
CREATE TABLE typing_users (
    room_id text NOT NULL,
    user_id text NOT NULL,
    until bigint NOT NULL,          -- milliseconds
    PRIMARY KEY (room_id, user_id)
) STRICT;

-- Rooms in which somebody is typing, or was a while ago.
-- owner: typing
CREATE TABLE typing_rooms (
    room_id text PRIMARY KEY,
    position bigint NOT NULL        -- in the stream, of the last change
) STRICT;
