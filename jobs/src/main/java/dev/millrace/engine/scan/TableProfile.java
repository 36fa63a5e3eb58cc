package dev.millrace.engine.scan;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;

/**
 * What one pass learned of a table.
 *
 * @param columns names, in the table's order
 * @param kinds of the columns
 * @param types Spark's names of their types
 * @param whole of all rows
 * @param slices per slice, in order
 * @param numbers names of the columns in {@code comoments}
 */
public record TableProfile(
        List<String> columns,
        List<ColumnKind> kinds,
        List<String> types,
        Part whole,
        Map<Slice, Part> slices,
        List<String> numbers,
        Comoments comoments) {

    /** @param value text of the column's value; NULL is a slice of its own, {@code (null)} */
    public record Slice(String key, String value) {}

    /**
     * @param columns in the table's order
     * @param sample a sample of the rows
     */
    public record Part(List<ColumnProfile> columns, BottomRows sample) {
        public long rows() {
            return columns.isEmpty() ? 0 : columns.get(0).rows();
        }
    }

    /**
     * The sample's rows: one field per column, as BIGINT, DOUBLE, BOOLEAN, STRING, DOUBLE (seconds) or BOOLEAN (whether
     * there is a value) by its {@link ColumnKind}, then the slices and the hash.
     */
    public List<UnsafeRow> sample(Part part, int slices) {
        return part.sample().rows(columns.size() + slices + 1);
    }
}
