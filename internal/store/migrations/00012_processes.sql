-- +goose Up

-- Who works on a database that several processes share. seen_at is by the
-- database's own clock.
CREATE TABLE processes (
    name    TEXT   NOT NULL PRIMARY KEY,
    seen_at BIGINT NOT NULL
);
