-- +goose Up

-- What each installation has spent of GitHub's limits: JSON, for all processes.
CREATE TABLE purses (
    installation BIGINT NOT NULL PRIMARY KEY,
    kept         TEXT   NOT NULL
);

-- 1: a person waits for an answer since the last reconcile began.
ALTER TABLE wakes ADD COLUMN urgent BIGINT NOT NULL DEFAULT 0;
