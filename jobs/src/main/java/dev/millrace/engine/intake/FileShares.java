package dev.millrace.engine.intake;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Deals parts of files to tasks so that no task has much more to read than another: the largest first, to whoever has least. */
final class FileShares {
    private static final long BYTES_PER_TASK = 32L << 20;

    private FileShares() {}

    private record Share(int index, long bytes) {}

    /** @return at least one share, none empty; about {@value #BYTES_PER_TASK} bytes each, but one per core at least */
    static List<List<TextSplit>> of(List<TextSplit> splits, int cores) {
        long bytes = splits.stream().mapToLong(TextSplit::bytes).sum();
        long wanted = Math.max(cores, (bytes + BYTES_PER_TASK - 1) / BYTES_PER_TASK);
        int count = (int) Math.min(splits.size(), wanted);
        List<List<TextSplit>> shares = new ArrayList<>();
        PriorityQueue<Share> least =
                new PriorityQueue<>(Comparator.comparingLong(Share::bytes).thenComparingInt(Share::index));
        for (int i = 0; i < count; i++) {
            shares.add(new ArrayList<>());
            least.add(new Share(i, 0));
        }
        for (TextSplit split : bySize(splits)) {
            Share share = least.remove();
            shares.get(share.index()).add(split);
            least.add(new Share(share.index(), share.bytes() + split.bytes() + 1));
        }
        return shares;
    }

    private static List<TextSplit> bySize(List<TextSplit> splits) {
        return splits.stream()
                .sorted(Comparator.comparingLong(TextSplit::bytes)
                        .reversed()
                        .thenComparing(split -> split.file().path())
                        .thenComparing(TextSplit::start))
                .toList();
    }
}
