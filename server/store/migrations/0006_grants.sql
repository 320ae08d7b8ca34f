-- How much of its namespace a request and its grant are for; all of it where this is empty.
ALTER TABLE requests ADD COLUMN scope TEXT NOT NULL DEFAULT '';
ALTER TABLE grants ADD COLUMN scope TEXT NOT NULL DEFAULT '';

-- Grants that wait for their first use, which sets their end: at an instant, or so much later.
-- Until then `not_after` is the instant by which they must be used.
ALTER TABLE grants ADD COLUMN claim_until BIGINT;
ALTER TABLE grants ADD COLUMN claim_seconds BIGINT;
