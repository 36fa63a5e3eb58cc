package dev.millrace.engine.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.spark.ml.tree.CategoricalSplit;
import org.apache.spark.ml.tree.ContinuousSplit;
import org.apache.spark.ml.tree.InternalNode;
import org.apache.spark.ml.tree.LeafNode;
import org.apache.spark.ml.tree.Node;

/**
 * Gathers trees into the arrays of ai.onnx.ml 5 {@code TreeEnsemble}: rows go to the true branch when {@code x <=
 * threshold} or when {@code x} is in the set, as in MLlib they go left. NaN goes to the false branch in both.
 */
final class TreeTable {
    private static final byte BRANCH_LEQ = 0;
    private static final byte BRANCH_MEMBER = 6;

    private final List<Long> features = new ArrayList<>();
    private final List<Double> splits = new ArrayList<>();
    private final List<Byte> modes = new ArrayList<>();
    private final List<Branch> left = new ArrayList<>();
    private final List<Branch> right = new ArrayList<>();
    private final List<Double> members = new ArrayList<>();
    private final List<Long> roots = new ArrayList<>();
    private final List<Long> leafTargets = new ArrayList<>();
    private final List<Double> leafWeights = new ArrayList<>();

    /** Where a branch leads: an index among the nodes or among the leaves. */
    private record Branch(long id, boolean leaf) {}

    /**
     * Adds a tree whose leaves add {@code weight} to output {@code target}.
     *
     * @param weight of a leaf
     */
    void add(Node root, int target, ToDoubleFunction<LeafNode> weight) {
        roots.add((long) features.size());
        if (root instanceof LeafNode leaf) {
            // The format has no tree without a node: one whose branches both lead to the leaf.
            Branch only = leaf(leaf, target, weight);
            node(0, 0.0, BRANCH_LEQ);
            left.set(left.size() - 1, only);
            right.set(right.size() - 1, only);
        } else {
            branch(root, target, weight);
        }
    }

    private Branch branch(Node node, int target, ToDoubleFunction<LeafNode> weight) {
        if (node instanceof LeafNode leaf) return leaf(leaf, target, weight);
        InternalNode internal = (InternalNode) node;
        int id;
        if (internal.split() instanceof ContinuousSplit continuous) {
            id = node(continuous.featureIndex(), continuous.threshold(), BRANCH_LEQ);
        } else {
            CategoricalSplit categorical = (CategoricalSplit) internal.split();
            id = node(categorical.featureIndex(), 0.0, BRANCH_MEMBER);
            double[] set = categorical.leftCategories().clone();
            Arrays.sort(set);
            for (double category : set) members.add(category);
            members.add(Double.NaN);
        }
        left.set(id, branch(internal.leftChild(), target, weight));
        right.set(id, branch(internal.rightChild(), target, weight));
        return new Branch(id, false);
    }

    private int node(long feature, double split, byte mode) {
        features.add(feature);
        splits.add(split);
        modes.add(mode);
        left.add(null);
        right.add(null);
        return features.size() - 1;
    }

    private Branch leaf(LeafNode leaf, int target, ToDoubleFunction<LeafNode> weight) {
        leafTargets.add((long) target);
        leafWeights.add(weight.applyAsDouble(leaf));
        return new Branch(leafTargets.size() - 1L, true);
    }

    /** Writes the node; its output is {@code [N, targets]}, the sum over the trees. */
    String write(OnnxGraph graph, String matrix, int targets) {
        List<AttributeProto> attributes = new ArrayList<>(List.of(
                OnnxGraph.attribute("aggregate_function", 1),
                OnnxGraph.attribute("post_transform", 0),
                OnnxGraph.attribute("n_targets", targets),
                OnnxGraph.attribute("tree_roots", longs(roots)),
                OnnxGraph.attribute("nodes_featureids", longs(features)),
                OnnxGraph.attribute("nodes_splits", OnnxGraph.doubles(doubles(splits), splits.size())),
                OnnxGraph.attribute("nodes_modes", OnnxGraph.bytes(bytes(modes), DataType.UINT8)),
                OnnxGraph.attribute("nodes_truenodeids", ids(left)),
                OnnxGraph.attribute("nodes_trueleafs", leafs(left)),
                OnnxGraph.attribute("nodes_falsenodeids", ids(right)),
                OnnxGraph.attribute("nodes_falseleafs", leafs(right)),
                OnnxGraph.attribute("leaf_targetids", longs(leafTargets)),
                OnnxGraph.attribute("leaf_weights", OnnxGraph.doubles(doubles(leafWeights), leafWeights.size()))));
        if (!members.isEmpty()) {
            attributes.add(
                    OnnxGraph.attribute("membership_values", OnnxGraph.doubles(doubles(members), members.size())));
        }
        return graph.node(
                OnnxGraph.ML,
                "TreeEnsemble",
                List.of(matrix),
                graph.fresh("trees"),
                attributes.toArray(AttributeProto[]::new));
    }

    private static long[] ids(List<Branch> branches) {
        return branches.stream().mapToLong(Branch::id).toArray();
    }

    private static long[] leafs(List<Branch> branches) {
        return branches.stream().mapToLong(branch -> branch.leaf() ? 1 : 0).toArray();
    }

    private static long[] longs(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    private static double[] doubles(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static byte[] bytes(List<Byte> values) {
        byte[] bytes = new byte[values.size()];
        for (int i = 0; i < bytes.length; i++) bytes[i] = values.get(i);
        return bytes;
    }
}
