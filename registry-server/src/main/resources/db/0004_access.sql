-- Who may do what. Of a token the SHA-256 of its secret is kept, never the secret.

CREATE TABLE users (
  id ${identity},
  name TEXT NOT NULL UNIQUE,
  created_at BIGINT NOT NULL
);

CREATE TABLE user_grants (
  user_id BIGINT NOT NULL REFERENCES users (id),
  scope TEXT NOT NULL,
  role TEXT NOT NULL,
  PRIMARY KEY (user_id, scope)
) ${clustered};

CREATE TABLE tokens (
  id ${identity},
  user_id BIGINT NOT NULL REFERENCES users (id),
  name TEXT NOT NULL,
  hint TEXT NOT NULL,
  sha256 TEXT NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  last_used_at BIGINT
);

CREATE INDEX tokens_by_user ON tokens (user_id);

CREATE TABLE audit (
  id ${identity},
  at BIGINT NOT NULL,
  user_name TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  detail TEXT NOT NULL,
  status INTEGER NOT NULL,
  request_id TEXT NOT NULL,
  address TEXT NOT NULL
);

CREATE INDEX audit_by_target ON audit (target, id);

CREATE INDEX audit_by_user ON audit (user_name, id);
