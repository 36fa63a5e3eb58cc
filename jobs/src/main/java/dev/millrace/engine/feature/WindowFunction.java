package dev.millrace.engine.feature;

import dev.millrace.engine.window.EntityWindows;
import dev.millrace.engine.window.WindowedAggregate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Streams sorted rows (entity, carried, time, kind, created, values) through {@link EntityWindows}. Buffers the rows of
 * one entity and moment, which must all be seen before any of them is answered.
 *
 * @param step of the grid in microseconds; 0 answers at the rows that are questions
 * @param from first moment written
 * @param until end of the moments written, not included
 */
record WindowFunction(int entityColumns, int carriedColumns, WindowPlan plan, long step, long from, long until)
        implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return new Answers(rows, this);
    }

    private static final class Answers implements Iterator<Row> {
        private final Iterator<Row> rows;
        private final WindowFunction shape;
        private final EntityWindows windows;
        private final WindowPlan.Feature[] features;
        private final double[] results;
        private final long[] created;
        private final double[] values;
        private final int timeAt;
        private final ArrayDeque<Row> ready = new ArrayDeque<>();
        private final List<Row> asked = new ArrayList<>();
        private Row next;
        private Object[] entity;
        private boolean known;
        private long nextStep;

        Answers(Iterator<Row> rows, WindowFunction shape) {
            this.rows = rows;
            this.shape = shape;
            this.features = shape.plan.columns().toArray(WindowPlan.Feature[]::new);
            List<WindowedAggregate> wanted =
                    Arrays.stream(features).map(WindowPlan.Feature::aggregate).toList();
            this.created = new long[shape.plan.created().size()];
            this.values = new double[shape.plan.values().size()];
            this.windows = new EntityWindows(wanted, values.length, created.length);
            this.results = new double[features.length];
            this.timeAt = shape.entityColumns + shape.carriedColumns;
            this.next = rows.hasNext() ? rows.next() : null;
        }

        @Override
        public boolean hasNext() {
            while (ready.isEmpty() && (next != null || entity != null)) advance();
            return !ready.isEmpty();
        }

        @Override
        public Row next() {
            if (!hasNext()) throw new NoSuchElementException();
            return ready.remove();
        }

        /** One moment of one entity, or the end of an entity. */
        private void advance() {
            if (entity != null && (next == null || !isSameEntity(next))) {
                if (shape.step > 0 && known) stepsBefore(shape.until);
                entity = null;
                return;
            }
            long time = next.getLong(timeAt);
            if (entity == null) begin(next, time);
            if (shape.step > 0 && known) stepsBefore(time);
            while (next != null && isSameEntity(next) && next.getLong(timeAt) == time) take(next);
            if (asked.isEmpty()) return;
            if (time >= shape.from && time < shape.until) {
                windows.answer(time, results);
                for (Row row : asked) ready.add(answered(row, time));
            }
            asked.clear();
        }

        private boolean isSameEntity(Row row) {
            for (int i = 0; i < entity.length; i++) {
                Object value = row.get(i);
                if (value == null ? entity[i] != null : !value.equals(entity[i])) return false;
            }
            return true;
        }

        private void begin(Row row, long time) {
            entity = new Object[shape.entityColumns];
            known = true;
            for (int i = 0; i < entity.length; i++) {
                entity[i] = row.get(i);
                known &= entity[i] != null;
            }
            windows.begin();
            if (shape.step > 0) nextStep = firstStepFrom(Math.max(time, shape.from));
        }

        private long firstStepFrom(long time) {
            return -Math.multiplyExact(Math.floorDiv(-time, shape.step), shape.step);
        }

        private void take(Row row) {
            int kind = row.getInt(timeAt + 1);
            if ((kind & WindowedRows.EVENT) != 0 && known) {
                int at = timeAt + 2;
                for (int i = 0; i < created.length; i++) created[i] = row.getLong(at++);
                for (int i = 0; i < values.length; i++, at++) {
                    values[i] = row.isNullAt(at) ? Double.NaN : row.getDouble(at);
                }
                windows.add(row.getLong(timeAt), created, values);
            }
            if ((kind & WindowedRows.QUESTION) != 0) asked.add(row);
            next = rows.hasNext() ? rows.next() : null;
        }

        /** Answers the steps before {@code end}, up to the first at which nothing is left. */
        private void stepsBefore(long end) {
            for (; nextStep < Math.min(end, shape.until); nextStep += shape.step) {
                windows.answer(nextStep, results);
                ready.add(snapshot(nextStep));
                if (windows.isEmpty()) {
                    nextStep = Math.max(nextStep + shape.step, end == shape.until ? end : firstStepFrom(end));
                    return;
                }
            }
        }

        private Row answered(Row row, long time) {
            Object[] cells = new Object[timeAt + 1 + features.length];
            for (int i = 0; i < timeAt; i++) cells[i] = row.get(i);
            return filled(cells, time);
        }

        private Row snapshot(long time) {
            Object[] cells = new Object[timeAt + 1 + features.length];
            System.arraycopy(entity, 0, cells, 0, entity.length);
            return filled(cells, time);
        }

        private Row filled(Object[] cells, long time) {
            cells[timeAt] = time;
            for (int i = 0; i < features.length; i++) cells[timeAt + 1 + i] = cell(features[i], results[i]);
            return RowFactory.create(cells);
        }

        private static Object cell(WindowPlan.Feature feature, double result) {
            double value = Double.isNaN(result) ? feature.whenEmpty() : result;
            if (Double.isNaN(value)) return null;
            return feature.isCount() ? (Object) (long) value : (Object) value;
        }
    }
}
