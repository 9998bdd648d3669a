-- What clients learn by /sync, and what it is ordered by.

-- owner: kit.stream
CREATE TABLE stream (
    only_row bigint PRIMARY KEY CHECK (only_row = 1),
    newest bigint NOT NULL          -- the position of the newest change, of whatever feature
) STRICT;
INSERT INTO stream (only_row, newest) VALUES (1, 0);

-- owner: account_data
CREATE TABLE account_data (
    user_id text NOT NULL REFERENCES users (user_id),
    room_id text NOT NULL,          -- '': of the user, not of one room
    type text NOT NULL,
    content text NOT NULL,          -- a JSON object, as the client sent it
    position bigint NOT NULL,       -- in the stream, of the last change
    PRIMARY KEY (user_id, room_id, type)
) STRICT;
CREATE INDEX account_data_by_position ON account_data (user_id, position);

-- owner: profile
CREATE TABLE profile_fields (
    user_id text NOT NULL REFERENCES users (user_id),
    name text NOT NULL,
    value text NOT NULL,            -- JSON
    PRIMARY KEY (user_id, name)
) STRICT;

-- owner: sync
CREATE TABLE filters (
    user_id text NOT NULL REFERENCES users (user_id),
    filter_id text NOT NULL,        -- made from the content: the same filter is stored once
    content text NOT NULL,          -- JSON
    PRIMARY KEY (user_id, filter_id)
) STRICT;
