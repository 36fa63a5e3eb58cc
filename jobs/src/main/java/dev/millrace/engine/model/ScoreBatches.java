package dev.millrace.engine.model;

import dev.millrace.engine.onnx.InputBatch;
import dev.millrace.engine.onnx.OnnxModel;
import dev.millrace.engine.onnx.OnnxModels;
import dev.millrace.engine.onnx.Scores;
import dev.millrace.platform.spark.InternalRows;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Scores the rows of a partition by ONNX Runtime. One pass; holds one batch of rows at a time, and no object per value.
 * Rows come as the columns to keep followed by the model's inputs in its order (numbers as DOUBLE, whole numbers and
 * booleans as BIGINT, texts as STRING) and leave with prediction, probability and probabilities behind them.
 *
 * @param model bytes of the graph
 * @param digest of the bytes: executors keep one session per digest
 * @param kept how many leading columns are no inputs
 * @param prediction type of the prediction
 */
record ScoreBatches(Broadcast<byte[]> model, String digest, int kept, DataType prediction)
        implements InternalRows.Step {
    /** Larger batches are not faster (feasibility-server §2), only larger. */
    private static final int BATCH = 4096;

    @Override
    public Iterator<InternalRow> of(Iterator<InternalRow> rows) {
        if (!rows.hasNext()) return rows;
        OnnxModels.Use use = OnnxModels.use(digest, model.value());
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) ended -> use.close());
        return new Scored(rows, use.model(), kept, prediction);
    }

    /** Pulls a batch when the last one is used up. */
    private static final class Scored implements Iterator<InternalRow> {
        private final Iterator<InternalRow> rows;
        private final OnnxModel session;
        private final int kept;
        private final DataType prediction;
        private final InputBatch batch;
        private final OnnxModel.Type[] types;
        private final InternalRow[] waiting = new InternalRow[BATCH];
        private final SpecificInternalRow result;
        private final JoinedRow joined = new JoinedRow();
        private final Map<String, UTF8String> texts = new HashMap<>();
        private Scores scores;
        private int filled;
        private int at;

        Scored(Iterator<InternalRow> rows, OnnxModel session, int kept, DataType prediction) {
            this.rows = rows;
            this.session = session;
            this.kept = kept;
            this.prediction = prediction;
            this.batch = session.batch(BATCH);
            this.types = session.inputs().stream().map(OnnxModel.Input::type).toArray(OnnxModel.Type[]::new);
            this.result = new SpecificInternalRow(new StructType()
                    .add("prediction", prediction)
                    .add("probability", DataTypes.DoubleType)
                    .add("probabilities", DataTypes.createArrayType(DataTypes.DoubleType)));
        }

        @Override
        public boolean hasNext() {
            return at < filled || rows.hasNext();
        }

        @Override
        public InternalRow next() {
            if (at == filled) {
                if (!rows.hasNext()) throw new NoSuchElementException();
                fill();
            }
            setResult(at);
            return joined.apply(waiting[at++], result);
        }

        private void fill() {
            filled = 0;
            batch.clear();
            while (rows.hasNext() && !batch.isFull()) {
                InternalRow row = rows.next().copy();
                waiting[filled++] = row;
                batch.nextRow();
                for (int i = 0; i < types.length; i++) set(i, row, kept + i);
            }
            scores = session.run(batch);
            at = 0;
        }

        private void set(int input, InternalRow row, int column) {
            if (row.isNullAt(column)) {
                batch.missing(input);
                return;
            }
            switch (types[input]) {
                case TEXT -> batch.text(input, row.getUTF8String(column).toString());
                case DOUBLE, FLOAT -> batch.number(input, row.getDouble(column));
                case LONG, INT, BOOLEAN -> batch.whole(input, row.getLong(column));
            }
        }

        private void setPrediction(int index) {
            if (prediction.equals(DataTypes.DoubleType)) result.setDouble(0, scores.amount(index));
            else if (prediction.equals(DataTypes.LongType)) result.setLong(0, scores.whole(index));
            else if (prediction.equals(DataTypes.BooleanType)) result.setBoolean(0, scores.flag(index));
            else result.update(0, texts.computeIfAbsent(scores.text(index), UTF8String::fromString));
        }

        private void setResult(int index) {
            setPrediction(index);
            int count = scores.probabilities();
            if (count == 1) result.setDouble(1, scores.probability(index, 0));
            else result.setNullAt(1);
            if (count < 2) {
                result.setNullAt(2);
                return;
            }
            double[] several = new double[count];
            for (int i = 0; i < count; i++) several[i] = scores.probability(index, i);
            result.update(2, UnsafeArrayData.fromPrimitiveArray(several));
        }
    }
}
