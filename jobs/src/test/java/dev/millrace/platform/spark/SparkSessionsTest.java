package dev.millrace.platform.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SparkSessionsTest {
    @ParameterizedTest
    @ValueSource(strings = {"local", "local[*]", "local[2]"})
    void oneMachineHasFewPartitions(String master) {
        assertThat(SparkSessions.defaults(master))
                .containsEntry("spark.sql.shuffle.partitions", "16")
                .containsEntry("spark.databricks.delta.snapshotPartitions", "2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"spark://h:7077", "yarn", "k8s://https://h", "local-cluster[2,1,1024]"})
    void clustersKeepTheNumbersOfSparkAndOfTheUser(String master) {
        assertThat(SparkSessions.defaults(master))
                .doesNotContainKey("spark.sql.shuffle.partitions")
                .doesNotContainKey("spark.databricks.delta.snapshotPartitions");
    }

    @Test
    void whatDecidesValuesIsSetForEverySession() {
        assertThat(SparkSessions.FIXED)
                .containsEntry("spark.sql.session.timeZone", "UTC")
                .containsEntry("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
    }
}
