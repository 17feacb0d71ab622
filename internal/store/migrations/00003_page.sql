-- +goose Up

-- How often a board was replaced: an open page asks once a second.
CREATE TABLE changes (
    id     BIGINT NOT NULL PRIMARY KEY,
    boards BIGINT NOT NULL
);
INSERT INTO changes (id, boards) VALUES (1, 0);

-- What a line stands on: JSON, or nothing.
ALTER TABLE history ADD COLUMN ground TEXT NOT NULL DEFAULT '';
