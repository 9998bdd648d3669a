-- The words of messages that are not encrypted, for searching.

-- owner: rooms
CREATE TABLE search_words (
    word text NOT NULL,
    room_id text NOT NULL,
    position bigint NOT NULL REFERENCES events (position),
    field text NOT NULL,            -- 'content.body', 'content.name' or 'content.topic'
    PRIMARY KEY (word, room_id, position, field)
) STRICT;
CREATE INDEX search_words_by_event ON search_words (position);
