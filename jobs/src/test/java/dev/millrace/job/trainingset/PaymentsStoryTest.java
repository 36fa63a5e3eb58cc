package dev.millrace.job.trainingset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.job.JobHarness;
import dev.millrace.job.features.FeaturesJob;
import dev.millrace.platform.spark.SharedSpark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Payments whose frauds alone are reported, days late, some of them by mistake and corrected, some twice; from the 40th
 * day on a new fraud hits a few merchants. Features and training set know of each label what a patient observer knew.
 */
@ExtendWith(SharedSpark.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PaymentsStoryTest {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration AFTER = Duration.ofDays(21);
    private static final Instant TRAIN_END = Instant.parse("2026-02-10T00:00:00Z");
    private static final Instant CUT = Instant.parse("2026-02-15T00:00:00Z");
    private static final Instant AS_OF = Instant.parse("2026-03-10T00:00:00Z");
    private static final String LABELS =
            "labels: {table: raw.reports, keys: id, column: is_fraud, created-column: reported_at, missing-as: 0,"
                    + " after: 21d}\n";

    private record Payment(long id, int merchant, Instant at, Instant received) {}

    private record Report(long id, int isFraud, Instant at) {}

    private final List<Payment> payments = new ArrayList<>();
    private final List<Report> reports = new ArrayList<>();
    private JobHarness harness;

    @BeforeAll
    void write(SparkSession spark, @TempDir Path folder) {
        SplittableRandom random = new SplittableRandom(7);
        for (int id = 0; id < 600; id++) {
            // Whole hours, so that payments, reports and ends of windows often fall on the same moment.
            Instant at = BEGIN.plus(Duration.ofHours(random.nextInt(60 * 24)));
            Instant received = random.nextInt(10) == 0 ? at.plus(Duration.ofHours(random.nextInt(72))) : at;
            int merchant = random.nextInt(12);
            payments.add(new Payment(id, merchant, at, received));
            boolean isNewFraud = merchant < 3 && at.isAfter(BEGIN.plus(Duration.ofDays(40)));
            if (random.nextInt(100) < (isNewFraud ? 70 : 12)) report(random, id, at);
        }
        harness = new JobHarness(spark, folder);
        StructType payment = new StructType()
                .add("id", DataTypes.LongType)
                .add("merchant", DataTypes.IntegerType)
                .add("at", DataTypes.TimestampType)
                .add("received", DataTypes.TimestampType);
        harness.write(
                "raw.payments",
                spark.createDataFrame(
                                payments.stream()
                                        .map(each -> RowFactory.create(
                                                each.id(), each.merchant(), each.at(), each.received()))
                                        .toList(),
                                payment)
                        .repartition(3));
        StructType report = new StructType()
                .add("id", DataTypes.LongType)
                .add("is_fraud", DataTypes.IntegerType)
                .add("reported_at", DataTypes.TimestampType);
        harness.write(
                "raw.reports",
                spark.createDataFrame(
                                reports.stream()
                                        .map(each -> RowFactory.create(each.id(), each.isFraud(), each.at()))
                                        .toList(),
                                report)
                        .repartition(3));
    }

    private void report(SplittableRandom random, long id, Instant at) {
        Instant first = at.plus(Duration.ofDays(1 + random.nextInt(30)));
        reports.add(new Report(id, 1, first));
        if (random.nextInt(3) > 0) return;
        Instant corrected = first.plus(Duration.ofDays(random.nextInt(10)));
        reports.add(new Report(id, 0, corrected));
        if (random.nextInt(2) == 0) reports.add(new Report(id, 1, corrected.plus(Duration.ofHours(36))));
    }

    /** The newest report by then, of those of one moment the greatest; without one, 0 when the payment is old enough. */
    private Optional<Integer> known(Payment payment, Predicate<Instant> isKnown) {
        Optional<Report> newest = reports.stream()
                .filter(report -> report.id() == payment.id() && isKnown.test(report.at()))
                .max(Comparator.comparing(Report::at).thenComparing(Report::isFraud));
        return newest.map(Report::isFraud)
                .or(() -> isKnown.test(payment.at().plus(AFTER)) ? Optional.of(0) : Optional.empty());
    }

    private List<Integer> seen(Payment now, int days) {
        return payments.stream()
                .filter(before -> before.merchant() == now.merchant()
                        && before.at().isBefore(now.at())
                        && !before.at().isBefore(now.at().minus(Duration.ofDays(days)))
                        && before.received().isBefore(now.at()))
                .sorted(Comparator.comparing(Payment::at).thenComparing(Payment::id))
                .flatMap(before -> known(before, moment -> moment.isBefore(now.at())).stream())
                .toList();
    }

    private long count(Payment now) {
        return payments.stream()
                .filter(before -> before.merchant() == now.merchant()
                        && before.at().isBefore(now.at())
                        && !before.at().isBefore(now.at().minus(Duration.ofDays(40)))
                        && before.received().isBefore(now.at()))
                .count();
    }

    @Test
    void featuresKnowOfEachLabelWhatHadArrived() {
        harness.run(
                new FeaturesJob(),
                """
                source: raw.payments
                %sentity: merchant
                time-column: at
                key: id
                created-column: received
                output: features.merchant
                windows: 40d
                features:
                  - {name: n, aggregate: count}
                  - {name: known, aggregate: count, column: is_fraud}
                  - {name: frauds, aggregate: sum, column: is_fraud, default: 0}
                  - {name: risk, aggregate: mean, column: is_fraud}
                  - {name: worst, aggregate: max, column: is_fraud}
                  - {name: newest, aggregate: last, column: is_fraud}
                """
                        .formatted(LABELS));

        Map<Long, Row> rows = harness.table("features.merchant").collectAsList().stream()
                .collect(Collectors.toMap(row -> row.<Long>getAs("id"), row -> row));
        assertThat(rows).hasSize(payments.size());
        for (Payment payment : payments) {
            Row row = rows.get(payment.id());
            List<Integer> seen = seen(payment, 40);
            int frauds = seen.stream().mapToInt(Integer::intValue).sum();
            assertThat(List.of(row.<Long>getAs("n"), row.<Long>getAs("known"), row.<Double>getAs("frauds")))
                    .as("%s", payment)
                    .isEqualTo(List.of(count(payment), (long) seen.size(), (double) frauds));
            assertThat(row.<Double>getAs("risk")).isEqualTo(seen.isEmpty() ? null : (double) frauds / seen.size());
            assertThat(row.<Integer>getAs("worst"))
                    .isEqualTo(seen.stream().max(Integer::compare).orElse(null));
            assertThat(row.<Integer>getAs("newest")).isEqualTo(seen.isEmpty() ? null : seen.get(seen.size() - 1));
        }
        // The story is one: corrections and late reports are seen by many rows.
        assertThat(payments.stream().filter(each -> seen(each, 40).contains(1)).count())
                .isGreaterThan(200);
    }

    @Test
    void theTrainingSetHasTheLabelsKnownAtTheCutAndTheMaturedOnesToTest() {
        harness.run(
                new TrainingSetJob(),
                """
                spine: raw.payments
                key: id
                time-column: at
                %sas-of: %s
                features: []
                split: {by: time, train-to: %s, test-from: %s}
                output: training_sets.payments
                """
                        .formatted(LABELS, AS_OF, TRAIN_END, CUT));

        Map<Long, Row> rows = harness.table("training_sets.payments").collectAsList().stream()
                .collect(Collectors.toMap(row -> row.<Long>getAs("id"), row -> row));
        for (Payment payment : payments) {
            Instant moment = payment.at().isBefore(TRAIN_END) ? CUT : AS_OF;
            Integer expected =
                    known(payment, arrival -> !arrival.isAfter(moment)).orElse(null);
            Row row = rows.get(payment.id());
            assertThat(row == null ? null : row.<Integer>getAs("is_fraud"))
                    .as("%s", payment)
                    .isEqualTo(expected);
        }
        long hindsight = payments.stream()
                .filter(payment -> payment.at().isBefore(TRAIN_END))
                .filter(payment -> !known(payment, arrival -> !arrival.isAfter(CUT))
                        .equals(known(payment, arrival -> !arrival.isAfter(AS_OF))))
                .count();
        assertThat(hindsight).isGreaterThan(30);
    }
}
