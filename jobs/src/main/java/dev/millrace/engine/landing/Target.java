package dev.millrace.engine.landing;

import dev.millrace.engine.intake.ColumnType;
import dev.millrace.engine.intake.NewNames;
import dev.millrace.engine.intake.OnMissingColumn;
import dev.millrace.engine.intake.OnNewColumn;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.error.Nearest;
import dev.millrace.platform.table.Columns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns records must fit: those declared, else the table's own, else those found in the files; then the types of
 * {@code cast}. With {@code on-new-column: add}, columns that only the files have come behind.
 */
public final class Target {
    private final LandingDeclaration config;
    private final Optional<StructType> table;
    private final NewNames names;

    /** @param table the existing table's columns, without those ingest adds */
    public Target(LandingDeclaration config, Optional<StructType> table) {
        this.config = config;
        this.table = table;
        this.names = new NewNames(config.columns(), config.ignoreCase());
    }

    /**
     * @param found makes the schema of the files, under their new names; asked only when it is needed
     * @throws MillraceException SCHEMA_MISMATCH when it does not fit the table, or Delta cannot take a name
     */
    public StructType columns(Supplier<StructType> found) {
        StructType base = declared().or(() -> table).orElse(null);
        boolean grows = config.onNewColumn() == OnNewColumn.ADD;
        StructType inFiles = base == null || grows ? found.get() : new StructType();
        StructType all = base == null ? inFiles : grows ? grown(base, inFiles) : base;
        StructType target = withCasts(all);
        requireNames(target);
        table.ifPresent(existing -> requireFits(target, existing));
        return target;
    }

    private Optional<StructType> declared() {
        if (config.schema().isEmpty()) return Optional.empty();
        StructType schema = new StructType();
        for (Map.Entry<String, ColumnType> column : config.schema().entrySet()) {
            schema = schema.add(column.getKey(), column.getValue().type());
        }
        return Optional.of(schema);
    }

    private StructType grown(StructType base, StructType inFiles) {
        StructType all = base;
        for (StructField field : inFiles.fields()) {
            if (names.find(List.of(all.fieldNames()), field.name()) < 0) all = all.add(field);
        }
        return all;
    }

    private StructType withCasts(StructType schema) {
        List<String> present = List.of(schema.fieldNames());
        for (String cast : config.cast().keySet()) {
            if (present.contains(cast) || present.isEmpty()) continue;
            throw new MillraceException(
                    ErrorKind.SCHEMA_MISMATCH,
                    "`cast` names `" + cast + "`, an unknown column." + Nearest.hint(cast, present) + " Valid columns: "
                            + String.join(", ", present) + ".");
        }
        return new StructType(Arrays.stream(schema.fields()).map(this::withCast).toArray(StructField[]::new));
    }

    private StructField withCast(StructField field) {
        ColumnType cast = config.cast().get(field.name());
        if (cast != null) return DataTypes.createStructField(field.name(), cast.type(), true);
        return new StructField(field.name(), ColumnType.stored(field.dataType()), true, field.metadata());
    }

    private void requireNames(StructType target) {
        List<String> reserved = Arrays.stream(target.fieldNames())
                .filter(TakenColumns.RESERVED::contains)
                .toList();
        if (!reserved.isEmpty()) {
            String mapping = reserved.stream()
                    .map(name -> name + ": source" + name)
                    .collect(Collectors.joining(", ", "columns: {", "}"));
            throw new MillraceException(
                    ErrorKind.SCHEMA_MISMATCH,
                    "The files have columns with names that ingest adds: `" + String.join("`, `", reserved)
                            + "`. Rename them: " + mapping);
        }
        Columns.requireWritable(target, config.output().name().toString());
    }

    /** Every difference between what would be appended and the table, at once. */
    private void requireFits(StructType target, StructType existing) {
        List<String> problems = new ArrayList<>();
        Map<String, StructField> byName = new LinkedHashMap<>();
        for (StructField field : existing.fields()) byName.put(field.name(), field);
        for (StructField field : target.fields()) {
            StructField own = byName.remove(field.name());
            if (own == null && config.onNewColumn() != OnNewColumn.ADD) {
                problems.add("`" + field.name() + "` is not in the table (allowed with `on-new-column: add`)");
            } else if (own != null && !ColumnType.stored(own.dataType()).sameType(field.dataType())) {
                problems.add("`" + field.name() + "` is " + own.dataType().sql() + " in the table, not "
                        + field.dataType().sql());
            }
        }
        if (config.onMissingColumn() == OnMissingColumn.REFUSE) {
            for (String name : byName.keySet()) {
                problems.add(
                        "`" + name + "` of the table is not in the schema (allowed with `on-missing-column: fill`)");
            }
        }
        if (problems.isEmpty()) return;
        throw new MillraceException(
                ErrorKind.SCHEMA_MISMATCH,
                "The files do not fit table `" + config.output().name() + "`: " + String.join("; ", problems) + ".");
    }
}
