package dev.millrace.engine.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.spark.SharedSpark;
import java.io.ByteArrayInputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedSpark.class)
class ScanTest {
    /** The first field of every row, in the order in which rows were added and merged. */
    private static final class Trace implements Accumulator {
        private final List<Long> values = new ArrayList<>();
        private final long claimed;

        Trace(long claimed) {
            this.claimed = claimed;
        }

        @Override
        public void add(InternalRow row) {
            values.add(row.getLong(0));
        }

        @Override
        public void merge(Accumulator later) {
            values.addAll(((Trace) later).values);
        }

        @Override
        public void write(DataOutput out) throws IOException {
            out.writeInt(values.size());
            for (long value : values) out.writeLong(value);
        }

        @Override
        public long bytes() {
            return claimed;
        }
    }

    /** @param claimed bytes that an accumulator says it takes */
    private record Traces(long claimed) implements Summary {
        @Override
        public Accumulator start() {
            return new Trace(claimed);
        }

        @Override
        public Accumulator read(DataInput in) throws IOException {
            Trace trace = new Trace(claimed);
            for (int left = in.readInt(); left > 0; left--) trace.values.add(in.readLong());
            return trace;
        }
    }

    private static List<Long> values(byte[] bytes) throws IOException {
        Trace trace = (Trace) new Traces(0).read(new DataInputStream(new ByteArrayInputStream(bytes)));
        return trace.values;
    }

    private static final Grouping ALL = new Grouping(List.of(), 1, 1, -1, Grouping.Windows.NONE);

    private static byte[] bytes(Cell cell, Accumulator merged) {
        return Scan.bytes(merged::write);
    }

    @Test
    void partsAreMergedInTheOrderOfPartitionsAlsoWhenATaskSendsSeveral(SparkSession spark) throws IOException {
        Dataset<Row> rows = spark.range(0, 9000, 1, 3).toDF();
        Scan small = new Scan(List.of(new Traces(1)), List.of(), ALL);
        Scan large = new Scan(List.of(new Traces(1L << 30)), List.of(), ALL); // sent after every 1,024 rows

        try (Scanned whole = small.over(rows);
                Scanned parts = large.over(rows)) {
            List<Scanned.Finished> finished = parts.collect(ScanTest::bytes, "");
            assertThat(finished).hasSize(1);
            assertThat(values(finished.get(0).bytes()))
                    .isEqualTo(LongStream.range(0, 9000).boxed().toList())
                    .isEqualTo(values(whole.collect(ScanTest::bytes, "").get(0).bytes()));
        }
    }

    @Test
    void rowsFallIntoWindowsAndSlicesAndThoseWithoutATimeAreCounted(SparkSession spark) throws IOException {
        Dataset<Row> rows = spark.range(0, 100, 1, 4)
                .selectExpr(
                        "id",
                        "CASE WHEN id % 3 = 0 THEN NULL ELSE concat('s', id % 3) END AS slice",
                        "CASE WHEN id % 10 = 9 THEN NULL ELSE timestamp_micros(id) END AS at");
        Grouping grouping = new Grouping(List.of("slice"), 1, 5, 2, micros -> micros / 50 * 50);
        Scan scan = new Scan(List.of(new Traces(1)), List.of(), grouping);

        try (Scanned scanned = scan.over(rows)) {
            List<Scanned.Finished> finished = scanned.collect(ScanTest::bytes, "");
            assertThat(finished.stream().map(Scanned.Finished::cell))
                    .containsExactly(
                            new Cell(0, -1, "", 0),
                            new Cell(0, 0, "(null)", 0),
                            new Cell(0, 0, "s1", 0),
                            new Cell(0, 0, "s2", 0),
                            new Cell(50, -1, "", 0),
                            new Cell(50, 0, "(null)", 0),
                            new Cell(50, 0, "s1", 0),
                            new Cell(50, 0, "s2", 0));
            assertThat(values(finished.get(5).bytes()))
                    .isEqualTo(LongStream.range(50, 100)
                            .filter(id -> id % 3 == 0 && id % 10 != 9)
                            .boxed()
                            .toList());
            assertThat(scanned.untimed()).isEqualTo(10);
        }
    }

    @Test
    void moreThanTheDriverTakesIsRefusedBeforeItIsSent(SparkSession spark) {
        Dataset<Row> rows = spark.range(0, 40, 1, 2).selectExpr("id", "string(id) AS slice");
        Scan scan = new Scan(
                List.of(new Traces(1)), List.of(), new Grouping(List.of("slice"), 1, 100, -1, Grouping.Windows.NONE));

        try (Scanned scanned = scan.over(rows)) {
            assertThatThrownBy(() -> scanned.collect((cell, merged) -> new byte[1 << 20], "Name fewer columns."))
                    .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                            .isEqualTo(ErrorKind.CONFIG))
                    .hasMessageContaining("at most 33,554,432")
                    .hasMessageEndingWith("Name fewer columns.");
        }
    }

    @Test
    void aSliceColumnOfManyValuesIsRefused(SparkSession spark) {
        Dataset<Row> rows = spark.range(0, 40, 1, 1).selectExpr("id", "string(id) AS slice");
        Scan scan = new Scan(
                List.of(new Traces(1)), List.of(), new Grouping(List.of("slice"), 1, 10, -1, Grouping.Windows.NONE));

        try (Scanned scanned = scan.over(rows)) {
            assertThatThrownBy(() -> scanned.collect(ScanTest::bytes, ""))
                    .rootCause()
                    .hasMessageContaining("`slice` has more than 10 values");
        }
    }
}
