package dev.millrace.job.transform;

import dev.millrace.job.JobContext;
import dev.millrace.job.QualityResults;
import dev.millrace.job.Quarantine;
import dev.millrace.job.Severity;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.spark.SparkErrors;
import dev.millrace.platform.table.Columns;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * The declared conditions on the rows of the result, counted before anything is written. Rows for quarantine are set
 * aside first; the other conditions are about the rows that remain.
 */
final class RowChecks {
    private final TransformConfig config;
    private final JobContext ctx;
    private final List<Check> checks = new ArrayList<>();

    /**
     * @param reason what is wrong with a row that breaks it
     * @param expected what should hold
     * @param broken true where a row breaks it, never NULL
     */
    private record Check(
            String name,
            String kind,
            Optional<String> column,
            Severity severity,
            String reason,
            String expected,
            Column broken) {}

    /**
     * @param good rows to write, with the columns of the result
     * @param rejected rows for quarantine; empty when there are none
     * @param quarantined how many those are
     * @param results one per rule
     */
    record Judged(
            Dataset<Row> good,
            Optional<Dataset<Row>> rejected,
            long quarantined,
            List<QualityResults.Checked> results) {}

    RowChecks(TransformConfig config, JobContext ctx) {
        this.config = config;
        this.ctx = ctx;
        for (String column : config.notNull()) {
            String reason = "`" + column + "` is NULL";
            Column broken = Columns.named(column).isNull();
            checks.add(
                    new Check("not-null", "not-null", Optional.of(column), Severity.FAIL, reason, "not null", broken));
        }
        for (TransformConfig.Rule rule : config.rules()) {
            String reason = "`" + rule.printed() + "` does not hold";
            Column holds = functions.coalesce(functions.expr(rule.where()), functions.lit(true));
            checks.add(new Check(
                    rule.printed(),
                    "where",
                    rule.column(),
                    rule.severity(),
                    reason,
                    rule.where(),
                    functions.not(holds)));
        }
    }

    /**
     * Counts the rows that break each rule, in one run of the query. Warns of those that are written.
     *
     * @throws MillraceException QUALITY_GATE when a row breaks a rule of severity fail; CONFIG when a condition is none on
     *     these columns
     */
    Judged judge(Dataset<Row> rows) {
        if (checks.isEmpty()) return new Judged(rows, Optional.empty(), 0, List.of());
        Column bad = checks.stream()
                .filter(check -> check.severity() == Severity.QUARANTINE)
                .map(Check::broken)
                .reduce(Column::or)
                .orElse(functions.lit(false));
        Row counts = counted(rows, bad);
        List<QualityResults.Checked> results = new ArrayList<>();
        for (int i = 0; i < checks.size(); i++) results.add(result(checks.get(i), counts.getLong(i)));
        requireNoFailure(counts);
        warn(counts);
        long quarantined = counts.getLong(checks.size());
        if (quarantined == 0) return new Judged(rows, Optional.empty(), 0, results);
        return new Judged(
                rows.where(functions.not(bad)), Optional.of(described(rows.where(bad))), quarantined, results);
    }

    private static QualityResults.Checked result(Check check, long failed) {
        return new QualityResults.Checked(
                check.name(), check.kind(), check.column(), check.severity(), check.expected(), failed);
    }

    /** One count per check, and last the rows for quarantine. */
    private Row counted(Dataset<Row> rows, Column bad) {
        List<Column> counts = new ArrayList<>();
        for (Check check : checks) {
            boolean isOfAll = check.severity() == Severity.QUARANTINE;
            Column broken = isOfAll ? check.broken() : check.broken().and(functions.not(bad));
            counts.add(functions.count_if(broken).as("rule_" + counts.size()));
        }
        counts.add(functions.count_if(bad).as("quarantined"));
        try {
            return rows.select(counts.toArray(Column[]::new)).head();
        } catch (Exception refused) {
            if (!(refused instanceof AnalysisException)) throw refused;
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "A condition of `transform.rules` is invalid for the result (" + String.join(", ", rows.columns())
                            + "): " + SparkErrors.firstLine(refused),
                    refused);
        }
    }

    private void requireNoFailure(Row counts) {
        List<String> failed = broken(counts, Severity.FAIL);
        if (failed.isEmpty()) return;
        throw new MillraceException(
                ErrorKind.QUALITY_GATE,
                "`" + config.output().name() + "` was not written: " + String.join("; ", failed)
                        + ". Correct the query or the inputs, or change the rule.");
    }

    private void warn(Row counts) {
        List<String> warned = broken(counts, Severity.WARN);
        if (warned.isEmpty()) return;
        ctx.progress()
                .warn("`" + config.output().name() + "` is written with rows that break a rule: "
                        + String.join("; ", warned) + ". Correct the query or the inputs, or change the rule.");
    }

    private List<String> broken(Row counts, Severity severity) {
        List<String> broken = new ArrayList<>();
        for (int i = 0; i < checks.size(); i++) {
            Check check = checks.get(i);
            if (check.severity() != severity || counts.getLong(i) == 0) continue;
            broken.add(check.reason() + " in " + counts.getLong(i) + " rows");
        }
        return broken;
    }

    private Dataset<Row> described(Dataset<Row> rejected) {
        Column time = config.timeColumn().map(Columns::named).orElseGet(() -> functions.lit(null));
        return rejected.select(
                functions.to_json(functions.struct(functions.col("*"))).as(Quarantine.RECORD),
                texts("; ", Check::reason).as(Quarantine.REASON),
                texts(", ", Check::name).as(Quarantine.RULE),
                texts(", ", check -> check.column().orElse(null)).as(Quarantine.COLUMN),
                time.cast(DataTypes.TimestampType).as(Quarantine.EVENT_TIME));
    }

    /** The texts of the rules that a row breaks; NULL when they have none. */
    private Column texts(String between, Function<Check, String> text) {
        Column joined = functions.concat_ws(
                between,
                checks.stream()
                        .filter(check -> check.severity() == Severity.QUARANTINE)
                        .map(check -> functions.when(check.broken(), functions.lit(text.apply(check))))
                        .toArray(Column[]::new));
        return functions.when(functions.length(joined).gt(0), joined);
    }
}
