package dev.millrace.engine.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.millrace.engine.onnx.OnnxExport;
import dev.millrace.engine.onnx.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** {@link ModelInfo} as the text of an {@code MLmodel} file and back; read by MLflow 2 and 3 alike. */
final class MlmodelFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The level of the format, not a package we ship. */
    private static final String MLFLOW = "3.17.2";

    private static final String SPARK = "4.1.0";

    private MlmodelFile() {}

    /** @param created {@code 2026-01-31 12:00:00.000000}, UTC, MLflow's form */
    static String write(ModelInfo info, String created) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("artifact_path", "model");
        root.put("flavors", flavors(info));
        root.put("mlflow_version", MLFLOW);
        root.put("model_uuid", info.runId().orElse("0".repeat(32)));
        root.put("run_id", info.runId().orElse(""));
        root.put(
                "saved_input_example_info",
                Map.of("artifact_path", "input_example.json", "type", "dataframe", "pandas_orient", "split"));
        Map<String, Object> signature = new LinkedHashMap<>();
        signature.put("inputs", inputs(info.inputs()));
        signature.put("outputs", outputs(info.target()));
        signature.put("params", null);
        root.put("signature", signature);
        root.put("utc_time_created", created);
        return yaml(root);
    }

    static String yaml(Object value) {
        return new Dump(DumpSettings.builder()
                        .setDefaultFlowStyle(FlowStyle.BLOCK)
                        .setWidth(100_000)
                        .build())
                .dumpToString(value);
    }

    private static Map<String, Object> flavors(ModelInfo info) {
        Map<String, Object> flavors = new LinkedHashMap<>();
        info.onnx().ifPresent(file -> {
            Map<String, Object> onnx = new LinkedHashMap<>();
            onnx.put("code", null);
            onnx.put("data", file);
            onnx.put("onnx_session_options", null);
            onnx.put("onnx_version", "1.17.0");
            onnx.put("providers", List.of("CPUExecutionProvider"));
            flavors.put("onnx", onnx);
            Map<String, Object> python = new LinkedHashMap<>();
            python.put("data", file);
            python.put("env", Map.of("virtualenv", "python_env.yaml"));
            python.put("loader_module", "mlflow.onnx");
            flavors.put("python_function", python);
        });
        info.spark().ifPresent(folder -> {
            Map<String, Object> spark = new LinkedHashMap<>();
            spark.put("code", null);
            spark.put("model_class", "org.apache.spark.ml.PipelineModel");
            spark.put("model_data", folder);
            spark.put("pyspark_version", SPARK);
            flavors.put("spark", spark);
            Map<String, Object> python = new LinkedHashMap<>();
            python.put("data", folder);
            python.put("env", Map.of("virtualenv", "python_env.yaml"));
            python.put("loader_module", "mlflow.spark");
            flavors.putIfAbsent("python_function", python);
        });
        flavors.put("millrace", own(info));
        return flavors;
    }

    private static Map<String, Object> own(ModelInfo info) {
        Map<String, Object> own = new LinkedHashMap<>();
        info.algorithm().ifPresent(algorithm -> own.put("algorithm", algorithm));
        info.label().ifPresent(label -> own.put("label", label));
        if (info.target() instanceof Target.Classes classes) {
            own.put("task", "classification");
            own.put("label_type", classes.kind().name().toLowerCase(Locale.ROOT));
            own.put("classes", classes.values());
        } else {
            own.put("task", "regression");
        }
        return own;
    }

    private static String inputs(List<ModelInfo.Input> inputs) {
        ArrayNode columns = JSON.createArrayNode();
        for (ModelInfo.Input input : inputs) {
            columns.addObject()
                    .put("type", input.type())
                    .put("name", input.name())
                    .put("required", input.required());
        }
        return columns.toString();
    }

    private static String outputs(Target target) {
        ArrayNode columns = JSON.createArrayNode();
        String type = "double";
        if (target instanceof Target.Classes classes) {
            type = switch (classes.kind()) {
                case TEXT -> "string";
                case INTEGER -> "long";
                case NUMBER -> "double";
                case BOOLEAN -> "boolean";
            };
        }
        columns.addObject().put("type", type).put("name", OnnxExport.PREDICTION).put("required", true);
        if (target instanceof Target.Classes classes) {
            int count = classes.isBinary() ? 1 : classes.values().size();
            for (int i = 0; i < count; i++) {
                String name = OnnxExport.PROBABILITY + (classes.isBinary() ? "" : "_" + i);
                columns.addObject().put("type", "double").put("name", name).put("required", true);
            }
        }
        return columns.toString();
    }

    /** @throws IllegalArgumentException when the text is no MLmodel file; the message says what is missing */
    static ModelInfo read(String text) {
        Object loaded;
        try {
            loaded = new Load(LoadSettings.builder().build()).loadFromString(text);
        } catch (org.snakeyaml.engine.v2.exceptions.YamlEngineException broken) {
            throw new IllegalArgumentException("it is not YAML: " + broken.getMessage(), broken);
        }
        JsonNode root = JSON.valueToTree(loaded);
        JsonNode flavors = root.path("flavors");
        if (!flavors.isObject()) throw new IllegalArgumentException("it has no `flavors`");
        JsonNode own = flavors.path("millrace");
        return new ModelInfo(
                text(root, "run_id").filter(id -> !id.isEmpty()),
                readInputs(root.path("signature").path("inputs").asText("")),
                target(own),
                text(own, "label"),
                text(own, "algorithm"),
                text(flavors.path("onnx"), "data"),
                text(flavors.path("spark"), "model_data"));
    }

    private static List<ModelInfo.Input> readInputs(String json) {
        List<ModelInfo.Input> inputs = new ArrayList<>();
        try {
            for (JsonNode column : JSON.readTree(json.isEmpty() ? "[]" : json)) {
                if (!column.hasNonNull("name") || column.path("type").asText().equals("tensor")) continue;
                inputs.add(new ModelInfo.Input(
                        column.path("name").asText(),
                        column.path("type").asText("double"),
                        column.path("required").asBoolean(true)));
            }
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException("its signature is not JSON: " + json, broken);
        }
        return inputs;
    }

    private static Target target(JsonNode own) {
        if (!own.path("task").asText().equals("classification")) return new Target.Amount();
        List<String> classes = new ArrayList<>();
        own.path("classes").forEach(node -> classes.add(node.asText()));
        Target.Kind kind =
                Target.Kind.valueOf(own.path("label_type").asText("text").toUpperCase(Locale.ROOT));
        return new Target.Classes(kind, classes);
    }

    private static Optional<String> text(JsonNode node, String field) {
        return node.hasNonNull(field) ? Optional.of(node.get(field).asText()) : Optional.empty();
    }
}
