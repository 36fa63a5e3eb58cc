package dev.millrace.job.ingest;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * The files of a batch as rows, nothing run yet.
 *
 * @param rows the target's columns, then {@link TakenColumns#MARKS}
 * @param canFail whether a row may be bad, or a file may turn out to be refused
 * @param refused files already known not to be readable
 * @param known records of the other files, where footers say it
 */
record Parsed(Dataset<Row> rows, StructType target, boolean canFail, List<Refusal> refused, Map<String, Long> known) {

    /**
     * A file that is not taken.
     *
     * @param file as users see it
     * @param rule {@link TakenColumns#WHOLE_FILE}, {@link TakenColumns#WHOLE_FILE_SCHEMA}, or a rule of records
     */
    record Refusal(String file, String rule, String reason) {}
}
