package dev.millrace.job.training;

import dev.millrace.platform.table.Columns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;

/**
 * The rows of the table with their mark, what the model learns of the label, and a hash of all their values. The hash
 * gives rows an order of their own: a sample and the order of the fit do not depend on how the table is stored.
 */
final class TrainingRows {
    static final String HASH = "_millrace_hash";

    private TrainingRows() {}

    /**
     * @param marked rows with {@link Splits#MARK}
     * @return features, slices, {@link Splits#MARK}, {@link TrainingMatrix#LABEL} (never NULL) and {@link #HASH}
     */
    static Dataset<Row> prepared(Dataset<Row> marked, FeatureColumns features, Labels labels, TrainConfig config) {
        List<Column> columns = new ArrayList<>(Arrays.asList(Columns.named(features.all())));
        for (String slice : config.slices()) {
            if (!features.all().contains(slice)) columns.add(Columns.named(slice));
        }
        columns.add(functions.col(Splits.MARK));
        columns.add(labels.index(config.label()).as(TrainingMatrix.LABEL));
        columns.add(functions.xxhash64(hashable(marked)).as(HASH));
        return marked.select(columns.toArray(Column[]::new))
                .where(functions.col(TrainingMatrix.LABEL).isNotNull());
    }

    static Column[] hashable(Dataset<Row> rows) {
        List<Column> columns = new ArrayList<>();
        for (StructField field : rows.schema().fields()) {
            if (!(field.dataType() instanceof MapType)) columns.add(Columns.named(field.name()));
        }
        return columns.toArray(Column[]::new);
    }

    static Dataset<Row> train(Dataset<Row> prepared) {
        return prepared.where(functions.col(Splits.MARK).equalTo(Splits.TRAIN));
    }

    static Dataset<Row> test(Dataset<Row> prepared) {
        return prepared.where(functions.col(Splits.MARK).equalTo(Splits.TEST));
    }

    /** The {@code limit} rows with the smallest hashes, on the driver. One pass, no shuffle of rows. */
    static List<Row> sample(Dataset<Row> rows, int limit) {
        return rows.orderBy(functions.col(HASH)).limit(limit).collectAsList();
    }
}
