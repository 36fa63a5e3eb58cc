import static org.apache.spark.sql.functions.*;

import java.util.Arrays;
import java.util.Map;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.ml.feature.Bucketizer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;

/** PSI of each number the model takes by week on ten bins of the training rows, one query per column: TABLE. */
final class MonitorPeer {
    public static void main(String[] arguments) {
        Dataset<Row> table = Peer.spark().read().format("delta").load(arguments[0]).persist();
        Dataset<Row> training = table.where("id < 200000");
        for (StructField field : table.schema().fields()) {
            String name = field.name();
            if (!(field.dataType() instanceof NumericType) || name.endsWith("id") || name.equals("label")) continue;
            double[] deciles = Arrays.stream(
                            training.stat().approxQuantile(name, new double[] {.1, .2, .3, .4, .5, .6, .7, .8, .9}, 0.001))
                    .distinct()
                    .toArray();
            double[] splits = new double[deciles.length + 2];
            splits[0] = Double.NEGATIVE_INFINITY;
            System.arraycopy(deciles, 0, splits, 1, deciles.length);
            splits[splits.length - 1] = Double.POSITIVE_INFINITY;
            Bucketizer bins = new Bucketizer()
                    .setInputCol(name)
                    .setOutputCol("bin")
                    .setSplits(splits)
                    .setHandleInvalid("keep");
            Map<Object, Double> expected = shares(bins.transform(training).groupBy("bin").count().collectAsList());
            List<Row> weeks = bins.transform(table)
                    .groupBy(date_trunc("week", col("at")).as("week"), col("bin"))
                    .count()
                    .collectAsList();
            weeks.stream().collect(Collectors.groupingBy(row -> row.get(0))).forEach((week, counts) -> {
                double all = counts.stream().mapToLong(row -> row.getLong(2)).sum();
                double psi = 0;
                for (Row row : counts) {
                    double share = row.getLong(2) / all, before = expected.getOrDefault(row.get(1), 1e-4);
                    psi += (share - before) * Math.log(share / before);
                }
                System.out.printf("%s %s %.4f%n", name, week, psi);
            });
        }
    }

    private static Map<Object, Double> shares(List<Row> counts) {
        double all = counts.stream().mapToLong(row -> row.getLong(1)).sum();
        return counts.stream().filter(row -> row.get(0) != null)
                .collect(Collectors.toMap(row -> row.get(0), row -> row.getLong(1) / all));
    }
}
