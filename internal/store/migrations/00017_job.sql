-- +goose Up

-- The queue's job that was made last for the repository; it may be gone.
ALTER TABLE wakes ADD COLUMN job BIGINT NOT NULL DEFAULT 0;
