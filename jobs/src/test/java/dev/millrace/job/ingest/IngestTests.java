package dev.millrace.job.ingest;

import dev.millrace.job.JobHarness;
import dev.millrace.platform.spark.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Each test's own landing folder and table, in one home. */
@ExtendWith(SharedSpark.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class IngestTests {
    static final String SCHEMA = "schema: {id: long, amount: double}\n";

    JobHarness harness;
    Path home;
    Path landing;
    String table;

    @BeforeAll
    void makeHome(SparkSession spark, @TempDir Path folder) {
        home = folder;
        harness = new JobHarness(spark, folder);
    }

    @BeforeEach
    void ownFolderAndTable(TestInfo test) throws IOException {
        table = test.getTestMethod().orElseThrow().getName();
        landing = Files.createDirectories(home.resolve("landing").resolve(table));
    }

    void land(String file, String text) throws IOException {
        Files.createDirectories(landing.resolve(file).getParent());
        Files.writeString(landing.resolve(file), text);
    }

    IngestResult ingest(String options) {
        return harness.run(new IngestJob(), "path: \"" + landing + "\"\noutput: raw." + table + "\n" + options);
    }

    List<Long> ids() {
        return harness.read("raw." + table).stream()
                .map(row -> row.<Long>getAs("id"))
                .sorted()
                .toList();
    }

    List<String> log() throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("lake/raw/" + table + "/_millrace"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    long version() {
        return harness.history("raw." + table).newest(1).get(0).version();
    }
}
