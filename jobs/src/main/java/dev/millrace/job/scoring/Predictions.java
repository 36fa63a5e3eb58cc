package dev.millrace.job.scoring;

import dev.millrace.engine.model.Scoring;
import dev.millrace.job.JobContext;
import dev.millrace.platform.table.Columns;
import dev.millrace.platform.table.TableVersion;
import dev.millrace.platform.tracking.ResolvedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/** The columns every {@code predictions.*} table has (CONTRACT §5), beside keys and kept columns. */
final class Predictions {
    static final String EVENT_TIME = "event_time";
    /** Whose rows these are: the owner of the job file that scored them ({@code CommitMetadata.owner}). */
    static final String OWNER = "score_owner";

    static final String MODEL = "model_name";
    static final List<String> COLUMNS = List.of(
            EVENT_TIME,
            Scoring.PREDICTION,
            Scoring.PROBABILITY,
            Scoring.PROBABILITIES,
            "model_version",
            "scored_at",
            "input_version",
            Predictions.OWNER,
            Predictions.MODEL,
            "run_id",
            "input_table");

    private Predictions() {}

    /** What {@link #MODEL} holds: the registered name, whatever the version; the URI of a model without one. */
    static String name(ResolvedModel model) {
        return model.version().map(version -> version.model()).orElse(model.uri());
    }

    /** INT; NULL for a model without a registered version. */
    static Column version(ResolvedModel model) {
        return model.version()
                .map(found -> functions.lit(found.version()))
                .orElseGet(() -> functions.lit(null).cast(DataTypes.IntegerType));
    }

    /** Adds {@link #EVENT_TIME}, in place of a column of that name; NULL when there is no time column. */
    static Dataset<Row> timed(Dataset<Row> rows, Optional<String> timeColumn) {
        Column time = timeColumn.map(Columns::named).orElseGet(() -> functions.lit(null));
        List<Column> columns = new ArrayList<>();
        for (String name : rows.columns()) {
            if (!name.equalsIgnoreCase(EVENT_TIME)) columns.add(Columns.named(name));
        }
        columns.add(time.cast(DataTypes.TimestampType).as(EVENT_TIME));
        return rows.select(columns.toArray(Column[]::new));
    }

    /**
     * @param scored keys, {@link #EVENT_TIME}, kept columns and those of {@link Scoring}
     */
    static Dataset<Row> complete(Dataset<Row> scored, ResolvedModel model, TableVersion input, JobContext ctx) {
        List<Column> columns = new ArrayList<>(Arrays.asList(Columns.named(List.of(scored.columns()))));
        columns.add(version(model).as("model_version"));
        columns.add(functions.lit(ctx.clock().instant()).as("scored_at"));
        columns.add(functions.lit(input.version()).as("input_version"));
        columns.add(functions.lit(ctx.owner()).as(OWNER));
        // Last, without statistics: texts that repeat in every row.
        columns.add(functions.lit(name(model)).as(MODEL));
        columns.add(functions.lit(ctx.run().id()).as("run_id"));
        columns.add(functions.lit(input.name()).as("input_table"));
        return scored.select(columns.toArray(Column[]::new));
    }
}
