package dev.millrace.engine.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.engine.learn.FeaturePlans;
import dev.millrace.engine.model.ModelDirectory;
import dev.millrace.engine.model.ModelInfo;
import dev.millrace.engine.onnx.FeaturePlan;
import dev.millrace.engine.onnx.OnnxExport;
import dev.millrace.engine.onnx.Target;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.home.Home;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Writes the model directory of CONTRACT §8. Nothing in it names a machine. */
public final class ModelWriter {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int EXAMPLE_ROWS = 5;

    private final TrainingDeclaration config;
    private final Home home;
    private final Configuration hadoop;
    private final Path folder;

    /**
     * @param home whose cache executors and driver share
     * @param folder empty, on local disk
     */
    public ModelWriter(TrainingDeclaration config, Home home, Configuration hadoop, Path folder) {
        this.config = config;
        this.home = home;
        this.hadoop = hadoop;
        this.folder = folder;
    }

    /**
     * Who trains the model, and when.
     *
     * @param sample training rows, for the example
     */
    public record Made(String runId, Instant at, List<Row> sample) {}

    /** Everything but the card and the sums; {@link ModelDirectory#seal} ends it. */
    public ModelDirectory write(FittedModel fitted, Target target, StructType schema, Made made) {
        boolean onnx = config.writesOnnx();
        ModelInfo info = new ModelInfo(
                Optional.of(made.runId()),
                inputs(fitted.plan()),
                target,
                Optional.of(config.label()),
                Optional.of(config.algorithm().text()),
                onnx ? Optional.of("model.onnx") : Optional.empty(),
                Optional.of("spark"));
        ModelDirectory directory = ModelDirectory.create(folder, info, made.at());
        if (onnx) writeBytes("model.onnx", OnnxExport.write(fitted.plan(), target, fitted.model()));
        saveNative(fitted, made.runId());
        directory.yaml("feature_spec.yaml", FeaturePlans.asYaml(fitted.plan(), schema, config.label()));
        directory.text("input_example.json", example(fitted.plan(), made.sample()));
        return directory;
    }

    /** Numbers are double, so that NULL can be NaN, and may be missing; booleans never were, and may not. */
    private static List<ModelInfo.Input> inputs(FeaturePlan plan) {
        List<ModelInfo.Input> inputs = new ArrayList<>();
        for (FeaturePlan.Numeric feature : plan.numbers()) {
            inputs.add(new ModelInfo.Input(feature.column(), feature.flag() ? "boolean" : "double", feature.flag()));
        }
        for (FeaturePlan.Categorical feature : plan.categories()) {
            String type = feature.kind() == FeaturePlan.Kind.TEXT ? "string" : "double";
            inputs.add(new ModelInfo.Input(feature.column(), type, false));
        }
        return inputs;
    }

    /**
     * MLlib writes from the executors, so a home on another file system takes the pipeline first and the driver copies
     * it from there.
     */
    private void saveNative(FittedModel fitted, String runId) {
        Path local = folder.resolve("spark");
        try {
            boolean remote = home.serverFile().isEmpty();
            if (!remote) {
                fitted.pipeline().write().overwrite().save(local.toUri().toString());
            } else {
                org.apache.hadoop.fs.Path shared =
                        new org.apache.hadoop.fs.Path(home.root() + "/cache/training/" + runId);
                fitted.pipeline().write().overwrite().save(shared.toString());
                FileSystem files = shared.getFileSystem(hadoop);
                files.copyToLocalFile(true, shared, new org.apache.hadoop.fs.Path(local.toUri()));
            }
            dropChecksumFiles(local);
        } catch (IOException full) {
            throw new MillraceException(
                    ErrorKind.OUTPUT_UNWRITABLE,
                    "Cannot save the pipeline to " + local + ": " + full.getMessage(),
                    full);
        }
    }

    /** Hadoop's hidden files; SHA256SUMS does their work. */
    private static void dropChecksumFiles(Path folder) throws IOException {
        try (Stream<Path> below = Files.walk(folder)) {
            for (Path file :
                    below.filter(path -> path.toString().endsWith(".crc")).toList()) Files.delete(file);
        }
    }

    private void writeBytes(String name, byte[] bytes) {
        try {
            Files.write(folder.resolve(name), bytes);
        } catch (IOException full) {
            throw new MillraceException(
                    ErrorKind.OUTPUT_UNWRITABLE, "Cannot write `" + name + "`: " + full.getMessage(), full);
        }
    }

    /** In pandas' split form. Columns that privacy excludes are NULL, hashed ones are a hash of their value. */
    private String example(FeaturePlan plan, List<Row> sample) {
        ObjectNode example = JSON.createObjectNode();
        ArrayNode columns = example.putArray("columns");
        plan.columns().forEach(columns::add);
        ArrayNode data = example.putArray("data");
        for (Row row : sample.subList(0, Math.min(EXAMPLE_ROWS, sample.size()))) {
            ArrayNode values = data.addArray();
            for (FeaturePlan.Numeric feature : plan.numbers()) {
                if (feature.flag()) flag(values, row, feature.column());
                else number(values, row, feature.column());
            }
            for (FeaturePlan.Categorical feature : plan.categories()) {
                if (feature.kind() == FeaturePlan.Kind.INTEGER) number(values, row, feature.column());
                else text(values, row, feature.column());
            }
        }
        return example.toPrettyString() + "\n";
    }

    private void number(ArrayNode values, Row row, String column) {
        double value = FeaturePlans.number(row.get(row.fieldIndex(column)));
        boolean hidden = config.privacy().exclude().contains(column)
                || config.privacy().hash().contains(column);
        if (hidden || !Double.isFinite(value)) values.addNull();
        else values.add(value);
    }

    private void flag(ArrayNode values, Row row, String column) {
        boolean hidden = config.privacy().exclude().contains(column)
                || config.privacy().hash().contains(column);
        // A model's required flag cannot be hidden by NULL: the example must fit the signature.
        values.add(!hidden && row.getBoolean(row.fieldIndex(column)));
    }

    private void text(ArrayNode values, Row row, String column) {
        String value = row.getString(row.fieldIndex(column));
        if (value == null || config.privacy().exclude().contains(column)) values.addNull();
        else if (config.privacy().hash().contains(column)) values.add(hash(value));
        else values.add(value);
    }

    private static String hash(String value) {
        return ModelDirectory.sha256(value.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    }

    /** Removes a folder and all below it. */
    public static void remove(Path folder) {
        if (!Files.exists(folder)) return;
        try (Stream<Path> below = Files.walk(folder)) {
            for (Path path : below.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        } catch (IOException busy) {
            throw new MillraceException(
                    ErrorKind.OUTPUT_UNWRITABLE, "Cannot remove `" + folder + "`: " + busy.getMessage(), busy);
        }
    }
}
