-- What commits and run records of the data lake say of each other, as far as they were read (decision 0282). A copy: after
-- deleting all rows here the server reads them again.

-- first_version and newest_version: the commits read, -1 before the first; modified_at and size: of the newest one's file.
CREATE TABLE lineage_tables (
  id ${identity},
  name TEXT NOT NULL UNIQUE,
  first_version BIGINT NOT NULL,
  newest_version BIGINT NOT NULL,
  modified_at BIGINT NOT NULL,
  size BIGINT NOT NULL,
  problem TEXT NOT NULL
);

-- Commits that changed rows. run_uuid is empty where another program wrote.
CREATE TABLE lineage_changes (
  table_id BIGINT NOT NULL REFERENCES lineage_tables (id),
  version BIGINT NOT NULL,
  operation TEXT NOT NULL,
  replaces_all INTEGER NOT NULL,
  run_uuid TEXT NOT NULL,
  committed_at BIGINT NOT NULL,
  PRIMARY KEY (table_id, version)
) ${clustered};

CREATE INDEX lineage_changes_replacing ON lineage_changes (table_id, replaces_all, version);

CREATE INDEX lineage_changes_by_run ON lineage_changes (run_uuid);

CREATE TABLE lineage_records (
  file TEXT NOT NULL PRIMARY KEY,
  run_uuid TEXT NOT NULL
) ${clustered};

CREATE INDEX lineage_records_by_run ON lineage_records (run_uuid);

-- ended_at: when the run ended; before its record is there, when it last committed.
CREATE TABLE lineage_runs (
  run_uuid TEXT NOT NULL PRIMARY KEY,
  job TEXT NOT NULL,
  ended_at BIGINT NOT NULL,
  finished INTEGER NOT NULL
) ${clustered};

-- What a run read or wrote, once for each commit and record that has it: table_id and version are the commit's, 0 and 0 for a
-- record. ended_at is the run's. ref_table and ref_version are parts of ref where it is a version of a table, else '' and 0.
CREATE TABLE lineage_edges (
  id ${identity},
  run_uuid TEXT NOT NULL,
  ref TEXT NOT NULL,
  is_output INTEGER NOT NULL,
  ended_at BIGINT NOT NULL,
  ref_table TEXT NOT NULL,
  ref_version BIGINT NOT NULL,
  table_id BIGINT NOT NULL,
  version BIGINT NOT NULL
);

CREATE INDEX lineage_edges_by_ref ON lineage_edges (ref, is_output, ended_at, run_uuid);

CREATE INDEX lineage_edges_by_table ON lineage_edges (ref_table, ref_version, ended_at, run_uuid);

CREATE INDEX lineage_edges_by_run ON lineage_edges (run_uuid, id);

CREATE INDEX lineage_edges_by_commit ON lineage_edges (table_id, version);
