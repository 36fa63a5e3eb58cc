package dev.millrace.engine.truth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.platform.spark.SharedSpark;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedSpark.class)
class KnownLabelsTest {
    private static final Optional<String> TIME = Optional.of("at");

    private static Dataset<Row> rows(SparkSession spark) {
        return spark.sql(
                """
                SELECT * FROM VALUES
                  ('corrected', timestamp'2024-01-01 00:00:00Z'),
                  ('late', timestamp'2024-01-01 00:00:00Z'),
                  ('never', timestamp'2024-01-01 00:00:00Z'),
                  ('young', timestamp'2024-01-29 00:00:00Z') AS t(id, at)""");
    }

    private static Dataset<Row> labels(SparkSession spark) {
        return spark.sql(
                """
                SELECT * FROM VALUES
                  ('corrected', 0, timestamp'2024-01-05 00:00:00Z'),
                  ('corrected', 1, timestamp'2024-01-15 00:00:00Z'),
                  ('late', 1, timestamp'2024-01-25 00:00:00Z') AS t(id, fraud, arrives)""");
    }

    private static KnownLabels known(Optional<Object> missingAs, Optional<Duration> after) {
        return new KnownLabels(
                new LabelSource(
                        Optional.empty(),
                        List.of("id"),
                        Optional.of("fraud"),
                        List.of(),
                        Optional.of("arrives"),
                        Duration.ZERO,
                        missingAs,
                        after),
                "fraud",
                TIME);
    }

    private static Map<String, Object> at(SparkSession spark, KnownLabels known, String moment) {
        Map<String, Object> byId = new TreeMap<>();
        known.join(rows(spark), labels(spark), Optional.of(Instant.parse(moment)), "label")
                .collectAsList()
                .forEach(row -> byId.put(row.getAs("id"), row.isNullAt(2) ? "none" : row.get(2)));
        return byId;
    }

    @Test
    void aLabelCountsFromItsOwnArrivalOn(SparkSession spark) {
        KnownLabels known = known(Optional.empty(), Optional.empty());

        assertThat(at(spark, known, "2024-01-10T00:00:00Z"))
                .isEqualTo(Map.of("corrected", 0, "late", "none", "never", "none", "young", "none"));
        assertThat(at(spark, known, "2024-01-31T00:00:00Z"))
                .isEqualTo(Map.of("corrected", 1, "late", 1, "never", "none", "young", "none"));
    }

    @Test
    void aMissingLabelCountsOnceItIsOldEnoughAndUntilARealOneArrives(SparkSession spark) {
        KnownLabels known = known(Optional.of(0L), Optional.of(Duration.ofDays(21)));

        assertThat(at(spark, known, "2024-01-10T00:00:00Z"))
                .isEqualTo(Map.of("corrected", 0, "late", "none", "never", "none", "young", "none"));
        assertThat(at(spark, known, "2024-01-23T00:00:00Z"))
                .isEqualTo(Map.of("corrected", 1, "late", 0, "never", 0, "young", "none"));
        assertThat(at(spark, known, "2024-01-31T00:00:00Z"))
                .isEqualTo(Map.of("corrected", 1, "late", 1, "never", 0, "young", "none"));
    }

    @Test
    void theHorizonIsTheNewestRowOrArrivalAndNotTheClock(SparkSession spark) {
        KnownLabels known = known(Optional.of(0), Optional.of(Duration.ofDays(21)));

        assertThat(known.horizon(rows(spark), labels(spark), Instant.parse("2030-01-01T00:00:00Z")))
                .isEqualTo(Instant.parse("2024-01-29T00:00:00Z"));
        assertThat(known.horizon(rows(spark), labels(spark), Instant.parse("2024-01-20T00:00:00Z")))
                .isEqualTo(Instant.parse("2024-01-15T00:00:00Z"));
    }

    @Test
    void whatCannotBeIsRefusedInWords() {
        assertThatThrownBy(() -> known(Optional.of("none"), Optional.of(Duration.ofDays(1)))
                        .requireMissingAs(DataTypes.IntegerType))
                .hasMessageContaining("`labels.missing-as` is `none`, which is not a valid value of `fraud` (INT)");
        assertThatThrownBy(() -> new KnownLabels(
                        known(Optional.of(0), Optional.of(Duration.ofDays(1))).source(), "fraud", Optional.empty()))
                .hasMessageContaining("Add `time-column`");
    }
}
