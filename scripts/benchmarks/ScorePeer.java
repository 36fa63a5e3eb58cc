import static org.apache.spark.sql.functions.*;

import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.functions;
import org.apache.spark.sql.SparkSession;

/** MLlib's own pipeline over a table: TABLE MODEL TARGET. */
final class ScorePeer {
    public static void main(String[] arguments) {
        SparkSession spark = Peer.spark();
        PipelineModel.load(arguments[1])
                .transform(spark.read().format("delta").load(arguments[0]))
                .select(
                        col("id"),
                        col("at"),
                        col("customer_id"),
                        col("terminal_id"),
                        col("_millrace_prediction").as("prediction"),
                        element_at(functions.vector_to_array(col("_millrace_probability"), "float64"), 2).as("probability"))
                .write()
                .format("delta")
                .save(arguments[2]);
    }
}
