import static org.apache.spark.sql.functions.*;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.stat.Correlation;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;

/**
 * What `eda` computes, by Spark's own queries: summary (count, mean, deviation, quartiles), missing values, distinct
 * values, moments and lengths, the most frequent texts, correlations: TABLE.
 */
final class EdaPeer {
    public static void main(String[] arguments) {
        Dataset<Row> table = Peer.spark().read().format("delta").load(arguments[0]);
        table.summary().show(false);
        List<Column> facts = new ArrayList<>();
        List<String> texts = new ArrayList<>(), numbers = new ArrayList<>();
        for (StructField field : table.schema().fields()) {
            Column column = col(field.name());
            facts.add(count_if(column.isNull()).as(field.name() + "_missing"));
            facts.add(approx_count_distinct(column, 0.016).as(field.name() + "_distinct"));
            if (field.dataType() instanceof NumericType) {
                numbers.add(field.name());
                facts.add(skewness(column));
                facts.add(kurtosis(column));
                facts.add(count_if(column.equalTo(0)).as(field.name() + "_zeros"));
            }
            if (field.dataType() instanceof StringType) {
                texts.add(field.name());
                facts.add(min(length(column)));
                facts.add(max(length(column)));
                facts.add(avg(length(column)));
            }
        }
        table.select(facts.toArray(Column[]::new)).show(false);
        for (String text : texts) table.groupBy(text).count().orderBy(desc("count")).show(20, false);
        Dataset<Row> vectors = new VectorAssembler()
                .setInputCols(numbers.toArray(String[]::new))
                .setOutputCol("vector")
                .setHandleInvalid("skip")
                .transform(table);
        Correlation.corr(vectors, "vector").show(false);
    }
}
