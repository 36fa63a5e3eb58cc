package dev.millrace.cli;

import static dev.millrace.cli.BadInput.command;
import static dev.millrace.cli.BadInput.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millrace.platform.spark.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Models that cannot be used, registries that do not answer, outputs that cannot be written. */
@ExtendWith(SharedSpark.class)
class BadModelsTest {
    @TempDir
    private static Path folder;

    private static BadInputs inputs;

    @BeforeAll
    static void makeLakeAndModel(SparkSession spark) throws IOException {
        inputs = new BadInputs(folder, folder.resolve("kept"));
        spark.range(200)
                .selectExpr(
                        "id",
                        "TIMESTAMP '2026-01-01' + make_interval(0, 0, 0, 0, id) AS at",
                        "CAST(id % 7 AS DOUBLE) AS x",
                        "concat('c', id % 3) AS colour",
                        "CAST(id % 2 AS INT) AS y",
                        "CAST(NULL AS INT) AS unknown",
                        "1 AS x2")
                .coalesce(1)
                .write()
                .format("delta")
                .save(home().resolve("lake/raw/people").toString());
        inputs.done("job: train\ntrain: {table: raw.people, label: y, features: {numeric: x, categorical: colour},"
                + " algorithm: logistic-regression, split: {by: hash, columns: id}}\n");
        Path made = onlyFolder(home().resolve("spool")).resolve("artifacts/model");
        copy(made, model("good"));
        copy(made, model("altered"));
        Files.write(model("altered").resolve("model.onnx"), new byte[] {1});
        copy(made, model("torn"));
        Files.delete(model("torn").resolve("training_profile.json"));
        copy(made, model("headless"));
        Files.delete(model("headless").resolve("MLmodel"));
        copy(made, model("garbled"));
        Files.writeString(model("garbled").resolve("MLmodel"), "flavors: [");
        Files.delete(model("garbled").resolve("SHA256SUMS"));
        copy(made, model("broken"));
        Files.write(model("broken").resolve("model.onnx"), new byte[] {1, 2, 3});
        Files.delete(model("broken").resolve("SHA256SUMS"));
        Files.createDirectories(home().resolve("lake/out"));
        Files.writeString(home().resolve("lake/out/people"), "a file where a table should be");
        Files.writeString(home().resolve("lake/blocked"), "a file where a schema should be");
        Files.writeString(folder.resolve("kept/file"), "a file where a folder should be");
        Files.createDirectories(folder.resolve("kept/landing"));
        Files.writeString(folder.resolve("kept/landing/good.csv"), "id,name\n1,a\n");
    }

    private static Path home() {
        return folder.resolve("kept/home");
    }

    private static Path model(String name) {
        return folder.resolve("kept/models").resolve(name);
    }

    private static Path onlyFolder(Path parent) throws IOException {
        try (Stream<Path> folders = Files.list(parent)) {
            return folders.filter(Files::isDirectory).findFirst().orElseThrow();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> below = Files.walk(from)) {
            for (Path path : below.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) Files.createDirectories(target);
                else Files.copy(path, target);
            }
        }
    }

    @ParameterizedTest
    @MethodSource({"models", "registries", "outputs"})
    void isRefused(BadInput bad) {
        inputs.refused(bad);
    }

    private static BadInput score(String name, int exit, String cause, String cure, String model, String table) {
        return file(
                name,
                exit,
                cause,
                cure,
                "job: score\nscore: {model: \"" + model + "\", input: " + table
                        + ", output: predictions.people, keys: id}\n");
    }

    private static BadInput evaluate(String name, int exit, String cause, String cure, String more) {
        return file(
                name,
                exit,
                cause,
                cure,
                "job: evaluate\nevaluate: {model: \"" + model("good") + "\", table: raw.people" + more + "}\n");
    }

    private static BadInput monitor(String name, int exit, String cause, String cure, String model, String more) {
        return file(name, exit, cause, cure, "job: monitor\nmonitor: {model: \"" + model(model) + "\"" + more + "}\n");
    }

    static Stream<BadInput> models() {
        String watched = ", inputs: raw.people, time-column: ";
        return Stream.of(
                score(
                        "a model there is not",
                        7,
                        "is not a model URI",
                        "a folder with an MLmodel file",
                        "/dev/model",
                        "raw.people"),
                score(
                        "a name that is no model",
                        7,
                        "`fraud` is not a model URI",
                        "models:/NAME@ALIAS",
                        "fraud",
                        "raw.people"),
                score(
                        "a model without MLmodel",
                        7,
                        "models/headless",
                        "a folder with an MLmodel file",
                        model("headless").toString(),
                        "raw.people"),
                score(
                        "a garbled MLmodel",
                        7,
                        "models/garbled cannot be used",
                        "Retrain",
                        model("garbled").toString(),
                        "raw.people"),
                score(
                        "an altered model",
                        7,
                        "`model.onnx` was altered",
                        "train the model again",
                        model("altered").toString(),
                        "raw.people"),
                score(
                        "a model with a file missing",
                        7,
                        "`training_profile.json` is missing",
                        "train the model again",
                        model("torn").toString(),
                        "raw.people"),
                score(
                        "a graph that is none",
                        7,
                        "ONNX Runtime cannot use this model",
                        "Retrain",
                        model("broken").toString(),
                        "raw.people"),
                score(
                        "a table without the model's columns",
                        7,
                        "`colour` is missing",
                        "The model requires: x, colour",
                        model("good").toString(),
                        "{table: raw.people, columns: [id, x]}"),
                score(
                        "keys that the reference leaves out",
                        2,
                        "requires `id` of `raw.people`, which `columns` of the table reference does not list",
                        "columns: [x, colour, id]",
                        model("good").toString(),
                        "{table: raw.people, columns: [x, colour]}"),
                file(
                        "a time that is a number",
                        3,
                        "`x2` is INT",
                        "Cast it in ingest",
                        "job: score\nscore: {model: \"" + model("good") + "\", input: raw.people,"
                                + " output: predictions.people, keys: id, time-column: x2}\n"),
                file(
                                "an interval of no time",
                                2,
                                "the job has no `time-column`",
                                "Add `time-column`",
                                "job: score\nscore: {model: \"" + model("good") + "\", input: raw.people,"
                                        + " output: predictions.people, keys: id}\n")
                        .with("--interval-start", "2026-01-01", "--interval-end", "2026-01-02"),
                evaluate("a label there is not", 3, "no column `truth`", "It has: ", ", label: truth"),
                evaluate(
                        "a label that is never known",
                        3,
                        "no row with a value of `unknown`",
                        "heck",
                        ", label: unknown"),
                evaluate(
                        "predictions there are not",
                        3,
                        "no table `predictions.people`",
                        "Existing tables: ",
                        ", predictions: predictions.people, keys: id"),
                evaluate(
                        "a table for predictions that are none",
                        3,
                        "no column `probability`",
                        "It has: ",
                        ", predictions: raw.people, keys: id"),
                monitor(
                        "predictions to watch there are not",
                        3,
                        "no table `predictions.people`",
                        "Existing tables: ",
                        "good",
                        ", predictions: predictions.people"),
                monitor(
                        "a column to watch there is not",
                        2,
                        "`columns` names `colur`",
                        "Did you mean `colour`?",
                        "good",
                        watched + "at, columns: colur"),
                monitor(
                        "a time to watch that is text",
                        3,
                        "`colour` is STRING",
                        "Cast it in ingest",
                        "good",
                        watched + "colour"),
                monitor(
                        "a model to watch that was altered",
                        7,
                        "`model.onnx` was altered",
                        "train the model again",
                        "altered",
                        watched + "at"));
    }

    static Stream<BadInput> registries() {
        String known = "none is configured";
        String start = "`scripts/registry start`";
        return Stream.of(
                file("registering nowhere", 6, known, start, "job: register\nregister: {model: fraud}\n"),
                file("promoting nowhere", 6, known, start, "job: promote\npromote: {model: fraud}\n"),
                score("a registered model of nowhere", 6, known, start, "models:/fraud@champion", "raw.people"),
                score("a run's model of nowhere", 6, known, start, "runs:/" + "a".repeat(32) + "/model", "raw.people"),
                file(
                        "evaluating a model of nowhere",
                        6,
                        known,
                        start,
                        "job: evaluate\nevaluate: {model: models:/fraud/1, table: raw.people}\n"),
                file(
                        "monitoring a model of nowhere",
                        6,
                        known,
                        start,
                        "job: monitor\nmonitor: {model: models:/fraud/1, predictions: predictions.people}\n"),
                file(
                        "retraining a model of nowhere",
                        6,
                        known,
                        start,
                        "job: retrain\nretrain: {model: fraud, metric: auc, train: {table: raw.people, label: y,"
                                + " features: {numeric: x}, algorithm: gbt, split: {by: hash, columns: id}}}\n"),
                file(
                        "a registry that does not answer",
                        6,
                        "http://127.0.0.1:1 does not respond",
                        "egistry",
                        "job: register\ntracking: {uri: \"http://127.0.0.1:1\"}\nregister: {model: fraud}\n"),
                file(
                        "a registry that must be told and is not there",
                        6,
                        "`tracking.required` is true",
                        start,
                        "job: eda\ntracking: {required: true}\neda: {table: raw.people}\n"),
                command("sending runs nowhere", 6, "No registry is configured", start, "sync"));
    }

    private static BadInput dedup(String name, int exit, String cause, String cure, String output) {
        return file(
                name, exit, cause, cure, "job: dedup\ndedup: {input: raw.people, output: " + output + ", keys: id}\n");
    }

    static Stream<BadInput> outputs() {
        String landing = folder.resolve("kept/landing").toString();
        return Stream.of(
                dedup("a file where the table should be", 8, "`out.people`", "fix the permissions", "out.people"),
                dedup(
                        "a file where the schema should be",
                        8,
                        "`blocked.people`",
                        "fix the permissions",
                        "blocked.people"),
                file(
                        "a file where ingest should write",
                        8,
                        "blocked",
                        "fix the permissions",
                        "job: ingest\ningest: {path: \"" + landing + "\", output: blocked.taken}\n"),
                file(
                        "a file where the profile should be",
                        8,
                        "`blocked.profiles`",
                        "fix the permissions",
                        "job: eda\neda: {table: raw.people, output: blocked.profiles}\n"),
                file(
                        "landing files below a file",
                        8,
                        "kept/file",
                        "permissions",
                        "job: generate\ngenerate: {rows: 1000, days: 2, files: {path: \""
                                + folder.resolve("kept/file/x") + "\"}}\n"),
                command(
                        "a result where nothing can be",
                        8,
                        "/proc/millrace/result.json",
                        "Set `--result` to a writable file",
                        "tables",
                        "--result",
                        "/proc/millrace/result.json"));
    }

    @Test
    void aHomeThatCannotBeMadeIsTold() {
        Path nowhere = folder.resolve("kept/file/home");
        inputs.write("job.yaml", "job: generate\ngenerate: {rows: 1000, days: 2}\n");

        BadInputs.Answer answer = inputs.run("generate", "--config", "job.yaml", "--home", nowhere.toString());

        assertThat(answer.exit()).as(answer.err()).isEqualTo(8);
        assertThat(answer.err()).contains("kept/file/home").contains("Set a writable `--home`");
    }

    @Test
    void aFullDiskIsToldAndLeavesNoTable() throws Exception {
        Path small = Files.createDirectories(home().resolve("lake/small"));
        onMount(
                small,
                "size=8k",
                () -> inputs.refused(dedup("a full disk", 8, "no space is left", "Free disk space", "small.people")));
    }

    @Test
    void aReadOnlyFileSystemIsTold() throws Exception {
        Path fixed = Files.createDirectories(home().resolve("lake/fixed"));
        onMount(
                fixed,
                "ro",
                () -> inputs.refused(dedup(
                        "a read-only file system",
                        8,
                        "its folder cannot be created",
                        "fix the permissions",
                        "fixed.people")));
    }

    private static void onMount(Path at, String options, Runnable test) throws Exception {
        assumeTrue(done("mount", "-t", "tmpfs", "-o", options, "tmpfs", at.toString()), "Only root can mount a disk");
        try {
            test.run();
        } finally {
            done("umount", "-l", at.toString());
        }
    }

    private static boolean done(String... words) throws InterruptedException {
        try {
            return new ProcessBuilder(words).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException missing) {
            return false;
        }
    }
}
