package dev.millrace.engine.split;

import dev.millrace.platform.table.Columns;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Marks the rows of a training set by a {@link SetSplit}.
 *
 * @param timeColumn TIMESTAMP or DATE: the moment of a row
 */
public record SetSplits(String timeColumn, long seed) {
    private static final int BUCKETS = 1_000_000;

    /** The mark of a row. */
    public Column mark(StructType rows, SetSplit split) {
        if (split instanceof SetSplit.ByTime by) return byTime(by);
        if (split instanceof SetSplit.ByHash by) {
            Columns.require(rows, by.columns(), "The training set");
            List<Column> hashed = new ArrayList<>(List.of(Columns.named(by.columns())));
            hashed.add(functions.lit("split"));
            hashed.add(functions.lit(seed));
            Column bucket = functions.pmod(functions.xxhash64(hashed.toArray(Column[]::new)), functions.lit(BUCKETS));
            return functions
                    .when(bucket.lt(Math.round(by.testShare() * BUCKETS)), "test")
                    .otherwise("train");
        }
        throw new AssertionError(split);
    }

    private Column byTime(SetSplit.ByTime by) {
        Column time = Columns.named(timeColumn).cast(DataTypes.TimestampType);
        Column mark = functions.when(time.geq(functions.lit(by.testFrom())), "test");
        if (by.testTo().isPresent()) {
            mark = functions
                    .when(time.geq(functions.lit(by.testTo().get())), "recent")
                    .when(time.geq(functions.lit(by.testFrom())), "test");
        }
        mark = mark.when(time.geq(functions.lit(by.trainEnd())), "gap");
        if (by.trainFrom().isPresent()) {
            mark = mark.when(time.lt(functions.lit(by.trainFrom().get())), "before");
        }
        return mark.otherwise("train");
    }
}
