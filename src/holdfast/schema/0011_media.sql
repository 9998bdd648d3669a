-- Uploaded files. What is in them lies in the data directory, under the media ID.

-- owner: media
CREATE TABLE media (
    media_id text PRIMARY KEY,
    user_id text NOT NULL REFERENCES users (user_id),
    content_type text NOT NULL,
    file_name text,
    size bigint NOT NULL,           -- bytes
    created_at bigint NOT NULL,     -- milliseconds
    uploaded_at bigint              -- NULL: an ID that was given out, whose content is to come
) STRICT;
CREATE INDEX media_to_come ON media (user_id) WHERE uploaded_at IS NULL;
