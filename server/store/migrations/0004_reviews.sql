-- A recording is reviewed once.
CREATE TABLE reviews (
    session_id TEXT PRIMARY KEY REFERENCES sessions (id),
    by_issuer TEXT NOT NULL,
    by_subject TEXT NOT NULL,
    by_username TEXT NOT NULL,
    reviewed_at BIGINT NOT NULL
);
