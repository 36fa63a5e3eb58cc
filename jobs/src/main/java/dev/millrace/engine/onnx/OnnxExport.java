package dev.millrace.engine.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.classification.DecisionTreeClassificationModel;
import org.apache.spark.ml.classification.GBTClassificationModel;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.classification.RandomForestClassificationModel;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.regression.DecisionTreeRegressionModel;
import org.apache.spark.ml.regression.GBTRegressionModel;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.ml.regression.RandomForestRegressionModel;
import org.apache.spark.ml.tree.DecisionTreeModel;
import org.apache.spark.ml.tree.LeafNode;

/**
 * Writes a fitted MLlib model with its preparation as one ONNX graph: one input per raw column ({@code [N]}; {@code [N,
 * 1]} when it is the only one), outputs {@code prediction} and, of classifiers, {@code probability} (of the positive
 * class) or {@code probability_0}, {@code probability_1}, … in the order of the classes. All arithmetic is in doubles.
 *
 * <p>What the formulas are is said by MLlib's {@code predictRaw} and {@code raw2probability} of each class; the tests
 * hold both equal. Missing numbers come as NaN, missing texts as {@link OnnxModel#NULL_TEXT}.
 */
public final class OnnxExport {
    public static final String PREDICTION = "prediction";
    public static final String PROBABILITY = "probability";

    private final OnnxGraph graph = new OnnxGraph();
    private final String matrix;

    private OnnxExport(FeaturePlan plan) {
        this.matrix = FeatureGraph.write(graph, plan);
    }

    /**
     * @param model fitted on the vectors {@code plan} describes, its labels the indices of {@code target}
     * @return the bytes of {@code model.onnx}
     * @throws MillraceException CONFIG for a model that has no ONNX form here
     */
    public static byte[] write(FeaturePlan plan, Target target, Model<?> model) {
        OnnxExport export = new OnnxExport(plan);
        if (target instanceof Target.Classes classes) export.classifier(classes, model);
        else export.regressor(model);
        return export.graph.toModel();
    }

    private void regressor(Model<?> model) {
        String column = regression(model);
        graph.node("", "Squeeze", List.of(column, axis1()), PREDICTION);
        graph.output(PREDICTION, DataType.DOUBLE);
    }

    private String regression(Model<?> model) {
        if (model instanceof LinearRegressionModel linear) {
            double[] weights = linear.coefficients().toArray();
            return linear(weights, 1, new double[] {linear.intercept()});
        }
        TreeTable trees = new TreeTable();
        if (model instanceof DecisionTreeRegressionModel tree) {
            trees.add(tree.rootNode(), 0, LeafNode::prediction);
            return trees.write(graph, matrix, 1);
        }
        if (model instanceof RandomForestRegressionModel forest) {
            for (DecisionTreeModel tree : forest.trees()) trees.add(tree.rootNode(), 0, LeafNode::prediction);
            return quotient(trees.write(graph, matrix, 1), forest.getNumTrees());
        }
        if (model instanceof GBTRegressionModel boosted) {
            return boosted(trees, boosted.trees(), boosted.treeWeights());
        }
        throw unsupported(model);
    }

    private void classifier(Target.Classes classes, Model<?> model) {
        if (model instanceof LogisticRegressionModel logistic) logistic(classes, logistic);
        else if (model instanceof GBTClassificationModel boosted) {
            String margin = boosted(new TreeTable(), boosted.trees(), boosted.treeWeights());
            // Friedman (1999): the margin is half the log odds.
            binary(classes, margin, graph.node("Mul", List.of(margin, scalar(2.0))));
        } else if (model instanceof RandomForestClassificationModel forest) votes(classes, forest.trees());
        else if (model instanceof DecisionTreeClassificationModel tree) votes(classes, tree);
        else throw unsupported(model);
    }

    private void logistic(Target.Classes classes, LogisticRegressionModel model) {
        if (model.numClasses() == 2) {
            String margin = linear(model.coefficients().toArray(), 1, new double[] {model.intercept()});
            binary(classes, margin, margin);
            return;
        }
        Matrix weights = model.coefficientMatrix();
        int count = weights.numRows();
        double[] transposed = new double[count * weights.numCols()];
        for (int row = 0; row < count; row++) {
            for (int column = 0; column < weights.numCols(); column++) {
                transposed[column * count + row] = weights.apply(row, column);
            }
        }
        String margins = linear(transposed, count, model.interceptVector().toArray());
        several(classes, graph.node("Softmax", List.of(margins), OnnxGraph.attribute("axis", 1)));
    }

    /** Each tree votes with the shares of its leaf; their mean is the probability. */
    private void votes(Target.Classes classes, DecisionTreeModel... forest) {
        TreeTable trees = new TreeTable();
        int count = classes.values().size();
        for (int target = classes.isBinary() ? 1 : 0; target < count; target++) {
            int wanted = target;
            int output = classes.isBinary() ? 0 : target;
            for (DecisionTreeModel tree : forest) trees.add(tree.rootNode(), output, leaf -> share(leaf, wanted));
        }
        String sums = trees.write(graph, matrix, classes.isBinary() ? 1 : count);
        if (!classes.isBinary()) {
            several(classes, quotient(sums, forest.length));
            return;
        }
        String probability = quotient(sums, forest.length);
        String positive = graph.node("Greater", List.of(sums, scalar(forest.length / 2.0)));
        binaryOutputs(classes, positive, probability);
    }

    private static double share(LeafNode leaf, int label) {
        double[] counts = leaf.impurityStats().stats();
        double total = 0.0;
        for (double count : counts) total += count;
        return total == 0.0 ? 0.0 : counts[label] / total;
    }

    private String boosted(TreeTable trees, DecisionTreeModel[] members, double[] weights) {
        for (int i = 0; i < members.length; i++) {
            double weight = weights[i];
            trees.add(members[i].rootNode(), 0, leaf -> leaf.prediction() * weight);
        }
        return trees.write(graph, matrix, 1);
    }

    /** {@code [N, outputs]} from {@code weights}, which are {@code [F, outputs]} row by row. */
    private String linear(double[] weights, int outputs, double[] intercepts) {
        String factors = graph.constant(OnnxGraph.doubles(weights, weights.length / outputs, outputs));
        String product = graph.node("MatMul", List.of(matrix, factors));
        return graph.node("Add", List.of(product, graph.constant(OnnxGraph.doubles(intercepts, 1, outputs))));
    }

    private void binary(Target.Classes classes, String margin, String logOdds) {
        String positive = graph.node("Greater", List.of(margin, scalar(0.0)));
        binaryOutputs(classes, positive, graph.node("Sigmoid", List.of(logOdds)));
    }

    private void binaryOutputs(Target.Classes classes, String positive, String probability) {
        String index = graph.node(
                "Cast",
                List.of(graph.node("Squeeze", List.of(positive, axis1()))),
                OnnxGraph.attribute("to", DataType.INT64.getNumber()));
        label(classes, index);
        graph.node("", "Squeeze", List.of(probability, axis1()), PROBABILITY);
        graph.output(PROBABILITY, DataType.DOUBLE);
    }

    private void several(Target.Classes classes, String probabilities) {
        String index = graph.node(
                "ArgMax", List.of(probabilities), OnnxGraph.attribute("axis", 1), OnnxGraph.attribute("keepdims", 0));
        label(classes, index);
        for (int i = 0; i < classes.values().size(); i++) {
            String which = graph.constant(OnnxGraph.longs(new long[] {i}));
            graph.node(
                    "", "Gather", List.of(probabilities, which), PROBABILITY + "_" + i, OnnxGraph.attribute("axis", 1));
            graph.output(PROBABILITY + "_" + i, DataType.DOUBLE);
        }
    }

    /** From the index of a class to the class, in the label's own type. */
    private void label(Target.Classes classes, String index) {
        Map.Entry<TensorProto, DataType> table = table(classes);
        graph.node("", "Gather", List.of(graph.constant(table.getKey()), index), PREDICTION);
        graph.output(PREDICTION, table.getValue());
    }

    private static Map.Entry<TensorProto, DataType> table(Target.Classes classes) {
        Stream<String> values = classes.values().stream();
        int size = classes.values().size();
        return switch (classes.kind()) {
            case TEXT -> Map.entry(OnnxGraph.texts(classes.values()), DataType.STRING);
            case INTEGER ->
                Map.entry(OnnxGraph.longs(values.mapToLong(Long::parseLong).toArray(), size), DataType.INT64);
            case NUMBER ->
                Map.entry(
                        OnnxGraph.doubles(
                                values.mapToDouble(Double::parseDouble).toArray(), size),
                        DataType.DOUBLE);
            case BOOLEAN -> {
                byte[] flags = new byte[size];
                for (int i = 0; i < size; i++)
                    flags[i] = (byte) (classes.values().get(i).equals("true") ? 1 : 0);
                yield Map.entry(OnnxGraph.bytes(flags, DataType.BOOL), DataType.BOOL);
            }
        };
    }

    private String quotient(String sums, int count) {
        return graph.node("Div", List.of(sums, scalar(count)));
    }

    private String scalar(double value) {
        return graph.constant(OnnxGraph.doubles(new double[] {value}, 1, 1));
    }

    private String axis1() {
        return graph.constant(OnnxGraph.longs(new long[] {1}, 1));
    }

    private static MillraceException unsupported(Model<?> model) {
        return new MillraceException(
                ErrorKind.CONFIG,
                "`" + model.uid().replaceAll("_[0-9a-f]+$", "")
                        + "` cannot be exported to ONNX. Set `onnx: off`; the model is then scored by"
                        + " Spark only.");
    }
}
