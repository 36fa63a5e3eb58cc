package dev.millrace.engine.training;

import dev.millrace.engine.learn.TrainingCounts;
import dev.millrace.engine.split.Split;
import dev.millrace.engine.split.Splits;
import dev.millrace.engine.truth.KnownLabels;
import dev.millrace.engine.truth.LabelSource;
import dev.millrace.platform.table.Columns;
import dev.millrace.platform.table.TableVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;

/**
 * The rows of the table with their label, as it was known, and their mark.
 *
 * @param rows the table's columns, the label, {@link Splits#MARK} and {@link #LATE}
 * @param labelType of the label
 * @param isJoined whether labels were joined, so that the rows are kept between passes
 */
public record MarkedRows(Dataset<Row> rows, DataType labelType, boolean isJoined) implements AutoCloseable {
    /** Whether a training row has a label now and had none at the cut. */
    static final String LATE = "_millrace_late";

    private static final String NOW = "_millrace_label_now";
    private static final String AT_CUT = "_millrace_label_at_cut";
    private static final String AT_TEST = "_millrace_label_at_test";

    /**
     * Without `labels`, the label is what stands in the table. With them, test rows have the labels known now (held-out
     * training rows those known when the test rows begin), and training rows of a split by time those known when the
     * rows that judge them begin.
     */
    public static MarkedRows of(TrainingDeclaration config, Setting setting) {
        TableVersion table = setting.tables().open(config.table());
        if (config.labels().isPresent())
            return new Known(config, setting, config.labels().get(), table).marked();
        Splits.Plan plan = new Splits(config.label(), setting.seed()).plan(table.rows(), config.split());
        Dataset<Row> rows = table.rows()
                .select(
                        functions.col("*"),
                        plan.mark().as(Splits.MARK),
                        functions.lit(false).as(LATE))
                .where(functions.col(Splits.MARK).isNotNull());
        return new MarkedRows(rows, table.schema().apply(config.label()).dataType(), false);
    }

    /** Labels by a declared source. */
    private record Known(TrainingDeclaration config, Setting setting, LabelSource source, TableVersion table) {
        MarkedRows marked() {
            String column = source.column().orElse(config.label());
            KnownLabels known = new KnownLabels(source, column, config.moment());
            Optional<TableVersion> labels =
                    source.table().map(ref -> setting.tables().open(ref));
            TableVersion holder = labels.orElse(table);
            List<String> needed = new ArrayList<>(List.of(column));
            if (labels.isPresent()) needed.addAll(source.keys());
            source.createdColumn().ifPresent(needed::add);
            holder.require(needed);
            table.require(source.keys());
            config.moment().ifPresent(time -> table.requireTimes(List.of(time)));
            DataType type = holder.schema().apply(column).dataType();
            known.requireMissingAs(type);
            Instant now = known.horizon(table.rows(), holder.rows(), setting.now());
            Dataset<Row> rows = labelled(known, table.rows(), labels, type, now, NOW);
            Splits.Plan plan = new Splits(NOW, setting.seed()).plan(rows.drop(config.label()), config.split());
            rows = rows.select(functions.col("*"), plan.mark().as(Splits.MARK))
                    .where(functions.col(Splits.MARK).isNotNull());
            Column label = functions.col(NOW);
            Column late = functions.lit(false);
            if (config.cutsLabels()) {
                rows = labelled(known, rows, labels, type, plan.trainKnown().orElseThrow(), AT_CUT);
                Column train = functions.col(Splits.MARK).equalTo(Splits.TRAIN);
                Column test = functions.col(NOW);
                if (plan.testKnown().isPresent()) {
                    rows = labelled(known, rows, labels, type, plan.testKnown().get(), AT_TEST);
                    test = functions.col(AT_TEST);
                }
                label = functions.when(train, functions.col(AT_CUT)).otherwise(test);
                late = train.and(functions.col(AT_CUT).isNull())
                        .and(functions.col(NOW).isNotNull());
            }
            List<Column> columns = new ArrayList<>();
            for (String name : table.schema().fieldNames()) {
                if (!name.equalsIgnoreCase(config.label())) columns.add(Columns.named(name));
            }
            columns.addAll(List.of(label.as(config.label()), functions.col(Splits.MARK), late.as(LATE)));
            rows = rows.select(columns.toArray(Column[]::new));
            if (labels.isPresent()) rows = rows.persist(StorageLevel.DISK_ONLY());
            return new MarkedRows(rows, type, labels.isPresent());
        }

        private static Dataset<Row> labelled(
                KnownLabels known,
                Dataset<Row> rows,
                Optional<TableVersion> labels,
                DataType type,
                Instant moment,
                String as) {
            if (labels.isPresent()) return known.join(rows, labels.get().rows(), Optional.of(moment), as);
            return rows.withColumn(as, known.own(type, Optional.of(moment)));
        }
    }

    /** Counts labels, categories and what is wrong with the rows, in one pass. */
    public TrainingCounts counted(TrainingDeclaration config, FeatureColumns features) {
        return TrainingCounts.of(
                rows,
                new TrainingCounts.Wanted(
                        Splits.MARK,
                        Splits.TRAIN,
                        Labels.counted(config, labelType),
                        functions.col(LATE),
                        features.numeric(),
                        features.categorical(),
                        config.maxCategories()));
    }

    /**
     * The rows' keys and {@code split}: what each was used for.
     *
     * @param validation the split that chose among trials; its test rows are the validation rows
     */
    public Dataset<Row> uses(TrainingDeclaration config, long seed, Optional<Split> validation) {
        Column mark = functions.col(Splits.MARK);
        if (validation.isPresent()) {
            Column inner = new Splits(config.label(), seed)
                    .plan(rows, validation.get())
                    .mark();
            mark = functions.when(inner.equalTo(Splits.TEST), "validation").otherwise(mark);
        }
        List<Column> columns = new ArrayList<>(Arrays.asList(Columns.named(config.identity())));
        columns.add(mark.cast(DataTypes.StringType).as("split"));
        return rows.where(Columns.named(config.label()).isNotNull()).select(columns.toArray(Column[]::new));
    }

    @Override
    public void close() {
        if (isJoined) rows.unpersist();
    }
}
