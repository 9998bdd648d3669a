-- Tokens of a session that its owner has signed in to again since. They are dead, but remembered for
-- some time: whoever still holds one is told to sign in again, not to discard the session's keys.

-- owner: sessions
ALTER TABLE access_tokens ADD COLUMN replaced bigint NOT NULL DEFAULT 0;   -- by how many sign-ins
ALTER TABLE refresh_tokens ADD COLUMN replaced bigint NOT NULL DEFAULT 0;
