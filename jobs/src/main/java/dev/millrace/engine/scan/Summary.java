package dev.millrace.engine.scan;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.sql.catalyst.InternalRow;

/** What {@link OnePass} makes of the rows: a byte form per partition, and how two of them are joined. Shipped to executors. */
public interface Summary extends Serializable {
    /** Consumes the rows of one partition, perhaps none. A row is valid only until the next is asked for. */
    byte[] ofPartition(Iterator<InternalRow> rows);

    /** The summary of both. */
    byte[] merged(byte[] earlier, byte[] later);
}
