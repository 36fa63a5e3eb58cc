package dev.millrace.engine.learn;

import dev.millrace.engine.onnx.FeaturePlan;
import java.util.List;
import java.util.Set;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.tree.TreeEnsembleModel;

/** Many trees by MLlib, of classes or an amount; categories as categories. */
interface TreeLearner extends Learner {
    /** A histogram of a tree level must fit; MLlib's 256 makes deep forests with many bins take more passes. */
    int MAX_MEMORY_MB = 512;

    /** How many trees there are. */
    Params.Known trees();

    /** Default of the deepest level. */
    int depth();

    /** The parameter that only this algorithm has. */
    Params.Known own();

    /** MLlib's estimator with {@link #trees} and {@link #own} set. */
    Predictor<?, ?, ?> estimator(Task task, Params params);

    /** MLlib's gain. */
    Vector gains(Model<?> model);

    @Override
    default Set<Task> tasks() {
        return Set.of(Task.CLASSIFICATION, Task.REGRESSION);
    }

    /** 128 bins: with MLlib's 32 a rule such as "amount > 220", true of 0.1 % of the rows, falls inside a bin. */
    @Override
    default List<Params.Known> params() {
        return List.of(
                trees(),
                Params.Known.whole("max-depth", depth(), 0, 30),
                Params.Known.whole("max-bins", 128, 2, 65_536),
                Params.Known.whole("min-instances-per-node", 5, 1, 1e9),
                Params.Known.number("subsampling-rate", 1, 1e-6, 1),
                own());
    }

    @Override
    default FeaturePlan.Encoding encoding() {
        return FeaturePlan.Encoding.INDEX;
    }

    @Override
    default Predictor<?, ?, ?> predictor(Task task, Params params, int mostCategories) {
        Predictor<?, ?, ?> predictor = estimator(task, params);
        predictor.set("maxBins", Math.max(params.count("max-bins"), mostCategories)); // each needs one
        predictor.set("maxDepth", params.count("max-depth"));
        predictor.set("minInstancesPerNode", params.count("min-instances-per-node"));
        predictor.set("subsamplingRate", params.number("subsampling-rate"));
        predictor.set("maxMemoryInMB", MAX_MEMORY_MB);
        return predictor;
    }

    @Override
    default double[] importances(Model<?> model, double[] deviations) {
        return gains(model).toArray();
    }

    @Override
    default String size(Model<?> model) {
        TreeEnsembleModel<?> ensemble = (TreeEnsembleModel<?>) model;
        return ensemble.treeWeights().length + " trees, " + ensemble.totalNumNodes() + " nodes";
    }
}
