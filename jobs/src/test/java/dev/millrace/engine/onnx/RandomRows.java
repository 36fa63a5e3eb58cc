package dev.millrace.engine.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Rows with everything that goes wrong: nulls, NaN, unseen categories, empty texts, integers, odd names. */
final class RandomRows {
    static final StructType SCHEMA = new StructType()
            .add("amount", DataTypes.DoubleType)
            .add("odd.name", DataTypes.DoubleType)
            .add("count", DataTypes.LongType)
            .add("flag", DataTypes.BooleanType)
            .add("colour", DataTypes.StringType)
            .add("season", DataTypes.IntegerType)
            .add("label", DataTypes.DoubleType)
            .add("level", DataTypes.DoubleType)
            .add("value", DataTypes.DoubleType);

    private static final List<String> COLOURS = List.of("red", "green", "blau", "", "ünïcode ✓", "with space");

    static final FeaturePlan INDEXED = plan(FeaturePlan.Encoding.INDEX);
    static final FeaturePlan ONE_HOT = plan(FeaturePlan.Encoding.ONE_HOT);

    private RandomRows() {}

    private static FeaturePlan plan(FeaturePlan.Encoding encoding) {
        return new FeaturePlan(
                List.of(
                        new FeaturePlan.Numeric("amount", 1.25),
                        new FeaturePlan.Numeric("odd.name", -3.5e-7),
                        new FeaturePlan.Numeric("count", 40),
                        new FeaturePlan.Numeric("flag", 0)),
                List.of(
                        new FeaturePlan.Categorical("colour", FeaturePlan.Kind.TEXT, COLOURS),
                        new FeaturePlan.Categorical(
                                "season", FeaturePlan.Kind.INTEGER, List.of("3", "1", "-2", "400000"))),
                encoding);
    }

    static Dataset<Row> dataset(SparkSession spark, long seed, int rows) {
        return spark.createDataFrame(list(seed, rows), SCHEMA);
    }

    private static List<Row> list(long seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) rows.add(row(random));
        return rows;
    }

    private static Row row(SplittableRandom random) {
        Double amount = random.nextInt(10) == 0
                ? null
                : random.nextInt(20) == 0 ? Double.NaN : Math.rint(random.nextDouble(500) * 100) / 100;
        Double other = random.nextInt(15) == 0 ? null : random.nextDouble(-1, 1);
        Long number = random.nextInt(12) == 0 ? null : (long) random.nextInt(100);
        Boolean flag = random.nextInt(9) == 0 ? null : random.nextBoolean();
        int pick = random.nextInt(COLOURS.size() + 2);
        String colour = pick < COLOURS.size() ? COLOURS.get(pick) : pick == COLOURS.size() ? null : "unseen";
        Integer season = new Integer[] {1, 3, -2, 400000, 7, null}[random.nextInt(6)];
        double signal = (amount == null || amount.isNaN() ? 0 : amount / 100)
                + (other == null ? 0.3 : other)
                + ("red".equals(colour) ? 1.5 : 0)
                + (season != null && season == 3 ? -1.5 : 0)
                + random.nextDouble(-1, 1);
        return RowFactory.create(
                amount,
                other,
                number,
                flag,
                colour,
                season,
                signal > 2.5 ? 1.0 : 0.0,
                signal > 3.5 ? 2.0 : signal > 1.5 ? 1.0 : 0.0,
                signal * 10);
    }
}
