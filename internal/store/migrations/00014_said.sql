-- +goose Up

-- What became of what people asked for on the page, as the bot replied to it.
ALTER TABLE actions ADD COLUMN done  BIGINT NOT NULL DEFAULT 0;
ALTER TABLE actions ADD COLUMN said  TEXT   NOT NULL DEFAULT '';
ALTER TABLE actions ADD COLUMN issue BIGINT NOT NULL DEFAULT 0;  -- where it replied; 0: nowhere
ALTER TABLE actions ADD COLUMN reply BIGINT NOT NULL DEFAULT 0;  -- the comment
