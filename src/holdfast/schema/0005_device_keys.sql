-- What the devices of a user publish so that others can encrypt for them, and the user's identity.

-- owner: device_keys
-- A device as others may know of it. A removed one is kept for a while with all it had published
-- (and, in to_device, its queue); who signs in with its device ID again gets another row.
CREATE TABLE listed_devices (
    number serial,
    user_id text NOT NULL REFERENCES users (user_id),
    device_id text NOT NULL,
    display_name text,
    keys text,                      -- JSON, its own signature last; NULL: it has published none
    removed_at bigint
) STRICT;
CREATE UNIQUE INDEX listed_devices_live ON listed_devices (user_id, device_id) WHERE removed_at IS NULL;
CREATE INDEX listed_devices_removed ON listed_devices (removed_at) WHERE removed_at IS NOT NULL;
CREATE INDEX listed_devices_by_user ON listed_devices (user_id);
INSERT INTO listed_devices (user_id, device_id, display_name)
    SELECT user_id, device_id, display_name FROM devices;

-- owner: device_keys
-- A claimed key is remembered: uploaded again, it must not be handed out a second time.
CREATE TABLE one_time_keys (
    position serial,                -- the order in which they are handed out
    device bigint NOT NULL REFERENCES listed_devices (number) ON DELETE CASCADE,
    algorithm text NOT NULL,
    key_id text NOT NULL,
    key text NOT NULL               -- JSON
) STRICT;
CREATE UNIQUE INDEX one_time_keys_by_name ON one_time_keys (device, algorithm, key_id);
CREATE INDEX one_time_keys_in_order ON one_time_keys (device, algorithm, position);

-- owner: device_keys
-- How far the keys of a device have been handed out. A row for each device and not a mark on each
-- key: claiming keys of a hundred devices changes a page or two instead of hundreds.
CREATE TABLE one_time_key_claims (
    device bigint NOT NULL REFERENCES listed_devices (number) ON DELETE CASCADE,
    algorithm text NOT NULL,
    upto bigint NOT NULL,           -- the position of the last one that was handed out
    PRIMARY KEY (device, algorithm)
) STRICT;

-- owner: device_keys
CREATE TABLE fallback_keys (
    device bigint NOT NULL REFERENCES listed_devices (number) ON DELETE CASCADE,
    algorithm text NOT NULL,
    key_id text NOT NULL,
    key text NOT NULL,              -- JSON
    used bigint,                    -- position in the stream of when it was first handed out
    PRIMARY KEY (device, algorithm)
) STRICT;

-- owner: device_keys
CREATE TABLE cross_signing_keys (
    user_id text NOT NULL REFERENCES users (user_id),
    usage text NOT NULL,            -- 'master', 'self_signing' or 'user_signing'
    public_key text NOT NULL,       -- unpadded Base64
    key text NOT NULL,              -- JSON, the master key's signature last
    uploaded_at bigint NOT NULL,
    PRIMARY KEY (user_id, usage)
) STRICT;

-- owner: device_keys
-- Signatures beside those that are a part of a key: of devices by an identity, and the other way round.
CREATE TABLE key_signatures (
    user_id text NOT NULL REFERENCES users (user_id),
    key_id text NOT NULL,           -- what is signed: a device ID or a public cross-signing key
    signer text NOT NULL REFERENCES users (user_id),
    signer_key_id text NOT NULL,    -- as in 'ed25519:DEVICE'
    signature text NOT NULL,
    position bigint NOT NULL,       -- in the stream, of when it was stored
    PRIMARY KEY (user_id, key_id, signer, signer_key_id)
) STRICT;
CREATE INDEX key_signatures_by_signer ON key_signatures (signer, position);

-- owner: device_keys
CREATE TABLE device_list_changes (
    user_id text PRIMARY KEY REFERENCES users (user_id),
    position bigint NOT NULL        -- in the stream, of the last change
) STRICT;
CREATE INDEX device_list_changes_by_position ON device_list_changes (position);
