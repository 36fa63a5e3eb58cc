import static org.apache.spark.sql.functions.*;

/** Rows of random numbers, words and times as CSV: ROWS FOLDER. */
final class GeneratePeer {
    public static void main(String[] arguments) {
        long rows = Long.parseLong(arguments[0]);
        Peer.spark()
                .range(rows)
                .toDF("transaction_id")
                .withColumn("event_time", timestamp_seconds(lit(1767225600L).plus(rand(1).multiply(116 * 86400L))))
                .withColumn("customer_id", rand(2).multiply(5000).cast("long"))
                .withColumn("terminal_id", rand(3).multiply(1000).cast("long"))
                .withColumn("amount", round(exp(randn(4).plus(3)), 2))
                .withColumn("category", element_at(split(lit("grocery,fuel,travel,fashion"), ","), rand(5).multiply(4).cast("int").plus(1)))
                .withColumn("country", lit("NL"))
                .withColumn("channel", when(rand(6).lt(0.3), "online").otherwise("chip"))
                .withColumn("day", to_date(col("event_time")))
                .repartition(col("day"))
                .write()
                .partitionBy("day")
                .option("header", "true")
                .csv(arguments[1]);
    }
}
