package dev.millrace.engine.scan;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
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
 * approximate above. Texts longer than {@value #LONGEST} characters count under their beginning and an ellipsis, so that
 * it never holds more than some hundred bytes per text; {@link #cut} says how many there were. Texts are gathered in a
 * plain map first, so that a column of few values costs one look-up per row; each text new to that map is also told to a
 * {@link Distinct}, whole. Not thread-safe.
 */
final class FrequentTexts {
    private static final int MAP = 4096;
    static final int LONGEST = 128;
    /** Of UTF-8 for a character. */
    private static final int WIDEST = 4;
    /** A map entry, a count and two objects. */
    private static final long ENTRY = 120;

    private static final UTF8String ELLIPSIS = UTF8String.fromString("…");

    private final ItemsSketch<String> sketch;
    private final Map<UTF8String, long[]> gathered = new HashMap<>();
    private long gatheredBytes;
    private long cut;

    FrequentTexts() {
        this(new ItemsSketch<>(MAP));
    }

    private FrequentTexts(ItemsSketch<String> sketch) {
        this.sketch = sketch;
    }

    void add(UTF8String text, Distinct distinct) {
        UTF8String kept = text;
        if (text.numBytes() > LONGEST && (text.numBytes() > LONGEST * WIDEST || text.numChars() > LONGEST)) {
            cut++;
            distinct.add(text);
            kept = UTF8String.concat(text.substring(0, LONGEST), ELLIPSIS);
        }
        long[] count = gathered.get(kept);
        if (count != null) {
            count[0]++;
            return;
        }
        if (gathered.size() == MAP) flush();
        if (kept.numBytes() == text.numBytes()) distinct.add(text);
        gathered.put(kept.clone(), new long[] {1}); // the row's buffer is used again
        gatheredBytes += ENTRY + kept.numBytes();
    }

    private void flush() {
        gathered.forEach((text, count) -> sketch.update(text.toString(), count[0]));
        gathered.clear();
        gatheredBytes = 0;
    }

    /** About how many bytes of memory it takes. */
    long bytes() {
        return gatheredBytes + sketch.getNumActiveItems() * (ENTRY + LONGEST / 2) + 512;
    }

    /** Texts that count under their beginning. */
    long cut() {
        return cut;
    }

    void merge(FrequentTexts other) {
        flush();
        other.flush();
        sketch.merge(other.sketch);
        cut += other.cut;
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

    void write(DataOutput out) throws IOException {
        out.writeLong(cut);
        byte[] bytes = toBytes();
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static FrequentTexts read(DataInput in) throws IOException {
        long cut = in.readLong();
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        FrequentTexts texts = new FrequentTexts(ItemsSketch.getInstance(Memory.wrap(bytes), new ArrayOfStringsSerDe()));
        texts.cut = cut;
        return texts;
    }
}
