package dev.millrace.engine.scan;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * The cells a column is counted into. For a number: one below the first edge, one between each edge and the next
 * ({@code [low, high)}), one from the last edge on, then NULL, NaN, −∞, +∞. For a category: one per value, one for all
 * other values, then NULL.
 *
 * @param column name
 * @param edges ascending; two neighbours in {@code double} hold a single value between them; empty for categories
 * @param values the categories, the most frequent first; empty for numbers
 * @param isNumber which of both
 * @param hashed whether {@code values} are hashes of the real ones (privacy)
 */
public record ColumnBins(String column, List<Double> edges, List<String> values, boolean isNumber, boolean hashed)
        implements Serializable {

    public ColumnBins {
        edges = List.copyOf(edges);
        values = List.copyOf(values);
    }

    static ColumnBins numbers(String column, double[] edges) {
        return new ColumnBins(column, Arrays.stream(edges).boxed().toList(), List.of(), true, false);
    }

    static ColumnBins categories(String column, List<String> values, boolean hashed) {
        return new ColumnBins(column, List.of(), values, false, hashed);
    }

    /** Cells that hold a finite number or a category: what a distance is computed over; they come first. */
    public int valueCells() {
        return (isNumber ? edges.size() : values.size()) + 1;
    }

    public int cells() {
        return valueCells() + (isNumber ? 4 : 1);
    }

    /** The cell of NULL; NaN, −∞ and +∞ follow for numbers. */
    public int nullCell() {
        return valueCells();
    }

    /** Whether a value cell holds one value only; a category does, the pool of others does not. */
    public boolean isPoint(int cell) {
        if (!isNumber) return cell < values.size();
        return cell > 0 && cell < edges.size() && Math.nextUp(edges.get(cell - 1)) == edges.get(cell);
    }

    /** What a cell is called in tables and charts. */
    public String label(int cell) {
        if (cell >= valueCells())
            return List.of("NULL", "NaN", "-Infinity", "Infinity").get(cell - valueCells());
        if (!isNumber) return cell < values.size() ? values.get(cell) : "(other)";
        if (edges.isEmpty()) return "(any)";
        if (cell == 0) return "< " + edges.get(0);
        if (cell == edges.size()) return ">= " + edges.get(cell - 1);
        return isPoint(cell)
                ? String.valueOf(edges.get(cell - 1))
                : "[" + edges.get(cell - 1) + ", " + edges.get(cell) + ")";
    }
}
