package dev.millrace.engine.truth;

import dev.millrace.engine.onnx.Target;
import java.math.BigDecimal;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NumericType;

/**
 * What a label says in the terms of a model: the index of its class, or its amount. Classes are compared as values of
 * the type the model learned: of a model of numbers 1, 1.0, true and the text "1.0" are one class. A model of texts
 * compares texts.
 */
public final class ClassIndex {
    private ClassIndex() {}

    /**
     * @param label the label
     * @param type of {@code label}
     * @param target what the model predicts
     * @return DOUBLE: the index of the class, or the amount. NULL for a label that is NULL, of a class the model does
     *     not know, or no finite number where the model predicts amounts
     */
    public static Column of(Column label, DataType type, Target target) {
        if (!(target instanceof Target.Classes classes)) return finite(number(label, type));
        Column index = functions.lit(null).cast(DataTypes.DoubleType);
        for (int i = classes.values().size() - 1; i >= 0; i--) {
            Column same = same(label, type, classes.kind(), classes.values().get(i));
            index = functions.when(same, (double) i).otherwise(index);
        }
        return index;
    }

    private static Column finite(Column number) {
        Column odd = functions.isnan(number).or(functions.abs(number).equalTo(Double.POSITIVE_INFINITY));
        return functions.when(functions.not(odd), number);
    }

    private static Column number(Column label, DataType type) {
        if (type instanceof BooleanType)
            return label.cast(DataTypes.IntegerType).cast(DataTypes.DoubleType);
        if (type instanceof NumericType) return label.cast(DataTypes.DoubleType);
        return functions.trim(label.cast(DataTypes.StringType)).try_cast(DataTypes.DoubleType);
    }

    private static Column same(Column label, DataType type, Target.Kind kind, String value) {
        return switch (kind) {
            case TEXT -> label.cast(DataTypes.StringType).equalTo(value);
            case INTEGER, NUMBER -> sameNumber(label, type, value);
            case BOOLEAN -> sameFlag(label, type, value.equals("true"));
        };
    }

    /** Whole numbers and decimals are compared exactly, fractions as doubles. */
    private static Column sameNumber(Column label, DataType type, String value) {
        if (type instanceof BooleanType) {
            double number = Double.parseDouble(value);
            return number == 0 || number == 1 ? label.equalTo(number == 1) : functions.lit(false);
        }
        if (type instanceof NumericType) return equal(label, type, value);
        Column text = functions.trim(label.cast(DataTypes.StringType));
        return equal(text.try_cast(DataTypes.DoubleType), DataTypes.DoubleType, value);
    }

    private static Column equal(Column label, DataType type, String value) {
        boolean fractions = type instanceof DoubleType || type instanceof FloatType;
        if (fractions) return label.cast(DataTypes.DoubleType).equalTo(Double.parseDouble(value));
        BigDecimal exact = new BigDecimal(value).stripTrailingZeros();
        if (exact.scale() <= 0 && exact.precision() - exact.scale() <= 18) return label.equalTo(exact.longValueExact());
        if (type instanceof DecimalType) return label.equalTo(exact);
        return label.cast(DataTypes.DoubleType).equalTo(exact.doubleValue());
    }

    private static Column sameFlag(Column label, DataType type, boolean value) {
        if (type instanceof BooleanType) return label.equalTo(value);
        if (type instanceof NumericType) return equal(label, type, value ? "1" : "0");
        Column text = functions.lower(functions.trim(label.cast(DataTypes.StringType)));
        return text.equalTo(String.valueOf(value))
                .or(equal(text.try_cast(DataTypes.DoubleType), DataTypes.DoubleType, value ? "1" : "0"));
    }
}
