package dev.millrace.engine.training;

import dev.millrace.engine.split.Splits;
import dev.millrace.engine.truth.ClassIndex;
import dev.millrace.engine.truth.JudgedRows;
import dev.millrace.engine.truth.RowHash;
import dev.millrace.platform.table.Columns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The rows of the table with their mark, what the model learns of the label, and a hash of all their values. The hash
 * gives rows an order of their own: a sample and the order of the fit do not depend on how the table is stored.
 */
public final class TrainingRows {
    private TrainingRows() {}

    /**
     * @param marked rows with {@link Splits#MARK}
     * @param names columns to keep
     * @return those columns, {@link Splits#MARK}, {@link JudgedRows#TRUTH} (never NULL) and {@link JudgedRows#HASH}
     */
    public static Dataset<Row> prepared(MarkedRows marked, List<String> names, Labels labels, String label) {
        List<Column> columns = new ArrayList<>(Arrays.asList(Columns.named(names)));
        columns.add(functions.col(Splits.MARK));
        columns.add(ClassIndex.of(Columns.named(label), marked.labelType(), labels.target())
                .as(JudgedRows.TRUTH));
        columns.add(RowHash.of(marked.rows().schema()).as(JudgedRows.HASH));
        return marked.rows()
                .select(columns.toArray(Column[]::new))
                .where(functions.col(JudgedRows.TRUTH).isNotNull());
    }

    /** The rows to learn from. */
    public static Dataset<Row> train(Dataset<Row> prepared) {
        return prepared.where(functions.col(Splits.MARK).equalTo(Splits.TRAIN));
    }

    /** The rows to measure on. */
    public static Dataset<Row> test(Dataset<Row> prepared) {
        return prepared.where(functions.col(Splits.MARK).equalTo(Splits.TEST));
    }
}
