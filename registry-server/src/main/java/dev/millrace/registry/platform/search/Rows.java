package dev.millrace.registry.platform.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * The rows of one page, before what belongs to each is read: tags, params, metrics. What belongs to 50,000 rows may be
 * more than the heap, so a page ends early when it has grown to an eighth of it, and its token leads on from there.
 */
public final class Rows<T> {
    private static final long MOST = Runtime.getRuntime().maxMemory() / 8;
    private static final int FIRST = 20;
    private static final int AT_ONCE = 500;

    private final List<T> rows;
    private final Optional<String> next;
    private final IntFunction<String> tokenAfter;

    /**
     * @param next token of the page after all rows
     * @param tokenAfter token of the page that begins after so many of them
     */
    Rows(List<T> rows, Optional<String> next, IntFunction<String> tokenAfter) {
        this.rows = rows;
        this.next = next;
        this.tokenAfter = tokenAfter;
    }

    public Page<T> page() {
        return new Page<>(rows, next);
    }

    /** @param whole what to read for some rows; one for each, in their order */
    public <R extends Sized> Page<R> page(Function<List<T>, List<R>> whole) {
        return page(whole, MOST);
    }

    /** @param most characters; the page ends with the rows that exceed it */
    <R extends Sized> Page<R> page(Function<List<T>, List<R>> whole, long most) {
        List<R> items = new ArrayList<>(rows.size());
        long size = 0;
        int wanted = FIRST;
        while (items.size() < rows.size() && size < most) {
            int from = items.size();
            List<R> more = whole.apply(rows.subList(from, Math.min(rows.size(), from + wanted)));
            items.addAll(more);
            size += more.stream().mapToLong(Sized::size).sum();
            long average = Math.max(1, size / items.size());
            wanted = (int) Math.max(1, Math.min(AT_ONCE, (most - size) / average));
        }
        boolean all = items.size() == rows.size();
        return new Page<>(items, all ? next : Optional.of(tokenAfter.apply(items.size())));
    }
}
