-- Messages between devices, until the receiving one has acknowledged them, and dehydrated devices.

-- owner: to_device
CREATE TABLE to_device_messages (
    device bigint NOT NULL REFERENCES listed_devices (number) ON DELETE CASCADE,
    position bigint NOT NULL,       -- in the stream; one request has one message for a device
    message text NOT NULL,          -- JSON as /sync tells it: sender, type, content
    PRIMARY KEY (device, position)
) STRICT;

-- owner: to_device
-- What a session sent before under the same transaction ID is not sent again. A new session may use
-- the IDs of one that had its name.
CREATE TABLE to_device_transactions (
    device bigint NOT NULL REFERENCES listed_devices (number) ON DELETE CASCADE,
    type text NOT NULL,
    transaction_id text NOT NULL,
    sent_at bigint NOT NULL,
    PRIMARY KEY (device, type, transaction_id)
) STRICT;
CREATE INDEX to_device_transactions_by_time ON to_device_transactions (sent_at);

-- owner: dehydrated_devices
-- One of a user waits. Those before it are kept for a while, as removed sessions are.
CREATE TABLE dehydrated_devices (
    device bigint PRIMARY KEY REFERENCES listed_devices (number) ON DELETE CASCADE,
    user_id text NOT NULL REFERENCES users (user_id),
    device_id text NOT NULL,
    device_data text NOT NULL,      -- JSON, encrypted by the client
    created_at bigint NOT NULL,
    removed_at bigint
) STRICT;
CREATE UNIQUE INDEX dehydrated_devices_live ON dehydrated_devices (user_id) WHERE removed_at IS NULL;
CREATE INDEX dehydrated_devices_by_user ON dehydrated_devices (user_id, removed_at);
