package dev.millrace.engine.learn;

import java.util.List;
import org.apache.spark.ml.Predictor;

/** The parameters of both linear models: MLlib's elastic net. */
final class LinearParams {
    static final List<Params.Known> KNOWN = List.of(
            Params.Known.whole("max-iter", 100, 0, 100_000),
            Params.Known.number("reg-param", 0, 0, 1e9),
            Params.Known.number("elastic-net-param", 0, 0, 1),
            Params.Known.number("tol", 1e-6, 0, 1));

    private LinearParams() {}

    static <P extends Predictor<?, ?, ?>> P set(P predictor, Params params) {
        predictor.set("maxIter", params.count("max-iter"));
        predictor.set("regParam", params.number("reg-param"));
        predictor.set("elasticNetParam", params.number("elastic-net-param"));
        predictor.set("tol", params.number("tol"));
        return predictor;
    }
}
