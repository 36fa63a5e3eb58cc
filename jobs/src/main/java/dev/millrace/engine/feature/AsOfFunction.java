package dev.millrace.engine.feature;

import dev.millrace.platform.spark.PartitionStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Streams sorted rows (entity, carried, time, kind, key, features) and gives each question the newest features before
 * it: (entity, carried, time, features). Holds the feature rows of one entity and moment by key; without a key, one.
 */
record AsOfFunction(
        int entity, int carried, int keys, int features, long lagMicros, long maxAgeMicros, StructType result)
        implements PartitionStream.Function {
    private static final long serialVersionUID = 1L;
    private static final int ENTITY = 0;
    private static final int CARRIED = 1;
    private static final int TIME = 2;
    private static final int KIND = 3;
    private static final int KEY = 4;
    private static final int FEATURES = 5;
    private static final int RESULT_FEATURES = 3;

    @Override
    public Iterator<InternalRow> apply(Iterator<UnsafeRow> rows) {
        return new Joined(rows, this);
    }

    private static final class Joined implements Iterator<InternalRow> {
        private final Iterator<UnsafeRow> rows;
        private final AsOfFunction shape;
        private final SpecificInternalRow out;
        private final Map<UnsafeRow, UnsafeRow> byKey = new HashMap<>();
        private UnsafeRow entity;
        private UnsafeRow last;
        private long moment;
        private boolean isReady;

        Joined(Iterator<UnsafeRow> rows, AsOfFunction shape) {
            this.rows = rows;
            this.shape = shape;
            this.out = new SpecificInternalRow(CollectionConverters.asScala(Arrays.stream(shape.result.fields())
                            .map(field -> field.dataType())
                            .toList())
                    .toSeq());
        }

        @Override
        public boolean hasNext() {
            while (!isReady && rows.hasNext()) {
                UnsafeRow row = rows.next();
                if (row.getInt(KIND) == WindowedRows.EVENT) remember(row);
                else join(row);
            }
            return isReady;
        }

        @Override
        public InternalRow next() {
            if (!hasNext()) throw new java.util.NoSuchElementException();
            isReady = false;
            return out;
        }

        private void remember(UnsafeRow row) {
            if (!isOfEntity(row)) {
                entity = row.getStruct(ENTITY, shape.entity).copy();
                byKey.clear();
            } else if (row.getLong(TIME) != moment) byKey.clear();
            moment = row.getLong(TIME);
            last = row.getStruct(FEATURES, shape.features).copy();
            if (shape.keys > 0) byKey.put(row.getStruct(KEY, shape.keys).copy(), last);
        }

        private boolean isOfEntity(UnsafeRow row) {
            return entity != null && row.getStruct(ENTITY, shape.entity).equals(entity);
        }

        private void join(UnsafeRow question) {
            out.update(ENTITY, question.getStruct(ENTITY, shape.entity));
            out.update(CARRIED, question.getStruct(CARRIED, shape.carried));
            out.setLong(TIME, question.getLong(TIME));
            UnsafeRow found = found(question);
            if (found == null) out.setNullAt(RESULT_FEATURES);
            else out.update(RESULT_FEATURES, found);
            isReady = true;
        }

        private UnsafeRow found(UnsafeRow question) {
            if (!isOfEntity(question)) return null;
            long age = question.getLong(TIME) - moment + shape.lagMicros;
            if (age > shape.maxAgeMicros) return null;
            UnsafeRow own = shape.keys > 0 ? byKey.get(question.getStruct(KEY, shape.keys)) : null;
            return own == null ? last : own;
        }
    }
}
