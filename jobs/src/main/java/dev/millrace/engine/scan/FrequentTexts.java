package dev.millrace.engine.scan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.datasketches.common.ArrayOfStringsSerDe;
import org.apache.datasketches.frequencies.ErrorType;
import org.apache.datasketches.frequencies.ItemsSketch;
import org.apache.datasketches.memory.Memory;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The most frequent texts of a column, by DataSketches' frequent items. Exact and order-free up to 3,072 different texts,
 * approximate above. Texts are gathered in a plain map first, so that a column of few values costs one look-up per row;
 * each text new to that map is also told to a {@link Distinct}. Not thread-safe.
 */
final class FrequentTexts {
    private static final int MAP = 4096;
    /** Longer texts count under their beginning. */
    private static final int LONGEST = 128;

    private final ItemsSketch<String> sketch;
    private final Map<UTF8String, long[]> gathered = new HashMap<>();

    FrequentTexts() {
        this(new ItemsSketch<>(MAP));
    }

    private FrequentTexts(ItemsSketch<String> sketch) {
        this.sketch = sketch;
    }

    void add(UTF8String text, Distinct distinct) {
        long[] count = gathered.get(text);
        if (count != null) {
            count[0]++;
            return;
        }
        if (gathered.size() == MAP) flush();
        distinct.add(text);
        gathered.put(text.clone(), new long[] {1}); // the row's buffer is used again
    }

    private void flush() {
        gathered.forEach((text, count) -> sketch.update(shortened(text), count[0]));
        gathered.clear();
    }

    private static String shortened(UTF8String text) {
        return text.numChars() <= LONGEST
                ? text.toString()
                : text.substring(0, LONGEST).toString();
    }

    void merge(FrequentTexts other) {
        flush();
        other.flush();
        sketch.merge(other.sketch);
    }

    /** @param exact false when the counts may be too high */
    record Item(String text, long count, boolean exact) {}

    /** By falling count, then by text. */
    List<Item> top(int limit) {
        flush();
        boolean exact = sketch.getMaximumError() == 0;
        List<Item> items = new ArrayList<>();
        for (ItemsSketch.Row<String> row : sketch.getFrequentItems(ErrorType.NO_FALSE_NEGATIVES)) {
            items.add(new Item(row.getItem(), row.getEstimate(), exact));
        }
        items.sort(Comparator.comparingLong(Item::count).reversed().thenComparing(Item::text));
        return items.subList(0, Math.min(limit, items.size()));
    }

    byte[] toBytes() {
        flush();
        return sketch.toByteArray(new ArrayOfStringsSerDe());
    }

    static FrequentTexts fromBytes(byte[] bytes) {
        return new FrequentTexts(ItemsSketch.getInstance(Memory.wrap(bytes), new ArrayOfStringsSerDe()));
    }
}
