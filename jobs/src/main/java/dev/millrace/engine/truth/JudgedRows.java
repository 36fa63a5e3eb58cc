package dev.millrace.engine.truth;

import dev.millrace.engine.measure.Judged;
import dev.millrace.engine.onnx.OnnxExport;
import dev.millrace.engine.onnx.Target;
import dev.millrace.platform.table.Columns;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * Scored rows beside their truth, on the way to {@link Judged}: at most {@link #limit} rows, those with the smallest
 * hashes.
 */
public final class JudgedRows {
    /** Column of the truth: DOUBLE, as {@link ClassIndex} gives it. */
    public static final String TRUTH = "_millrace_truth";

    public static final String HASH = "_millrace_hash";

    private static final String SCORE = "_millrace_score";
    /** More rows would not make the intervals narrower than anyone reads them. */
    private static final int ROWS = 500_000;
    /** Probabilities on the driver: rows × classes, 20 bytes each. */
    private static final int VALUES = 4_000_000;

    private JudgedRows() {}

    /** How many rows are judged: half a million, fewer of more than eight classes. */
    public static int limit(Target target) {
        int classes = target instanceof Target.Classes known ? known.values().size() : 1;
        return Math.min(ROWS, VALUES / classes);
    }

    /**
     * The columns {@link #judged} reads, from rows that hold {@link #TRUTH}, {@link #HASH} and a model's predictions.
     * Rows without a truth or a score are left out.
     *
     * @param further columns to keep, which come after
     */
    public static Dataset<Row> scored(Dataset<Row> rows, Target target, List<Column> further) {
        Column score = Columns.named(score(target));
        boolean amount = target instanceof Target.Amount;
        if (amount) score = score.cast(DataTypes.DoubleType);
        List<Column> columns = new ArrayList<>(List.of(functions.col(HASH), functions.col(TRUTH), score.as(SCORE)));
        columns.addAll(further);
        Column usable =
                functions.col(TRUTH).isNotNull().and(functions.col(SCORE).isNotNull());
        if (amount) usable = usable.and(functions.abs(functions.col(SCORE)).lt(Double.POSITIVE_INFINITY));
        return rows.select(columns.toArray(Column[]::new)).where(usable);
    }

    /** The column of a model's predictions that is judged. */
    public static String score(Target target) {
        if (!(target instanceof Target.Classes classes)) return OnnxExport.PREDICTION;
        return classes.isBinary() ? OnnxExport.PROBABILITY : "probabilities";
    }

    /** @param rows with the columns of {@link #scored} */
    public static Judged judged(List<Row> rows, Target target) {
        int count = rows.size();
        if (target instanceof Target.Classes classes && !classes.isBinary()) {
            double[][] probabilities = new double[count][];
            int[] truth = new int[count];
            for (int i = 0; i < count; i++) {
                truth[i] = (int) rows.get(i).getDouble(1);
                List<Double> values = rows.get(i).getList(2);
                probabilities[i] =
                        values.stream().mapToDouble(Double::doubleValue).toArray();
            }
            return new Judged.Several(probabilities, truth);
        }
        double[] scores = new double[count];
        double[] truth = new double[count];
        for (int i = 0; i < count; i++) {
            truth[i] = rows.get(i).getDouble(1);
            scores[i] = rows.get(i).getDouble(2);
        }
        if (target instanceof Target.Amount) return new Judged.Amounts(scores, truth);
        boolean[] positive = new boolean[count];
        for (int i = 0; i < count; i++) positive[i] = truth[i] == 1;
        return new Judged.Binary(scores, positive);
    }
}
