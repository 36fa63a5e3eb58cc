package dev.millrace.job.ingest;

import dev.millrace.engine.intake.Marks;
import dev.millrace.job.QualityResults;
import dev.millrace.job.Severity;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.spark.SparkErrors;
import dev.millrace.platform.table.Columns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The declared conditions on rows. A row that breaks several is quarantined once, with all of them. */
final class RowRules {
    /** Whether a record could be read, whatever the rules say of it. */
    static final String READABLE = "_millrace_readable";

    /** How Delta writes a partition of NULL: a text of this name comes back as NULL. */
    private static final String NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__";

    private final List<Check> checks = new ArrayList<>();
    private final List<Check> partitions = new ArrayList<>();
    private final Map<String, String> replaced = new HashMap<>();

    /**
     * One rule, as a condition that is true where it is broken.
     *
     * @param expected what should hold, as people read it
     */
    record Check(String name, String kind, String column, String expected, Column broken) {}

    /** @param partitionColumns of the output: they cannot tell an empty text from NULL */
    RowRules(IngestConfig config, StructType target, List<String> partitionColumns) {
        for (StructField field : target.fields()) {
            if (!partitionColumns.contains(field.name()) || !field.dataType().equals(DataTypes.StringType)) continue;
            config.emptyPartitionValue().ifPresent(value -> replaced.put(field.name(), value));
            if (config.emptyPartitionValue().isPresent()) continue;
            partitions.add(new Check(
                    "partition",
                    "partition",
                    field.name(),
                    "an empty text in a partition column, which cannot tell it from NULL (replace it by"
                            + " `empty-partition-value`)",
                    isEmpty(field.name())));
        }
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

    private static Column isEmpty(String column) {
        return Columns.named(column).isin("", NULL_PARTITION);
    }

    /** The declared rules. */
    List<Check> checks() {
        return List.copyOf(checks);
    }

    /** @param broken rows that broke each of {@link #checks}, in their order */
    List<QualityResults.Checked> checked(List<Long> broken) {
        List<QualityResults.Checked> checked = new ArrayList<>();
        for (int i = 0; i < checks.size(); i++) {
            Check check = checks.get(i);
            checked.add(new QualityResults.Checked(
                    check.name(),
                    check.kind(),
                    Optional.ofNullable(check.column()),
                    Severity.QUARANTINE,
                    check.expected(),
                    broken.get(i)));
        }
        return checked;
    }

    /** Whether a row that could be read may still be bad. */
    boolean canBreak() {
        return !all().isEmpty();
    }

    private List<Check> all() {
        List<Check> all = new ArrayList<>(checks);
        all.addAll(partitions);
        return all;
    }

    private Column value(StructField field) {
        Column value = Columns.named(field.name());
        String other = replaced.get(field.name());
        if (other == null) return value;
        return functions
                .when(isEmpty(field.name()), functions.lit(other))
                .otherwise(value)
                .as(field.name(), field.metadata());
    }

    /**
     * The same columns, with the marks of rows that break a rule, and {@link #READABLE}.
     *
     * @throws MillraceException CONFIG when a condition is none on these columns
     */
    Dataset<Row> applyTo(Dataset<Row> rows, StructType target) {
        Column readable = functions.col(Marks.REASON).isNull();
        List<Column> columns = new ArrayList<>();
        for (StructField field : target.fields()) columns.add(value(field));
        columns.add(functions.col(Marks.FILE));
        columns.add(functions.col(Marks.LINE));
        if (!canBreak()) {
            for (String mark : List.of(Marks.RECORD, Marks.REASON, Marks.RULE, Marks.COLUMN)) {
                columns.add(functions.col(mark));
            }
        } else {
            Column reason = texts("; ", RowRules::reason);
            Column bad = readable.and(functions.length(reason).gt(0));
            Column record = functions.to_json(functions.struct(Columns.named(List.of(target.fieldNames()))));
            columns.add(marked(bad, record, Marks.RECORD));
            columns.add(marked(bad, reason, Marks.REASON));
            columns.add(marked(bad, texts(", ", Check::name), Marks.RULE));
            columns.add(marked(bad, texts(", ", Check::column), Marks.COLUMN));
        }
        columns.add(functions.col(Marks.RESOLVED));
        columns.add(functions.col(Marks.TRUNCATED));
        columns.add(readable.as(READABLE));
        try {
            return rows.select(columns.toArray(Column[]::new));
        } catch (Exception refused) {
            if (!(refused instanceof AnalysisException)
                    && !refused.getClass().getSimpleName().contains("Parse")) throw refused;
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "A condition of `rules` is invalid for the ingested columns ("
                            + String.join(", ", target.fieldNames()) + "): "
                            + SparkErrors.firstLine(refused),
                    refused);
        }
    }

    private static String reason(Check check) {
        return check.kind().equals("not-null")
                ? "`" + check.column() + "` has no value"
                : check.kind().equals("partition")
                        ? "`" + check.column() + "` is " + check.expected()
                        : "breaks the rule " + check.expected();
    }

    private Column texts(String between, java.util.function.Function<Check, String> text) {
        return functions.concat_ws(
                between,
                all().stream()
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
