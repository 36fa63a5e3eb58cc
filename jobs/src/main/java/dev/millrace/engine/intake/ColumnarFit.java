package dev.millrace.engine.intake;

import dev.millrace.platform.table.Columns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * One file schema against the target: what differs, and the expressions that turn the file's rows into the target's.
 * Widening is done silently; anything else must be named in {@code cast}, and values that do not fit are bad records.
 */
final class ColumnarFit {
    private final StructType source;
    private final Set<String> inPath;
    private final StructType target;
    private final ReadOptions options;
    private final Map<String, StructField> sourceOf = new HashMap<>();
    private final Map<String, String> pathOf = new HashMap<>();
    private final List<String> differences = new ArrayList<>();
    private final List<String> remedies = new ArrayList<>();
    private boolean refused;

    /** @param inPath columns that the paths of the files give */
    ColumnarFit(StructType source, Set<String> inPath, StructType target, ReadOptions options) {
        this.source = source;
        this.inPath = inPath;
        this.target = target;
        this.options = options;
        compare();
    }

    /** The columns of a file under their new names, with the types that its values have. */
    static StructType meant(StructType source, ReadOptions options) {
        List<String> renamed = options.names().of(List.of(source.fieldNames()));
        StructField[] fields = new StructField[source.size()];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = DataTypes.createStructField(renamed.get(i), FileShape.meant(source.apply(i)), true);
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
                            && Conversions.widens(
                                    field.dataType(), second.apply(other).dataType());
                    return wider ? second.apply(other) : field;
                })
                .toArray(StructField[]::new));
    }

    private void compare() {
        List<String> inFile = options.names().of(List.of(source.fieldNames()));
        List<String> casts = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (StructField wanted : target.fields()) {
            int at = options.names().find(inFile, wanted.name());
            if (at < 0) {
                if (!isInPath(wanted.name())) missing.add(wanted.name());
                continue;
            }
            if (!inFile.get(at).equals(wanted.name())) {
                differences.add("`" + inFile.get(at) + "` is used for `" + wanted.name() + "`");
            }
            sourceOf.put(wanted.name(), source.apply(at));
            compareTypes(wanted, source.apply(at), casts);
        }
        compareNames(inFile, missing);
        if (!casts.isEmpty()) remedies.add("set `cast: {" + String.join(", ", casts) + "}`");
    }

    private boolean isInPath(String wanted) {
        for (String name : inPath) {
            if (options.names().find(List.of(options.names().of(name)), wanted) < 0) continue;
            pathOf.put(wanted, name);
            return true;
        }
        return false;
    }

    private void compareTypes(StructField wanted, StructField inFile, List<String> casts) {
        String unreadable = FileShape.unreadableType(inFile);
        if (!unreadable.isEmpty()) {
            refuse(
                    "`" + wanted.name() + "` is " + unreadable + ", which cannot be read",
                    "leave out the column (`schema` without it, and `on-new-column: ignore`), or write it as another"
                            + " type: " + substitute(unreadable));
            return;
        }
        DataType found = FileShape.meant(inFile);
        DataType type = wanted.dataType();
        if (found.sameType(type) || UntypedColumns.takes(wanted, found)) return;
        String difference = "`" + wanted.name() + "` is " + found.sql() + ", not " + type.sql();
        boolean nested = !Values.isScalar(found);
        if (nested && Conversions.holdsZoneless(found) && !isUtc()) {
            refuse(difference + " in " + options.zone(), "write the nested times with a time zone");
        } else if (Conversions.widens(found, type)) {
            differences.add(difference + " (widened)");
        } else if (!Conversions.canCast(found, type)) {
            refuse(
                    "`" + wanted.name() + "` is " + found.sql() + ", which cannot be cast to " + type.sql(),
                    "use another type for `" + wanted.name() + "`");
        } else if (options.cast().contains(wanted.name())) {
            differences.add(difference);
        } else {
            differences.add(difference);
            casts.add(wanted.name() + ": " + type.simpleString());
            refused = true;
        }
    }

    private boolean isUtc() {
        return options.timeRules().isFixed()
                && options.zone().getRules().getOffset(java.time.Instant.EPOCH).getTotalSeconds() == 0;
    }

    private static String substitute(String unreadable) {
        if (unreadable.startsWith("TIME(")) return "a string, or microseconds of the day as an integer";
        if (unreadable.startsWith("FLOAT16")) return "a 32-bit float, which holds every value of it";
        if (unreadable.contains("NANOS")) return "microseconds";
        return "a string or a number";
    }

    private void refuse(String difference, String remedy) {
        differences.add(difference);
        remedies.add(remedy);
        refused = true;
    }

    private void compareNames(List<String> inFile, List<String> missing) {
        List<String> wanted = List.of(target.fieldNames());
        for (String name : inFile) {
            if (options.names().find(wanted, name) >= 0) continue;
            String other =
                    missing.stream().filter(name::equalsIgnoreCase).findFirst().orElse(null);
            if (other != null) {
                missing.remove(other);
                refuse("`" + name + "` differs from `" + other + "` by case", "set `ignore-case: true`");
            } else if (options.dropsUnknown()) {
                differences.add("`" + name + "` is new");
            } else {
                refuse("`" + name + "` is new", "set `on-new-column: add` (or `ignore`)");
            }
        }
        for (String name : missing) {
            if (options.onMissingColumn() == OnMissingColumn.FILL) differences.add("`" + name + "` is missing");
            else refuse("`" + name + "` is missing", "set `on-missing-column: fill`");
        }
    }

    /** Whether a difference is not allowed by the options. */
    boolean isRefused() {
        return refused;
    }

    /** All differences, and what would allow them. */
    String differences() {
        return "its columns do not fit the schema: " + String.join("; ", differences) + ". To ingest the file, "
                + remedies.stream().distinct().collect(Collectors.joining(", "));
    }

    /** Whether a row of such a file can be bad. */
    boolean canFail() {
        return Arrays.stream(target.fields())
                .anyMatch(wanted -> conversion(wanted).canFail());
    }

    private Conversions.Conversion conversion(StructField wanted) {
        StructField found = sourceOf.get(wanted.name());
        if (found != null) return Conversions.of(found, wanted, options);
        String path = pathOf.get(wanted.name());
        return path == null ? Conversions.missing(wanted) : Conversions.ofPath(path, wanted, options);
    }

    /** The target's columns, then the marks. */
    Dataset<Row> rows(ColumnarFormat.Loaded loaded) {
        Map<String, Conversions.Conversion> conversions = new HashMap<>();
        List<Column> first = new ArrayList<>();
        for (StructField field : source.fields()) {
            if (!field.dataType().equals(DataTypes.NullType)) first.add(Columns.named(field.name()));
        }
        first.add(loaded.file().as(Conversions.PATH));
        first.add(loaded.line().as(Marks.LINE));
        first.add(loaded.finer().as(Conversions.FINER));
        // What a function makes of a value is computed once here, and looked at several times below.
        List<Column> second = new ArrayList<>(List.of(functions.col("*")));
        for (int i = 0; i < target.size(); i++) {
            Conversions.Conversion conversion = conversion(target.apply(i));
            conversions.put(target.apply(i).name(), conversion);
            if (conversion.made() != null) second.add(conversion.made().as(Conversions.made(i)));
        }
        Dataset<Row> made = loaded.rows().select(first.toArray(Column[]::new)).select(second.toArray(Column[]::new));
        return made.select(columns(conversions).toArray(Column[]::new));
    }

    private List<Column> columns(Map<String, Conversions.Conversion> conversions) {
        List<Column> columns = new ArrayList<>();
        List<Column> reasons = new ArrayList<>();
        List<Column> rules = new ArrayList<>();
        List<Column> names = new ArrayList<>();
        Column resolved = functions.lit(0);
        Column truncated = functions.lit(0);
        for (int i = 0; i < target.size(); i++) {
            StructField wanted = target.apply(i);
            Conversions.Conversion conversion = conversions.get(wanted.name());
            Column made = functions.col(Conversions.made(i));
            columns.add(conversion.value(made).as(wanted.name(), wanted.metadata()));
            if (!conversion.canFail()) continue;
            Column reason = conversion.reason(made);
            reasons.add(reason);
            rules.add(functions.when(reason.isNotNull(), conversion.rule(made)));
            names.add(functions.when(reason.isNotNull(), functions.lit(wanted.name())));
            if (conversion.made() == null) continue;
            resolved = resolved.plus(functions.coalesce(made.getField("resolved"), functions.lit(0)));
            truncated = truncated.plus(functions.coalesce(made.getField("truncated"), functions.lit(0)));
        }
        Column finer = functions.col(Conversions.FINER);
        if (options.onFinerTime() == OnFinerTime.TRUNCATE) {
            truncated = truncated.plus(functions
                    .when(finer.isNotNull(), functions.size(functions.split(finer, ", ")))
                    .otherwise(0));
        } else {
            reasons.add(functions.when(
                    finer.isNotNull(),
                    functions.concat(
                            finer,
                            functions.lit(" is finer than a microsecond (truncated with `on-finer-time: truncate`)"))));
            rules.add(functions.when(finer.isNotNull(), functions.lit(Unfit.FINER_TIME)));
            names.add(finer);
        }
        marks(columns, reasons, rules, names);
        columns.add(resolved.cast(DataTypes.IntegerType).as(Marks.RESOLVED));
        columns.add(truncated.cast(DataTypes.IntegerType).as(Marks.TRUNCATED));
        return columns;
    }

    private void marks(List<Column> columns, List<Column> reasons, List<Column> rules, List<Column> names) {
        Column none = functions.lit(null).cast(DataTypes.StringType);
        columns.add(functions
                .regexp_replace(functions.col(Conversions.PATH), "^file:/+", "/")
                .as(Marks.FILE));
        columns.add(functions.col(Marks.LINE));
        Column reason = functions.concat_ws("; ", reasons.toArray(Column[]::new));
        Column bad = functions.length(reason).gt(0);
        List<String> readable = Arrays.stream(source.fields())
                .filter(field -> !field.dataType().equals(DataTypes.NullType))
                .map(StructField::name)
                .toList();
        Column record = readable.isEmpty() ? none : functions.to_json(functions.struct(Columns.named(readable)));
        columns.add(functions.when(bad, record).as(Marks.RECORD));
        columns.add(functions.when(bad, reason).as(Marks.REASON));
        Column all = functions.concat_ws(
                ", ", functions.array_distinct(functions.array_compact(functions.array(rules.toArray(Column[]::new)))));
        columns.add(functions.when(bad, rules.isEmpty() ? none : all).as(Marks.RULE));
        columns.add(functions
                .when(bad, functions.concat_ws(", ", names.toArray(Column[]::new)))
                .as(Marks.COLUMN));
    }
}
