package dev.millrace.job.ingest;

import dev.millrace.platform.table.Columns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * One file schema against the target: what differs, and the expressions that turn the file's rows into the target's.
 * Widening is done silently; anything else must be named in {@code cast}, and values that do not fit are bad records.
 */
final class ColumnarFit {
    private final StructType source;
    private final StructType target;
    private final IngestConfig config;
    private final NewNames names;
    private final Map<String, String> sourceOf = new HashMap<>();
    private final List<String> differences = new ArrayList<>();
    private final List<String> remedies = new ArrayList<>();
    private boolean refused;

    ColumnarFit(StructType source, StructType target, IngestConfig config) {
        this.source = source;
        this.target = target;
        this.config = config;
        this.names = new NewNames(config.columns(), config.ignoreCase());
        compare();
    }

    /** The schema of a file under its new names. */
    static StructType renamed(StructType source, IngestConfig config) {
        List<String> renamed = new NewNames(config.columns(), config.ignoreCase()).of(List.of(source.fieldNames()));
        StructField[] fields = new StructField[source.size()];
        for (int i = 0; i < fields.length; i++) {
            fields[i] =
                    DataTypes.createStructField(renamed.get(i), source.apply(i).dataType(), true);
        }
        return new StructType(fields);
    }

    /** The schema that holds both: wider numbers, and the first one's types where they differ otherwise. */
    static StructType joined(StructType first, StructType second) {
        List<String> others = List.of(second.fieldNames());
        return new StructType(Arrays.stream(first.fields())
                .map(field -> {
                    int other = others.indexOf(field.name());
                    boolean wider = other >= 0
                            && widens(field.dataType(), second.apply(other).dataType());
                    return wider ? second.apply(other) : field;
                })
                .toArray(StructField[]::new));
    }

    private void compare() {
        StructType renamed = renamed(source, config);
        List<String> inFile = List.of(renamed.fieldNames());
        List<String> casts = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (StructField wanted : target.fields()) {
            int at = names.find(inFile, wanted.name());
            if (at < 0) {
                missing.add(wanted.name());
                continue;
            }
            if (!inFile.get(at).equals(wanted.name())) {
                differences.add("`" + inFile.get(at) + "` is taken for `" + wanted.name() + "`");
            }
            sourceOf.put(wanted.name(), source.apply(at).name());
            compareTypes(wanted, source.apply(at).dataType(), casts);
        }
        compareNames(inFile, missing);
        if (!casts.isEmpty()) remedies.add("`cast: {" + String.join(", ", casts) + "}`");
    }

    private void compareTypes(StructField wanted, DataType found, List<String> casts) {
        DataType type = wanted.dataType();
        if (same(found, type)) return;
        String difference = "`" + wanted.name() + "` is " + found.sql() + ", not " + type.sql();
        if (widens(found, type)) {
            differences.add(difference + " (widened)");
        } else {
            differences.add(difference);
            if (config.cast().containsKey(wanted.name())) return;
            casts.add(wanted.name() + ": " + type.simpleString());
            refused = true;
        }
    }

    private void compareNames(List<String> inFile, List<String> missing) {
        List<String> wanted = List.of(target.fieldNames());
        for (String name : inFile) {
            if (names.find(wanted, name) >= 0) continue;
            String other =
                    missing.stream().filter(name::equalsIgnoreCase).findFirst().orElse(null);
            if (other != null) {
                missing.remove(other);
                differences.add("`" + name + "` differs from `" + other + "` by case");
                remedies.add("`ignore-case: true`");
                refused = true;
            } else {
                differences.add("`" + name + "` is new");
                if (config.onNewColumn() == IngestConfig.OnNewColumn.IGNORE) continue;
                remedies.add("`on-new-column: add` (or `ignore`)");
                refused = true;
            }
        }
        for (String name : missing) {
            differences.add("`" + name + "` is missing");
            if (config.onMissingColumn() == IngestConfig.OnMissingColumn.FILL) continue;
            remedies.add("`on-missing-column: fill`");
            refused = true;
        }
    }

    /** Whether a difference is not allowed by the config. */
    boolean isRefused() {
        return refused;
    }

    /** All differences, and what would allow them. */
    String told() {
        return "its columns do not fit: " + String.join("; ", differences) + ". Allow this by "
                + remedies.stream().distinct().collect(Collectors.joining(", "));
    }

    /** Whether a row of such a file can be bad. */
    boolean canFail() {
        return Arrays.stream(target.fields()).anyMatch(this::needsCast);
    }

    private boolean needsCast(StructField wanted) {
        String from = sourceOf.get(wanted.name());
        if (from == null) return false;
        DataType found = source.apply(from).dataType();
        return !same(found, wanted.dataType()) && !widens(found, wanted.dataType());
    }

    /**
     * The target's columns, then the marks.
     *
     * @param rows of files with this schema, with {@code _metadata}
     * @param numbered whether the file format numbers its rows
     */
    Dataset<Row> rows(Dataset<Row> rows, boolean numbered) {
        List<Column> columns = new ArrayList<>();
        List<Column> unfit = new ArrayList<>();
        List<Column> unfitNames = new ArrayList<>();
        for (StructField wanted : target.fields()) {
            Column value = value(wanted);
            columns.add(value.as(wanted.name()));
            if (!needsCast(wanted)) continue;
            Column from = Columns.named(sourceOf.get(wanted.name()));
            Column failed = failed(wanted, from, value);
            unfit.add(functions.when(failed, reason(wanted, from)));
            unfitNames.add(functions.when(failed, functions.lit(wanted.name())));
        }
        Column path = functions.col("_metadata.file_path");
        Column decoded = functions.url_decode(functions.replace(path, functions.lit("+"), functions.lit("%2B")));
        columns.add(functions.regexp_replace(decoded, "^file:/+", "/").as(TakenColumns.FILE));
        Column line = numbered
                ? functions.col("_metadata.row_index").plus(1)
                : functions.lit(null).cast(DataTypes.LongType);
        columns.add(line.as(TakenColumns.LINE));
        Column none = functions.lit(null).cast(DataTypes.StringType);
        if (unfit.isEmpty()) {
            for (String mark :
                    List.of(TakenColumns.RECORD, TakenColumns.REASON, TakenColumns.RULE, TakenColumns.COLUMN)) {
                columns.add(none.as(mark));
            }
        } else {
            Column reason = functions.concat_ws("; ", unfit.toArray(Column[]::new));
            Column bad = functions.length(reason).gt(0);
            Column record = functions.to_json(functions.struct(Columns.named(List.of(source.fieldNames()))));
            columns.add(functions.when(bad, record).as(TakenColumns.RECORD));
            columns.add(functions.when(bad, reason).as(TakenColumns.REASON));
            columns.add(functions.when(bad, functions.lit("type")).as(TakenColumns.RULE));
            columns.add(functions
                    .when(bad, functions.concat_ws(", ", unfitNames.toArray(Column[]::new)))
                    .as(TakenColumns.COLUMN));
        }
        return rows.select(columns.toArray(Column[]::new));
    }

    private Column value(StructField wanted) {
        String name = sourceOf.get(wanted.name());
        if (name == null) return functions.lit(null).cast(wanted.dataType());
        Column from = Columns.named(name);
        DataType found = source.apply(name).dataType();
        if (found.equals(DataTypes.TimestampNTZType) && wanted.dataType().equals(DataTypes.TimestampType)) {
            // The session's zone is UTC, so the cast takes the wall clock for UTC; then it is moved to its own zone.
            return functions.to_utc_timestamp(
                    from.cast(DataTypes.TimestampType), config.zone().getId());
        }
        if (same(found, wanted.dataType())) return from;
        return needsCast(wanted) ? from.try_cast(wanted.dataType()) : from.cast(wanted.dataType());
    }

    private Column failed(StructField wanted, Column from, Column value) {
        Column lost = value.isNull();
        DataType found = source.apply(sourceOf.get(wanted.name())).dataType();
        boolean truncates = wanted.dataType() instanceof IntegralType
                && !(found instanceof IntegralType)
                && found instanceof NumericType;
        if (truncates) lost = lost.or(value.cast(DataTypes.DoubleType).notEqual(from.cast(DataTypes.DoubleType)));
        return from.isNotNull().and(lost);
    }

    private static Column reason(StructField wanted, Column from) {
        return functions.concat(
                functions.lit(
                        "`" + wanted.name() + "` is no " + wanted.dataType().simpleString() + ": \""),
                functions.substring(from.cast(DataTypes.StringType), 1, 80),
                functions.lit("\""));
    }

    private static boolean same(DataType found, DataType wanted) {
        return found.sameType(wanted);
    }

    /** Whether every value of {@code from} is a value of {@code to}. */
    static boolean widens(DataType from, DataType to) {
        if (from.equals(DataTypes.TimestampNTZType)) return to.equals(DataTypes.TimestampType);
        int rankFrom = rank(from);
        int rankTo = rank(to);
        if (rankFrom > 0 && rankTo > 0) return rankFrom < rankTo;
        if (to.equals(DataTypes.DoubleType)) {
            return from.equals(DataTypes.FloatType) || (rankFrom > 0 && rankFrom <= rank(DataTypes.IntegerType));
        }
        if (from instanceof DecimalType narrow && to instanceof DecimalType wide) {
            return wide.scale() >= narrow.scale()
                    && wide.precision() - wide.scale() >= narrow.precision() - narrow.scale();
        }
        return false;
    }

    private static int rank(DataType type) {
        return List.<DataType>of(DataTypes.ByteType, DataTypes.ShortType, DataTypes.IntegerType, DataTypes.LongType)
                        .indexOf(type)
                + 1;
    }
}
