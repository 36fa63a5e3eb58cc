-- What a token may at most do: a JSON list of scopes; none: all that its user may.

ALTER TABLE tokens ADD COLUMN scopes TEXT;
