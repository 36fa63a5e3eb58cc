package dev.millrace.platform.table;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.spark.SparkErrors;
import dev.millrace.platform.spark.SparkSessions;
import io.delta.tables.DeltaTable;
import io.delta.tables.DeltaTableBuilder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * Where the tables of a lake are: folders {@code <root>/<schema>/<table>}, or the tables of a Spark catalog.
 *
 * @param root folder of the lake, for Hadoop's FileSystem
 * @param catalog name of the catalog that holds the tables; empty for folders
 */
public record Lake(SparkSession spark, String root, Optional<String> catalog) {
    /** Of every table that is created here (CONTRACT §5). */
    static final Map<String, String> RETENTION = Map.of(
            "delta.deletedFileRetentionDuration", "interval 30 days", "delta.logRetentionDuration", "interval 30 days");

    /** How many leading columns have statistics, if a table says nothing (Delta's own default). */
    private static final int INDEXED = 32;

    /**
     * Properties of a table that is created with these columns. Texts that one run repeats in every row
     * ({@link SparkSessions#REPEATED}) get no statistics where they stand last: Delta would copy and compare each of
     * them in each row (docs/decisions/0414).
     */
    static Map<String, String> properties(StructType schema) {
        Map<String, String> properties = new TreeMap<>(RETENTION);
        int last = schema.size();
        while (last > 0
                && SparkSessions.REPEATED.contains(schema.apply(last - 1).name())) last--;
        int leaves = 0;
        for (int i = 0; i < last; i++) leaves += leaves(schema.apply(i).dataType());
        if (last < schema.size() && leaves < INDEXED) {
            properties.put("delta.dataSkippingNumIndexedCols", String.valueOf(leaves));
        }
        return properties;
    }

    private static int leaves(DataType type) {
        if (!(type instanceof StructType struct)) return 1;
        return Arrays.stream(struct.fields())
                .mapToInt(field -> leaves(field.dataType()))
                .sum();
    }

    /** The folder of an existing table; for a lake of folders also of one that does not exist. */
    Optional<String> find(TableName name) {
        if (catalog.isEmpty()) return Optional.of(root + "/" + name.schema() + "/" + name.table());
        if (!spark.catalog().tableExists(inCatalog(name))) return Optional.empty();
        return Optional.of(spark.sql("DESCRIBE DETAIL " + inCatalog(name))
                .select("location")
                .head()
                .getString(0));
    }

    /** The folder to write to. */
    String locate(TableName name) {
        return find(name).orElse(root + "/" + name.schema() + "/" + name.table());
    }

    /**
     * Creates an empty table where the write itself cannot: in a catalog, or clustered. Columns keep their comments and
     * metadata, which is where the feature catalog stands.
     *
     * @return whether the table is there now; false: the write itself creates it
     */
    boolean create(OutputRef output, StructType schema) {
        if (catalog.isEmpty() && output.clusterBy().isEmpty()) return false;
        // Not createIfNotExists: a folder that holds ingest's record of files would count as a table.
        DeltaTableBuilder table = DeltaTable.create(spark).addColumns(schema);
        if (catalog.isPresent()) {
            spark.sql("CREATE SCHEMA IF NOT EXISTS " + Columns.quoted(catalog.get()) + "."
                    + Columns.quoted(output.name().schema()));
            table = table.tableName(inCatalog(output.name()));
        } else {
            table = table.location(locate(output.name()));
        }
        if (!output.clusterBy().isEmpty())
            table = table.clusterBy(output.clusterBy().toArray(String[]::new));
        else if (!output.partitionBy().isEmpty()) {
            table = table.partitionedBy(output.partitionBy().toArray(String[]::new));
        }
        for (Map.Entry<String, String> property : properties(schema).entrySet()) {
            table = table.property(property.getKey(), property.getValue());
        }
        try {
            table.execute();
        } catch (Exception failed) {
            // A rival created it since; Scala throws checked exceptions undeclared.
            if (!SparkErrors.isTableThere(failed)) throw failed;
        }
        return true;
    }

    /** The tables there are, sorted. Folders that begin with `_` or `.` are not tables. */
    public List<TableName> names() {
        if (catalog.isPresent()) return catalogNames();
        List<TableName> names = new ArrayList<>();
        for (FileStatus schema : children(new Path(root))) {
            for (FileStatus table : children(schema.getPath())) {
                String schemaName = schema.getPath().getName();
                String text = schemaName + "." + table.getPath().getName();
                if (TableName.matches(text) && isDelta(table.getPath())) names.add(TableName.parse(text));
            }
        }
        Collections.sort(names);
        return names;
    }

    private List<TableName> catalogNames() {
        List<TableName> names = new ArrayList<>();
        String quoted = Columns.quoted(catalog.orElseThrow());
        for (var schema : spark.sql("SHOW SCHEMAS IN " + quoted).collectAsList()) {
            String inSchema = quoted + "." + Columns.quoted(schema.getString(0));
            for (var table : spark.sql("SHOW TABLES IN " + inSchema).collectAsList()) {
                String text = schema.getString(0) + "." + table.getString(1);
                if (TableName.matches(text)) names.add(TableName.parse(text));
            }
        }
        Collections.sort(names);
        return names;
    }

    private String inCatalog(TableName name) {
        return Columns.quoted(catalog.orElseThrow()) + "." + Columns.quoted(name.schema()) + "."
                + Columns.quoted(name.table());
    }

    private boolean isDelta(Path table) {
        try {
            return table.getFileSystem(spark.sparkContext().hadoopConfiguration())
                    .exists(new Path(table, "_delta_log"));
        } catch (IOException unreadable) {
            throw unreadable(table, unreadable);
        }
    }

    private List<FileStatus> children(Path folder) {
        try {
            FileSystem files = folder.getFileSystem(spark.sparkContext().hadoopConfiguration());
            List<FileStatus> folders = new ArrayList<>();
            for (FileStatus child : files.listStatus(folder)) {
                if (child.isDirectory()) folders.add(child);
            }
            return folders;
        } catch (FileNotFoundException empty) {
            return List.of();
        } catch (IOException unreadable) {
            throw unreadable(folder, unreadable);
        }
    }

    private static MillraceException unreadable(Path folder, IOException cause) {
        return new MillraceException(
                ErrorKind.INPUT_UNREADABLE, "Cannot list `" + folder + "`: " + cause.getMessage(), cause);
    }
}
