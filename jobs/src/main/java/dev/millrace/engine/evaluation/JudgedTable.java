package dev.millrace.engine.evaluation;

import dev.millrace.engine.measure.Judged;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What was judged.
 *
 * @param owner the table, for people
 * @param slices per row, the value of each slice column
 * @param unknownClass rows left out because their label is a class the model does not know
 */
public record JudgedTable(String owner, Judged judged, List<String[]> slices, long unknownClass) {
    /** The values of a slice column, in order. */
    public List<String> valuesOf(int slice) {
        return slices.stream().map(values -> values[slice]).distinct().sorted().toList();
    }

    /** The rows with this value of a slice column. */
    public Judged only(int slice, String value) {
        return judged.only(IntStream.range(0, slices.size())
                .filter(i -> slices.get(i)[slice].equals(value))
                .toArray());
    }
}
