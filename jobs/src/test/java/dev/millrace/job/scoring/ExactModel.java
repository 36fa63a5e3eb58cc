package dev.millrace.job.scoring;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A model of another tool: {@code n + b} of an int64 and a bool, neither of which its signature requires. */
final class ExactModel {
    private ExactModel() {}

    /** Writes the model directory and gives it back. */
    static Path write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("model.onnx"), graph());
        Files.writeString(
                folder.resolve("MLmodel"),
                """
                flavors:
                  onnx: {data: model.onnx, onnx_version: 1.17.0}
                signature:
                  inputs: '[{"type": "long", "name": "n", "required": false}, {"type": "boolean", "name": "b", "required": false}]'
                  outputs: '[{"type": "double", "name": "sum"}]'
                """);
        return folder;
    }

    private static byte[] graph() {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("sum")
                .addInput(value("n", DataType.INT64))
                .addInput(value("b", DataType.BOOL))
                .addOutput(value("sum", DataType.DOUBLE))
                .addNode(asDouble("n"))
                .addNode(asDouble("b"))
                .addNode(NodeProto.newBuilder()
                        .setOpType("Add")
                        .addInput("n_double")
                        .addInput("b_double")
                        .addOutput("sum"));
        return ModelProto.newBuilder()
                .setIrVersion(10)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(21))
                .setGraph(graph)
                .build()
                .toByteArray();
    }

    private static NodeProto asDouble(String input) {
        return NodeProto.newBuilder()
                .setOpType("Cast")
                .addInput(input)
                .addOutput(input + "_double")
                .addAttribute(AttributeProto.newBuilder()
                        .setName("to")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(DataType.DOUBLE.getNumber()))
                .build();
    }

    private static ValueInfoProto value(String name, DataType type) {
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(type.getNumber())
                                .setShape(TensorShapeProto.newBuilder()
                                        .addDim(TensorShapeProto.Dimension.newBuilder()
                                                .setDimParam("N")))))
                .build();
    }
}
