package dev.millrace.engine.intake;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A cursor over the records of a text file or a part of one. A broken record is a record too, with its problem. */
interface TextReader extends Closeable {
    /**
     * Reads what the file says of its columns before the first record.
     *
     * @return their names; empty when the file holds nothing
     */
    Optional<List<String>> readHeader() throws IOException;

    /** Reads the records that follow as those of a file with this header. */
    void useHeader(List<String> names);

    /**
     * Begins to read rows.
     *
     * @throws dev.millrace.platform.error.MillraceException SCHEMA_MISMATCH when the header does not fit
     */
    void begin(Binding binding);

    /**
     * Begins to infer types.
     *
     * @param file orders the columns of several files
     * @throws dev.millrace.platform.error.MillraceException SCHEMA_MISMATCH when names are doubled
     */
    void begin(TypeBuilder types, String file);

    /** Goes to the next record; false at the end. */
    boolean next() throws IOException;

    /** The physical line in which this record begins, 1-based. */
    long line();

    /** The record as it stands in the file, without its line end; cut at the limit. */
    String text();

    /** What is wrong with this record. */
    Optional<Problem> problem();

    /** Puts the values of this record into a row; only when it has no {@link #problem}. */
    void fill(RowBuilder row);

    /** Shows the values of this record to the types that are being inferred; only when it has no {@link #problem}. */
    void observe(TypeBuilder types);
}
