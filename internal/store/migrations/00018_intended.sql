-- +goose Up

-- When it was intended last, in milliseconds since 1970.
ALTER TABLE intents ADD COLUMN intended_at BIGINT NOT NULL DEFAULT 0;
