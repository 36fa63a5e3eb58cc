package dev.millrace.engine.learn;

import dev.millrace.engine.onnx.FeaturePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.classification.RandomForestClassificationModel;
import org.apache.spark.ml.classification.RandomForestClassifier;
import org.apache.spark.ml.regression.RandomForestRegressionModel;
import org.apache.spark.ml.regression.RandomForestRegressor;

/** Bagged trees (Breiman 2001); categories as categories. */
final class RandomForest implements Learner {
    private static final String SUBSET = "feature-subset-strategy";

    @Override
    public Set<Task> tasks() {
        return Set.of(Task.CLASSIFICATION, Task.REGRESSION);
    }

    @Override
    public List<Params.Known> params() {
        List<Params.Known> known = new ArrayList<>(List.of(Params.Known.whole("num-trees", 40, 1, 10_000)));
        known.addAll(TreeParams.known(10));
        known.add(Params.Known.text(
                SUBSET,
                "auto",
                "auto|all|sqrt|log2|onethird|[1-9][0-9]*|0?\\.[0-9]*[1-9][0-9]*|1\\.0",
                "auto, all, sqrt, log2, onethird, a number of columns, or a share such as 0.5"));
        return known;
    }

    @Override
    public FeaturePlan.Encoding encoding() {
        return FeaturePlan.Encoding.INDEX;
    }

    @Override
    public int maxClasses() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Predictor<?, ?, ?> predictor(Task task, Params params, int mostCategories) {
        if (task == Task.REGRESSION) {
            return TreeParams.set(
                    new RandomForestRegressor()
                            .setNumTrees(params.count("num-trees"))
                            .setFeatureSubsetStrategy(params.text(SUBSET)),
                    params,
                    mostCategories);
        }
        return TreeParams.set(
                new RandomForestClassifier()
                        .setNumTrees(params.count("num-trees"))
                        .setFeatureSubsetStrategy(params.text(SUBSET)),
                params,
                mostCategories);
    }

    /** MLlib's gain. */
    @Override
    public double[] importances(Model<?> model, double[] deviations) {
        return model instanceof RandomForestClassificationModel forest
                ? forest.featureImportances().toArray()
                : ((RandomForestRegressionModel) model).featureImportances().toArray();
    }

    @Override
    public String size(Model<?> model) {
        return TreeParams.size(model);
    }
}
