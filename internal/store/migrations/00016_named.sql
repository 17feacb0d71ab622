-- +goose Up

-- The GUIDs of the deliveries since the last reconcile began, for the log: each with a
-- blank behind it, in the order in which they came.
ALTER TABLE wakes ADD COLUMN deliveries TEXT NOT NULL DEFAULT '';
