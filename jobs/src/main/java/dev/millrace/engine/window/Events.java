package dev.millrace.engine.window;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * The events of one entity that some window may still need, by number. Numbers begin at 0 with each entity and rise with
 * time. Chunks of events above the bound of memory go to the {@link SpillSpace}, those not used for longest first; as
 * windows read their events in order, each chunk is read again about once per window length.
 */
final class Events {
    private static final class Slot {
        Chunk chunk;
        long bytes;
        long used;
        long start = -1;
        int length;
    }

    private final EventShape shape;
    private final SpillSpace space;
    private final long chunkBytes;
    private final int residentAtLeast;
    private final ArrayDeque<Chunk> free = new ArrayDeque<>();
    private Slot[] slots = new Slot[16];
    private long first;
    private long end;
    private long firstSlot;
    private long resident;
    private int residents;
    private long tick;

    /** @param cursors how many places are read at about the same time: their chunks stay in memory */
    Events(EventShape shape, SpillSpace space, int cursors) {
        this.shape = shape;
        this.space = space;
        this.chunkBytes = Chunk.bytes(shape);
        this.residentAtLeast = cursors + 2;
    }

    void clear() {
        dropSlotsBefore((end + Chunk.EVENTS - 1) >> Chunk.BITS);
        first = 0;
        end = 0;
        firstSlot = 0;
        space.clear();
    }

    void add(long time, long[] moments, double[] doubles, Object[] exacts) {
        Chunk chunk = (end & (Chunk.EVENTS - 1)) == 0 ? opened(end >> Chunk.BITS) : chunk(end);
        slot(end >> Chunk.BITS).start = -1; // what was written of it before is no longer all
        int at = (int) end & (Chunk.EVENTS - 1);
        chunk.times[at] = time;
        for (int i = 0, to = at * moments.length; i < moments.length; i++) chunk.moments[to + i] = moments[i];
        for (int i = 0, to = at * doubles.length; i < doubles.length; i++) chunk.doubles[to + i] = doubles[i];
        if (exacts.length > 0) store(chunk, at, exacts);
        end++;
    }

    private void store(Chunk chunk, int at, Object[] exacts) {
        long bytes = 0;
        for (int i = 0; i < exacts.length; i++) {
            chunk.exacts[at * exacts.length + i] = exacts[i];
            bytes += Chunk.bytes(exacts[i]);
        }
        slot(end >> Chunk.BITS).bytes += bytes;
        resident += bytes;
    }

    private Chunk opened(long number) {
        int index = (int) (number - firstSlot);
        if (index == slots.length) slots = Arrays.copyOf(slots, 2 * slots.length);
        Slot slot = new Slot();
        slot.used = ++tick;
        slots[index] = slot;
        return attach(slot, chunkBytes);
    }

    private Chunk attach(Slot slot, long bytes) {
        slot.bytes = bytes;
        makeRoom(bytes);
        slot.chunk = free.isEmpty() ? new Chunk(shape) : free.pop();
        resident += bytes;
        residents++;
        return slot.chunk;
    }

    /** Writes the chunks that were not used for longest, until the bound holds or only those in use are left. */
    private void makeRoom(long bytes) {
        while (resident + bytes > space.memoryBytes() && residents > residentAtLeast) {
            Slot oldest = null;
            int count = (int) (((end + Chunk.EVENTS - 1) >> Chunk.BITS) - firstSlot);
            for (int i = 0; i < count; i++) {
                Slot slot = slots[i];
                if (slot != null && slot.chunk != null && (oldest == null || slot.used < oldest.used)) oldest = slot;
            }
            if (oldest == null) return;
            if (oldest.start < 0) {
                byte[] written = oldest.chunk.written();
                oldest.length = written.length;
                oldest.start = space.write(written);
            }
            detach(oldest);
        }
    }

    private void detach(Slot slot) {
        slot.chunk.forget();
        if (free.size() < residentAtLeast) free.push(slot.chunk);
        slot.chunk = null;
        resident -= slot.bytes;
        residents--;
    }

    private Slot slot(long number) {
        return slots[(int) (number - firstSlot)];
    }

    private Chunk chunk(long event) {
        Slot slot = slots[(int) ((event >> Chunk.BITS) - firstSlot)];
        slot.used = ++tick;
        Chunk chunk = slot.chunk;
        return chunk != null ? chunk : loaded(slot);
    }

    private Chunk loaded(Slot slot) {
        Chunk chunk = attach(slot, slot.bytes);
        chunk.read(space.read(slot.start, slot.length));
        return chunk;
    }

    long residentBytes() {
        return resident;
    }

    /** Number of the first event still held. */
    long first() {
        return first;
    }

    /** One more than the number of the last event. */
    long end() {
        return end;
    }

    long time(long number) {
        return chunk(number).times[(int) number & (Chunk.EVENTS - 1)];
    }

    long moment(long number, int index) {
        return chunk(number).moments[((int) number & (Chunk.EVENTS - 1)) * shape.moments() + index];
    }

    double number(long number, int index) {
        return chunk(number).doubles[((int) number & (Chunk.EVENTS - 1)) * shape.doubles() + index];
    }

    /** The value of an index that is not a number's; null when missing. */
    Object exact(long number, int index) {
        return chunk(number).exacts[((int) number & (Chunk.EVENTS - 1)) * shape.exacts() + index - shape.doubles()];
    }

    boolean isExact(int index) {
        return index >= shape.doubles();
    }

    /** Whether the event has the value, which events themselves always have. */
    boolean has(long number, int index) {
        if (index == WindowedAggregate.NONE) return true;
        return isExact(index) ? exact(number, index) != null : !Double.isNaN(number(number, index));
    }

    void dropBefore(long number) {
        first = number;
        dropSlotsBefore(number >> Chunk.BITS);
    }

    private void dropSlotsBefore(long slot) {
        int dropped = (int) (slot - firstSlot);
        if (dropped <= 0) return;
        int count = (int) (((end + Chunk.EVENTS - 1) >> Chunk.BITS) - firstSlot);
        for (int i = 0; i < Math.min(dropped, count); i++) if (slots[i].chunk != null) detach(slots[i]);
        int kept = Math.max(0, count - dropped);
        System.arraycopy(slots, dropped, slots, 0, kept);
        Arrays.fill(slots, kept, count, null);
        firstSlot = slot;
    }
}
