import static org.apache.spark.sql.functions.*;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/** Counts and means over 1, 7 and 30 days by Spark SQL's window functions: TABLE TARGET. */
final class FeaturesPeer {
    public static void main(String[] arguments) {
        Dataset<Row> table = Peer.spark()
                .read()
                .format("delta")
                .load(arguments[0])
                .select("transaction_id", "customer_id", "event_time", "amount")
                .withColumn("at", unix_micros(col("event_time")));
        for (int days : new int[] {1, 7, 30}) {
            WindowSpec window = Window.partitionBy("customer_id")
                    .orderBy("at")
                    .rangeBetween(-days * 86_400_000_000L + 1, Window.currentRow());
            table = table.withColumn("n_" + days + "d", count(lit(1)).over(window))
                    .withColumn("avg_" + days + "d", avg("amount").over(window));
        }
        table.drop("at", "amount").write().format("delta").save(arguments[1]);
    }
}
