import static org.apache.spark.sql.functions.*;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** CSV files by a declared schema into Delta, corrupt records apart: FOLDER TARGET. */
final class IngestPeer {
    public static void main(String[] arguments) {
        Dataset<Row> read = Peer.spark()
                .read()
                .option("header", "true")
                .option("mode", "PERMISSIVE")
                .option("columnNameOfCorruptRecord", "_corrupt")
                .schema("transaction_id long, event_time timestamp, customer_id long, terminal_id long, amount double,"
                        + " channel string, country string, x1 double, x2 double, received_at timestamp,"
                        + " _corrupt string")
                .csv(arguments[0])
                .withColumn("_source_file", input_file_name())
                .persist();
        Dataset<Row> bad = read.where("_corrupt IS NOT NULL OR transaction_id IS NULL OR event_time IS NULL"
                + " OR customer_id IS NULL OR terminal_id IS NULL OR amount < 0");
        System.out.println(bad.count() + " bad");
        bad.write().format("delta").save(arguments[1] + "/quarantine");
        read.where("_corrupt IS NULL AND transaction_id IS NOT NULL AND event_time IS NOT NULL"
                        + " AND customer_id IS NOT NULL AND terminal_id IS NOT NULL AND (amount IS NULL OR amount >= 0)")
                .drop("_corrupt")
                .write()
                .format("delta")
                .save(arguments[1] + "/raw");
    }
}
