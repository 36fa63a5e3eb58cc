-- When a run was deleted, epoch milliseconds; NULL: it is active. `gc` asks for it.

ALTER TABLE runs ADD COLUMN deleted_at BIGINT;

UPDATE runs SET deleted_at = ${now} WHERE lifecycle = 'deleted';
