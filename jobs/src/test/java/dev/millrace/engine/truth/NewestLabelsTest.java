package dev.millrace.engine.truth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.platform.spark.SharedSpark;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedSpark.class)
class NewestLabelsTest {
    private static final List<String> KEYS = List.of("id");
    private static final List<String> TAKEN = List.of("fraud");
    private static final Optional<String> ARRIVES = Optional.of("arrives");

    private static Dataset<Row> labels(SparkSession spark) {
        return spark.sql(
                """
                SELECT * FROM VALUES
                  ('a', 0, timestamp'2024-01-05 00:00:00Z'),
                  ('a', 1, timestamp'2024-01-15 00:00:00Z'),
                  ('b', 0, timestamp'2024-01-05 00:00:00Z'),
                  ('b', 1, timestamp'2024-01-05 00:00:00Z'),
                  ('c', NULL, timestamp'2024-01-09 00:00:00Z'),
                  ('c', 1, timestamp'2024-01-08 00:00:00Z'),
                  ('d', 1, NULL)
                AS t(id, fraud, arrives)""");
    }

    private static List<String> known(Dataset<Row> labels, Optional<Instant> moment) {
        return NewestLabels.perKey(labels, KEYS, TAKEN, ARRIVES, moment).orderBy("id").collectAsList().stream()
                .map(row -> row.getString(0) + "=" + row.getInt(1))
                .toList();
    }

    @Test
    void aCorrectionReplacesALabelOnlyFromItsArrivalOn(SparkSession spark) {
        assertThat(known(labels(spark), Optional.of(Instant.parse("2024-01-10T00:00:00Z"))))
                .containsExactly("a=0", "b=1", "c=1");
        assertThat(known(labels(spark), Optional.empty())).containsExactly("a=1", "b=1", "c=1");
    }

    @Test
    void theOrderOfRowsDoesNotMatter(SparkSession spark) {
        Dataset<Row> turned = labels(spark)
                .orderBy(org.apache.spark.sql.functions.col("fraud").desc_nulls_last());

        assertThat(known(turned.repartition(7), Optional.empty())).isEqualTo(known(labels(spark), Optional.empty()));
    }

    @Test
    void aMomentNeedsACreationColumn(SparkSession spark) {
        assertThatThrownBy(() ->
                        NewestLabels.perKey(labels(spark), KEYS, TAKEN, Optional.empty(), Optional.of(Instant.EPOCH)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
