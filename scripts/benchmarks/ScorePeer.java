import static org.apache.spark.sql.functions.*;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.functions;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;

/**
 * MLlib's own pipeline over a table: TABLE MODEL TARGET [bare]. Writes the columns of our predictions table; with
 * `bare` the predictions alone, without what says where they come from.
 */
final class ScorePeer {
    public static void main(String[] arguments) {
        SparkSession spark = Peer.spark();
        List<Column> columns = new ArrayList<>(List.of(
                col("id"),
                col("at"),
                col("customer_id"),
                col("terminal_id"),
                col("_millrace_prediction").cast("long").as("prediction"),
                element_at(functions.vector_to_array(col("_millrace_probability"), "float64"), 2).as("probability")));
        if (arguments.length == 3) {
            columns.addAll(List.of(
                    lit(null).cast("array<double>").as("probabilities"),
                    lit(null).cast("int").as("model_version"),
                    current_timestamp().as("scored_at"),
                    lit(0L).as("input_version"),
                    lit("8f92692a913aadbd").as("score_owner"),
                    lit(arguments[1]).as("model_name"),
                    lit("f11252855866410f8f7c2c643406670d").as("run_id"),
                    lit("raw.payments").as("input_table")));
        }
        PipelineModel.load(arguments[1])
                .transform(spark.read().format("delta").load(arguments[0]))
                .select(columns.toArray(Column[]::new))
                .write()
                .format("delta")
                .save(arguments[2]);
    }
}
