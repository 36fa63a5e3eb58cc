package dev.millrace.flow.retraining;

import dev.millrace.job.JobContext;
import dev.millrace.platform.table.TableRef;
import dev.millrace.platform.table.TableVersion;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * What monitoring says of a model: the columns with the verdict {@code drift} in the newest window of that model.
 *
 * @param reason in words
 */
record DriftVerdict(boolean drifted, List<String> columns, String reason) {

    /**
     * Reads the newest window's rows of the whole table (no slice), compared with the baseline.
     *
     * @param version of the champion; rows of other versions do not count
     */
    static DriftVerdict read(RetrainConfig config, Optional<Integer> version, JobContext ctx) {
        TableRef ref = TableRef.parse(config.driftTable());
        if (ref.name().isPresent() && !ctx.tables().exists(ref.name().get())) {
            return new DriftVerdict(
                    false, List.of(), "`" + ref.table() + "` does not exist; the model has not been monitored yet");
        }
        TableVersion table = ctx.tables().open(ref);
        table.require(List.of("window", "column_name", "slice_key", "drift_type", "verdict", "model_name"));
        Dataset<Row> rows = table.rows().where(ofModel(config, version));
        // A window that has just begun has too few rows for a verdict; the one before it still stands.
        Row newest = rows.where("verdict <> 'not_enough_data'")
                .agg(functions.max("window.start"))
                .head();
        if (newest.isNullAt(0)) {
            return new DriftVerdict(
                    false,
                    List.of(),
                    "`" + table.printed() + "` has no verdict for model `" + config.model() + "`"
                            + version.map(number -> " version " + number).orElse(""));
        }
        List<String> columns = rows
                .where(functions.col("window.start").equalTo(newest.get(0)))
                .where("verdict = 'drift'")
                .select("column_name")
                .distinct()
                .orderBy("column_name")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .toList();
        String seen = columns.isEmpty() ? "no column drifted" : "drift in " + String.join(", ", columns);
        return new DriftVerdict(
                columns.size() >= config.driftColumns(),
                columns,
                seen + " in the window from " + newest.get(0) + " (" + table.printed() + ")");
    }

    private static Column ofModel(RetrainConfig config, Optional<Integer> version) {
        Column about = functions.col("model_name").equalTo(config.model());
        Column whole = functions
                .col("slice_key")
                .isNull()
                .and(functions.col("drift_type").equalTo("BASELINE"));
        if (version.isEmpty()) return about.and(whole);
        return about.and(whole).and(functions.col("model_version").cast("int").equalTo(version.get()));
    }
}
