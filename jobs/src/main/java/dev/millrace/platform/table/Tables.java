package dev.millrace.platform.table;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.error.Nearest;
import dev.millrace.platform.spark.SparkErrors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The tables one job run reads and writes. An input is pinned at its first opening; every write is one atomic Delta
 * commit that carries the run. Not thread-safe, like the job it serves; use one per run.
 */
public final class Tables {
    private static final int ATTEMPTS = 4;
    private static final String LEAVES = "_millrace_leaves";

    private final SparkSession spark;
    private final Lake lake;
    private final Optional<java.time.Instant> asOf;
    private final Map<TableRef, TableVersion> pinned = new LinkedHashMap<>();
    /** By location and moment: a table named twice, with other columns or another `where`, is read at one version. */
    private final Map<Pin, Long> versions = new HashMap<>();

    private record Pin(String location, Optional<Long> version, Optional<java.time.Instant> moment) {}

    private final List<Commit> commits = new ArrayList<>();
    private Writer writer = Writer.NOBODY;

    /** @param asOf the moment whose newest versions are read, for inputs without a version of their own */
    public Tables(SparkSession spark, Lake lake, Optional<java.time.Instant> asOf) {
        this.spark = spark;
        this.lake = lake;
        this.asOf = asOf;
    }

    /**
     * Who reads and writes, known once the run has begun.
     *
     * @param metadata makes the commit's metadata from the inputs opened so far
     * @param onOpen told of every input, also those opened before
     */
    public record Writer(
            java.util.function.Function<List<String>, CommitMetadata> metadata, Consumer<TableVersion> onOpen) {
        static final Writer NOBODY = new Writer(
                inputs -> {
                    throw new IllegalStateException("A write before the run began");
                },
                input -> {});
    }

    /** Begins the run: from here on writes carry it, and it learns of the inputs. */
    public void begin(Writer run) {
        this.writer = run;
        pinned.values().forEach(run.onOpen());
    }

    /**
     * Opens an input and pins its version for the whole job.
     *
     * @throws MillraceException NOT_FOUND when there is no such table or version; INPUT_UNREADABLE when it is not Delta
     */
    public TableVersion open(TableRef ref) {
        TableVersion known = pinned.get(ref);
        if (known != null) return known;
        String location = location(ref);
        Snapshot newest = snapshot(location);
        if (newest.version() < 0) throw notFound(ref, location);
        long version = versions.computeIfAbsent(
                new Pin(location, ref.version(), ref.timestamp()),
                unseen -> versionOf(ref, location, newest.version()));
        StructType schema = version == newest.version()
                ? newest.schema()
                : spark.read()
                        .format("delta")
                        .option("versionAsOf", version)
                        .load(location)
                        .schema();
        TableVersion opened =
                new TableVersion(spark, ref, location, newest.metadata().id(), version, schema);
        Columns.require(schema, ref.columns(), "Table `" + ref.table() + "` version " + version);
        pinned.put(ref, opened);
        writer.onOpen().accept(opened);
        return opened;
    }

    /** What the log says of the version that {@code ref} means; reads no rows. */
    public TableState state(TableRef ref) {
        TableVersion version = open(ref);
        return orUnreadable(version.location(), () -> TableState.of(spark, version));
    }

    /** The inputs opened so far, in order. */
    public List<TableVersion> inputs() {
        return List.copyOf(pinned.values());
    }

    /** What was written so far, in order. */
    public List<Commit> commits() {
        return List.copyOf(commits);
    }

    public boolean exists(TableName name) {
        return lake.find(name)
                .map(location -> snapshot(location).version() >= 0)
                .orElse(false);
    }

    /** The commits of a table of the lake; empty when there is no such table. */
    public Optional<DeltaHistory> history(TableName name) {
        return lake.find(name).flatMap(this::historyAt);
    }

    private Optional<DeltaHistory> historyAt(String location) {
        long newest = snapshot(location).version();
        return newest < 0
                ? Optional.empty()
                : Optional.of(new DeltaHistory(location, spark.sparkContext().hadoopConfiguration(), newest));
    }

    /** The columns of a table's newest version; it must exist. Opens no input. */
    public StructType schema(TableName name) {
        return snapshot(lake.locate(name)).schema();
    }

    /** The columns that a table is partitioned by; it must exist. Opens no input. */
    public List<String> partitionColumns(TableName name) {
        return CollectionConverters.asJava(
                snapshot(lake.locate(name)).metadata().partitionColumns());
    }

    /** The folder of a table, whether it exists or not. */
    public String location(TableName name) {
        return lake.locate(name);
    }

    /** Whether the table exists and its newest version has a data file. Reads no data. */
    public boolean hasRows(TableName name) {
        return exists(name) && snapshot(lake.locate(name)).allFiles().limit(1).count() > 0;
    }

    /** Whether a row of the newest version satisfies {@code predicate}; the table must exist. Opens no input. */
    public boolean hasAny(TableName name, String predicate) {
        String location = lake.locate(name);
        return orUnreadable(location, () -> !spark.read()
                .format("delta")
                .load(location)
                .where(predicate)
                .isEmpty());
    }

    /** The highest number {@code application} has given to {@link #append}; empty when it never did. */
    public OptionalLong lastAppended(TableName name, String application) {
        if (!exists(name)) return OptionalLong.empty();
        scala.Option<Object> number = snapshot(lake.locate(name)).transactions().get(application);
        return number.isEmpty() ? OptionalLong.empty() : OptionalLong.of((Long) number.get());
    }

    /** The lake these tables are in. */
    public Lake lake() {
        return lake;
    }

    /**
     * Replaces all rows; the schema may change. Readers see the old table until the commit.
     *
     * @throws MillraceException SCHEMA_MISMATCH for names Delta cannot take; OUTPUT_UNWRITABLE; CONFLICT
     */
    public Commit replace(OutputRef output, Dataset<Row> rows) {
        return write(
                output, rows, (writer, fresh) -> writer.mode(SaveMode.Overwrite).option("overwriteSchema", "true"));
    }

    /**
     * Replaces the rows that satisfy {@code predicate}, which every new row must satisfy too. Running it twice leaves
     * what running it once leaves. New columns are added to the table.
     */
    public Commit replaceWhere(OutputRef output, Dataset<Row> rows, String predicate) {
        return write(
                output,
                rows,
                (writer, fresh) -> fresh
                        ? writer.mode(SaveMode.ErrorIfExists)
                        : writer.mode(SaveMode.Overwrite)
                                .option("replaceWhere", predicate)
                                .option("mergeSchema", "true"));
    }

    /**
     * Appends, once per {@code (application, number)}: Delta skips a pair it has seen. New columns are added.
     *
     * @param application who appends, stable over runs
     * @param number rises with every batch
     */
    public Commit append(OutputRef output, Dataset<Row> rows, String application, long number) {
        return write(output, rows, (writer, fresh) -> writer.mode(SaveMode.Append)
                .option("mergeSchema", "true")
                .option("txnAppId", application)
                .option("txnVersion", number));
    }

    /**
     * Updates the rows whose {@code keys} are equal and inserts the others. {@code rows} must hold each key once. NULL
     * keys are equal to each other.
     */
    public Commit merge(OutputRef output, Dataset<Row> rows, List<String> keys) {
        return merge(output, rows, keys, Leaving.NONE);
    }

    /**
     * Rows that a merge deletes, in the same commit.
     *
     * @param stale SQL over the table's columns: rows that satisfy it and have no equal among the new rows
     * @param equal holds at least the columns of the merge's keys, none of them equal to a new row's: rows that equal one
     *     of these
     */
    public record Leaving(Optional<String> stale, Optional<Dataset<Row>> equal) {
        public static final Leaving NONE = new Leaving(Optional.empty(), Optional.empty());
    }

    /** As {@link #merge(OutputRef, Dataset, List)}, and deletes the rows that {@code leaving} describes. */
    public Commit merge(OutputRef output, Dataset<Row> rows, List<String> keys, Leaving leaving) {
        String location = lake.locate(output.name());
        String json = metadata().toJson();
        Dataset<Row> ready = writable(output, rows);
        return write(output, json, ready, fresh -> {
            if (fresh) {
                writer(output, json, ready, true).mode(SaveMode.ErrorIfExists).save(location);
                return;
            }
            // MERGE takes userMetadata from the session only; a session of its own keeps it from leaking.
            SparkSession own = spark.newSession();
            own.conf().set("spark.databricks.delta.commitInfo.userMetadata", json);
            own.conf().set("spark.databricks.delta.schema.autoMerge.enabled", "true");
            Dataset<Row> source =
                    InSession.of(own, marked(ready, keys, leaving)).as("source");
            Column same = keys.stream()
                    .map(key -> functions
                            .col("target." + Columns.quoted(key))
                            .eqNullSafe(functions.col("source." + Columns.quoted(key))))
                    .reduce(Column::and)
                    .orElseThrow();
            var merge = io.delta.tables.DeltaTable.forPath(own, location)
                    .as("target")
                    .merge(source, same);
            if (leaving.equal().isPresent()) {
                // Named one by one: `updateAll` would add the mark to the table.
                Map<String, Column> values = new LinkedHashMap<>();
                for (String name : ready.columns()) {
                    values.put(Columns.quoted(name), functions.col("source." + Columns.quoted(name)));
                }
                Column leaves = functions.col("source." + LEAVES);
                merge = merge.whenMatched(leaves)
                        .delete()
                        .whenMatched()
                        .update(values)
                        .whenNotMatched(functions.not(leaves))
                        .insert(values);
            } else {
                merge = merge.whenMatched().updateAll().whenNotMatched().insertAll();
            }
            if (leaving.stale().isPresent()) {
                merge = merge.whenNotMatchedBySource(
                                functions.expr(leaving.stale().get()))
                        .delete();
            }
            merge.execute();
        });
    }

    private static Dataset<Row> marked(Dataset<Row> rows, List<String> keys, Leaving leaving) {
        if (leaving.equal().isEmpty()) return rows;
        Dataset<Row> equal = leaving.equal().get().select(Columns.named(keys)).withColumn(LEAVES, functions.lit(true));
        return rows.withColumn(LEAVES, functions.lit(false)).unionByName(equal, true);
    }

    private interface Mode {
        /** @param fresh whether the table is not there yet */
        DataFrameWriter<Row> of(DataFrameWriter<Row> writer, boolean fresh);
    }

    private Commit write(OutputRef output, Dataset<Row> rows, Mode mode) {
        String json = metadata().toJson();
        Dataset<Row> ready = writable(output, rows);
        return write(output, json, ready, fresh -> mode.of(writer(output, json, ready, fresh), fresh)
                .save(lake.locate(output.name())));
    }

    private static DataFrameWriter<Row> writer(OutputRef output, String json, Dataset<Row> ready, boolean fresh) {
        DataFrameWriter<Row> writer = ready.write().format("delta").option("userMetadata", json);
        if (fresh) {
            for (Map.Entry<String, String> property :
                    Lake.properties(ready.schema()).entrySet()) {
                writer = writer.option(property.getKey(), property.getValue());
            }
        }
        return output.partitionBy().isEmpty()
                ? writer
                : writer.partitionBy(output.partitionBy().toArray(String[]::new));
    }

    /**
     * @param save asked again in each attempt: another job may have made the table since the last one. A table that is
     *     not there is created and never overwritten, so of two first writers one finds the other's table.
     */
    private Commit write(OutputRef output, String json, Dataset<Row> ready, Consumer<Boolean> save) {
        Optional<FirstWrite> first =
                exists(output.name()) ? Optional.empty() : FirstWrite.into(spark, lake.locate(output.name()));
        try {
            committing(output, () -> {
                boolean fresh = !exists(output.name()) && !lake.create(output, ready.schema());
                save.accept(fresh);
            });
        } catch (MillraceException failed) {
            boolean disk = failed.kind() == ErrorKind.OUTPUT_UNWRITABLE;
            if (disk && history(output.name()).isEmpty()) first.ifPresent(FirstWrite::undo);
            throw failed;
        }
        return committed(output, json);
    }

    private CommitMetadata metadata() {
        return writer.metadata()
                .apply(pinned.values().stream().map(TableVersion::printed).toList());
    }

    /** Runs one commit; a lost race is tried again, the rest is told in words. */
    private static void committing(OutputRef output, Runnable commit) {
        for (int attempt = 1; ; attempt++) {
            try {
                commit.run();
                return;
            } catch (FSError disk) { // Hadoop's local file system throws a full disk as an Error
                throw SparkErrors.onWrite(output.name().toString(), new IOException(disk));
            } catch (Exception failed) {
                boolean race = SparkErrors.isConcurrentWrite(failed) || SparkErrors.isTableThere(failed);
                if (!race) throw SparkErrors.onWrite(output.name().toString(), failed);
                if (attempt == ATTEMPTS) {
                    throw new MillraceException(
                            ErrorKind.CONFLICT,
                            "Other jobs write to `" + output.name() + "` at the same time: stopped after " + ATTEMPTS
                                    + " attempts and changed nothing. Run this job again.",
                            failed);
                }
            }
        }
    }

    private Commit committed(OutputRef output, String json) {
        String location = lake.locate(output.name());
        Snapshot now = snapshot(location);
        DeltaHistory history = new DeltaHistory(location, spark.sparkContext().hadoopConfiguration(), now.version());
        Commit commit = history.newest(20).stream()
                .filter(entry -> entry.userMetadata().equals(json))
                .findFirst()
                .map(entry ->
                        new Commit(output.name().toString(), now.metadata().id(), entry.version(), entry.rows()))
                .orElseGet(() ->
                        new Commit(output.name().toString(), now.metadata().id(), now.version(), 0));
        commits.add(commit);
        return commit;
    }

    private static Dataset<Row> writable(OutputRef output, Dataset<Row> rows) {
        Columns.requireWritable(rows.schema(), output.name().toString());
        List<String> partitions = new ArrayList<>(output.partitionBy());
        partitions.addAll(output.clusterBy());
        Columns.require(rows.schema(), partitions, "What is written to `" + output.name() + "`");
        boolean zoneless = false;
        List<Column> columns = new ArrayList<>();
        for (StructField field : rows.schema().fields()) {
            boolean ntz = field.dataType().equals(DataTypes.TimestampNTZType);
            zoneless |= ntz;
            Column column = Columns.named(field.name());
            columns.add(ntz ? column.cast(DataTypes.TimestampType).as(field.name()) : column);
        }
        return zoneless ? rows.select(columns.toArray(Column[]::new)) : rows;
    }

    private long versionOf(TableRef ref, String location, long newest) {
        if (ref.version().isPresent()) {
            long wanted = ref.version().get();
            DeltaHistory history =
                    new DeltaHistory(location, spark.sparkContext().hadoopConfiguration(), newest);
            if (history.has(wanted)) return wanted;
            throw new MillraceException(
                    ErrorKind.NOT_FOUND,
                    "Table `" + ref.table() + "` has no version " + wanted + ": versions " + history.oldest() + " to "
                            + newest + " can be read. Remove `version` to read the latest.");
        }
        Optional<java.time.Instant> moment = ref.timestamp().or(() -> asOf);
        if (moment.isEmpty()) return newest;
        DeltaHistory history = new DeltaHistory(location, spark.sparkContext().hadoopConfiguration(), newest);
        OptionalLong version = history.asOf(moment.get());
        if (version.isPresent()) return version.getAsLong();
        throw new MillraceException(
                ErrorKind.NOT_FOUND,
                "Table `" + ref.table() + "` had no version yet at " + moment.get() + "; its first commit is of "
                        + history.entry(history.oldest()).at() + ".");
    }

    private String location(TableRef ref) {
        return ref.name()
                .map(name -> lake.find(name).orElseGet(() -> lake.locate(name)))
                .orElse(ref.table());
    }

    private Snapshot snapshot(String location) {
        return orUnreadable(
                location, () -> DeltaLog.forTable((org.apache.spark.sql.classic.SparkSession) spark, location)
                        .update(false, scala.Option.empty(), scala.Option.empty()));
    }

    private static <T> T orUnreadable(String location, Supplier<T> read) {
        try {
            return read.get();
        } catch (Exception broken) {
            throw SparkErrors.onRead(location, broken);
        }
    }

    private MillraceException notFound(TableRef ref, String location) {
        if (ref.name().isEmpty()) {
            return new MillraceException(
                    ErrorKind.NOT_FOUND,
                    "There is no Delta table at `" + location
                            + "`. To read files of other formats, run the ingest job.");
        }
        List<String> known = lake.names().stream().map(TableName::toString).toList();
        String there = known.isEmpty()
                ? "The data lake " + lake.root() + " has no tables yet. Run `ingest` or `generate` first."
                : "Existing tables: " + String.join(", ", known) + ".";
        return new MillraceException(
                ErrorKind.NOT_FOUND,
                "There is no table `" + ref.table() + "`." + Nearest.hint(ref.table(), known) + " " + there);
    }
}
