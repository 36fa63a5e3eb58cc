package dev.millrace.engine.scan;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.network.util.JavaUtils;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * What a {@link Scan} gave: merged accumulators, which stay on the executors until {@link #close}. The driver gets what
 * is made of them, and no more than its memory and {@code spark.driver.maxResultSize} allow, whatever there is.
 */
final class Scanned implements AutoCloseable {
    /** Half of this comes to the driver at most. */
    private static final long MOST_BYTES = 64L << 20;

    private final Scan scan;
    private final JavaPairRDD<byte[], byte[]> merged;

    /** What was made of a cell, as the bytes that {@link Finish} gave. */
    public static final class Finished {
        private final Cell cell;
        private final byte[] bytes;

        Finished(Cell cell, byte[] bytes) {
            this.cell = cell;
            this.bytes = bytes;
        }

        public Cell cell() {
            return cell;
        }

        /** Not copied. */
        public byte[] bytes() {
            return bytes;
        }
    }

    /** What comes to the driver of a cell. Shipped to executors. */
    @FunctionalInterface
    public interface Finish extends Serializable {
        /** Null when nothing is needed. */
        byte[] of(Cell cell, Accumulator merged);
    }

    /** The rows of a table that are made of a cell. Shipped to executors. */
    @FunctionalInterface
    public interface ToRows extends Serializable {
        /** Perhaps none. */
        Iterator<Row> of(Cell cell, Accumulator merged);
    }

    Scanned(Scan scan, JavaPairRDD<byte[], byte[]> merged) {
        this.scan = scan;
        this.merged = merged;
    }

    /**
     * Brings what is made of the cells to the driver, ordered by cell.
     *
     * @param remedy what to do when that is too much: "Name fewer columns."
     * @throws MillraceException CONFIG when there is more than half of {@code spark.driver.maxResultSize}, or 32 MiB
     */
    public List<Finished> collect(Finish finish, String remedy) {
        long limit = limit();
        long total = 0;
        for (long bytes : merged.mapPartitions(new Sizes(scan, finish)).collect()) total += bytes;
        if (total > limit) {
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    String.format(
                                    Locale.ROOT,
                                    "The result has %,d bytes; the driver accepts at most %,d (half of"
                                            + " `spark.driver.maxResultSize`, and at most 32 MiB). ",
                                    total,
                                    limit)
                            + remedy);
        }
        List<Finished> finished = new ArrayList<>();
        for (Tuple2<byte[], byte[]> each :
                merged.mapPartitions(new Finishing(scan, finish)).collect()) {
            finished.add(new Finished(Scan.cell(each._1()), each._2()));
        }
        finished.sort(Comparator.comparing(Finished::cell));
        return finished;
    }

    private long limit() {
        long ofSpark = JavaUtils.byteStringAsBytes(merged.context().getConf().get("spark.driver.maxResultSize", "1g"));
        return (ofSpark > 0 ? Math.min(MOST_BYTES, ofSpark) : MOST_BYTES) / 2;
    }

    SparkContext context() {
        return merged.context();
    }

    /** Rows made on the executors, in as many partitions as thousands of cells. */
    public JavaRDD<Row> rows(ToRows rows, long cells) {
        int partitions = (int) Math.max(1, Math.min(merged.getNumPartitions(), cells / 1000));
        return merged.mapPartitions(new Rows(scan, rows)).coalesce(partitions);
    }

    /** Rows whose time is NULL, which are in no group. */
    public long untimed() {
        long rows = 0;
        for (long each : merged.mapPartitions(new Untimed(scan)).collect()) rows += each;
        return rows;
    }

    @Override
    public void close() {
        merged.unpersist(false);
    }

    private record Sizes(Scan scan, Finish finish) implements FlatMapFunction<Iterator<Tuple2<byte[], byte[]>>, Long> {
        @Override
        public Iterator<Long> call(Iterator<Tuple2<byte[], byte[]>> cells) {
            long bytes = 0;
            for (Tuple2<byte[], byte[]> each : new Finishing(scan, finish).all(cells)) {
                bytes += each._1().length + each._2().length + 64L;
            }
            return List.of(bytes).iterator();
        }
    }

    private record Finishing(Scan scan, Finish finish)
            implements FlatMapFunction<Iterator<Tuple2<byte[], byte[]>>, Tuple2<byte[], byte[]>> {
        @Override
        public Iterator<Tuple2<byte[], byte[]>> call(Iterator<Tuple2<byte[], byte[]>> cells) {
            return all(cells).iterator();
        }

        private Iterable<Tuple2<byte[], byte[]>> all(Iterator<Tuple2<byte[], byte[]>> cells) {
            return () -> new Cells<>(cells, (key, cell, bytes) -> {
                if (cell.countsUntimed()) return null;
                byte[] made = finish.of(cell, scan.read(cell, bytes));
                return made == null ? null : new Tuple2<>(key, made);
            });
        }
    }

    private record Rows(Scan scan, ToRows rows) implements FlatMapFunction<Iterator<Tuple2<byte[], byte[]>>, Row> {
        @Override
        public Iterator<Row> call(Iterator<Tuple2<byte[], byte[]>> cells) {
            return new Flat(new Cells<>(
                    cells, (key, cell, bytes) -> cell.countsUntimed() ? null : rows.of(cell, scan.read(cell, bytes))));
        }
    }

    private record Untimed(Scan scan) implements FlatMapFunction<Iterator<Tuple2<byte[], byte[]>>, Long> {
        @Override
        public Iterator<Long> call(Iterator<Tuple2<byte[], byte[]>> cells) {
            return new Cells<>(
                    cells,
                    (key, cell, bytes) -> cell.countsUntimed() ? ((RowCount) scan.read(cell, bytes)).rows() : null);
        }
    }

    private interface OfCell<T> {
        /** Null for nothing. */
        T of(byte[] key, Cell cell, byte[] bytes);
    }

    /** One cell after another, so that no task holds two. */
    private static final class Cells<T> implements Iterator<T> {
        private final Iterator<Tuple2<byte[], byte[]>> cells;
        private final OfCell<T> make;
        private T next;

        Cells(Iterator<Tuple2<byte[], byte[]>> cells, OfCell<T> make) {
            this.cells = cells;
            this.make = make;
        }

        @Override
        public boolean hasNext() {
            while (next == null && cells.hasNext()) {
                Tuple2<byte[], byte[]> cell = cells.next();
                next = make.of(cell._1(), Scan.cell(cell._1()), cell._2());
            }
            return next != null;
        }

        @Override
        public T next() {
            if (!hasNext()) throw new NoSuchElementException();
            T given = next;
            next = null;
            return given;
        }
    }

    private static final class Flat implements Iterator<Row> {
        private final Iterator<Iterator<Row>> cells;
        private Iterator<Row> rows = Collections.emptyIterator();

        Flat(Iterator<Iterator<Row>> cells) {
            this.cells = cells;
        }

        @Override
        public boolean hasNext() {
            while (!rows.hasNext() && cells.hasNext()) rows = cells.next();
            return rows.hasNext();
        }

        @Override
        public Row next() {
            if (!hasNext()) throw new NoSuchElementException();
            return rows.next();
        }
    }
}
