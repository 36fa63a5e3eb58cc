package dev.millrace.engine.model;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.tracking.ResolvedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** A model directory on local disk. Immutable once sealed; {@code SHA256SUMS} says so. */
public record ModelDirectory(Path folder, ModelInfo info) {
    private static final String MLMODEL = "MLmodel";
    private static final String SUMS = "SHA256SUMS";
    private static final DateTimeFormatter CREATED =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

    /** @throws MillraceException MODEL_UNUSABLE when there is no MLmodel file, or none that can be read */
    public static ModelDirectory open(Path folder) {
        Path file = folder.resolve(MLMODEL);
        try {
            if (!Files.isRegularFile(file)) throw unusable(folder, "it has no MLmodel file", null);
            return new ModelDirectory(folder, MlmodelFile.read(Files.readString(file)));
        } catch (IOException unreadable) {
            throw unusable(folder, String.valueOf(unreadable.getMessage()), unreadable);
        } catch (IllegalArgumentException malformed) {
            throw unusable(folder, "in its MLmodel file " + malformed.getMessage(), malformed);
        }
    }

    /** What a fingerprint says of a model: its version, its run, or its folder and what is in it. */
    public static List<String> identities(ResolvedModel model) {
        if (model.folder().isEmpty()) return List.of(model.printed());
        return List.of(model.printed(), "digest:" + open(model.folder().get()).digest());
    }

    private static MillraceException unusable(Path folder, String reason, Exception cause) {
        return new MillraceException(
                ErrorKind.MODEL_UNUSABLE,
                "The model in " + folder + " cannot be used: " + reason + ". Retrain it or use another model.",
                cause);
    }

    /**
     * Writes {@code MLmodel} and the files a Python environment is made from. pandas stays below 3: MLflow 3.17.2 hands
     * its new text columns to ONNX Runtime as they are, which refuses them.
     */
    public static ModelDirectory create(Path folder, ModelInfo info, Instant now) {
        write(folder.resolve(MLMODEL), MlmodelFile.write(info, CREATED.format(now)));
        write(
                folder.resolve("requirements.txt"),
                """
                mlflow==3.17.2
                onnx
                onnxruntime
                pandas<3
                """);
        write(
                folder.resolve("python_env.yaml"),
                """
                python: 3.11.7
                build_dependencies: [pip, setuptools, wheel]
                dependencies: ['-r requirements.txt']
                """);
        return new ModelDirectory(folder, info);
    }

    /** Writes a YAML file of plain values. */
    public void yaml(String name, Object value) {
        write(folder.resolve(name), MlmodelFile.yaml(value));
    }

    public void text(String name, String text) {
        write(folder.resolve(name), text);
    }

    /** Writes {@code SHA256SUMS} over all files, in {@code sha256sum}'s form; nothing may be added after. */
    public void seal() {
        try (Stream<Path> below = Files.walk(folder)) {
            List<Path> files = below.filter(Files::isRegularFile).sorted().toList();
            StringBuilder sums = new StringBuilder();
            for (Path file : files) {
                String name = folder.relativize(file).toString().replace('\\', '/');
                if (!name.equals(SUMS))
                    sums.append(sha256(Files.readAllBytes(file)))
                            .append("  ")
                            .append(name)
                            .append('\n');
            }
            write(folder.resolve(SUMS), sums.toString());
        } catch (IOException unreadable) {
            throw unwritable(folder, unreadable);
        }
    }

    public boolean hasOnnx() {
        return info.onnx().isPresent();
    }

    /** The graph's bytes. @throws MillraceException MODEL_UNUSABLE when the file is gone */
    public byte[] onnx() {
        try {
            return Files.readAllBytes(folder.resolve(info.onnx().orElseThrow()));
        } catch (IOException gone) {
            throw unusable(folder, "`" + info.onnx().orElseThrow() + "` cannot be read", gone);
        }
    }

    /** Folder of the native pipeline. */
    public Path spark() {
        return folder.resolve(info.spark().orElseThrow());
    }

    /** Digest of the whole model: of its SHA256SUMS, or of MLmodel for a model of another tool. */
    public String digest() {
        try {
            Path sums = folder.resolve(SUMS);
            return sha256(Files.readAllBytes(Files.isRegularFile(sums) ? sums : folder.resolve(MLMODEL)));
        } catch (IOException gone) {
            throw unusable(folder, "its files cannot be read", gone);
        }
    }

    public boolean isSealed() {
        return Files.isRegularFile(folder.resolve(SUMS));
    }

    /** 64 hex digits. */
    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("Every JDK has SHA-256", impossible);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException full) {
            throw unwritable(file, full);
        }
    }

    private static MillraceException unwritable(Path file, IOException cause) {
        return new MillraceException(
                ErrorKind.OUTPUT_UNWRITABLE, "Cannot write `" + file + "`: " + cause.getMessage(), cause);
    }
}
