package dev.millrace.engine.truth;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.table.TableVersion;
import dev.millrace.platform.tracking.ModelVersion;
import dev.millrace.platform.tracking.ResolvedModel;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** The predictions of one version of one model in a table of predictions (CONTRACT §5). */
public final class ModelPredictions {
    /** TIMESTAMP: the moment of the scored row. */
    public static final String EVENT_TIME = "event_time";

    private static final String NAME = "model_name";
    private static final String VERSION = "model_version";

    private ModelPredictions() {}

    /** The name a model has in predictions: of a run or a folder, its URI. */
    public static String name(ResolvedModel model) {
        return model.version().map(ModelVersion::model).orElse(model.uri());
    }

    /**
     * The rows this version predicted.
     *
     * @throws MillraceException SCHEMA_MISMATCH when the table does not say which model predicted a row
     */
    public static Dataset<Row> of(TableVersion table, ResolvedModel model) {
        table.require(List.of(NAME, VERSION));
        Column same = functions.col(NAME).equalTo(name(model));
        Optional<Integer> version = model.version().map(ModelVersion::version);
        return table.rows()
                .where(same.and(version.map(number -> functions.col(VERSION).equalTo(number))
                        .orElseGet(() -> functions.col(VERSION).isNull())));
    }

    /** That {@code model} predicted no row that could be judged, and which models did. */
    public static MillraceException none(TableVersion table, ResolvedModel model) {
        String found = table
                .rows()
                .select(NAME, VERSION)
                .distinct()
                .orderBy(functions.col(NAME), functions.col(VERSION).desc())
                .limit(5)
                .collectAsList()
                .stream()
                .map(row -> row.get(0) + (row.isNullAt(1) ? "" : " version " + row.get(1)))
                .collect(Collectors.joining(", "));
        return new MillraceException(
                ErrorKind.SCHEMA_MISMATCH,
                "`" + table.printed() + "` has no prediction of " + model.printed()
                        + " for a row with a known label. It"
                        + " contains predictions of " + (found.isEmpty() ? "no model" : found)
                        + ". Check `model` and the keys, and that labels have arrived.");
    }
}
