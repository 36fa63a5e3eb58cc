package dev.millrace.engine.model;

import dev.millrace.engine.scan.ColumnBins;
import dev.millrace.engine.scan.Counted;
import dev.millrace.engine.scan.GroupCounts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * A {@link TrainingProfile} as a Parquet file of one row per column, slice and cell, for people with SQL. Written by the
 * process itself, so that it lands on the driver's disk also when Spark runs on a cluster.
 */
public final class ProfileParquet {
    private static final MessageType SCHEMA = MessageTypeParser.parseMessageType(
            """
            message training_profile {
              required binary column_name (UTF8);
              required binary role (UTF8);
              optional binary slice_key (UTF8);
              optional binary slice_value (UTF8);
              required int32 cell;
              required binary label (UTF8);
              optional double low;
              optional double high;
              required int64 count;
            }
            """);

    private ProfileParquet() {}

    /** @param file must not exist */
    public static void write(TrainingProfile profile, Path file) throws IOException {
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withType(SCHEMA)
                .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
                .build()) {
            for (int i = 0; i < profile.columns().size(); i++) {
                TrainingProfile.Column column = profile.columns().get(i);
                rows(writer, column, Optional.empty(), column.counted());
                for (var slice : List.copyOf(profile.slices().entrySet()).stream()
                        .sorted(java.util.Comparator.comparing(
                                entry -> entry.getKey().toString()))
                        .toList()) {
                    rows(
                            writer,
                            column,
                            Optional.of(slice.getKey()),
                            slice.getValue().get(i));
                }
            }
        }
    }

    private static void rows(
            ParquetWriter<Group> writer,
            TrainingProfile.Column column,
            Optional<GroupCounts.Slice> slice,
            Counted counted)
            throws IOException {
        SimpleGroupFactory groups = new SimpleGroupFactory(SCHEMA);
        ColumnBins bins = column.bins();
        for (int cell = 0; cell < bins.cells(); cell++) {
            Group row = groups.newGroup()
                    .append("column_name", column.name())
                    .append("role", column.role().name().toLowerCase(Locale.ROOT));
            slice.ifPresent(of -> row.append("slice_key", of.key()).append("slice_value", of.value()));
            row.append("cell", cell).append("label", bins.label(cell));
            boolean number = bins.isNumber() && cell < bins.valueCells();
            if (number && cell > 0) row.append("low", bins.edges().get(cell - 1));
            if (number && cell < bins.edges().size())
                row.append("high", bins.edges().get(cell));
            row.append("count", counted.cells().get(cell));
            writer.write(row);
        }
    }
}
