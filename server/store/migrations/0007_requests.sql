-- What policy looked at beside a request; nothing of it is known of earlier ones.
ALTER TABLE requests ADD COLUMN circumstances TEXT NOT NULL DEFAULT '{"labels":{},"holds":[]}';
-- When its requester last reminded those who decide.
ALTER TABLE requests ADD COLUMN reminded_at BIGINT;
-- The grant that a grant prolongs, and whether the glass was broken for it.
ALTER TABLE grants ADD COLUMN extends TEXT;
ALTER TABLE grants ADD COLUMN broke_glass BIGINT NOT NULL DEFAULT 0;
UPDATE grants SET
    extends = (SELECT extends_grant FROM requests WHERE requests.id = grants.request_id),
    broke_glass = (SELECT COUNT(*) FROM requests WHERE requests.id = grants.request_id
        AND requests.ruling LIKE '%"break-glass"%');
