package dev.millrace.engine.landing;

import dev.millrace.engine.intake.ColumnType;
import dev.millrace.engine.intake.FileFormat;
import dev.millrace.engine.intake.OnMissingColumn;
import dev.millrace.engine.intake.OnNewColumn;
import dev.millrace.platform.config.Doc;
import dev.millrace.platform.table.OutputRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a user declared of files and the table they become. A job's config is one. */
public interface LandingDeclaration {
    /** Files, folders or globs. */
    List<String> path();

    /** The format; empty: by extension. */
    Optional<FileFormat> format();

    /** The table the records are appended to. */
    OutputRef output();

    /** Every column with its type; empty: the table's, or those found in the files. */
    Map<String, ColumnType> schema();

    /** Types of some columns. */
    Map<String, ColumnType> cast();

    /** New names by name in the file, or by position. */
    Map<String, String> columns();

    /** Whether names match whatever their case. */
    boolean ignoreCase();

    /** What becomes of a column the schema does not know. */
    OnNewColumn onNewColumn();

    /** What becomes of a column of the schema that a file lacks. */
    OnMissingColumn onMissingColumn();

    /** What an empty text becomes in a partition column. */
    Optional<String> emptyPartitionValue();

    /** Columns that must have a value. */
    List<String> notNull();

    /** Conditions every row must satisfy. */
    List<Rule> rules();

    /** Most bytes of files that are committed together. */
    long batchBytes();

    /** Most files that are committed together. */
    int batchFiles();

    /**
     * A condition on rows. As with SQL's CHECK, a row breaks it where it is false, not where it is NULL.
     *
     * @param name names the rule in quarantine and in {@code quality.results}; default the condition itself
     * @param column the column it is about, for the reports
     */
    record Rule(
            @Doc("name in reports") Optional<String> name,
            @Doc("column that it checks, for reports") Optional<String> column,
            @Doc("SQL condition") String where) {
        String printed() {
            return name.orElse(where);
        }
    }
}
