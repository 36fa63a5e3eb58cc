package dev.millrace.job.ingest;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.spark.SparkErrors;
import dev.millrace.platform.table.Columns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The declared conditions on rows. A row that breaks several is quarantined once, with all of them. */
final class RowRules {
    /** Whether a record could be read, whatever the rules say of it. */
    static final String READABLE = "_millrace_readable";

    private final List<Check> checks = new ArrayList<>();

    /**
     * One rule, as a condition that is true where it is broken.
     *
     * @param expected what should hold, as people read it
     */
    record Check(String name, String kind, String column, String expected, Column broken) {}

    RowRules(IngestConfig config, StructType target) {
        Columns.require(target, config.notNull(), "What is ingested");
        for (String column : config.notNull()) {
            checks.add(new Check(
                    "not-null",
                    "not-null",
                    column,
                    "not null",
                    Columns.named(column).isNull()));
        }
        for (IngestConfig.Rule rule : config.rules()) {
            checks.add(new Check(
                    rule.printed(),
                    "where",
                    rule.column().orElse(null),
                    rule.where(),
                    functions.not(functions.coalesce(functions.expr(rule.where()), functions.lit(true)))));
        }
    }

    List<Check> checks() {
        return List.copyOf(checks);
    }

    /**
     * The same columns, with the marks of rows that break a rule, and {@link #READABLE}.
     *
     * @throws MillraceException CONFIG when a condition is none on these columns
     */
    Dataset<Row> applyTo(Dataset<Row> rows, StructType target) {
        Column readable = functions.col(TakenColumns.REASON).isNull();
        List<Column> columns = new ArrayList<>(Arrays.asList(Columns.named(List.of(target.fieldNames()))));
        columns.add(functions.col(TakenColumns.FILE));
        columns.add(functions.col(TakenColumns.LINE));
        if (checks.isEmpty()) {
            for (String mark :
                    List.of(TakenColumns.RECORD, TakenColumns.REASON, TakenColumns.RULE, TakenColumns.COLUMN)) {
                columns.add(functions.col(mark));
            }
        } else {
            Column reason = texts("; ", RowRules::reason);
            Column bad = readable.and(functions.length(reason).gt(0));
            Column record = functions.to_json(functions.struct(Columns.named(List.of(target.fieldNames()))));
            columns.add(marked(bad, record, TakenColumns.RECORD));
            columns.add(marked(bad, reason, TakenColumns.REASON));
            columns.add(marked(bad, texts(", ", Check::name), TakenColumns.RULE));
            columns.add(marked(bad, texts(", ", Check::column), TakenColumns.COLUMN));
        }
        columns.add(readable.as(READABLE));
        try {
            return rows.select(columns.toArray(Column[]::new));
        } catch (Exception refused) {
            if (!(refused instanceof AnalysisException)
                    && !refused.getClass().getSimpleName().contains("Parse")) throw refused;
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "A condition of `rules` is none on the ingested columns ("
                            + String.join(", ", target.fieldNames()) + "): "
                            + SparkErrors.firstLine(refused),
                    refused);
        }
    }

    private static String reason(Check check) {
        return check.kind().equals("not-null")
                ? "`" + check.column() + "` has no value"
                : "breaks the rule " + check.expected();
    }

    private Column texts(String between, java.util.function.Function<Check, String> text) {
        return functions.concat_ws(
                between,
                checks.stream()
                        .map(check -> functions.when(check.broken(), functions.lit(text.apply(check))))
                        .toArray(Column[]::new));
    }

    private static Column marked(Column bad, Column value, String mark) {
        return functions
                .when(bad, value)
                .otherwise(functions.col(mark))
                .cast(DataTypes.StringType)
                .as(mark);
    }
}
