-- One set of tables for SQLite and PostgreSQL: TEXT and BIGINT, instants as microseconds UTC.

CREATE TABLE requests (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    username TEXT NOT NULL,
    person_groups TEXT NOT NULL,
    groups_missing TEXT,
    cluster TEXT NOT NULL,
    namespace TEXT NOT NULL,
    role TEXT NOT NULL,
    length_seconds BIGINT NOT NULL CHECK (length_seconds > 0),
    reason TEXT NOT NULL,
    ruling TEXT NOT NULL,
    sent_at BIGINT NOT NULL,
    lapses_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'denied', 'withdrawn', 'lapsed')),
    settled_at BIGINT,
    grant_id TEXT UNIQUE,
    by_issuer TEXT,
    by_subject TEXT,
    by_username TEXT,
    why TEXT,
    CHECK ((state = 'pending') = (settled_at IS NULL)),
    CHECK ((state = 'approved') = (grant_id IS NOT NULL)),
    CHECK ((state = 'denied') = (why IS NOT NULL)),
    CHECK ((state = 'denied') = (by_subject IS NOT NULL))
);

CREATE INDEX requests_by_state ON requests (state, settled_at);
CREATE INDEX requests_by_person ON requests (issuer, subject, sent_at);

-- One person counts once for a request.
CREATE TABLE approvals (
    request_id TEXT NOT NULL REFERENCES requests (id),
    number BIGINT NOT NULL,
    by_issuer TEXT NOT NULL,
    by_subject TEXT NOT NULL,
    by_username TEXT NOT NULL,
    approved_at BIGINT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (request_id, by_issuer, by_subject),
    UNIQUE (request_id, number)
);

-- One request becomes one grant at most.
CREATE TABLE grants (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    request_id TEXT NOT NULL UNIQUE REFERENCES requests (id),
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    username TEXT NOT NULL,
    person_groups TEXT NOT NULL,
    groups_missing TEXT,
    cluster TEXT NOT NULL,
    namespace TEXT NOT NULL,
    role TEXT NOT NULL,
    not_before BIGINT NOT NULL,
    not_after BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'expired', 'revoked', 'surrendered')),
    ended_at BIGINT,
    by_issuer TEXT,
    by_subject TEXT,
    by_username TEXT,
    CHECK ((state = 'active') = (ended_at IS NULL)),
    CHECK ((state = 'revoked') = (by_subject IS NOT NULL))
);

CREATE INDEX grants_by_state ON grants (state, not_before);

CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    grant_id TEXT NOT NULL REFERENCES grants (id),
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    username TEXT NOT NULL,
    person_groups TEXT NOT NULL,
    groups_missing TEXT,
    cluster TEXT NOT NULL,
    namespace TEXT NOT NULL,
    pod TEXT NOT NULL,
    container TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    not_after BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('starting', 'live', 'ended')),
    live_since BIGINT,
    ended_at BIGINT,
    how TEXT,
    left_behind TEXT,
    recording_bytes BIGINT,
    recording_digest TEXT,
    CHECK ((state = 'live') = (live_since IS NOT NULL)),
    CHECK ((state = 'ended') = (ended_at IS NOT NULL)),
    CHECK ((state = 'ended') = (how IS NOT NULL)),
    CHECK ((state = 'ended') = (left_behind IS NOT NULL)),
    CHECK ((recording_bytes IS NULL) = (recording_digest IS NULL))
);

CREATE INDEX sessions_by_grant ON sessions (grant_id);
CREATE INDEX sessions_by_state ON sessions (state, ended_at);
