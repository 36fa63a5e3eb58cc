package dev.millrace.engine.model;

import dev.millrace.engine.onnx.InputBatch;
import dev.millrace.engine.onnx.OnnxModel;
import dev.millrace.engine.onnx.OnnxModels;
import dev.millrace.engine.onnx.Scores;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Scores the rows of a partition by ONNX Runtime. One pass; holds one batch of rows at a time. Rows come as the columns
 * to keep followed by the model's inputs in its order (numbers as DOUBLE, texts as STRING) and leave as the columns to
 * keep followed by prediction, probability and probabilities.
 *
 * @param model bytes of the graph
 * @param digest of the bytes: executors keep one session per digest
 * @param kept how many leading columns are passed on
 */
record ScoreBatches(Broadcast<byte[]> model, String digest, int kept) implements MapPartitionsFunction<Row, Row> {
    /** Larger batches are not faster (feasibility-server §2), only larger. */
    private static final int BATCH = 4096;

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        if (!rows.hasNext()) return rows;
        OnnxModel session = OnnxModels.shared(digest, model.value());
        return new Scored(rows, session, kept);
    }

    /** Pulls a batch when the last one is used up. */
    private static final class Scored implements Iterator<Row> {
        private final Iterator<Row> rows;
        private final OnnxModel session;
        private final int kept;
        private final InputBatch batch;
        private final boolean[] texts;
        private final List<Row> waiting = new ArrayList<>(BATCH);
        private Scores scores;
        private int at;

        Scored(Iterator<Row> rows, OnnxModel session, int kept) {
            this.rows = rows;
            this.session = session;
            this.kept = kept;
            this.batch = session.batch(BATCH);
            this.texts = new boolean[session.inputs().size()];
            for (int i = 0; i < texts.length; i++) {
                texts[i] = session.inputs().get(i).type() == OnnxModel.Type.TEXT;
            }
        }

        @Override
        public boolean hasNext() {
            return at < waiting.size() || rows.hasNext();
        }

        @Override
        public Row next() {
            if (at == waiting.size()) {
                if (!rows.hasNext()) throw new NoSuchElementException();
                fill();
            }
            Row scored = scored(waiting.get(at), at);
            at++;
            return scored;
        }

        private void fill() {
            waiting.clear();
            batch.clear();
            while (rows.hasNext() && !batch.isFull()) {
                Row row = rows.next();
                waiting.add(row);
                batch.nextRow();
                for (int i = 0; i < texts.length; i++) {
                    int column = kept + i;
                    if (texts[i]) batch.text(i, row.getString(column));
                    else batch.number(i, row.isNullAt(column) ? Double.NaN : row.getDouble(column));
                }
            }
            scores = session.run(batch);
            at = 0;
        }

        private Row scored(Row row, int index) {
            Object[] values = new Object[kept + 3];
            for (int i = 0; i < kept; i++) values[i] = row.get(i);
            values[kept] = scores.prediction(index);
            int count = scores.probabilities();
            if (count == 1) values[kept + 1] = scores.probability(index, 0);
            if (count > 1) {
                Double[] several = new Double[count];
                for (int i = 0; i < count; i++) several[i] = scores.probability(index, i);
                values[kept + 2] = several;
            }
            return RowFactory.create(values);
        }
    }
}
