package dev.millrace.engine.training;

import dev.millrace.engine.onnx.FeaturePlan;
import java.util.Map;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.PipelineModel;

/**
 * What fitting gave.
 *
 * @param pipeline from raw columns to MLlib's result columns
 * @param model its last stage
 * @param importances per raw column, summing to 1
 */
public record FittedModel(FeaturePlan plan, PipelineModel pipeline, Model<?> model, Map<String, Double> importances) {}
