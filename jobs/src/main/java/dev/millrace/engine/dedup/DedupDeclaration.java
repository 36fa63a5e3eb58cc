package dev.millrace.engine.dedup;

import dev.millrace.platform.config.Default;
import dev.millrace.platform.config.Doc;
import dev.millrace.platform.config.FromText;
import java.util.List;

/** What a user declared of duplicates. A job's config is one. */
public interface DedupDeclaration {
    /** Columns that make a row unique. */
    List<String> keys();

    /** The row with the greatest value stays; the next column decides where it is equal. */
    List<Latest> latestBy();

    /** Whether white space around text keys does not count. */
    boolean trim();

    /** Whether the case of text keys does not count. */
    boolean ignoreCase();

    /**
     * A column of the order.
     *
     * @param as how texts are compared
     */
    record Latest(
            @Doc("column") String column,
            @Doc("how strings are compared: text, number or time") @Default("text") As as,
            @Doc("select the smallest value instead") @Default("false") boolean earliest) {
        /** {@code latest-by: received_at}. */
        @FromText
        public static Latest parse(String column) {
            return new Latest(column, As.TEXT, false);
        }
    }

    /** How texts are compared. Columns that are no text are compared as what they are. */
    enum As {
        TEXT,
        NUMBER,
        TIME
    }
}
