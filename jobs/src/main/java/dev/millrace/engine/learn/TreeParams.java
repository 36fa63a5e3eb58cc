package dev.millrace.engine.learn;

import java.util.List;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.tree.TreeEnsembleModel;

/** What forests and boosted trees share. */
final class TreeParams {
    /** A histogram of a tree level must fit; MLlib's 256 makes deep forests with many bins take more passes. */
    private static final int MAX_MEMORY_MB = 512;

    private TreeParams() {}

    /** 128 bins: with MLlib's 32 a rule such as "amount > 220", true of 0.1 % of the rows, falls inside a bin. */
    static List<Params.Known> known(double depth) {
        return List.of(
                Params.Known.whole("max-depth", depth, 0, 30),
                Params.Known.whole("max-bins", 128, 2, 65_536),
                Params.Known.whole("min-instances-per-node", 5, 1, 1e9),
                Params.Known.number("subsampling-rate", 1, 1e-6, 1));
    }

    /** @param mostCategories need a bin each */
    static <P extends Predictor<?, ?, ?>> P set(P predictor, Params params, int mostCategories) {
        predictor.set("maxBins", Math.max(params.count("max-bins"), mostCategories));
        predictor.set("maxDepth", params.count("max-depth"));
        predictor.set("minInstancesPerNode", params.count("min-instances-per-node"));
        predictor.set("subsamplingRate", params.number("subsampling-rate"));
        predictor.set("maxMemoryInMB", MAX_MEMORY_MB);
        return predictor;
    }

    static String size(Model<?> model) {
        TreeEnsembleModel<?> ensemble = (TreeEnsembleModel<?>) model;
        return ensemble.treeWeights().length + " trees, " + ensemble.totalNumNodes() + " nodes";
    }
}
