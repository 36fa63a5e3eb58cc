package dev.millrace.engine.truth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.engine.measure.Scorecard;
import dev.millrace.engine.onnx.Target;
import dev.millrace.platform.spark.SharedSpark;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedSpark.class)
class WindowScoresTest {
    private static final Target BINARY = new Target.Classes(Target.Kind.INTEGER, List.of("0", "1"));
    private static final long DAY = 86_400_000_000L;

    /** D7: a day of few rows beside a day of many; with one sample of all rows it would be judged on nearly none. */
    @Test
    void eachWindowIsJudgedOnItsOwnRows(SparkSession spark) {
        Dataset<Row> rows = predictions(spark.range(3000), 0).unionByName(predictions(spark.range(50), 1));

        Map<Long, Scorecard> cards = scores(rows, 40);

        assertThat(cards).containsOnlyKeys(0L, DAY);
        assertThat(cards.get(0L).rows()).isEqualTo(40);
        assertThat(cards.get(DAY).rows()).isEqualTo(40);
        assertThat(cards.get(DAY).intervals()).containsKey("average_precision");
        assertThat(cards.get(0L).intervals()).containsKey("auc").doesNotContainKey("average_precision");
        assertThat(scores(rows.repartition(5), 40)).isEqualTo(cards);
    }

    @Test
    void aWindowBelowTheLimitIsJudgedWhole(SparkSession spark) {
        Map<Long, Scorecard> cards = scores(predictions(spark.range(50), 1), 500);

        assertThat(cards.get(DAY).rows()).isEqualTo(50);
        assertThat(cards.get(DAY).measures()).containsEntry("positive_share", 0.5);
        assertThat(scores(predictions(spark.range(0), 1), 500)).isEmpty();
    }

    private static Map<Long, Scorecard> scores(Dataset<Row> rows, int limit) {
        return new WindowScores(BINARY, micros -> Math.floorDiv(micros, DAY) * DAY, 7, limit).of(rows);
    }

    private static Dataset<Row> predictions(Dataset<Long> ids, int day) {
        return ids.selectExpr(
                        "id",
                        "CAST(id % 2 AS DOUBLE) AS " + JudgedRows.TRUTH,
                        "(id * 7919 % 1000) / 1000D AS probability",
                        "timestamp_micros(" + day + " * 86400000000 + id * 1000) AS " + WindowScores.TIME)
                .withColumn(JudgedRows.HASH, functions.xxhash64(functions.col("id"), functions.lit(day)));
    }
}
