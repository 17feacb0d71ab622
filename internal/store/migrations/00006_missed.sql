-- +goose Up

-- Deliveries that GitHub could not hand over.
CREATE TABLE missed (
    guid    TEXT   NOT NULL PRIMARY KEY,
    sending BIGINT NOT NULL,            -- GitHub's id of the newest attempt
    event   TEXT   NOT NULL,
    action  TEXT   NOT NULL,
    press   BIGINT NOT NULL,            -- 1: a button press, which nothing else tells of
    since   BIGINT NOT NULL,            -- when it was sent first, as far as is known
    asked   BIGINT NOT NULL DEFAULT 0,  -- how often GitHub was asked to send it again
    next_at BIGINT NOT NULL DEFAULT 0   -- not to be asked for again before
);
CREATE INDEX missed_next_at ON missed (next_at);

-- Until when GitHub's list was read: one row.
CREATE TABLE sendings_seen (
    id    BIGINT NOT NULL PRIMARY KEY,
    until BIGINT NOT NULL
);
