package dev.millrace.inspect;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.error.Nearest;
import dev.millrace.platform.spark.SparkErrors;
import dev.millrace.platform.table.Lake;
import dev.millrace.platform.table.LakeCatalog;
import dev.millrace.platform.table.TableName;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/**
 * One question in SQL over the tables of a lake: {@code SELECT * FROM raw.transactions VERSION AS OF 3}. Only statements
 * that read are run. Rows of CSV and JSON are written as they come, a partition in memory at a time.
 */
public final class SqlQuery {
    /** Rows of a text table when no limit is given. */
    public static final long SHOWN = 100;

    private static final Set<String> READING =
            Set.of("SELECT", "WITH", "VALUES", "FROM", "TABLE", "SHOW", "DESCRIBE", "DESC", "EXPLAIN");
    private static final Pattern FIRST_WORD = Pattern.compile("(?s)(?:\\s|\\(|--[^\\n]*\\n|/\\*.*?\\*/)*([A-Za-z]+).*");
    private static final Pattern MISSING = Pattern.compile("table or view `([^`]*)`(?:\\.`([^`]*)`)?");

    private final Lake lake;
    private final SparkSession session;

    public SqlQuery(Lake lake) {
        this.lake = lake;
        this.session = LakeCatalog.session(lake);
    }

    /** How the rows are written. */
    public enum Format {
        TABLE,
        CSV,
        JSON
    }

    /**
     * Runs {@code sql} and writes its rows to {@code out}.
     *
     * @param limit the most rows to write; without one, {@link #SHOWN} of a text table and all of the others
     * @return how many rows were written
     * @throws MillraceException USAGE when it is no statement that reads, or names what is not there; NOT_FOUND for a
     *     table; what reading finds wrong
     */
    public long run(String sql, Format format, OptionalLong limit, Appendable out) {
        try {
            requireReading(sql);
            return write(session.sql(sql), format, limit, out);
        } catch (Exception failed) {
            throw told(failed);
        }
    }

    private static long write(Dataset<Row> rows, Format format, OptionalLong limit, Appendable out) {
        long most = limit.orElse(format == Format.TABLE ? SHOWN : Long.MAX_VALUE);
        // One row more tells whether there are more.
        boolean bounded = most < Integer.MAX_VALUE;
        Dataset<Row> wanted = bounded ? rows.limit((int) most + 1) : rows;
        RowWriter writer = null;
        long written = 0;
        boolean cut = false;
        Iterator<Row> iterator =
                bounded && most <= SHOWN ? wanted.collectAsList().iterator() : wanted.toLocalIterator();
        while (iterator.hasNext()) {
            Row row = iterator.next();
            if (writer == null) writer = RowWriter.of(format, rows.schema(), out);
            cut = written == most;
            if (cut) break;
            writer.add(row);
            written++;
        }
        if (writer == null) writer = RowWriter.of(format, rows.schema(), out);
        writer.end(cut);
        return written;
    }

    private void requireReading(String sql) throws ParseException {
        Matcher word = FIRST_WORD.matcher(sql);
        String first = word.matches() ? word.group(1).toUpperCase(Locale.ROOT) : "";
        if (!READING.contains(first)) throw onlyReading(first.isEmpty() ? "This" : "`" + first + "`");
        LogicalPlan plan = ((org.apache.spark.sql.classic.SparkSession) session)
                .sessionState()
                .sqlParser()
                .parsePlan(sql);
        // `FROM x INSERT INTO y …` and `WITH x AS (…) DELETE FROM y` begin like questions.
        if (writes(plan)) throw onlyReading("A statement that writes");
    }

    private static boolean writes(LogicalPlan plan) {
        String node = plan.nodeName();
        boolean reading = node.startsWith("Show") || node.startsWith("Describe") || node.startsWith("Explain");
        if (reading) return false;
        if (plan instanceof org.apache.spark.sql.catalyst.plans.logical.Command || node.startsWith("Insert"))
            return true;
        for (LogicalPlan child : scala.jdk.javaapi.CollectionConverters.asJava(plan.children())) {
            if (writes(child)) return true;
        }
        return false;
    }

    private static MillraceException onlyReading(String what) {
        return new MillraceException(
                ErrorKind.USAGE,
                what + " is not supported: `millrace sql` only reads (SELECT, WITH, VALUES, SHOW, DESCRIBE, EXPLAIN)."
                        + " To write tables, run a job.");
    }

    private RuntimeException told(Exception failed) {
        if (failed instanceof ParseException broken) {
            return new MillraceException(ErrorKind.USAGE, "Invalid SQL: " + firstLines(broken), broken);
        }
        if (failed instanceof AnalysisException wrong) return told(wrong);
        if (failed instanceof RuntimeException known) return SparkErrors.translated(known);
        return new IllegalStateException("The query failed", failed);
    }

    private MillraceException told(AnalysisException wrong) {
        String condition = String.valueOf(wrong.getCondition());
        if (condition.startsWith("DELTA_VERSION_NOT_FOUND")) {
            return new MillraceException(ErrorKind.NOT_FOUND, "There is no such version: " + firstLines(wrong), wrong);
        }
        if (!condition.startsWith("TABLE_OR_VIEW_NOT_FOUND")) {
            return new MillraceException(
                    ErrorKind.USAGE, "The query does not match the tables: " + firstLines(wrong), wrong);
        }
        List<String> known = lake.names().stream().map(TableName::toString).toList();
        Matcher named = MISSING.matcher(wrong.getMessage());
        String name =
                !named.find() ? "" : named.group(2) == null ? named.group(1) : named.group(1) + "." + named.group(2);
        return new MillraceException(
                ErrorKind.NOT_FOUND,
                "There is no table `" + name + "`." + Nearest.hint(name, known)
                        + (known.isEmpty()
                                ? " The data lake " + lake.root() + " has no tables yet."
                                : " Existing tables: " + String.join(", ", known) + "."),
                wrong);
    }

    /** The message without Spark's picture of the statement and its plan. */
    private static String firstLines(Exception failed) {
        String message = String.valueOf(failed.getMessage());
        return message.split("\\n\\s*(==|'|;|\\+-)", 2)[0]
                .replaceAll("\\s*\\n\\s*", " ")
                .strip();
    }
}
