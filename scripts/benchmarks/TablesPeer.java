import static org.apache.spark.sql.functions.*;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Tables and files to measure on: ROWS FOLDER WHAT. What is `payments` (of 120 days, with 17 columns, in Delta),
 * `landing` (the same in CSV, fewer columns), `short` (events, twelve of each customer) or `zipf` (events of customers by
 * Zipf's law). The same rows each time.
 */
final class TablesPeer {
    private static final long SECONDS = 120 * 86_400L;

    public static void main(String[] arguments) {
        long rows = Long.parseLong(arguments[0]);
        String folder = arguments[1];
        String table = folder + "/lake/raw/" + arguments[2];
        String customers = "greatest(1, " + rows + " / 12)";
        switch (arguments[2]) {
            case "payments" -> payments(rows).write().format("delta").save(table);
            case "landing" ->
                payments(rows)
                        .selectExpr(
                                "id AS transaction_id", "at AS event_time", "customer_id", "terminal_id",
                                "round(amount, 2) AS amount", "channel", "country", "x1", "x2", "received_at")
                        .write()
                        .option("header", "true")
                        .option("timestampFormat", "yyyy-MM-dd'T'HH:mm:ss'Z'")
                        .csv(folder + "/landing");
            case "short" -> events(rows, "CAST(u * " + customers + " AS BIGINT)").write().format("delta").save(table);
            // Rank r has a share of about r^-0.75; of 20 million events the first customer has 2.8 %.
            case "zipf" -> events(rows, "CAST(pow(u, 4) * " + customers + " AS BIGINT)").write().format("delta").save(table);
            default -> throw new IllegalArgumentException(arguments[2]);
        }
    }

    private static Dataset<Row> payments(long rows) {
        return Peer.spark()
                .range(0, rows, 1, 32)
                .withColumn("at", timestamp_seconds(lit(1_767_225_600L).plus(rand(1).multiply(SECONDS)).cast("long")))
                .withColumn("customer_id", rand(2).multiply(Math.max(2, rows / 100)).cast("long"))
                .withColumn("terminal_id", rand(3).multiply(10_000).cast("long"))
                .withColumn("amount", exp(randn(4).plus(3)))
                .withColumn("channel", element_at(split(lit("shop,online,phone,kiosk"), ","), rand(5).multiply(4).cast("int").plus(1)))
                .withColumn("country", concat(lit("c"), pow(rand(6), 3).multiply(40).cast("int").cast("string")))
                .withColumn("x1", randn(7))
                .withColumn("x2", randn(8).multiply(col("x1")))
                .withColumn("x3", rand(9))
                .withColumn("x4", when(rand(10).lt(0.1), lit(null)).otherwise(randn(11)))
                .withColumn("x5", rand(12).multiply(100).cast("int"))
                .withColumn("x6", exp(randn(13).multiply(2)))
                .withColumn("x7", col("x3").plus(randn(14).multiply(0.1)))
                .withColumn("x8", when(rand(15).lt(0.7), 0.0).otherwise(randn(16)))
                .withColumn("received_at", timestamp_seconds(unix_timestamp(col("at")).plus(rand(17).multiply(3600).cast("long"))))
                .withColumn("label", when(rand(18).lt(expr("1 / (1 + exp(4 - 2 * x1 - x3 - ln(amount) / 2))")), 1).otherwise(0));
    }

    private static Dataset<Row> events(long rows, String entity) {
        return Peer.spark()
                .range(0, rows, 1, 32)
                .withColumn("u", rand(21))
                .withColumn("customer_id", expr(entity))
                .withColumn("event_time", timestamp_seconds(lit(1_767_225_600L).plus(rand(22).multiply(SECONDS)).cast("long")))
                .withColumn("amount", round(exp(randn(23).plus(3)), 2))
                .withColumnRenamed("id", "transaction_id")
                .drop("u");
    }
}
