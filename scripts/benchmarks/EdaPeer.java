import static org.apache.spark.sql.functions.*;

import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Spark's own summary, and per column the missing values and an estimate of the distinct ones: TABLE. */
final class EdaPeer {
    public static void main(String[] arguments) {
        Dataset<Row> table = Peer.spark().read().format("delta").load(arguments[0]);
        table.summary().show(false);
        Column[] counts = Arrays.stream(table.columns())
                .flatMap(name -> Arrays.stream(new Column[] {
                    count_if(col(name).isNull()).as(name + "_missing"), approx_count_distinct(col(name), 0.016).as(name + "_distinct")
                }))
                .toArray(Column[]::new);
        table.select(counts).show(false);
    }
}
