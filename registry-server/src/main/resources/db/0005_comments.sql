CREATE TABLE comments (
  id ${identity},
  target TEXT NOT NULL,
  author TEXT NOT NULL,
  text TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  edited_at BIGINT
);

CREATE INDEX comments_by_target ON comments (target, id);
