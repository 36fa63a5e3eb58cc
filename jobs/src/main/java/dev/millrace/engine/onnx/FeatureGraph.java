package dev.millrace.engine.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Writes the nodes from raw columns to the feature matrix {@code [N, F]} of doubles. */
final class FeatureGraph {
    private final OnnxGraph graph;
    private final FeaturePlan plan;
    private final boolean alone;

    private FeatureGraph(OnnxGraph graph, FeaturePlan plan) {
        this.graph = graph;
        this.plan = plan;
        this.alone = plan.columns().size() == 1;
    }

    /** @return the name of the matrix */
    static String write(OnnxGraph graph, FeaturePlan plan) {
        FeatureGraph writer = new FeatureGraph(graph, plan);
        List<String> blocks = new ArrayList<>();
        if (!plan.numbers().isEmpty()) blocks.add(writer.numbers());
        for (FeaturePlan.Categorical category : plan.categories()) blocks.add(writer.category(category));
        return writer.concatenated(blocks);
    }

    /** All numbers side by side, then one IsNaN and Where for all; ml's Imputer knows one missing value only. */
    private String numbers() {
        List<String> columns = new ArrayList<>();
        for (FeaturePlan.Numeric number : plan.numbers()) {
            columns.add(
                    number.flag()
                            ? asDouble(asColumn(graph.input(number.column(), DataType.BOOL, alone)))
                            : asColumn(graph.input(number.column(), DataType.DOUBLE, alone)));
        }
        double[] fills =
                plan.numbers().stream().mapToDouble(FeaturePlan.Numeric::fill).toArray();
        String matrix = concatenated(columns);
        String missing = graph.node("IsNaN", List.of(matrix));
        return graph.node("Where", List.of(missing, graph.constant(OnnxGraph.doubles(fills, 1, fills.length)), matrix));
    }

    private String category(FeaturePlan.Categorical category) {
        String index = category.kind() == FeaturePlan.Kind.TEXT ? textIndex(category) : integerIndex(category);
        String column = asColumn(index);
        if (plan.encoding() == FeaturePlan.Encoding.INDEX) return asDouble(column);
        int size = category.values().size();
        String each = graph.constant(OnnxGraph.longs(LongStream.range(0, size).toArray(), 1, size));
        return asDouble(graph.node("Equal", List.of(column, each)));
    }

    private String textIndex(FeaturePlan.Categorical category) {
        String input = graph.input(category.column(), DataType.STRING, alone);
        int size = category.values().size();
        return graph.node(
                OnnxGraph.ML,
                "LabelEncoder",
                List.of(input),
                graph.fresh("index"),
                OnnxGraph.attribute("keys_strings", category.values()),
                OnnxGraph.attribute("values_int64s", LongStream.range(0, size).toArray()),
                OnnxGraph.attribute("default_int64", size));
    }

    /** Missing numbers and fractions are unknown, as what is not listed is: 1.5 is not the category 1. */
    private String integerIndex(FeaturePlan.Categorical category) {
        String input = graph.input(category.column(), DataType.DOUBLE, alone);
        // NaN is not equal to its floor, nor to anything else.
        String isWhole = graph.node("Equal", List.of(input, graph.node("Floor", List.of(input))));
        String zero = graph.constant(OnnxGraph.doubles(new double[] {0}, 1));
        // Beyond these bounds the cast is undefined; no category lies there.
        String low = graph.constant(OnnxGraph.doubles(new double[] {-FeaturePlan.EXACT}, 1));
        String high = graph.constant(OnnxGraph.doubles(new double[] {FeaturePlan.EXACT}, 1));
        String within = graph.node(
                "And", List.of(graph.node("Less", List.of(input, high)), graph.node("Greater", List.of(input, low))));
        String usable = graph.node("And", List.of(isWhole, within));
        String whole = graph.node(
                "Cast",
                List.of(graph.node("Where", List.of(usable, input, zero))),
                OnnxGraph.attribute("to", DataType.INT64.getNumber()));
        int size = category.values().size();
        String known = graph.node(
                OnnxGraph.ML,
                "LabelEncoder",
                List.of(whole),
                graph.fresh("index"),
                OnnxGraph.attribute(
                        "keys_int64s",
                        category.values().stream().mapToLong(Long::parseLong).toArray()),
                OnnxGraph.attribute("values_int64s", LongStream.range(0, size).toArray()),
                OnnxGraph.attribute("default_int64", size));
        String unknown = graph.constant(OnnxGraph.longs(new long[] {size}, 1));
        return graph.node("Where", List.of(usable, known, unknown));
    }

    /** {@code [N]} to {@code [N, 1]}. */
    private String asColumn(String values) {
        if (alone) return values;
        return graph.node("Unsqueeze", List.of(values, graph.constant(OnnxGraph.longs(new long[] {1}, 1))));
    }

    private String asDouble(String values) {
        return graph.node("Cast", List.of(values), OnnxGraph.attribute("to", DataType.DOUBLE.getNumber()));
    }

    private String concatenated(List<String> columns) {
        if (columns.size() == 1) return columns.get(0);
        return graph.node("Concat", columns, OnnxGraph.attribute("axis", 1));
    }
}
