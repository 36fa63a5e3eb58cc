package dev.millrace.engine.feature;

import dev.millrace.engine.window.EntityWindows;
import dev.millrace.engine.window.SpillSpace;
import dev.millrace.platform.spark.PartitionStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.execution.ExternalAppendOnlyUnsafeRowArray;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Streams sorted rows (entity, carried, time, kind, moments, values) through {@link EntityWindows} to rows (entity,
 * carried, time, features).
 *
 * <p>A question is answered at once where no aggregate counts events of its own moment; otherwise the rows of the moment
 * wait for all of its events. What does not fit into {@code memoryBytes} can go to disk.
 *
 * @param entityColumns how many columns the entity has
 * @param carriedColumns how many columns are carried
 * @param step of a grid; null answers at the rows that are questions
 * @param eventsFirst whether the events of a moment come before its questions
 * @param from first moment written
 * @param until end of the moments written, not included
 * @param result rows to make
 * @param memoryBytes for the events of one entity, and again for the rows that wait before they are Spark's to spill
 */
record WindowFunction(
        int entityColumns,
        int carriedColumns,
        WindowPlan plan,
        GridStep step,
        boolean eventsFirst,
        long from,
        long until,
        StructType result,
        long memoryBytes)
        implements PartitionStream.Function {
    private static final long serialVersionUID = 1L;

    /** Events of one entity in memory. */
    static final long MEMORY_BYTES = 64L << 20;

    static final int ENTITY = 0;
    static final int CARRIED = 1;
    static final int TIME = 2;
    static final int KIND = 3;
    static final int MOMENTS = 4;

    private static final int ROWS_IN_MEMORY = 4_096;

    @Override
    public Iterator<InternalRow> apply(Iterator<UnsafeRow> rows) {
        SpillSpace space = new SpillSpace(memoryBytes, () -> SparkEnv.get()
                .blockManager()
                .diskBlockManager()
                .createTempLocalBlock()
                ._2()
                .toPath());
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) done -> space.close());
        return new Answers(rows, this, space);
    }

    private static final class Answers implements Iterator<InternalRow> {
        private final Iterator<UnsafeRow> rows;
        private final WindowFunction shape;
        private final EntityWindows windows;
        private final DataType[] types;
        private final double[] whenEmpty;
        private final boolean[] isDouble;
        private final DataType[] exactTypes;
        private final double[] results;
        private final Object[] exactResults;
        private final long[] moments;
        private final double[] doubles;
        private final Object[] exacts;
        private final boolean waits;
        private final SpecificInternalRow out;
        private final ExternalAppendOnlyUnsafeRowArray waiting;
        private Iterator<UnsafeRow> answered = Collections.emptyIterator();
        private UnsafeRow next;
        private UnsafeRow entity;
        private boolean known;
        private long moment = Long.MIN_VALUE;
        private long nextStep;
        private boolean isTaken;
        private boolean isWaiting;
        private boolean isReady;

        Answers(Iterator<UnsafeRow> rows, WindowFunction shape, SpillSpace space) {
            this.rows = rows;
            this.shape = shape;
            WindowPlan plan = shape.plan;
            List<WindowPlan.Feature> features = plan.columns();
            this.types = features.stream().map(WindowPlan.Feature::type).toArray(DataType[]::new);
            this.whenEmpty =
                    features.stream().mapToDouble(WindowPlan.Feature::whenEmpty).toArray();
            this.moments = new long[plan.shape().moments()];
            this.doubles = new double[plan.shape().doubles()];
            this.exacts = new Object[plan.shape().exacts()];
            this.isDouble = new boolean[doubles.length];
            for (int i = 0; i < isDouble.length; i++) {
                isDouble[i] = plan.values().get(i).type() instanceof DoubleType;
            }
            this.exactTypes = plan.values().stream()
                    .skip(doubles.length)
                    .map(WindowPlan.Value::type)
                    .toArray(DataType[]::new);
            this.windows = new EntityWindows(
                    features.stream().map(WindowPlan.Feature::aggregate).toList(), plan.shape(), space);
            this.results = new double[types.length];
            this.exactResults = new Object[types.length];
            this.waits = windows.seesItsMoment() && !shape.eventsFirst;
            this.out = new SpecificInternalRow(CollectionConverters.asScala(Arrays.stream(shape.result.fields())
                            .map(field -> field.dataType())
                            .toList())
                    .toSeq());
            // Beyond these rows, Spark's memory manager decides when they go to disk.
            this.waiting = new ExternalAppendOnlyUnsafeRowArray(
                    ROWS_IN_MEMORY, shape.memoryBytes, Integer.MAX_VALUE, Long.MAX_VALUE);
            this.next = rows.hasNext() ? rows.next() : null;
        }

        @Override
        public boolean hasNext() {
            while (!isReady && (answered.hasNext() || next != null || entity != null)) advance();
            return isReady;
        }

        @Override
        public InternalRow next() {
            if (!hasNext()) throw new NoSuchElementException();
            isReady = false;
            return out;
        }

        /** One waiting row, one step of a grid, one row, or the end of a moment or an entity. */
        private void advance() {
            if (answered.hasNext()) {
                give(answered.next());
                return;
            }
            if (isTaken) {
                next = rows.hasNext() ? rows.next() : null;
                isTaken = false;
            }
            boolean isEntitysEnd = entity != null && (next == null || !isSameEntity(next));
            if (isWaiting && (isEntitysEnd || next.getLong(TIME) != moment)) {
                windows.answer(moment, results, exactResults);
                answered = CollectionConverters.asJava(waiting.generateIterator());
                isWaiting = false;
            } else if (isEntitysEnd) {
                if (isStep(shape.until)) giveStep(shape.until);
                else entity = null;
            } else if (next != null) {
                if (entity == null) begin(next);
                if (isStep(next.getLong(TIME))) giveStep(next.getLong(TIME));
                else take(next);
            }
        }

        private boolean isSameEntity(UnsafeRow row) {
            return row.getStruct(ENTITY, shape.entityColumns).equals(entity);
        }

        private void begin(UnsafeRow row) {
            entity = row.getStruct(ENTITY, shape.entityColumns).copy();
            known = !entity.anyNull();
            moment = Long.MIN_VALUE;
            windows.begin();
            if (shape.step != null) {
                nextStep = shape.step.ceiling(Math.max(row.getLong(TIME), shape.from));
            }
        }

        private void take(UnsafeRow row) {
            long time = row.getLong(TIME);
            boolean isNew = time != moment;
            moment = time;
            int kind = row.getInt(KIND);
            if ((kind & WindowedRows.EVENT) != 0 && known) add(row, time);
            if ((kind & WindowedRows.QUESTION) != 0 && time >= shape.from && time < shape.until) {
                if (waits) hold(row);
                else {
                    // Without events of this moment, each of its questions has the same answer.
                    if (isNew || shape.eventsFirst) windows.answer(time, results, exactResults);
                    give(row);
                }
            }
            isTaken = true; // the next row takes its memory, so it is asked for only when this one was read
        }

        private void hold(UnsafeRow row) {
            if (!isWaiting) {
                answered = Collections.emptyIterator();
                waiting.clear();
                isWaiting = true;
            }
            waiting.add(row);
        }

        private void add(UnsafeRow row, long time) {
            int at = MOMENTS;
            for (int i = 0; i < moments.length; i++) moments[i] = row.getLong(at++);
            for (int i = 0; i < doubles.length; i++) doubles[i] = ValueTypes.number(row, at++, isDouble[i]);
            for (int i = 0; i < exacts.length; i++) exacts[i] = ValueTypes.exact(row, at++, exactTypes[i]);
            windows.add(time, moments, doubles, exacts);
        }

        private boolean isStep(long end) {
            return shape.step != null && known && nextStep < Math.min(end, shape.until);
        }

        /** Answers one step before {@code end}; after one at which nothing is left, the steps up to it are left out. */
        private void giveStep(long end) {
            windows.answer(nextStep, results, exactResults);
            out.update(ENTITY, entity);
            give(nextStep);
            GridStep step = shape.step;
            nextStep = windows.isEmpty() ? step.ceiling(Math.max(end, step.next(nextStep))) : step.next(nextStep);
        }

        private void give(UnsafeRow row) {
            out.update(ENTITY, row.getStruct(ENTITY, shape.entityColumns));
            out.update(CARRIED, row.getStruct(CARRIED, shape.carriedColumns));
            give(row.getLong(TIME));
        }

        private void give(long time) {
            out.setLong(TIME, time);
            for (int i = 0; i < types.length; i++) {
                int at = TIME + 1 + i;
                boolean isEmpty = Double.isNaN(results[i]) && exactResults[i] == null;
                if (isEmpty) ValueTypes.writeDefault(out, at, types[i], whenEmpty[i]);
                else ValueTypes.write(out, at, types[i], results[i], exactResults[i]);
            }
            isReady = true;
        }
    }
}
