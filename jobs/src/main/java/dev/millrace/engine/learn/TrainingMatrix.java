package dev.millrace.engine.learn;

import dev.millrace.engine.onnx.FeaturePlan;
import dev.millrace.engine.onnx.MllibStages;
import dev.millrace.engine.truth.JudgedRows;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/**
 * The training rows as vectors, cached: one pass over the table and one shuffle, however many iterations follow. Rows
 * lie in a fixed number of partitions by their hash and are sorted by it, because MLlib's bagging and sums depend on
 * both (CONTRACT §9).
 *
 * @param preparation stages from raw columns to the vector
 * @param rows vector, label and perhaps weight; unpersist when done
 */
public record TrainingMatrix(PipelineModel preparation, Dataset<Row> rows) implements AutoCloseable {
    /** DOUBLE: index of the class, or the amount. */
    static final String LABEL = JudgedRows.TRUTH;

    static final String WEIGHT = "_millrace_weight";

    /**
     * @param train training rows, with {@link JudgedRows#TRUTH} and {@link JudgedRows#HASH}
     * @param weights per class, in the order of the classes; empty = all rows alike
     */
    public static TrainingMatrix of(Dataset<Row> train, FeaturePlan plan, List<Double> weights, int partitions) {
        PipelineModel preparation = new Pipeline()
                .setStages(MllibStages.of(plan).toArray(PipelineStage[]::new))
                .fit(train);
        List<Column> columns = new ArrayList<>(
                List.of(functions.col(MllibStages.VECTOR), functions.col(LABEL), functions.col(JudgedRows.HASH)));
        if (!weights.isEmpty()) columns.add(weight(weights).as(WEIGHT));
        Dataset<Row> rows = preparation
                .transform(train)
                .select(columns.toArray(Column[]::new))
                .repartition(partitions, functions.col(JudgedRows.HASH))
                .sortWithinPartitions(JudgedRows.HASH)
                .persist(StorageLevel.MEMORY_AND_DISK());
        return new TrainingMatrix(preparation, rows);
    }

    private static Column weight(List<Double> weights) {
        Column[] values = weights.stream().map(functions::lit).toArray(Column[]::new);
        return functions.element_at(
                functions.array(values), functions.col(LABEL).cast("int").plus(1));
    }

    @Override
    public void close() {
        rows.unpersist();
    }
}
