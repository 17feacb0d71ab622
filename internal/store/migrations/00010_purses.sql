-- +goose Up

-- What each installation has spent of GitHub's limits: JSON, for all processes.
CREATE TABLE purses (
    installation BIGINT NOT NULL PRIMARY KEY,
    kept         TEXT   NOT NULL
);
