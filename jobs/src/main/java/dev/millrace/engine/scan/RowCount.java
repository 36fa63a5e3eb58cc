package dev.millrace.engine.scan;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.spark.sql.catalyst.InternalRow;

/** How many rows there were. Not thread-safe. */
final class RowCount implements Accumulator {
    /** Starts at none. */
    public static final Summary SUMMARY = new Type();

    private record Type() implements Summary {
        @Override
        public Accumulator start() {
            return new RowCount();
        }

        @Override
        public Accumulator read(DataInput in) throws IOException {
            RowCount count = new RowCount();
            count.rows = in.readLong();
            return count;
        }
    }

    private long rows;

    /** So far. */
    public long rows() {
        return rows;
    }

    @Override
    public void add(InternalRow row) {
        rows++;
    }

    @Override
    public void merge(Accumulator later) {
        rows += ((RowCount) later).rows;
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeLong(rows);
    }

    @Override
    public long bytes() {
        return 16;
    }
}
