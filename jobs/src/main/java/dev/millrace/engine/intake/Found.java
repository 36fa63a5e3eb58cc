package dev.millrace.engine.intake;

import java.util.List;
import org.apache.spark.sql.types.StructType;

/**
 * What files say of their columns.
 *
 * @param columns under their new names; NULL types, also within others, where no file has a value
 * @param warnings what a person should know about them
 */
public record Found(StructType columns, List<String> warnings) {
    public Found {
        warnings = List.copyOf(warnings);
    }
}
