package dev.millrace.registry.operations.importing;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Reads MLflow's own tables, of any version since 1.x: tables and columns that came later may be missing. The schema is
 * that of {@code mlflow/store/tracking/dbmodels/models.py} and {@code mlflow/store/model_registry/dbmodels/models.py} in
 * MLflow 3.17.
 */
final class MlflowDatabase implements MlflowSource {
    private static final int FETCH = 10_000;
    /** What MLflow calls a version that was deleted. */
    private static final String DELETED = "Deleted_Internal";

    private final Connection connection;
    private final Relocation places;

    /**
     * Over a connection that the caller closes.
     *
     * @param connection in a transaction that sees one snapshot
     * @param places says where artifacts will be
     */
    MlflowDatabase(Connection connection, Relocation places) {
        this.connection = connection;
        this.places = places;
    }

    /** What is done with one row. */
    private interface RowWork {
        void accept(ResultSet row) throws SQLException;
    }

    private void each(String sql, RowWork work) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(FETCH);
            try (ResultSet rows = statement.executeQuery(sql)) {
                while (rows.next()) work.accept(rows);
            }
        }
    }

    private boolean has(String table) throws SQLException {
        DatabaseMetaData meta = connection.getMetaData();
        try (ResultSet found = meta.getTables(null, null, table, null)) {
            return found.next();
        }
    }

    private boolean has(String table, String column) throws SQLException {
        try (ResultSet found = connection.getMetaData().getColumns(null, null, table, column)) {
            return found.next();
        }
    }

    private static String text(ResultSet row, String column) throws SQLException {
        String value = row.getString(column);
        return value == null ? "" : value;
    }

    private static Long number(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    @Override
    public void readInto(ImportedRows rows) throws SQLException {
        experiments(rows);
        runs(rows);
        if (has("logged_models")) loggedModels(rows);
        if (has("datasets")) inputs(rows);
        if (has("registered_models")) registeredModels(rows);
    }

    private void experiments(ImportedRows rows) throws SQLException {
        boolean knowsTimes = has("experiments", "creation_time");
        each("SELECT * FROM experiments ORDER BY experiment_id", row -> {
            long id = row.getLong("experiment_id");
            rows.add(
                    "experiments (id, name, artifact_location, lifecycle, created_at, updated_at)",
                    id,
                    row.getString("name"),
                    places.ofExperiment(id, text(row, "artifact_location")),
                    row.getString("lifecycle_stage"),
                    knowsTimes ? row.getLong("creation_time") : 0L,
                    knowsTimes ? row.getLong("last_update_time") : 0L);
        });
        if (!has("experiment_tags")) return;
        each(
                "SELECT experiment_id, key, value FROM experiment_tags",
                row -> rows.add(
                        "experiment_tags (owner_id, key, value)",
                        row.getLong("experiment_id"),
                        row.getString("key"),
                        text(row, "value")));
    }

    private void runs(ImportedRows rows) throws SQLException {
        boolean knowsDeletion = has("runs", "deleted_time");
        each("SELECT * FROM runs ORDER BY experiment_id, start_time, run_uuid", row -> {
            String uuid = row.getString("run_uuid");
            boolean deleted = "deleted".equals(row.getString("lifecycle_stage"));
            Long deletedAt = knowsDeletion ? number(row, "deleted_time") : null;
            rows.add(
                    "runs (id, run_uuid, experiment_id, name, user_id, status, start_time, end_time, lifecycle,"
                            + " artifact_uri, deleted_at)",
                    rows.give("runs", uuid),
                    uuid,
                    row.getLong("experiment_id"),
                    text(row, "name"),
                    text(row, "user_id"),
                    row.getString("status"),
                    row.getLong("start_time"),
                    number(row, "end_time"),
                    row.getString("lifecycle_stage"),
                    places.of(text(row, "artifact_uri")),
                    deleted ? places.deletedAt(deletedAt) : null);
        });
        for (String table : List.of("params", "tags")) {
            each("SELECT run_uuid, key, value FROM " + table, row -> {
                Long owner = rows.idOf("runs", row.getString("run_uuid"));
                if (owner == null) return;
                rows.add("run_" + table + " (owner_id, key, value)", owner, row.getString("key"), text(row, "value"));
            });
        }
        each("SELECT run_uuid, key, step, timestamp, value, is_nan FROM metrics", row -> {
            Long owner = rows.idOf("runs", row.getString("run_uuid"));
            if (owner == null) return;
            boolean nan = row.getBoolean("is_nan");
            rows.add(
                    "metrics (run_id, key, step, ts, value, is_nan)",
                    owner,
                    row.getString("key"),
                    row.getLong("step"),
                    row.getLong("timestamp"),
                    nan ? 0.0 : row.getDouble("value") + 0.0,
                    nan ? 1 : 0);
        });
    }

    private void inputs(ImportedRows rows) throws SQLException {
        each(
                "SELECT * FROM datasets ORDER BY experiment_id, name, digest",
                row -> rows.add(
                        "datasets (id, experiment_id, name, digest, source_type, source, schema_json, profile)",
                        rows.give("datasets", row.getString("dataset_uuid")),
                        row.getLong("experiment_id"),
                        row.getString("name"),
                        row.getString("digest"),
                        row.getString("dataset_source_type"),
                        row.getString("dataset_source"),
                        row.getString("dataset_schema"),
                        row.getString("dataset_profile")));
        boolean knowsStep = has("inputs", "step");
        each("SELECT * FROM inputs", row -> {
            String type = row.getString("source_type");
            String source = row.getString("source_id");
            String destination = row.getString("destination_id");
            if (type.equals("DATASET") && row.getString("destination_type").equals("RUN")) {
                Long run = rows.idOf("runs", destination);
                Long dataset = rows.idOf("datasets", source);
                if (run == null || dataset == null) return;
                long id = rows.give("run_inputs", row.getString("input_uuid"));
                rows.add("run_inputs (id, run_id, dataset_id)", id, run, dataset);
            } else if (type.equals("RUN_INPUT") || type.equals("RUN_OUTPUT")) {
                Long run = rows.idOf("runs", source);
                if (run == null) return;
                String direction = type.equals("RUN_INPUT") ? "in" : "out";
                rows.add(
                        "run_models (run_id, direction, model_id, step)",
                        run,
                        direction,
                        destination,
                        knowsStep ? row.getLong("step") : 0L);
            }
        });
        each("SELECT input_uuid, name, value FROM input_tags", row -> {
            Long input = rows.idOf("run_inputs", row.getString("input_uuid"));
            if (input == null) return;
            rows.add("run_input_tags (owner_id, key, value)", input, row.getString("name"), text(row, "value"));
        });
    }

    private void loggedModels(ImportedRows rows) throws SQLException {
        List<String> statuses = List.of(
                "LOGGED_MODEL_STATUS_UNSPECIFIED",
                "LOGGED_MODEL_PENDING",
                "LOGGED_MODEL_READY",
                "LOGGED_MODEL_UPLOAD_FAILED");
        each(
                "SELECT * FROM logged_models ORDER BY creation_timestamp_ms, model_id",
                row -> rows.add(
                        "logged_models (id, model_id, experiment_id, name, model_type, source_run, status, status_message,"
                                + " artifact_uri, lifecycle, created_at, updated_at)",
                        rows.give("logged_models", row.getString("model_id")),
                        row.getString("model_id"),
                        row.getLong("experiment_id"),
                        row.getString("name"),
                        text(row, "model_type"),
                        text(row, "source_run_id"),
                        statuses.get(row.getInt("status")),
                        text(row, "status_message"),
                        places.of(row.getString("artifact_location")),
                        row.getString("lifecycle_stage"),
                        row.getLong("creation_timestamp_ms"),
                        row.getLong("last_updated_timestamp_ms")));
        for (String kind : List.of("param", "tag")) {
            String table = "logged_model_" + kind + "s";
            each(
                    "SELECT model_id, " + kind + "_key AS k, " + kind + "_value AS v FROM " + table,
                    row -> rows.add(
                            table + " (owner_id, key, value)",
                            rows.idOf("logged_models", row.getString("model_id")),
                            row.getString("k"),
                            text(row, "v")));
        }
        each("SELECT * FROM logged_model_metrics", row -> {
            double value = row.getDouble("metric_value");
            boolean nan = row.wasNull() || Double.isNaN(value);
            rows.add(
                    "logged_model_metrics (owner_id, key, ts, step, value, is_nan, dataset_name, dataset_digest, run_uuid)",
                    rows.idOf("logged_models", row.getString("model_id")),
                    row.getString("metric_name"),
                    row.getLong("metric_timestamp_ms"),
                    row.getLong("metric_step"),
                    nan ? 0.0 : value + 0.0,
                    nan ? 1 : 0,
                    text(row, "dataset_name"),
                    text(row, "dataset_digest"),
                    row.getString("run_id"));
        });
    }

    private void registeredModels(ImportedRows rows) throws SQLException {
        each(
                "SELECT * FROM registered_models ORDER BY name",
                row -> rows.add(
                        "registered_models (id, name, description, deployment_job_id, created_at, updated_at)",
                        rows.give("registered_models", row.getString("name")),
                        row.getString("name"),
                        text(row, "description"),
                        "",
                        row.getLong("creation_time"),
                        row.getLong("last_updated_time")));
        boolean knowsPlace = has("model_versions", "storage_location");
        boolean knowsLink = has("model_versions", "run_link");
        each("SELECT * FROM model_versions ORDER BY name, version", row -> {
            String name = row.getString("name");
            boolean deleted = DELETED.equals(row.getString("current_stage"));
            String source = deleted ? "" : places.of(text(row, "source"));
            String stored = knowsPlace ? places.of(text(row, "storage_location")) : "";
            rows.add(
                    "model_versions (id, model_id, version, deleted, stage, description, user_id, source,"
                            + " storage_location, run_uuid, run_link, logged_model, created_at, updated_at)",
                    rows.give("model_versions", name + "/" + row.getInt("version")),
                    rows.idOf("registered_models", name),
                    row.getInt("version"),
                    deleted ? 1 : 0,
                    deleted ? "None" : row.getString("current_stage"),
                    deleted ? "" : text(row, "description"),
                    deleted ? "" : text(row, "user_id"),
                    source,
                    deleted ? "" : stored.isEmpty() ? source : stored,
                    deleted ? "" : text(row, "run_id"),
                    deleted || !knowsLink ? "" : text(row, "run_link"),
                    source.startsWith("models:/m-") ? source.substring("models:/".length()) : "",
                    row.getLong("creation_time"),
                    row.getLong("last_updated_time"));
        });
        if (has("registered_model_tags")) {
            each(
                    "SELECT name, key, value FROM registered_model_tags",
                    row -> rows.add(
                            "registered_model_tags (owner_id, key, value)",
                            rows.idOf("registered_models", row.getString("name")),
                            row.getString("key"),
                            text(row, "value")));
            each(
                    "SELECT name, version, key, value FROM model_version_tags",
                    row -> rows.add(
                            "model_version_tags (owner_id, key, value)",
                            rows.idOf("model_versions", row.getString("name") + "/" + row.getInt("version")),
                            row.getString("key"),
                            text(row, "value")));
        }
        if (!has("registered_model_aliases")) return;
        each(
                "SELECT name, alias, version FROM registered_model_aliases",
                row -> rows.add(
                        "model_aliases (model_id, alias, version)",
                        rows.idOf("registered_models", row.getString("name")),
                        row.getString("alias"),
                        row.getInt("version")));
    }
}
