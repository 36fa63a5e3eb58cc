package dev.millrace.platform.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.plans.logical.MapPartitions;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/**
 * Rows of a partition one by one as Spark holds them, without a {@code Row} and boxed cells for each: what {@code
 * mapPartitions} does, at the cost of a copy. Lazy, as any transformation.
 */
public final class PartitionStream {
    private static final String ROW = "_millrace_row";

    private PartitionStream() {}

    /** What is done with the rows of a partition, in their order. */
    @FunctionalInterface
    public interface Function extends Serializable {
        /**
         * @param rows each valid until the next one is asked for
         * @return rows of the schema given to {@link #map}, each valid until the next one is asked for
         */
        java.util.Iterator<InternalRow> apply(java.util.Iterator<UnsafeRow> rows);
    }

    /** The columns of {@code schema}, as {@code function} makes them of each partition of {@code rows}. */
    public static Dataset<Row> map(Dataset<Row> rows, Function function, StructType schema) {
        List<Column> fields = new ArrayList<>();
        for (String column : rows.columns()) fields.add(functions.col("`" + column + "`"));
        Dataset<Row> packed =
                rows.select(functions.struct(fields.toArray(Column[]::new)).as(ROW));
        Seq<String> unqualified =
                CollectionConverters.asScala(List.<String>of()).toSeq();
        AttributeReference made =
                new AttributeReference(ROW, schema, false, Metadata.empty(), NamedExpression.newExprId(), unqualified);
        var classic = (org.apache.spark.sql.classic.Dataset<Row>) packed;
        MapPartitions plan = new MapPartitions(new Adapter(function), made, classic.logicalPlan());
        Dataset<Row> streamed = org.apache.spark.sql.classic.Dataset.ofRows(classic.sparkSession(), plan);
        List<Column> columns = new ArrayList<>();
        for (String column : schema.fieldNames()) {
            columns.add(functions.col(ROW).getField(column).as(column));
        }
        return streamed.select(columns.toArray(Column[]::new));
    }

    private static final class Adapter extends AbstractFunction1<Iterator<Object>, Iterator<Object>>
            implements Serializable {
        private static final long serialVersionUID = 1L;
        private final Function function;

        Adapter(Function function) {
            this.function = function;
        }

        @Override
        public Iterator<Object> apply(Iterator<Object> rows) {
            java.util.Iterator<Object> given = CollectionConverters.asJava(rows);
            java.util.Iterator<InternalRow> made = function.apply(new java.util.Iterator<>() {
                @Override
                public boolean hasNext() {
                    return given.hasNext();
                }

                @Override
                public UnsafeRow next() {
                    return (UnsafeRow) given.next();
                }
            });
            return new scala.collection.AbstractIterator<>() {
                @Override
                public boolean hasNext() {
                    return made.hasNext();
                }

                @Override
                public Object next() {
                    return made.next();
                }
            };
        }
    }
}
