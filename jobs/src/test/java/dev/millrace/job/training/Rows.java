package dev.millrace.job.training;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A small table with a label that can be learned. */
public final class Rows {
    public static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.LongType)
            .add("at", DataTypes.TimestampType)
            .add("amount", DataTypes.DoubleType)
            .add("count", DataTypes.IntegerType)
            .add("colour", DataTypes.StringType)
            .add("income", DataTypes.StringType)
            .add("level", DataTypes.IntegerType)
            .add("value", DataTypes.DoubleType)
            .add("split", DataTypes.StringType);

    private Rows() {}

    public static Dataset<Row> of(SparkSession spark, int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double amount = Math.rint(random.nextDouble(1000)) / 10;
            int number = random.nextInt(20);
            String colour = List.of("red", "green", "blue").get(random.nextInt(3));
            double signal = amount / 50 + (colour.equals("red") ? 1 : 0) + random.nextDouble(-0.5, 0.5);
            rows.add(RowFactory.create(
                    (long) i,
                    Instant.parse("2026-01-01T00:00:00Z").plusSeconds(3600L * i / 10),
                    random.nextInt(10) == 0 ? null : amount,
                    random.nextInt(10) == 0 ? null : number,
                    random.nextInt(10) == 0 ? null : colour,
                    random.nextInt(50) == 0 ? null : signal > 1.5 ? ">50K" : "<=50K",
                    signal > 2 ? 3 : signal > 1 ? 2 : 1,
                    signal * 10,
                    i % 4 == 0 ? "test" : "train"));
        }
        return spark.createDataFrame(rows, SCHEMA);
    }
}
