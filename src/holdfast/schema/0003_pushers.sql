-- Push: where an app's push gateway is told of new messages.

-- owner: push
CREATE TABLE pushers (
    user_id text NOT NULL REFERENCES users (user_id),
    app_id text NOT NULL,
    pushkey text NOT NULL,
    device_id text NOT NULL,        -- the session that set it: it goes when that is locked or removed
    kind text NOT NULL,
    app_display_name text NOT NULL,
    device_display_name text NOT NULL,
    profile_tag text,
    lang text NOT NULL,
    data text NOT NULL,             -- JSON, as the client sent it
    created_at bigint NOT NULL,
    PRIMARY KEY (user_id, app_id, pushkey)
) STRICT;
CREATE INDEX pushers_by_device ON pushers (user_id, device_id);
CREATE INDEX pushers_by_key ON pushers (app_id, pushkey);
