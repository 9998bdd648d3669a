-- Who has an account, how they sign in, and where they are signed in.
-- Times are milliseconds since the Unix epoch; truth values are times or NULL.

-- owner: credentials
CREATE TABLE users (
    user_id text PRIMARY KEY,
    password_hash text,             -- Argon2id; NULL: nobody can sign in with an account password
    language text NOT NULL,         -- of the mails, as in kit.http.request.LANGUAGES
    created_at bigint NOT NULL,
    deactivated_at bigint,
    erased_at bigint
) STRICT;

-- owner: credentials
CREATE TABLE user_addresses (
    medium text NOT NULL,           -- 'email' or 'msisdn'
    address text NOT NULL,          -- in the canonical form of credentials.identifiers
    user_id text NOT NULL REFERENCES users (user_id),
    validated_at bigint NOT NULL,
    added_at bigint NOT NULL,
    PRIMARY KEY (medium, address)
) STRICT;
CREATE INDEX user_addresses_by_user ON user_addresses (user_id);

-- owner: sessions
CREATE TABLE devices (
    user_id text NOT NULL REFERENCES users (user_id),
    device_id text NOT NULL,
    display_name text,
    created_at bigint NOT NULL,
    last_seen_at bigint,
    last_seen_ip text,
    last_seen_user_agent text,
    locked_at bigint,               -- not NULL: locked, its tokens are answered with soft_logout
    used_generation bigint NOT NULL DEFAULT 0,  -- the newest pair of tokens its client has used
    PRIMARY KEY (user_id, device_id)
) STRICT;
CREATE INDEX devices_by_lock ON devices (locked_at);

-- owner: sessions
CREATE TABLE access_tokens (
    digest blob PRIMARY KEY,        -- SHA-256; the token itself is never stored
    user_id text NOT NULL,
    device_id text NOT NULL,
    generation bigint NOT NULL,     -- grows with each refresh
    used bigint NOT NULL,           -- 0: made by a refresh, its client has not used it yet
    expires_at bigint,
    locked_at bigint,               -- the device's: each request looks here, and nowhere else
    created_at bigint NOT NULL,
    FOREIGN KEY (user_id, device_id) REFERENCES devices (user_id, device_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX access_tokens_by_device ON access_tokens (user_id, device_id);

-- owner: sessions
CREATE TABLE refresh_tokens (
    digest blob PRIMARY KEY,
    user_id text NOT NULL,
    device_id text NOT NULL,
    generation bigint NOT NULL,
    created_at bigint NOT NULL,
    FOREIGN KEY (user_id, device_id) REFERENCES devices (user_id, device_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX refresh_tokens_by_device ON refresh_tokens (user_id, device_id);

-- owner: sessions
CREATE TABLE login_tokens (
    digest blob PRIMARY KEY,
    user_id text NOT NULL REFERENCES users (user_id),
    expires_at bigint NOT NULL
) STRICT;
CREATE INDEX login_tokens_by_user ON login_tokens (user_id);

-- owner: uia
CREATE TABLE uia_sessions (
    digest blob PRIMARY KEY,        -- of the session id that only the client holds
    operation text NOT NULL,        -- method and path it was opened for
    user_id text NOT NULL,          -- '' where nobody is signed in (registering)
    sealed_body blob NOT NULL,      -- the first request's body, under a key made from the session id
    completed text NOT NULL,        -- JSON: stage to what it proved
    expires_at bigint NOT NULL
) STRICT;
CREATE INDEX uia_sessions_by_expiry ON uia_sessions (expires_at);

-- owner: uia
CREATE TABLE address_proofs (
    sid text PRIMARY KEY,
    purpose text NOT NULL,          -- 'register', 'add', 'password' or 'reset'
    medium text NOT NULL,
    address text NOT NULL,
    user_id text NOT NULL,          -- the account it is for; '' when registering or unknown
    client_secret_digest blob NOT NULL,
    token_digest blob NOT NULL,     -- of the token in the mailed link or text message
    send_attempt bigint NOT NULL,
    wrong_tries bigint NOT NULL DEFAULT 0,
    next_link text,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,     -- to click; after the click, to use
    validated_at bigint,
    used_at bigint
) STRICT;
CREATE INDEX address_proofs_by_request ON address_proofs (client_secret_digest, medium, address);
CREATE INDEX address_proofs_by_user ON address_proofs (user_id);
CREATE INDEX address_proofs_by_expiry ON address_proofs (expires_at);

-- owner: uia
CREATE TABLE registration_tokens (
    digest blob PRIMARY KEY,
    hint text NOT NULL,             -- the first four characters, to tell one from another
    uses_allowed bigint,            -- NULL: any number
    completed bigint NOT NULL DEFAULT 0,
    created_at bigint NOT NULL,
    expires_at bigint
) STRICT;
