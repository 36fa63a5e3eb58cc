package dev.millrace.engine.scan;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * One pass over a table: every row is added to the accumulators of its groups (all rows, windows, slices), partition by
 * partition, without making a {@code Row} of it and without moving it.
 *
 * <p>What moves is one record per cell (group and summary) and partition. The executors merge those of a cell in the
 * order of their partitions, one after another, cells beside each other; the driver sees none of it. A task that holds
 * more than {@link #TASK_BYTES} sends what it has and starts anew, so neither columns nor windows nor slices decide how
 * much memory it needs. The same partitions give the same merges; accumulators that do not depend on the order of their
 * rows give the same for any partitions.
 *
 * @param ofGroups accumulated per group
 * @param ofAll accumulated of all rows only; numbered after those of groups
 * @param grouping how rows fall into groups
 */
record Scan(List<Summary> ofGroups, List<Summary> ofAll, Grouping grouping) implements Serializable {
    /** What a task holds before it sends its accumulators. */
    private static final long TASK_BYTES = 64L << 20;

    /** Rows between two looks at how much that is. */
    private static final int LOOK_AFTER = 1024;

    public Scan {
        ofGroups = new ArrayList<>(ofGroups); // shipped
        ofAll = new ArrayList<>(ofAll);
    }

    /**
     * Starts nothing yet: the first use of the result runs the pass, the others find its result.
     *
     * @param rows with the fields that summaries and grouping read, as Spark's binary rows
     */
    public Scanned over(Dataset<Row> rows) {
        JavaRDD<InternalRow> scanned = rows.queryExecution().toRdd().toJavaRDD();
        int cells = ofGroups.size() + ofAll.size();
        boolean many = grouping.isTimed() || !grouping.slices().isEmpty();
        int parallelism = scanned.context().defaultParallelism();
        int places = Math.max(1, many ? parallelism : Math.min(parallelism, cells));
        JavaPairRDD<byte[], byte[]> merged = scanned.mapPartitionsWithIndex(new EachPartition(this), true)
                .mapPartitionsToPair(new AsPairs())
                .repartitionAndSortWithinPartitions(new ByCell(places), new InOrder())
                .mapPartitionsToPair(new Merging(this))
                .persist(StorageLevel.MEMORY_AND_DISK());
        return new Scanned(this, merged);
    }

    Accumulator read(Cell cell, byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return summary(cell).read(in);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private Summary summary(Cell cell) {
        if (cell.countsUntimed()) return RowCount.SUMMARY;
        int groups = ofGroups.size();
        return cell.summary() < groups ? ofGroups.get(cell.summary()) : ofAll.get(cell.summary() - groups);
    }

    /** A cell as bytes; partition and sequence follow, so that sorting bytes brings a cell's parts together in order. */
    private static byte[] key(Cell cell, int partition, int sequence) {
        return bytes(out -> {
            out.writeLong(cell.window());
            out.writeInt(cell.slice());
            out.writeInt(cell.summary());
            byte[] value = cell.value().getBytes(StandardCharsets.UTF_8);
            out.writeInt(value.length);
            out.write(value);
            out.writeInt(partition);
            out.writeInt(sequence);
        });
    }

    static Cell cell(byte[] key) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(key))) {
            long window = in.readLong();
            int slice = in.readInt();
            int summary = in.readInt();
            byte[] value = new byte[in.readInt()];
            in.readFully(value);
            return new Cell(window, slice, new String(value, StandardCharsets.UTF_8), summary);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static boolean isSameCell(byte[] one, byte[] other) {
        return Arrays.equals(one, 0, one.length - 8, other, 0, other.length - 8);
    }

    interface Content {
        void write(DataOutputStream out) throws IOException;
    }

    static byte[] bytes(Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            content.write(out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** The accumulators of one partition, sent when it ends or when they are too large. */
    private record EachPartition(Scan scan)
            implements Function2<Integer, Iterator<InternalRow>, Iterator<Tuple2<byte[], byte[]>>> {
        @Override
        public Iterator<Tuple2<byte[], byte[]>> call(Integer partition, Iterator<InternalRow> rows) {
            return new Parts(scan, partition, rows);
        }
    }

    private static final class Parts implements Iterator<Tuple2<byte[], byte[]>> {
        private final int partition;
        private final Iterator<InternalRow> rows;
        private final GroupedRows groups;
        private final List<Cell> ready = new ArrayList<>();
        private final List<Accumulator> states = new ArrayList<>();
        private int sequence = -1;
        private int sent;

        Parts(Scan scan, int partition, Iterator<InternalRow> rows) {
            this.partition = partition;
            this.rows = rows;
            this.groups = new GroupedRows(scan);
        }

        @Override
        public boolean hasNext() {
            if (sent == ready.size()) fill();
            return sent < ready.size();
        }

        private void fill() {
            ready.clear();
            states.clear();
            sent = 0;
            sequence++;
            int unseen = 0;
            while (rows.hasNext()) {
                groups.add(rows.next());
                if (++unseen < Math.max(LOOK_AFTER, groups.accumulators())) continue;
                unseen = 0;
                if (groups.bytes() > TASK_BYTES) break;
            }
            groups.moveTo(ready, states);
        }

        @Override
        public Tuple2<byte[], byte[]> next() {
            if (!hasNext()) throw new NoSuchElementException();
            Accumulator state = states.get(sent);
            states.set(sent, null); // its bytes take its place
            return new Tuple2<>(key(ready.get(sent++), partition, sequence), bytes(state::write));
        }
    }

    private record AsPairs() implements PairFlatMapFunction<Iterator<Tuple2<byte[], byte[]>>, byte[], byte[]> {
        @Override
        public Iterator<Tuple2<byte[], byte[]>> call(Iterator<Tuple2<byte[], byte[]>> parts) {
            return parts;
        }
    }

    private static final class ByCell extends Partitioner {
        private static final long serialVersionUID = 1;
        private final int places;

        ByCell(int places) {
            this.places = places;
        }

        @Override
        public int numPartitions() {
            return places;
        }

        @Override
        public int getPartition(Object key) {
            return cell((byte[]) key).place(places);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof ByCell that && that.places == places;
        }

        @Override
        public int hashCode() {
            return places;
        }
    }

    private record InOrder() implements Comparator<byte[]>, Serializable {
        @Override
        public int compare(byte[] one, byte[] other) {
            return Arrays.compareUnsigned(one, other);
        }
    }

    /** Merges the parts of each cell, which come one after another, as they come. */
    private record Merging(Scan scan) implements PairFlatMapFunction<Iterator<Tuple2<byte[], byte[]>>, byte[], byte[]> {
        @Override
        public Iterator<Tuple2<byte[], byte[]>> call(Iterator<Tuple2<byte[], byte[]>> parts) {
            return new Merged(scan, parts);
        }
    }

    private static final class Merged implements Iterator<Tuple2<byte[], byte[]>> {
        private final Scan scan;
        private final Iterator<Tuple2<byte[], byte[]>> parts;
        private Tuple2<byte[], byte[]> first;

        Merged(Scan scan, Iterator<Tuple2<byte[], byte[]>> parts) {
            this.scan = scan;
            this.parts = parts;
            this.first = parts.hasNext() ? parts.next() : null;
        }

        @Override
        public boolean hasNext() {
            return first != null;
        }

        @Override
        public Tuple2<byte[], byte[]> next() {
            if (first == null) throw new NoSuchElementException();
            byte[] key = first._1();
            Cell cell = cell(key);
            byte[] only = first._2();
            Accumulator whole = null;
            while ((first = parts.hasNext() ? parts.next() : null) != null && isSameCell(key, first._1())) {
                if (whole == null) whole = scan.read(cell, only);
                whole.merge(scan.read(cell, first._2()));
            }
            return new Tuple2<>(key, whole == null ? only : bytes(whole::write));
        }
    }

    /** @param values seen in one place */
    public static MillraceException tooManyValues(String slice, int values) {
        return new MillraceException(
                ErrorKind.SCHEMA_MISMATCH,
                "The slice column `" + slice + "` has more than " + values
                        + " values. Slice by a column with fewer values, or by none.");
    }
}
