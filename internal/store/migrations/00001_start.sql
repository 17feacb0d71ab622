-- The same text runs on SQLite and PostgreSQL: BIGINT and TEXT mean the same on
-- both, BYTEA is a column without conversion on SQLite. Times are Unix
-- milliseconds.

-- +goose Up

-- What GitHub sent. body is gzip.
CREATE TABLE deliveries (
    guid         TEXT   NOT NULL PRIMARY KEY,
    event        TEXT   NOT NULL,
    action       TEXT   NOT NULL,
    installation BIGINT NOT NULL,
    repository   BIGINT NOT NULL,
    received_at  BIGINT NOT NULL,
    body         BYTEA  NOT NULL
);
CREATE INDEX deliveries_received_at ON deliveries (received_at);

-- Button presses, each with the delivery that brought it.
CREATE TABLE presses (
    guid       TEXT   NOT NULL PRIMARY KEY REFERENCES deliveries (guid) ON DELETE CASCADE,
    repository BIGINT NOT NULL,
    person     TEXT   NOT NULL,
    command    TEXT   NOT NULL,
    object     TEXT   NOT NULL,
    check_run  BIGINT NOT NULL,
    commit_id  TEXT   NOT NULL,
    pressed_at BIGINT NOT NULL
);
CREATE INDEX presses_repository ON presses (repository, pressed_at);

-- The repositories that a reconcile is owed. The row outlives every crash; the
-- queue's job can be made again from it.
CREATE TABLE wakes (
    repository BIGINT NOT NULL PRIMARY KEY,
    count      BIGINT NOT NULL,            -- grows with each wake: a reconcile that ends learns by it whether it was woken again
    why        TEXT   NOT NULL,            -- of the latest wake
    since      BIGINT NOT NULL,            -- when the first wake that is not served yet came
    attempts   BIGINT NOT NULL DEFAULT 0,  -- failures in a row
    not_before BIGINT NOT NULL DEFAULT 0,  -- 0: at once
    later      BIGINT NOT NULL DEFAULT 0,  -- 1: a new wake does not lift not_before
    problem    TEXT   NOT NULL DEFAULT ''  -- what the last attempt said
);
CREATE INDEX wakes_not_before ON wakes (not_before);

-- Things without uniqueness on GitHub that are about to be created.
CREATE TABLE intents (
    repository BIGINT NOT NULL,
    marker     TEXT   NOT NULL,
    since      BIGINT NOT NULL,
    PRIMARY KEY (repository, marker)
);

-- What can never change: value is JSON.
CREATE TABLE facts (
    repository BIGINT NOT NULL,
    fact       TEXT   NOT NULL,
    value      TEXT   NOT NULL,
    used_at    BIGINT NOT NULL,
    PRIMARY KEY (repository, fact)
);
CREATE INDEX facts_used_at ON facts (used_at);

-- The last honest state of each repository: board is JSON.
CREATE TABLE boards (
    repository BIGINT NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    board      TEXT   NOT NULL,
    saved_at   BIGINT NOT NULL
);

-- What changed in it, in order.
CREATE TABLE history (
    repository  BIGINT NOT NULL,
    line        BIGINT NOT NULL,
    pull        BIGINT NOT NULL,
    environment TEXT   NOT NULL,
    was         TEXT   NOT NULL,
    became      TEXT   NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (repository, line)
);
CREATE INDEX history_pull ON history (repository, pull, line);

-- One row that is written to find out whether anything can be.
CREATE TABLE pulse (
    id BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL
);
