-- Ways back into an account, and out of wrong hands: docs/decisions/0072-this-was-not-me.md and
-- docs/decisions/0073-reset-by-recovery-key.md.

-- The links in notices with which somebody locks their account: "this wasn't me".
-- owner: notices
CREATE TABLE lock_links (
    digest blob PRIMARY KEY,        -- SHA-256 of the token in the link
    user_id text NOT NULL,
    created_at bigint NOT NULL,     -- milliseconds, as all times here
    expires_at bigint NOT NULL,
    used_at bigint
) STRICT;
CREATE INDEX lock_links_by_expiry ON lock_links (expires_at);

-- Addresses that are in force again when their account is locked by such a link.
-- owner: credentials
CREATE TABLE removed_addresses (
    user_id text NOT NULL REFERENCES users (user_id),
    medium text NOT NULL,
    address text NOT NULL,
    validated_at bigint NOT NULL,
    added_at bigint NOT NULL,
    removed_at bigint NOT NULL,
    PRIMARY KEY (user_id, medium, address)
) STRICT;
CREATE INDEX removed_addresses_by_time ON removed_addresses (removed_at);

-- Who can set a new account password with their recovery key.
-- owner: credentials
CREATE TABLE recovery_resets (
    user_id text PRIMARY KEY REFERENCES users (user_id),
    key_id text NOT NULL,           -- of the recovery key, in secret storage
    digest blob NOT NULL,           -- SHA-256 of the secret that the browser derives from that key
    created_at bigint NOT NULL
) STRICT;
