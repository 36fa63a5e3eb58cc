package dev.millrace.engine.intake;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * The files of a batch as rows, nothing run yet.
 *
 * @param rows the target's columns, then {@link Marks#COLUMNS}
 * @param canFail whether a row may be bad, or a file may turn out to be refused
 * @param refused files already known not to be readable
 * @param known records of the other files, where footers say it
 * @param truncated times that are cut to the microsecond while files are read, beyond those that rows count
 */
public record Parsed(
        Dataset<Row> rows,
        StructType target,
        boolean canFail,
        List<Refusal> refused,
        Map<String, Long> known,
        long truncated) {

    /**
     * A file that is not taken.
     *
     * @param file as users see it
     * @param rule {@link Marks#WHOLE_FILE}, {@link Marks#WHOLE_FILE_SCHEMA}, or a rule of records
     */
    public record Refusal(String file, String rule, String reason) {}
}
