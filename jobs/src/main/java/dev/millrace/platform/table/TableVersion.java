package dev.millrace.platform.table;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.spark.SparkErrors;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** A table at the one version a job reads, however long the job runs and whoever writes meanwhile. */
public final class TableVersion {
    private final SparkSession spark;
    private final TableRef ref;
    private final String location;
    private final String tableId;
    private final long version;
    private final StructType tableSchema;

    TableVersion(
            SparkSession spark, TableRef ref, String location, String tableId, long version, StructType tableSchema) {
        this.spark = spark;
        this.ref = ref;
        this.location = location;
        this.tableId = tableId;
        this.version = version;
        this.tableSchema = tableSchema;
    }

    /** {@code schema.table}, or the location of a table outside the lake. */
    public String name() {
        return ref.table();
    }

    /** Folder or URI of the table. */
    public String location() {
        return location;
    }

    public String tableId() {
        return tableId;
    }

    public long version() {
        return version;
    }

    /** {@code raw.transactions@3}. */
    public String printed() {
        return name() + "@" + version;
    }

    /** Schema of {@link #rows}. */
    public StructType schema() {
        if (ref.columns().isEmpty()) return tableSchema;
        return new StructType(ref.columns().stream().map(tableSchema::apply).toArray(StructField[]::new));
    }

    /**
     * The rows the reference asks for: this version, its {@code where}, its {@code columns}.
     *
     * @throws MillraceException CONFIG when {@code where} is not a condition on this table
     */
    public Dataset<Row> rows() {
        Dataset<Row> rows =
                spark.read().format("delta").option("versionAsOf", version).load(location);
        if (ref.where().isPresent()) rows = filtered(rows, ref.where().get());
        return ref.columns().isEmpty() ? rows : rows.select(Columns.named(ref.columns()));
    }

    private Dataset<Row> filtered(Dataset<Row> rows, String condition) {
        try {
            return rows.where(condition);
        } catch (Exception refused) {
            if (!(refused instanceof AnalysisException)
                    && !refused.getClass().getSimpleName().contains("Parse")) throw refused;
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "`where: " + condition + "` is not a condition on `" + name() + "`: "
                            + SparkErrors.firstLine(refused),
                    refused);
        }
    }

    /**
     * @throws MillraceException SCHEMA_MISMATCH naming every missing column and its nearest; CONFIG when the table has
     *     it, and the reference's {@code columns} leaves it out
     */
    public void require(Collection<String> columns) {
        List<String> present = List.of(tableSchema.fieldNames());
        List<String> leftOut = columns.stream()
                .distinct()
                .filter(name -> present.contains(name) && !ref.columns().isEmpty())
                .filter(name -> !ref.columns().contains(name))
                .toList();
        if (!leftOut.isEmpty()) {
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "The job requires "
                            + leftOut.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "))
                            + " of `" + name() + "`, which `columns` of the table reference does not list."
                            + " Set columns: ["
                            + String.join(", ", ref.columns()) + ", " + String.join(", ", leftOut) + "]");
        }
        Columns.require(schema(), columns, "Table `" + name() + "` version " + version);
    }

    /** @throws MillraceException SCHEMA_MISMATCH naming the columns that are missing or hold no numbers */
    public void requireNumeric(Collection<String> columns) {
        require(columns);
        List<String> others = columns.stream()
                .filter(name -> !(schema().apply(name).dataType() instanceof NumericType))
                .map(name ->
                        "`" + name + "` is " + schema().apply(name).dataType().sql())
                .toList();
        if (others.isEmpty()) return;
        throw new MillraceException(
                ErrorKind.SCHEMA_MISMATCH,
                "Table `" + name() + "` version " + version + ": numeric columns are required, but "
                        + String.join(", ", others)
                        + ". Cast them in ingest (`cast: {column: double}`) or exclude them.");
    }

    /** @throws MillraceException SCHEMA_MISMATCH naming the columns that are missing or are no times */
    public void requireTimes(Collection<String> columns) {
        require(columns);
        List<String> others = columns.stream()
                .filter(name -> !isTime(schema().apply(name).dataType()))
                .map(name ->
                        "`" + name + "` is " + schema().apply(name).dataType().sql())
                .toList();
        if (others.isEmpty()) return;
        throw new MillraceException(
                ErrorKind.SCHEMA_MISMATCH,
                "Table `" + name() + "` version " + version + ": a TIMESTAMP or DATE column is required, but "
                        + String.join(", ", others)
                        + ". Cast it in ingest (`cast: {column: timestamp}`, with `formats` if needed).");
    }

    private static boolean isTime(DataType type) {
        return type.equals(DataTypes.TimestampType)
                || type.equals(DataTypes.TimestampNTZType)
                || type.equals(DataTypes.DateType);
    }

    /** Whether the table has a column of this name. */
    public boolean has(String column) {
        return Arrays.asList(schema().fieldNames()).contains(column);
    }
}
