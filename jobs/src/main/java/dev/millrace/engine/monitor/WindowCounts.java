package dev.millrace.engine.monitor;

import dev.millrace.engine.model.TrainingProfile;
import dev.millrace.engine.scan.BinCounting;
import dev.millrace.engine.scan.ColumnBins;
import dev.millrace.platform.table.TableVersion;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Counts a table into the bins of a training profile, per window and slice of a span. One pass; no row is moved. */
public record WindowCounts(MonitorDeclaration config, TrainingProfile profile, Span span) {
    /** The columns of the profile that are looked at. */
    public List<TrainingProfile.Column> columns(TrainingProfile.Role role) {
        return profile.columns().stream()
                .filter(column -> column.role() == role)
                .filter(column -> config.columns().isEmpty() || config.columns().contains(column.name()))
                .toList();
    }

    /**
     * Counts the columns of a role.
     *
     * @param rows of {@code table}, those to look at
     * @param time TIMESTAMP or DATE column: the moment of a row
     */
    public Windowed of(TableVersion table, TrainingProfile.Role role, Dataset<Row> rows, String time) {
        List<TrainingProfile.Column> columns = columns(role);
        List<ColumnBins> bins =
                columns.stream().map(TrainingProfile.Column::bins).toList();
        List<String> slices = config.slices().stream().filter(table::has).toList();
        Dataset<Row> comparable = span.of(rows, time, config);
        for (TrainingProfile.Column column : columns) {
            Optional<Column> values = TypeChange.of(column, table.schema()).flatMap(TypeChange::comparable);
            if (values.isPresent()) comparable = comparable.withColumn(column.name(), values.get());
        }
        BinCounting.Windows windows = new BinCounting.Windows(time, config.granularity());
        return new Windowed(table, role, columns, new BinCounting(bins, slices, Optional.of(windows)).of(comparable));
    }
}
