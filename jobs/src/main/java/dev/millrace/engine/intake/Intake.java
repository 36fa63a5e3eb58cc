package dev.millrace.engine.intake;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.StructType;

/**
 * Files of one format as checked rows. The door to this package: it adds to a format what holds for all of them, the
 * columns that paths give and those without values.
 */
public final class Intake {
    private final Cluster cluster;
    private final SourceFormat format;
    private final ReadOptions options;

    public Intake(Cluster cluster, SourceFormat format, ReadOptions options) {
        this.cluster = cluster;
        this.format = format;
        this.options = options;
    }

    /** The columns of files as a table can hold them, from every value where files do not say their types. */
    public Found look(List<SourceFile> files) {
        Found found = format.look(cluster, files, options);
        StructType all = PathColumns.addTo(found.columns(), files, options);
        List<String> warnings = new ArrayList<>(found.warnings());
        List<String> untyped = UntypedColumns.among(all);
        if (!untyped.isEmpty()) {
            warnings.add(
                    "Columns without values are STRING: `" + String.join("`, `", untyped)
                            + "`. Declare their types in `cast` if they are known; later values of any type are stored as text.");
        }
        return new Found(UntypedColumns.typed(all), warnings);
    }

    /**
     * The records of files as rows of {@code target}; see {@link SourceFormat#read}.
     *
     * @param files at least one
     */
    public Parsed read(List<SourceFile> files, StructType target) {
        List<String> leftOut = PathColumns.leftOut(target, files, options.names());
        if (!leftOut.isEmpty()) {
            cluster.progress()
                    .warn("Folders name columns that the schema does not have, and their values are not stored: "
                            + String.join(", ", leftOut)
                            + ". Declare them in `schema`, or set `on-new-column: add`.");
        }
        return format.read(cluster, files, target, options);
    }
}
