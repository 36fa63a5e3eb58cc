package dev.millrace.platform.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommitStoreTest {
    private static SparkConf conf(String... settings) {
        SparkConf conf = new SparkConf(false);
        for (int i = 0; i < settings.length; i += 2) conf.set(settings[i], settings[i + 1]);
        return conf;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/data/home", "file:///data/home", "hdfs://namenode/home", "abfss://c@account/home", "gs://b"})
    void storesWithAtomicCommitsNeedNothing(String home) {
        assertThatCode(() -> CommitStore.requireCoordinated(conf(), home)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"s3a://bucket/home, s3a", "s3://bucket/home, s3", "s3n://bucket, s3n"})
    void s3IsRefusedUntilALogStoreCoordinatesWriters(String home, String scheme) {
        String setting = "spark.delta.logStore." + scheme + ".impl";

        assertThatThrownBy(() -> CommitStore.requireCoordinated(conf(), home))
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.CONFIG))
                .hasMessageContaining("single-writer: true")
                .hasMessageContaining(setting);
        assertThatCode(() -> CommitStore.requireCoordinated(conf(setting, "io.delta.storage.S3DynamoDBLogStore"), home))
                .doesNotThrowAnyException();
        assertThatCode(() -> CommitStore.requireCoordinated(
                        conf("spark.delta.logStore.class", "com.example.Coordinated"), home))
                .doesNotThrowAnyException();
    }

    @Test
    void deltasOwnStoreForOneDriverCoordinatesNothingUnderEitherName() {
        for (String store : new String[] {
            "io.delta.storage.S3SingleDriverLogStore", "org.apache.spark.sql.delta.storage.S3SingleDriverLogStore"
        }) {
            assertThatThrownBy(() -> CommitStore.requireCoordinated(
                            conf("spark.delta.logStore.s3a.impl", store), "s3a://bucket/home"))
                    .hasMessageContaining("single-writer: true");
        }
    }

    @Test
    void aStoreOfAnotherSchemeDoesNotCount() {
        assertThatThrownBy(() -> CommitStore.requireCoordinated(
                        conf("spark.delta.logStore.s3.impl", "com.example.Coordinated"), "s3a://bucket/home"))
                .hasMessageContaining("spark.delta.logStore.s3a.impl");
    }
}
