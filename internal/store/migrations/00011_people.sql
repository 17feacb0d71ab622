-- +goose Up

-- Who is signed in on the page. id is the digest of what the browser holds; token
-- is sealed with that, so that nobody can open it who has the database alone.
CREATE TABLE sessions (
    id         TEXT   NOT NULL PRIMARY KEY,
    account    BIGINT NOT NULL,
    login      TEXT   NOT NULL,
    token      BYTEA  NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_expires_at ON sessions (expires_at);

-- Tokens of machines. digest is that of what the machine holds.
CREATE TABLE passes (
    id           TEXT   NOT NULL PRIMARY KEY,
    digest       TEXT   NOT NULL UNIQUE,
    kind         TEXT   NOT NULL,
    name         TEXT   NOT NULL,
    account      BIGINT NOT NULL,            -- who made it; 0: the operator
    login        TEXT   NOT NULL,
    repositories TEXT   NOT NULL,            -- JSON: ids
    created_at   BIGINT NOT NULL,
    used_at      BIGINT NOT NULL DEFAULT 0,  -- 0: never; to the hour
    revoked_at   BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX passes_account ON passes (account);

-- What people asked for on the page. command is JSON.
CREATE TABLE actions (
    id          TEXT   NOT NULL PRIMARY KEY,
    repository  BIGINT NOT NULL,
    pull        BIGINT NOT NULL,
    person      TEXT   NOT NULL,
    command     TEXT   NOT NULL,
    asked_at    BIGINT NOT NULL,
    answered_at BIGINT NOT NULL DEFAULT 0,
    refused     BIGINT NOT NULL DEFAULT 0   -- 1: the person may not do that
);
CREATE INDEX actions_repository ON actions (repository, asked_at);
