package dev.millrace.engine.feature;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Streams sorted rows (entity, carried, time, kind, keys, features) and gives each question the newest features before
 * it. Holds the feature rows of one entity and moment.
 */
record AsOfFunction(int entity, int carried, int keys, int features, long lagMicros, long maxAgeMicros)
        implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return new Joined(rows, this);
    }

    private static final class Joined implements Iterator<Row> {
        private final Iterator<Row> rows;
        private final AsOfFunction shape;
        private final int timeAt;
        private final List<Row> newest = new ArrayList<>();
        private Row ready;

        Joined(Iterator<Row> rows, AsOfFunction shape) {
            this.rows = rows;
            this.shape = shape;
            this.timeAt = shape.entity + shape.carried;
        }

        @Override
        public boolean hasNext() {
            while (ready == null && rows.hasNext()) {
                Row row = rows.next();
                if (row.getInt(timeAt + 1) == WindowedRows.EVENT) remember(row);
                else ready = joined(row);
            }
            return ready != null;
        }

        @Override
        public Row next() {
            if (!hasNext()) throw new NoSuchElementException();
            Row row = ready;
            ready = null;
            return row;
        }

        private void remember(Row row) {
            boolean sameMoment = !newest.isEmpty()
                    && row.getLong(timeAt) == newest.get(0).getLong(timeAt)
                    && isSameEntity(row, newest.get(0));
            if (!sameMoment) newest.clear();
            newest.add(row);
        }

        private boolean isSameEntity(Row one, Row other) {
            for (int i = 0; i < shape.entity; i++) if (!Objects.equals(one.get(i), other.get(i))) return false;
            return true;
        }

        private Row joined(Row question) {
            Object[] cells = new Object[timeAt + 1 + shape.features];
            for (int i = 0; i <= timeAt; i++) cells[i] = question.get(i);
            Row found = found(question);
            if (found != null) {
                int from = timeAt + 2 + shape.keys;
                for (int i = 0; i < shape.features; i++) cells[timeAt + 1 + i] = found.get(from + i);
            }
            return RowFactory.create(cells);
        }

        private Row found(Row question) {
            if (newest.isEmpty() || !isSameEntity(question, newest.get(0))) return null;
            long age = question.getLong(timeAt) - newest.get(0).getLong(timeAt) + shape.lagMicros;
            if (age > shape.maxAgeMicros) return null;
            for (Row candidate : newest) if (hasKeyOf(question, candidate)) return candidate;
            return newest.get(newest.size() - 1);
        }

        private boolean hasKeyOf(Row question, Row candidate) {
            for (int i = 0; i < shape.keys; i++) {
                int at = timeAt + 2 + i;
                if (!Objects.equals(question.get(at), candidate.get(at))) return false;
            }
            return shape.keys > 0;
        }
    }
}
