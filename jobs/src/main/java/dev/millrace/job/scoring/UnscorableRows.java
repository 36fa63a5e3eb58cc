package dev.millrace.job.scoring;

import dev.millrace.engine.model.ModelDirectory;
import dev.millrace.engine.model.Unscorable;
import dev.millrace.platform.spark.InternalRows;
import dev.millrace.platform.table.Columns;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.LongAccumulator;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The rows of a run, split into those that the model has a prediction for and the others. The others are counted while
 * the model reads its rows, so they are read by themselves only if there are any.
 */
final class UnscorableRows {
    private static final String MARK = "_millrace_unscorable";

    private final Dataset<Row> rows;
    private final List<String> read;
    private final Optional<Unscorable> why;
    private final LongAccumulator seen;

    /** @param kept columns that are read beside the model's inputs */
    UnscorableRows(Dataset<Row> rows, List<String> kept, ModelDirectory model) {
        Set<String> wanted = new LinkedHashSet<>(kept);
        wanted.addAll(Unscorable.inputs(model));
        this.rows = rows;
        this.read = Arrays.stream(rows.columns()).filter(wanted::contains).toList();
        this.why = Unscorable.of(model, rows.schema());
        this.seen = rows.sparkSession().sparkContext().longAccumulator();
    }

    /** Whether a row may have no prediction. When not, every row is in {@link #scorable}. */
    boolean arePossible() {
        return why.isPresent();
    }

    /** The rows for the model: the kept columns and its inputs. To be read by the one pass that scores them. */
    Dataset<Row> scorable() {
        if (why.isEmpty()) return rows;
        Dataset<Row> marked = rows.select(Columns.named(read))
                .withColumn(MARK, why.get().reason().isNotNull());
        return InternalRows.mapped(marked, marked.schema(), new SetAside(seen, read.size()))
                .drop(MARK);
    }

    /** Whether {@link #scorable}, which was read, left out a row. Failed tasks may add to the count, never to none. */
    boolean wereSeen() {
        return seen.value() > 0;
    }

    /** The rows without a prediction, with the same columns. Another pass over the input. */
    Dataset<Row> rejected() {
        return why.map(reasons ->
                        rows.select(Columns.named(read)).where(reasons.reason().isNotNull()))
                .orElseGet(() -> rows.select(Columns.named(read)).limit(0));
    }

    /** The rows with a prediction, with the same columns. Another pass over the input. */
    Dataset<Row> scored() {
        Dataset<Row> all = rows.select(Columns.named(read));
        return why.map(reasons -> all.where(reasons.reason().isNull())).orElse(all);
    }

    /** Why a row of {@link #rejected} has none. */
    Unscorable why() {
        return why.orElseThrow();
    }

    /** @param mark ordinal of the column that says whether a row is left out */
    private record SetAside(LongAccumulator seen, int mark) implements InternalRows.Step {
        @Override
        public Iterator<InternalRow> of(Iterator<InternalRow> rows) {
            return CollectionConverters.asJava(
                    CollectionConverters.asScala(rows).filter(row -> {
                        if (!row.getBoolean(mark)) return true;
                        seen.add(1);
                        return false;
                    }));
        }
    }
}
