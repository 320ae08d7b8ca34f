-- Sign-ins, by the SHA-256 of the cookie's value: this table is worth nothing to a thief.
CREATE TABLE logins (
    id TEXT PRIMARY KEY,
    issuer TEXT,
    subject TEXT,
    data TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    CHECK ((issuer IS NULL) = (subject IS NULL))
);

CREATE INDEX logins_by_person ON logins (issuer, subject);
CREATE INDEX logins_by_expiry ON logins (expires_at);
