-- Drift in blocks: one for each window, series and part of a request, with all its columns' rows in compact form (decision
-- 0280). What lists and pages need of all of them is counted here as windows are written, in the same transaction. Rows of
-- the table before (drift_rows) are converted when the server starts.

CREATE TABLE drift_models (
  id ${identity},
  name TEXT NOT NULL UNIQUE,
  windows BIGINT NOT NULL,
  first_window BIGINT NOT NULL,
  latest_window BIGINT NOT NULL,
  latest_version TEXT NOT NULL,
  drifted BIGINT NOT NULL
);

-- Columns with the number of blocks that have a row of them.
CREATE TABLE drift_columns (
  id ${identity},
  model_id BIGINT NOT NULL REFERENCES drift_models (id),
  name TEXT NOT NULL,
  blocks BIGINT NOT NULL,
  UNIQUE (model_id, name)
);

-- What is compared over time. Absent slices are empty texts, since NULL is never equal to itself in a key.
CREATE TABLE drift_series (
  id ${identity},
  model_id BIGINT NOT NULL REFERENCES drift_models (id),
  version TEXT NOT NULL,
  drift_type TEXT NOT NULL,
  slice_key TEXT NOT NULL,
  slice_value TEXT NOT NULL,
  UNIQUE (model_id, version, drift_type, slice_key, slice_value)
);

-- What one request is the whole of.
CREATE TABLE drift_parts (
  id ${identity},
  model_id BIGINT NOT NULL REFERENCES drift_models (id),
  version TEXT NOT NULL,
  window_start BIGINT NOT NULL,
  granularity TEXT NOT NULL,
  owner TEXT NOT NULL,
  part BIGINT NOT NULL,
  run_uuid TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  UNIQUE (model_id, version, window_start, granularity, owner, part)
);

CREATE TABLE drift_blocks (
  id ${identity},
  part_id BIGINT NOT NULL REFERENCES drift_parts (id),
  model_id BIGINT NOT NULL REFERENCES drift_models (id),
  series_id BIGINT NOT NULL REFERENCES drift_series (id),
  window_start BIGINT NOT NULL,
  window_end BIGINT NOT NULL,
  data ${bytes} NOT NULL
);

CREATE INDEX drift_blocks_by_part ON drift_blocks (part_id);

CREATE INDEX drift_blocks_by_time ON drift_blocks (model_id, window_start, id);

CREATE INDEX drift_blocks_by_series ON drift_blocks (series_id, window_start, id);

DROP INDEX drift_rows_by_column;
