-- What clients of Simplified Sliding Sync (MSC4186) have been told.

-- owner: sliding_sync
CREATE TABLE sliding_connections (
    user_id text NOT NULL,
    device_id text NOT NULL,
    conn_id text NOT NULL,
    pos bigint NOT NULL,            -- of the answer that `told` counts in
    told text NOT NULL,             -- JSON
    told_before text NOT NULL,      -- JSON: without that answer, should it get lost
    used_at bigint NOT NULL,        -- milliseconds
    PRIMARY KEY (user_id, device_id, conn_id)
) STRICT;
CREATE INDEX sliding_connections_by_use ON sliding_connections (used_at);
