package dev.millrace.engine.training;

import dev.millrace.engine.onnx.OnnxExport;
import dev.millrace.engine.truth.LabelSource;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.table.TableVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;

/**
 * The columns a model sees, decided from the declaration and the table's types. Reads no row.
 *
 * @param skipped columns {@code auto} left out because of their type, for a warning
 */
public record FeatureColumns(List<String> numeric, List<String> categorical, List<String> skipped) {

    /** @throws MillraceException SCHEMA_MISMATCH for columns that are missing or of the wrong type */
    public static FeatureColumns choose(TrainingDeclaration config, TableVersion table) {
        Features features = config.features();
        List<String> named = new ArrayList<>(features.numeric());
        named.addAll(features.categorical());
        named.addAll(features.exclude());
        named.addAll(config.split().columns());
        named.addAll(config.identity());
        config.timeColumn().ifPresent(named::add);
        Optional<LabelSource> own =
                config.labels().filter(source -> source.table().isEmpty());
        own.flatMap(LabelSource::createdColumn).ifPresent(named::add);
        own.flatMap(LabelSource::column).ifPresent(named::add);
        if (config.labels().isEmpty()) named.add(config.label());
        table.require(named);
        named.add(config.label());
        table.require(config.slices());
        config.split().time().ifPresent(column -> table.requireTimes(List.of(column)));
        List<String> numeric = new ArrayList<>(features.numeric());
        List<String> categorical = new ArrayList<>(features.categorical());
        List<String> skipped = new ArrayList<>();
        if (features.auto()) {
            for (StructField field : table.schema().fields()) {
                boolean taken = named.contains(field.name()) || field.name().startsWith("_");
                if (taken) continue;
                if (isNumber(field.dataType())) numeric.add(field.name());
                else if (field.dataType() instanceof StringType) categorical.add(field.name());
                else skipped.add(field.name());
            }
        }
        FeatureColumns chosen = new FeatureColumns(numeric, categorical, skipped);
        chosen.requireTypes(table);
        return chosen;
    }

    private void requireTypes(TableVersion table) {
        List<String> wrong = new ArrayList<>();
        for (String column : numeric) {
            DataType type = table.schema().apply(column).dataType();
            if (!isNumber(type)) wrong.add("`" + column + "` is " + type.sql() + ", not a number");
        }
        for (String column : categorical) {
            DataType type = table.schema().apply(column).dataType();
            if (!(type instanceof StringType) && !isInteger(type)) {
                wrong.add("`" + column + "` is " + type.sql() + "; categories must be STRING or integers");
            }
        }
        for (String column : all()) {
            if (column.equals(OnnxExport.PREDICTION) || column.startsWith(OnnxExport.PROBABILITY)) {
                wrong.add("`" + column + "` is the name of a model output; rename the column");
            }
        }
        if (numeric.isEmpty() && categorical.isEmpty()) wrong.add("no column can be used as a feature");
        if (wrong.isEmpty()) return;
        throw new MillraceException(
                ErrorKind.SCHEMA_MISMATCH,
                "Table `" + table.name() + "` version " + table.version() + " does not have these features: "
                        + String.join("; ", wrong) + ". Change `features`, or cast the columns.");
    }

    private static boolean isNumber(DataType type) {
        return type instanceof NumericType || type instanceof BooleanType;
    }

    private static boolean isInteger(DataType type) {
        return type instanceof ByteType
                || type instanceof ShortType
                || type instanceof IntegerType
                || type instanceof LongType;
    }

    /** Numbers, then categories. */
    public List<String> all() {
        List<String> all = new ArrayList<>(numeric);
        all.addAll(categorical);
        return all;
    }
}
