package dev.millrace.engine.learn;

import dev.millrace.engine.model.NativeColumns;
import dev.millrace.engine.onnx.FeaturePlan;
import dev.millrace.engine.onnx.MllibStages;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.util.HasTrainingSummary;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * One algorithm: its parameters, how it is fitted by MLlib, and how its model is read. Its ONNX form is written by {@link
 * dev.millrace.engine.onnx.OnnxExport}, by the class of MLlib's model. Job files can name those of {@link Algorithm}.
 */
public interface Learner {
    Set<Task> tasks();

    /** The parameters there are, with defaults and ranges. */
    List<Params.Known> params();

    /** How categories are written into the vector. */
    FeaturePlan.Encoding encoding();

    /** Most classes it can learn. */
    int maxClasses();

    /**
     * MLlib's estimator with the parameters set.
     *
     * @param mostCategories of a categorical feature, the unknown one counted; 0 without categories
     */
    Predictor<?, ?, ?> predictor(Task task, Params params, int mostCategories);

    /**
     * How much each element of the vector matters, not negative, in any unit.
     *
     * @param deviations standard deviations of the elements
     */
    double[] importances(Model<?> model, double[] deviations);

    /** What was fitted, in a few words: "60 trees, 48,211 nodes". */
    String size(Model<?> model);

    /**
     * Fits to the prepared rows. The fit depends on the seed, on the number of partitions and on the order of rows
     * within them; all three are fixed by {@link TrainingMatrix}.
     *
     * @param matrix rows of a {@link TrainingMatrix}
     */
    default Model<?> fit(Dataset<Row> matrix, Task task, Params params, int mostCategories, long seed) {
        Predictor<?, ?, ?> predictor = predictor(task, params, mostCategories);
        set(predictor, "featuresCol", MllibStages.VECTOR);
        set(predictor, "labelCol", TrainingMatrix.LABEL);
        set(predictor, "predictionCol", NativeColumns.PREDICTION);
        set(predictor, "probabilityCol", NativeColumns.PROBABILITY);
        set(predictor, "rawPredictionCol", NativeColumns.RAW);
        set(predictor, "seed", seed);
        if (List.of(matrix.columns()).contains(TrainingMatrix.WEIGHT)) {
            set(predictor, "weightCol", TrainingMatrix.WEIGHT);
        }
        Model<?> fitted = predictor.fit(matrix);
        // The summary holds the session, and a session that has ever used an Observation cannot be serialised: tasks
        // that ship the model would fail after a job that counts its rows (Spark 4.1.0).
        if (fitted instanceof HasTrainingSummary<?> summarised) summarised.setSummary(scala.Option.empty());
        return fitted;
    }

    private static void set(Predictor<?, ?, ?> predictor, String name, Object value) {
        if (predictor.hasParam(name)) predictor.set(name, value);
    }

    /** {@link #importances} per raw column, summing to 1, in the order of the plan. */
    default Map<String, Double> byColumn(Model<?> model, FeaturePlan plan, double[] deviations) {
        double[] weights = importances(model, deviations);
        Map<String, Double> byColumn = new LinkedHashMap<>();
        List<String> elements = plan.elements();
        double total = 0;
        for (int i = 0; i < weights.length; i++) {
            byColumn.merge(elements.get(i), weights[i], Double::sum);
            total += weights[i];
        }
        double sum = total;
        if (sum > 0) byColumn.replaceAll((column, weight) -> weight / sum);
        return byColumn;
    }
}
