package dev.millrace.engine.scan;

import java.io.DataInput;
import java.io.IOException;
import java.io.Serializable;

/** What a {@link Scan} makes of the rows of each group. Shipped to executors. */
interface Summary extends Serializable {
    /** That of no rows. */
    Accumulator start();

    /** What {@link Accumulator#write} wrote. */
    Accumulator read(DataInput in) throws IOException;
}
