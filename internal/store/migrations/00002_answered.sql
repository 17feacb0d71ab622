-- +goose Up

-- When a press was answered; 0: not yet.
ALTER TABLE presses ADD COLUMN answered_at BIGINT NOT NULL DEFAULT 0;
