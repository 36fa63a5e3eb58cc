package dev.millrace.engine.monitor;

import dev.millrace.engine.model.TrainingProfile;
import dev.millrace.platform.table.Columns;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructType;

/**
 * A column whose type is not that of training. FLOAT and DOUBLE spell the same number differently (0.1 is
 * 0.10000000149… as FLOAT), so every value of a column that changed between them would look new: they are compared at
 * the precision that both have, and the change is reported as what it is.
 *
 * @param before Spark's name of the type in training
 * @param now of the type in the table
 */
public record TypeChange(String column, String before, DataType now) {

    /** Empty when the type is the same. */
    static Optional<TypeChange> of(TrainingProfile.Column column, StructType schema) {
        DataType now = schema.apply(schema.fieldIndex(column.name())).dataType();
        return now.simpleString().equals(column.type())
                ? Optional.empty()
                : Optional.of(new TypeChange(column.name(), column.type(), now));
    }

    /** {@code float → double}. */
    public String text() {
        return before + " → " + now.simpleString();
    }

    /** The values as training would have stored them; empty when they are the same number in both types. */
    Optional<Column> comparable() {
        boolean wasFloat = before.equals(DataTypes.FloatType.simpleString());
        boolean isFloat = now.equals(DataTypes.FloatType);
        Column named = Columns.named(column);
        if (wasFloat && (now.equals(DataTypes.DoubleType) || now instanceof DecimalType)) {
            return Optional.of(named.cast(DataTypes.FloatType));
        }
        boolean wasFiner = before.equals(DataTypes.DoubleType.simpleString()) || before.startsWith("decimal");
        if (isFloat && wasFiner) {
            return Optional.of(named.cast(DataTypes.StringType).cast(DataTypes.DoubleType)); // shortest digits
        }
        return Optional.empty();
    }
}
