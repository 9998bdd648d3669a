-- The position of the newest change of each kind: who is woken need not look for the others.

ALTER TABLE stream ADD COLUMN config bigint NOT NULL DEFAULT 0;      -- account data
ALTER TABLE stream ADD COLUMN message bigint NOT NULL DEFAULT 0;     -- between devices
ALTER TABLE stream ADD COLUMN key bigint NOT NULL DEFAULT 0;         -- what devices publish
ALTER TABLE stream ADD COLUMN timeline bigint NOT NULL DEFAULT 0;    -- what happens in rooms
ALTER TABLE stream ADD COLUMN ephemeral bigint NOT NULL DEFAULT 0;   -- receipts, typing, presence
-- Whatever changed so far may be of any of these.
UPDATE stream SET config = newest, message = newest, key = newest;
