-- Secrets are encrypted by a key that is not in the database (webhooks.SecretBox). Times are epoch milliseconds.

CREATE TABLE webhooks (
  id ${identity},
  webhook_id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  description TEXT,
  url TEXT NOT NULL,
  secret TEXT,
  status TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE webhook_events (
  owner_id BIGINT NOT NULL REFERENCES webhooks (id),
  entity TEXT NOT NULL,
  action TEXT NOT NULL,
  PRIMARY KEY (owner_id, entity, action)
) ${clustered};

CREATE INDEX webhook_events_by_kind ON webhook_events (entity, action, owner_id);
