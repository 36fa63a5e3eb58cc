package dev.millrace.flow.tuning;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.engine.model.ModelDirectory;
import dev.millrace.job.JobContext;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.home.Home;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A finished trial.
 *
 * @param number place in the search, from 0
 * @param runId of the child run that made it
 * @param score value of the metric on the validation rows
 */
record Trial(int number, String runId, Map<String, Object> params, double score) {
    private static final ObjectMapper JSON =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

    /**
     * Digest of all a trial's score depends on.
     *
     * @param tables the versions of the tables it reads
     */
    static String fingerprint(TuneConfig config, List<String> tables, Map<String, Object> params, JobContext ctx) {
        // A record prints its components, and theirs: all that was declared, in a fixed order.
        String text = config.train().withParams(Map.of(), dev.millrace.job.training.TrainConfig.Switch.OFF) + "|"
                + config.validationShare() + "|" + config.metric() + "|" + tables + "|" + ctx.seed() + "|"
                + ctx.programVersion() + "|" + json(params);
        return ModelDirectory.sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String json(Map<String, Object> params) {
        try {
            return JSON.writeValueAsString(params);
        } catch (IOException impossible) {
            throw new AssertionError("Params are plain values", impossible);
        }
    }

    /** Remembers the trial, whole or not at all. */
    void keep(Home home, String fingerprint) {
        ObjectNode node = JSON.createObjectNode().put("run_id", runId).put("score", score);
        try {
            Path file = file(home, fingerprint);
            Files.createDirectories(file.getParent());
            Path part = Files.createTempFile(file.getParent(), ".trial", ".part");
            Files.writeString(part, node.toString());
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException full) {
            throw new MillraceException(
                    ErrorKind.OUTPUT_UNWRITABLE, "Cannot store the result of a trial: " + full.getMessage(), full);
        }
    }

    /** The trial of this fingerprint, when an earlier search finished it on this home. */
    static Optional<Trial> kept(Home home, String fingerprint, int number, Map<String, Object> params) {
        Path file = file(home, fingerprint);
        if (!Files.isRegularFile(file)) return Optional.empty();
        try {
            var node = JSON.readTree(Files.readString(file));
            return Optional.of(new Trial(
                    number,
                    node.path("run_id").asText(),
                    params,
                    node.path("score").asDouble()));
        } catch (IOException broken) {
            return Optional.empty(); // it is run again
        }
    }

    private static Path file(Home home, String fingerprint) {
        return home.cache().resolve("trials").resolve(fingerprint + ".json");
    }
}
