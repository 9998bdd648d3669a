-- The second form of a lock: docs/decisions/0071-paused-sessions.md.
ALTER TABLE devices ADD COLUMN paused bigint NOT NULL DEFAULT 0;        -- 1: its tokens go on when
ALTER TABLE access_tokens ADD COLUMN paused bigint NOT NULL DEFAULT 0;  -- it is let in again
