package dev.millrace.job.trainingset;

import dev.millrace.platform.table.Columns;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import scala.jdk.javaapi.CollectionConverters;

/** The spine with its label: of several labels of a row, the one that arrived last by the moment asked about. */
final class LabelledRows {
    private static final String NEWEST = "_millrace_newest";

    private LabelledRows() {}

    /** Rows of the spine whose own column is the label and was known by {@code asOf}. */
    static Dataset<Row> ofSpine(Dataset<Row> spine, TrainingSetConfig config) {
        Dataset<Row> labelled =
                spine.where(Columns.named(config.label().column()).isNotNull());
        Optional<Instant> asOf = config.label().asOf();
        if (asOf.isEmpty()) return labelled;
        return labelled.where(known(config, asOf.get()));
    }

    /** Joined by key; rows without a label, or whose label was not known by {@code asOf}, are left out. */
    static Dataset<Row> joined(Dataset<Row> spine, Dataset<Row> labels, TrainingSetConfig config) {
        TrainingSetConfig.Label label = config.label();
        List<String> key = label.key().isEmpty() ? config.key() : label.key();
        Dataset<Row> known = labels.where(Columns.named(label.column()).isNotNull());
        if (label.asOf().isPresent() && label.createdColumn().isPresent()) {
            known = known.where(known(config, label.asOf().get()));
        }
        List<Column> newest = new ArrayList<>();
        label.createdColumn().ifPresent(column -> newest.add(Columns.named(column)));
        newest.add(Columns.named(label.column()).as(label.column()));
        Column found = functions.col(NEWEST).getField(label.column()).as(label.column());
        List<Column> flat = new ArrayList<>(List.of(Columns.named(key)));
        flat.add(found);
        Dataset<Row> unique = known.groupBy(Columns.named(key))
                .agg(functions
                        .max(functions.struct(newest.toArray(Column[]::new)))
                        .as(NEWEST))
                .select(flat.toArray(Column[]::new));
        for (int i = 0; i < key.size(); i++) {
            unique = unique.withColumnRenamed(key.get(i), config.key().get(i));
        }
        Dataset<Row> joined =
                spine.join(unique, CollectionConverters.asScala(config.key()).toSeq(), "inner");
        if (label.asOf().isEmpty() || label.createdColumn().isPresent()) return joined;
        return joined.where(known(config, label.asOf().get()));
    }

    private static Column known(TrainingSetConfig config, Instant asOf) {
        TrainingSetConfig.Label label = config.label();
        if (label.createdColumn().isPresent()) {
            return Columns.named(label.createdColumn().get())
                    .cast(DataTypes.TimestampType)
                    .leq(functions.lit(asOf));
        }
        return Columns.named(config.timeColumn())
                .cast(DataTypes.TimestampType)
                .leq(functions.lit(asOf.minus(label.delay())));
    }
}
