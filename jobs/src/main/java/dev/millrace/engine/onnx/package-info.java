/**
 * Models as ONNX: writes MLlib's fitted models with everything before them (raw columns in, prediction out) into one
 * graph, and runs such graphs by ONNX Runtime in batches of columns.
 *
 * <p>May enter: graph building, reading of MLlib's models, inference sessions. May not: SparkSession, datasets, model
 * directories, registries.
 *
 * <p>Start at {@link dev.millrace.engine.onnx.OnnxExport} to write and {@link dev.millrace.engine.onnx.OnnxModel} to
 * run.
 */
package dev.millrace.engine.onnx;
