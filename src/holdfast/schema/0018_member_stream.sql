-- The newest change of who is in which room, a part of what happens in rooms: whoever is woken by a
-- message need not look whose devices came and went.
ALTER TABLE stream ADD COLUMN member bigint NOT NULL DEFAULT 0;
UPDATE stream SET member = timeline;
