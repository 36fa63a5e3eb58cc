package dev.millrace.engine.truth;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.table.Columns;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.EvalMode;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.Option;

/**
 * The label of rows as it was known at a moment, by a {@link LabelSource}.
 *
 * @param source how labels are declared
 * @param column the label, a column of the table of labels (or of the rows, when they hold their label)
 * @param time column of the rows: their moment; empty when nothing that needs it is declared
 */
public record KnownLabels(LabelSource source, String column, Optional<String> time) {
    private static final String KEY = "_millrace_label_key_";
    private static final String FOUND = "_millrace_label_found";

    /** @throws MillraceException CONFIG when `delay` or `missing-as` is declared and the rows have no time */
    public KnownLabels {
        boolean needs = source.missingAs().isPresent() || !source.delay().isZero();
        if (needs && time.isEmpty()) {
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "`labels` declares `" + (source.missingAs().isPresent() ? "after" : "delay")
                            + "`, which counts from the time of a row, but the time column is unknown. Add"
                            + " `time-column`.");
        }
    }

    /**
     * Joins labels to rows by key. Rows without a known label stay, with NULL.
     *
     * @param rows what the labels are about; its keys have the names of {@code source.keys()}
     * @param labels the table of labels
     * @param moment what had arrived by then counts; empty: everything, and a missing label is never judged
     * @param as name of the new column
     * @return {@code rows} and the label, in the type of the table of labels
     */
    public Dataset<Row> join(Dataset<Row> rows, Dataset<Row> labels, Optional<Instant> moment, String as) {
        return join(rows, labels, moment, as, Map.of());
    }

    /**
     * @param also further columns of the label's row and their new names; NULL for rows without a label of their own
     */
    public Dataset<Row> join(
            Dataset<Row> rows, Dataset<Row> labels, Optional<Instant> moment, String as, Map<String, String> also) {
        Optional<Instant> arrival = source.createdColumn().flatMap(created -> moment);
        List<String> taken = new ArrayList<>(List.of(column));
        also.keySet().stream().filter(name -> !taken.contains(name)).forEach(taken::add);
        Dataset<Row> newest = NewestLabels.perKey(
                labels.where(Columns.named(column).isNotNull()), source.keys(), taken, source.createdColumn(), arrival);
        List<Column> renamed = new ArrayList<>();
        for (int i = 0; i < source.keys().size(); i++) {
            renamed.add(Columns.named(source.keys().get(i)).as(KEY + i));
        }
        renamed.add(Columns.named(column).as(FOUND));
        also.forEach((name, renamedTo) -> renamed.add(Columns.named(name).as(renamedTo)));
        Column same = functions.lit(true);
        for (int i = 0; i < source.keys().size(); i++) {
            same = same.and(Columns.named(source.keys().get(i)).equalTo(functions.col(KEY + i)));
        }
        Dataset<Row> joined = rows.join(newest.select(renamed.toArray(Column[]::new)), same, "left_outer");
        DataType type = labels.schema().apply(column).dataType();
        List<Column> columns = new ArrayList<>(Arrays.asList(Columns.named(List.of(rows.columns()))));
        columns.add(known(functions.col(FOUND), Optional.empty(), type, moment).as(as));
        also.values().forEach(name -> columns.add(Columns.named(name)));
        return joined.select(columns.toArray(Column[]::new));
    }

    /**
     * The label of rows that hold it themselves, with its arrival in {@code created-column} of the same row.
     *
     * @param type of the label
     */
    public Column own(DataType type, Optional<Instant> moment) {
        return known(Columns.named(column), source.createdColumn(), type, moment);
    }

    private Column known(Column label, Optional<String> created, DataType type, Optional<Instant> moment) {
        Column known = label;
        if (moment.isPresent() && created.isPresent()) {
            Column arrived = Columns.named(created.get()).cast(DataTypes.TimestampType);
            known = functions.when(arrived.leq(functions.lit(moment.get())), label);
        }
        if (moment.isPresent() && !source.delay().isZero()) {
            known = functions.when(passed(source.delay(), moment.get()), known);
        }
        if (source.missingAs().isEmpty() || moment.isEmpty()) return known;
        Column missing = functions.lit(String.valueOf(source.missingAs().get())).cast(type);
        return functions.coalesce(known, functions.when(passed(source.after().orElseThrow(), moment.get()), missing));
    }

    /** Whether this much time lies between the moment of the row and {@code moment}. */
    private Column passed(Duration wait, Instant moment) {
        Column at = Columns.named(time.orElseThrow()).cast(DataTypes.TimestampType);
        return at.leq(functions.lit(moment.minus(wait)));
    }

    /**
     * The moment up to which rows and labels are known: the newest arrival of a label or, when it is later, the newest
     * row, and never later than {@code now}. So the same versions of the tables give the same answer, whenever the job
     * runs, and a history that ends does not count what came after as missing.
     *
     * @param labels the table of labels
     * @param now the moment of the run
     */
    public Instant horizon(Dataset<Row> rows, Dataset<Row> labels, Instant now) {
        List<Optional<Instant>> ends = List.of(
                source.createdColumn().flatMap(created -> newest(labels, created, now)),
                time.flatMap(column -> newest(rows, column, now)));
        return ends.stream().flatMap(Optional::stream).max(Instant::compareTo).orElse(now);
    }

    private static Optional<Instant> newest(Dataset<Row> rows, String column, Instant now) {
        Column at = Columns.named(column).cast(DataTypes.TimestampType);
        Row newest =
                rows.where(at.leq(functions.lit(now))).agg(functions.max(at)).head();
        return newest.isNullAt(0) ? Optional.empty() : Optional.of(newest.getInstant(0));
    }

    /** @throws MillraceException CONFIG when {@code missing-as} is not a value of the label's type */
    public void requireMissingAs(DataType type) {
        if (source.missingAs().isEmpty()) return;
        String text = String.valueOf(source.missingAs().get());
        Cast cast = new Cast(Literal.create(text, DataTypes.StringType), type, Option.apply("UTC"), EvalMode.TRY());
        boolean fits = Cast.canTryCast(DataTypes.StringType, type) && cast.eval(null) != null;
        if (fits) return;
        throw new MillraceException(
                ErrorKind.CONFIG,
                "`labels.missing-as` is `" + text + "`, which is not a valid value of `" + column + "` (" + type.sql()
                        + "). Use a value of that type.");
    }
}
