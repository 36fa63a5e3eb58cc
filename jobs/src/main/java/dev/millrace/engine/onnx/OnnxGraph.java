package dev.millrace.engine.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** Builds one ONNX graph (IR 10, ai.onnx 21, ai.onnx.ml 5) node by node. Values are known by their names. */
final class OnnxGraph {
    static final String ML = "ai.onnx.ml";
    private static final int IR_VERSION = 10;
    private static final int ONNX_OPSET = 21;
    private static final int ML_OPSET = 5;

    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("millrace");
    private int names;

    /** An input of rank 1, or {@code [N, 1]} when {@code alone}: mlflow gives a lone input the whole table. */
    String input(String name, TensorProto.DataType type, boolean alone) {
        graph.addInput(value(name, type, alone ? 2 : 1));
        return name;
    }

    /** An output of rank 1. */
    void output(String name, TensorProto.DataType type) {
        graph.addOutput(value(name, type, 1));
    }

    private static ValueInfoProto value(String name, TensorProto.DataType type, int rank) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("N"));
        if (rank == 2) shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(1));
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(type.getNumber())
                                .setShape(shape)))
                .build();
    }

    /** A node of the standard set; returns its one output. */
    String node(String operator, List<String> inputs, AttributeProto... attributes) {
        return node("", operator, inputs, fresh(operator), attributes);
    }

    /** A node of a named operator set with a named output. */
    String node(String domain, String operator, List<String> inputs, String output, AttributeProto... attributes) {
        graph.addNode(NodeProto.newBuilder()
                .setName(fresh("node"))
                .setDomain(domain)
                .setOpType(operator)
                .addAllInput(inputs)
                .addOutput(output)
                .addAllAttribute(Arrays.asList(attributes)));
        return output;
    }

    /** A name that no column of a user has. */
    String fresh(String stem) {
        return "_millrace_" + stem + "_" + names++;
    }

    String constant(TensorProto tensor) {
        String name = fresh("constant");
        graph.addInitializer(tensor.toBuilder().setName(name));
        return name;
    }

    static TensorProto doubles(double[] values, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(values);
        return raw(TensorProto.DataType.DOUBLE, bytes, shape);
    }

    static TensorProto longs(long[] values, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return raw(TensorProto.DataType.INT64, bytes, shape);
    }

    static TensorProto bytes(byte[] values, TensorProto.DataType type) {
        return raw(type, ByteBuffer.wrap(values), values.length);
    }

    static TensorProto texts(List<String> values) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setDataType(TensorProto.DataType.STRING.getNumber())
                .addDims(values.size());
        values.forEach(value -> tensor.addStringData(ByteString.copyFromUtf8(value)));
        return tensor.build();
    }

    private static TensorProto raw(TensorProto.DataType type, ByteBuffer bytes, long... shape) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setDataType(type.getNumber());
        for (long size : shape) tensor.addDims(size);
        return tensor.setRawData(ByteString.copyFrom(bytes.rewind())).build();
    }

    static AttributeProto attribute(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    static AttributeProto attribute(String name, long[] values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        for (long value : values) attribute.addInts(value);
        return attribute.build();
    }

    static AttributeProto attribute(String name, List<String> values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.STRINGS);
        values.forEach(value -> attribute.addStrings(ByteString.copyFromUtf8(value)));
        return attribute.build();
    }

    static AttributeProto attribute(String name, TensorProto value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.TENSOR)
                .setT(value.toBuilder().setName(name))
                .build();
    }

    byte[] toModel() {
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("millrace")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(ONNX_OPSET))
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(ML).setVersion(ML_OPSET))
                .setGraph(graph)
                .build()
                .toByteArray();
    }
}
