package dev.millrace.engine.scan;

import java.io.DataOutput;
import java.io.IOException;
import org.apache.spark.sql.catalyst.InternalRow;

/** What a {@link Summary} holds of some rows; a mergeable value. Not thread-safe. */
interface Accumulator {
    /** @param row valid only during the call */
    void add(InternalRow row);

    /** @param later of the same summary; of rows that come later in the table's order of partitions */
    void merge(Accumulator later);

    /** Writes a form that {@link Summary#read} takes. */
    void write(DataOutput out) throws IOException;

    /** About how many bytes of memory it takes now. */
    long bytes();
}
