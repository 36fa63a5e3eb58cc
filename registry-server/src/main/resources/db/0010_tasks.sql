-- What is still to be done after a change that is already on disk. A row goes when its work is done.
CREATE TABLE tasks (
  id ${identity},
  kind TEXT NOT NULL,
  task_key TEXT NOT NULL,
  lane TEXT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  attempts INTEGER NOT NULL,
  lease_until BIGINT NOT NULL,
  last_error TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX tasks_by_key ON tasks (kind, task_key);

CREATE INDEX tasks_by_lane ON tasks (state, kind, lane, id);
