package dev.millrace.registry.resource.drift;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * Reads a grid: chooses a series, its windows from an index, and of each window's blocks two leaves. What is chosen by name
 * but not there is replaced by the first that is.
 */
final class GridReader {
    /**
     * What is asked for.
     *
     * @param from the first window; absent: the newest ones
     * @param windows at most
     * @param columns at most
     */
    record Asked(
            String model,
            Optional<String> version,
            Optional<String> driftType,
            Optional<DriftGrid.Slice> slice,
            Measure measure,
            Optional<Long> from,
            int windows,
            int columns) {}

    private final Handle tx;
    private final Asked asked;
    private final long modelId;
    private final BlockRepository blocks = new BlockRepository();
    private final SummaryRepository summaries = new SummaryRepository();

    GridReader(Handle tx, Asked asked, long modelId) {
        this.tx = tx;
        this.asked = asked;
        this.modelId = modelId;
    }

    static DriftGrid none(Asked asked) {
        return new DriftGrid(
                asked.model(),
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                asked.measure().word(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                0,
                List.of());
    }

    DriftGrid read() {
        List<DriftSeries> all = summaries.series(tx, modelId);
        List<String> versions = distinct(all, DriftSeries::version, DriftKey.BY_VERSION.reversed());
        if (versions.isEmpty()) return none(asked);
        String version = chosen(asked.version(), versions);
        List<DriftSeries> ofVersion =
                all.stream().filter(one -> one.version().equals(version)).toList();
        List<String> types = distinct(ofVersion, one -> one.name().driftType(), Comparator.naturalOrder());
        String type = chosen(asked.driftType(), types);
        Map<DriftGrid.Slice, DriftSeries> bySlice = new HashMap<>();
        ofVersion.stream()
                .filter(one -> one.name().driftType().equals(type))
                .forEach(one -> bySlice.put(
                        new DriftGrid.Slice(one.name().sliceKey(), one.name().sliceValue()), one));
        List<DriftGrid.Slice> slices = bySlice.keySet().stream()
                .sorted(Comparator.comparing(DriftGrid.Slice::key).thenComparing(DriftGrid.Slice::value))
                .toList();
        DriftGrid.Slice slice = chosen(asked.slice(), slices);
        long series = bySlice.get(slice).id();
        List<Long> windows = windows(series);
        List<DriftGrid.Line> columns = columns(series, windows);
        return new DriftGrid(
                asked.model(),
                versions,
                Optional.of(version),
                types,
                Optional.of(type),
                slices,
                Optional.of(slice),
                asked.measure().word(),
                windows,
                earlier(series, windows),
                later(series, windows),
                columns.size(),
                columns.subList(0, Math.min(asked.columns(), columns.size())));
    }

    private static List<String> distinct(
            List<DriftSeries> of, Function<DriftSeries, String> what, Comparator<String> order) {
        return of.stream().map(what).distinct().sorted(order).toList();
    }

    private static <T> T chosen(Optional<T> asked, List<T> there) {
        return asked.filter(there::contains).orElse(there.get(0));
    }

    private List<Long> windows(long series) {
        if (asked.from().isPresent()) {
            return blocks.windowsFrom(tx, series, asked.from().get(), asked.windows());
        }
        List<Long> newest = new ArrayList<>(blocks.windowsBefore(tx, series, Long.MAX_VALUE, asked.windows()));
        Collections.reverse(newest);
        return newest;
    }

    private Optional<Long> earlier(long series, List<Long> windows) {
        long first = windows.isEmpty() ? asked.from().orElse(Long.MAX_VALUE) : windows.get(0);
        List<Long> before = blocks.windowsBefore(tx, series, first, asked.windows());
        return before.isEmpty() ? Optional.empty() : Optional.of(before.get(before.size() - 1));
    }

    private Optional<Long> later(long series, List<Long> windows) {
        if (windows.isEmpty()) return Optional.empty();
        return blocks.windowsFrom(tx, series, windows.get(windows.size() - 1) + 1, 1).stream()
                .findFirst();
    }

    private List<DriftGrid.Line> columns(long series, List<Long> windows) {
        Map<Long, GridLine> lines = new HashMap<>();
        if (!windows.isEmpty()) {
            BlockRepository.Span span =
                    new BlockRepository.Span(windows.get(0), 0, windows.get(windows.size() - 1) + 1, Integer.MAX_VALUE);
            blocks.each(tx, series, span, (start, block) -> {
                int window = Collections.binarySearch(windows, start);
                for (int row = 0; row < block.rows(); row++) {
                    lines.computeIfAbsent(block.columnId(row), id -> new GridLine(windows.size()))
                            .add(window, block, row, asked.measure());
                }
            });
        }
        List<DriftGrid.Line> named = new ArrayList<>();
        Map<Long, String> names = new HashMap<>();
        summaries.columns(tx, modelId).forEach((name, id) -> names.put(id, name));
        lines.entrySet().stream()
                .sorted(Map.Entry.<Long, GridLine>comparingByValue(GridLine.WORST_FIRST)
                        .thenComparing(entry -> names.get(entry.getKey())))
                .forEach(entry -> named.add(entry.getValue().named(names.get(entry.getKey()))));
        return named;
    }
}
