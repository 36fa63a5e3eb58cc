package dev.millrace.engine.scan;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;

/**
 * The sample as bytes, column by column (docs/tables.md): one byte of format (1), one of kind, the number of rows, then
 * the values by rising hash of their row. So the n-th value of every column is of the same row.
 */
final class SampleBytes {
    private static final int FORMAT = 1;
    private static final int HASHES = 'H';
    private static final int NUMBERS = 'D';
    private static final int WHOLE = 'L';
    private static final int FLAGS = 'Z';
    private static final int TEXTS = 'T';

    private SampleBytes() {}

    private interface Content {
        void write(DataOutputStream out) throws IOException;
    }

    static byte[] hashes(BottomRows sample) {
        return bytes(HASHES, out -> {
            long[] hashes = sample.hashes();
            out.writeInt(hashes.length);
            for (long hash : hashes) out.writeLong(hash);
        });
    }

    /**
     * Each value after a byte that is 0 for NULL.
     *
     * @param fields of a row of the sample
     */
    static byte[] values(BottomRows sample, int fields, NumberField field) {
        int index = field.field();
        int code =
                switch (field.kind()) {
                    case INTEGER -> WHOLE;
                    case NUMBER, TIME -> NUMBERS;
                    case BOOLEAN, OTHER -> FLAGS;
                    case TEXT, DECIMAL -> TEXTS;
                };
        return bytes(code, out -> {
            var rows = sample.rows(fields);
            out.writeInt(rows.size());
            for (UnsafeRow row : rows) {
                out.writeBoolean(!row.isNullAt(index));
                if (!row.isNullAt(index)) value(out, row, field, code);
            }
        });
    }

    private static void value(DataOutputStream out, UnsafeRow row, NumberField field, int code) throws IOException {
        int index = field.field();
        if (code == WHOLE) out.writeLong(row.getLong(index));
        else if (code == NUMBERS) out.writeDouble(row.getDouble(index));
        else if (code == FLAGS) out.writeBoolean(row.getBoolean(index));
        else {
            byte[] text = field.kind() == ColumnKind.DECIMAL
                    ? field.text(row).getBytes(StandardCharsets.UTF_8)
                    : row.getUTF8String(index).getBytes();
            out.writeInt(text.length);
            out.write(text);
        }
    }

    private static byte[] bytes(int kind, Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeByte(kind);
            content.write(out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
