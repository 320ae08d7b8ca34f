-- What a request may say beside role, length and reason, and the review of broken glass.
ALTER TABLE requests ADD COLUMN ticket TEXT;
ALTER TABLE requests ADD COLUMN starts_at BIGINT;
ALTER TABLE requests ADD COLUMN extends_grant TEXT;
ALTER TABLE requests ADD COLUMN extends_until BIGINT;
ALTER TABLE requests ADD COLUMN review_owed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE requests ADD COLUMN reviewed_at BIGINT;
ALTER TABLE requests ADD COLUMN review_by_issuer TEXT;
ALTER TABLE requests ADD COLUMN review_by_subject TEXT;
ALTER TABLE requests ADD COLUMN review_by_username TEXT;
ALTER TABLE requests ADD COLUMN review_words TEXT;

CREATE INDEX requests_by_sending ON requests (sent_at);
CREATE INDEX requests_by_review ON requests (review_owed, sent_at);

-- The approver groups that each approver was in.
ALTER TABLE approvals ADD COLUMN approver_groups TEXT NOT NULL DEFAULT '[]';
