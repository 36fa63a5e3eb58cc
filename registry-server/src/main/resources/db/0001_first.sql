-- Children refer to the small integer id of their owner, never to its 32-hex text.
-- ${identity} and ${clustered} are filled per database (Dialect). Times are epoch milliseconds.

CREATE TABLE experiments (
  id ${identity},
  name TEXT NOT NULL UNIQUE,
  artifact_location TEXT NOT NULL,
  lifecycle TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE experiment_tags (
  owner_id BIGINT NOT NULL REFERENCES experiments (id),
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (owner_id, key)
) ${clustered};

CREATE TABLE runs (
  id ${identity},
  run_uuid TEXT NOT NULL UNIQUE,
  experiment_id BIGINT NOT NULL REFERENCES experiments (id),
  name TEXT NOT NULL,
  user_id TEXT NOT NULL,
  status TEXT NOT NULL,
  start_time BIGINT NOT NULL,
  end_time BIGINT,
  lifecycle TEXT NOT NULL,
  artifact_uri TEXT NOT NULL
);

CREATE INDEX runs_by_start ON runs (experiment_id, start_time DESC, run_uuid, lifecycle);

CREATE TABLE run_params (
  owner_id BIGINT NOT NULL REFERENCES runs (id),
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (owner_id, key)
) ${clustered};

CREATE TABLE run_tags (
  owner_id BIGINT NOT NULL REFERENCES runs (id),
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (owner_id, key)
) ${clustered};

-- Covering, for filters. PostgreSQL cannot index values over 2700 bytes, so the index holds the first 200 characters
-- of the value and the filter looks at both.
CREATE INDEX run_params_by_value ON run_params (key, substr(value, 1, 200), owner_id);

CREATE INDEX run_tags_by_value ON run_tags (key, substr(value, 1, 200), owner_id);

-- NaN is is_nan = 1 with value 0 (SQLite has no NaN); infinities are the greatest doubles, as MLflow keeps them.
CREATE TABLE metrics (
  run_id BIGINT NOT NULL REFERENCES runs (id),
  key TEXT NOT NULL,
  step BIGINT NOT NULL,
  ts BIGINT NOT NULL,
  value DOUBLE PRECISION NOT NULL,
  is_nan INTEGER NOT NULL,
  PRIMARY KEY (run_id, key, step, ts, value, is_nan)
) ${clustered};

CREATE TABLE latest_metrics (
  run_id BIGINT NOT NULL REFERENCES runs (id),
  key TEXT NOT NULL,
  step BIGINT NOT NULL,
  ts BIGINT NOT NULL,
  value DOUBLE PRECISION NOT NULL,
  is_nan INTEGER NOT NULL,
  PRIMARY KEY (run_id, key)
) ${clustered};

CREATE INDEX latest_metrics_by_value ON latest_metrics (key, value, run_id, is_nan);

CREATE TABLE datasets (
  id ${identity},
  experiment_id BIGINT NOT NULL REFERENCES experiments (id),
  name TEXT NOT NULL,
  digest TEXT NOT NULL,
  source_type TEXT NOT NULL,
  source TEXT NOT NULL,
  schema_json TEXT,
  profile TEXT,
  UNIQUE (experiment_id, name, digest)
);

CREATE INDEX datasets_by_name ON datasets (name, digest);

CREATE TABLE run_inputs (
  id ${identity},
  run_id BIGINT NOT NULL REFERENCES runs (id),
  dataset_id BIGINT NOT NULL REFERENCES datasets (id),
  UNIQUE (run_id, dataset_id)
);

CREATE INDEX run_inputs_by_dataset ON run_inputs (dataset_id, run_id);

CREATE TABLE run_input_tags (
  owner_id BIGINT NOT NULL REFERENCES run_inputs (id),
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (owner_id, key)
) ${clustered};

CREATE TABLE run_models (
  run_id BIGINT NOT NULL REFERENCES runs (id),
  direction TEXT NOT NULL,
  model_id TEXT NOT NULL,
  step BIGINT NOT NULL,
  PRIMARY KEY (run_id, direction, model_id)
) ${clustered};

CREATE TABLE logged_models (
  id ${identity},
  model_id TEXT NOT NULL UNIQUE,
  experiment_id BIGINT NOT NULL REFERENCES experiments (id),
  name TEXT NOT NULL,
  model_type TEXT NOT NULL,
  source_run TEXT NOT NULL,
  status TEXT NOT NULL,
  status_message TEXT NOT NULL,
  artifact_uri TEXT NOT NULL,
  lifecycle TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE INDEX logged_models_by_time ON logged_models (experiment_id, created_at DESC);

CREATE TABLE logged_model_params (
  owner_id BIGINT NOT NULL REFERENCES logged_models (id),
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (owner_id, key)
) ${clustered};

CREATE TABLE logged_model_tags (
  owner_id BIGINT NOT NULL REFERENCES logged_models (id),
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (owner_id, key)
) ${clustered};

CREATE TABLE logged_model_metrics (
  owner_id BIGINT NOT NULL REFERENCES logged_models (id),
  key TEXT NOT NULL,
  ts BIGINT NOT NULL,
  step BIGINT NOT NULL,
  value DOUBLE PRECISION NOT NULL,
  is_nan INTEGER NOT NULL,
  dataset_name TEXT NOT NULL,
  dataset_digest TEXT NOT NULL,
  run_uuid TEXT NOT NULL,
  PRIMARY KEY (owner_id, key, ts, step, value, is_nan, dataset_name, dataset_digest, run_uuid)
) ${clustered};

CREATE VIEW logged_model_latest AS
SELECT m.owner_id, m.key, m.value, m.is_nan
FROM logged_model_metrics m
WHERE NOT EXISTS (
  SELECT 1 FROM logged_model_metrics n
  WHERE n.owner_id = m.owner_id AND n.key = m.key
    AND (n.ts, n.step, n.value, n.is_nan, n.dataset_name, n.dataset_digest, n.run_uuid)
      > (m.ts, m.step, m.value, m.is_nan, m.dataset_name, m.dataset_digest, m.run_uuid));

CREATE TABLE registered_models (
  id ${identity},
  name TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL,
  deployment_job_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE registered_model_tags (
  owner_id BIGINT NOT NULL REFERENCES registered_models (id),
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (owner_id, key)
) ${clustered};

-- A deleted version stays behind, emptied, so that its number is never given again.
CREATE TABLE model_versions (
  id ${identity},
  model_id BIGINT NOT NULL REFERENCES registered_models (id),
  version INTEGER NOT NULL,
  deleted INTEGER NOT NULL,
  stage TEXT NOT NULL,
  description TEXT NOT NULL,
  user_id TEXT NOT NULL,
  source TEXT NOT NULL,
  storage_location TEXT NOT NULL,
  run_uuid TEXT NOT NULL,
  run_link TEXT NOT NULL,
  logged_model TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  UNIQUE (model_id, version)
);

CREATE INDEX model_versions_by_run ON model_versions (run_uuid);

CREATE TABLE model_version_tags (
  owner_id BIGINT NOT NULL REFERENCES model_versions (id),
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (owner_id, key)
) ${clustered};

CREATE TABLE model_aliases (
  model_id BIGINT NOT NULL REFERENCES registered_models (id),
  alias TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (model_id, alias)
) ${clustered};

-- Absent slices are empty texts here, since NULL is never equal to itself in a key.
CREATE TABLE drift_rows (
  model TEXT NOT NULL,
  version TEXT NOT NULL,
  window_start BIGINT NOT NULL,
  window_end BIGINT NOT NULL,
  column_name TEXT NOT NULL,
  slice_key TEXT NOT NULL,
  slice_value TEXT NOT NULL,
  drift_type TEXT NOT NULL,
  verdict TEXT NOT NULL,
  run_uuid TEXT NOT NULL,
  granularity TEXT NOT NULL,
  row_json TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  PRIMARY KEY (model, version, window_start, window_end, column_name, slice_key, slice_value, drift_type)
) ${clustered};

CREATE INDEX drift_rows_by_column ON drift_rows (model, column_name, window_start);

INSERT INTO experiments (id, name, artifact_location, lifecycle, created_at, updated_at)
VALUES (0, 'Default', 'mlflow-artifacts:/0', 'active', ${now}, ${now});
