-- Each row of the audit covers the one before. Rows from before this migration have no digest: they stay outside.

ALTER TABLE audit ADD COLUMN digest TEXT;

CREATE TABLE audit_head (
  id INTEGER NOT NULL PRIMARY KEY,
  before_id BIGINT NOT NULL,
  entries BIGINT NOT NULL,
  digest TEXT NOT NULL
);

INSERT INTO audit_head (id, before_id, entries, digest)
SELECT 1, COALESCE(MAX(id), 0), 0, '0000000000000000000000000000000000000000000000000000000000000000' FROM audit;
