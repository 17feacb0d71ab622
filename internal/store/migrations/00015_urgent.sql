-- +goose Up

-- 1: a person waits for an answer since the last reconcile began. In wakes.later, 2
-- means that only such a wake lifts not_before.
ALTER TABLE wakes ADD COLUMN urgent BIGINT NOT NULL DEFAULT 0;
