package dev.millrace.job.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.job.JobHarness;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.spark.SharedSpark;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A storage that fails is not a corrupt file: nothing is set aside for good because a disk was away for a minute. */
@ExtendWith(SharedSpark.class)
class StorageFaultsTest {
    /** Local files, some of which cannot be opened just now: a failure that root cannot cause by rights. */
    public static final class Failing extends RawLocalFileSystem {
        private static final Map<String, IOException> FAULTS = new ConcurrentHashMap<>();

        @Override
        public URI getUri() {
            return URI.create("failing:///");
        }

        @Override
        public FSDataInputStream open(org.apache.hadoop.fs.Path file, int buffer) throws IOException {
            IOException fault = FAULTS.get(file.getName());
            if (fault != null) throw fault;
            return super.open(file, buffer);
        }
    }

    private JobHarness harness;
    private Path landing;
    private Configuration hadoop;

    @BeforeEach
    void failingStorage(SparkSession spark, @TempDir Path folder) throws IOException {
        harness = new JobHarness(spark, folder);
        landing = Files.createDirectories(folder.resolve("landing"));
        hadoop = spark.sparkContext().hadoopConfiguration();
        hadoop.set("fs.failing.impl", Failing.class.getName());
    }

    @AfterEach
    void wholeStorage() {
        Failing.FAULTS.clear();
        hadoop.unset("fs.failing.impl");
    }

    private IngestResult ingest(String options) {
        return harness.run(
                new IngestJob(),
                "path: \"failing://" + landing + "\"\noutput: raw.t\non-corrupt-file: quarantine-file\n" + options);
    }

    private void assertStopped(String options, String reason) {
        assertThatThrownBy(() -> ingest(options))
                .isInstanceOfSatisfying(MillraceException.class, stopped -> assertThat(stopped.kind())
                        .isEqualTo(ErrorKind.INPUT_UNREADABLE))
                .hasMessageContaining("b.")
                .hasMessageContaining(reason)
                .hasMessageContaining("not quarantined");
        assertThat(harness.exists("raw.t")).isFalse();
        assertThat(harness.exists("quarantine.t")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"schema: {id: long}", ""})
    void aTextFileThatStorageDoesNotGiveStopsTheBatchAndIsTakenLater(String schema) throws IOException {
        Files.writeString(landing.resolve("a.csv"), "id\n1\n");
        Files.writeString(landing.resolve("b.csv"), "id\n2\n");
        Failing.FAULTS.put("b.csv", new SocketTimeoutException("Read timed out"));

        assertStopped(schema, "Read timed out");

        Failing.FAULTS.clear();
        assertThat(ingest(schema).landed()).isEqualTo(2);
    }

    @Test
    void aFaultOfNoKnownKindCountsAsStorageWhenTheBytesCannotBeRead() throws IOException {
        Files.writeString(landing.resolve("b.csv"), "id\n2\n");
        Failing.FAULTS.put("b.csv", new IOException("the disk is away"));

        assertStopped("schema: {id: long}", "the disk is away");
    }

    @Test
    void aParquetFileThatStorageDoesNotGiveStopsTheBatch(SparkSession spark) throws IOException {
        spark.range(3).withColumn("x", functions.lit(1)).coalesce(1).write().parquet(landing + "/b.parquet");
        String part;
        try (var files = Files.list(landing.resolve("b.parquet"))) {
            part = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".parquet") && !name.startsWith("."))
                    .findFirst()
                    .orElseThrow();
        }
        Failing.FAULTS.put(part, new org.apache.hadoop.security.AccessControlException("no read access"));

        assertStopped("", "no read access");

        Failing.FAULTS.clear();
        assertThat(ingest("").landed()).isEqualTo(3);
    }
}
