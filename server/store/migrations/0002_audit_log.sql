CREATE TABLE events (
    number BIGINT PRIMARY KEY CHECK (number > 0),
    digest TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    happened_at BIGINT NOT NULL,
    by_issuer TEXT,
    by_subject TEXT,
    by_username TEXT,
    cluster TEXT,
    namespace TEXT,
    request_id TEXT,
    grant_id TEXT,
    session_id TEXT,
    kind TEXT NOT NULL,
    fact TEXT NOT NULL
);

CREATE INDEX events_by_actor ON events (by_username, number);
CREATE INDEX events_by_namespace ON events (namespace, number);
CREATE INDEX events_by_kind ON events (kind, number);
CREATE INDEX events_by_request ON events (request_id);
CREATE INDEX events_by_grant ON events (grant_id);
CREATE INDEX events_by_session ON events (session_id);

-- The newest event: the one row that every writer locks, so that numbers have no gaps.
CREATE TABLE audit_head (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    number BIGINT NOT NULL,
    digest TEXT NOT NULL
);

INSERT INTO audit_head (id, number, digest)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
