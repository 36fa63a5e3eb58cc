package dev.millrace.registry.resource.tracking;

import dev.millrace.registry.platform.search.Grouping;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;

/** SQL of {@link RunGroups}: one reading for the counts, one for the metrics of the groups that are shown. */
final class RunGroupRepository {
    private record Count(Optional<String> value, long runs, long ofAll) {}

    private record Measured(Optional<String> value, RunGroups.Summary summary) {}

    RunGroups read(Handle tx, Grouping grouping, Grouping.Over over, RunGroups.Asked asked) {
        List<Count> counts = grouping.read(
                tx,
                "COUNT(*) AS runs, SUM(COUNT(*)) OVER () AS of_all",
                over,
                Optional.empty(),
                " ORDER BY runs DESC, group_value LIMIT " + (asked.most() + 1),
                (row, context) -> new Count(
                        Optional.ofNullable(row.getString("group_value")), row.getLong("runs"), row.getLong("of_all")));
        if (counts.isEmpty()) return RunGroups.NONE;
        List<Count> shown = counts.stream().limit(asked.most()).toList();
        Map<Optional<String>, List<RunGroups.Summary>> metrics =
                asked.metrics().isEmpty() ? Map.of() : metrics(tx, grouping, over, asked, shown);
        List<RunGroups.Group> groups = shown.stream()
                .map(count -> new RunGroups.Group(
                        count.value(), count.runs(), metrics.getOrDefault(count.value(), List.of())))
                .toList();
        return new RunGroups(counts.get(0).ofAll(), groups, counts.size() > shown.size());
    }

    private static Map<Optional<String>, List<RunGroups.Summary>> metrics(
            Handle tx, Grouping grouping, Grouping.Over over, RunGroups.Asked asked, List<Count> shown) {
        Map<String, Object> bound = new HashMap<>(over.bound());
        List<String> keys = asked.metrics();
        IntStream.range(0, keys.size()).forEach(i -> bound.put("m" + i, keys.get(i)));
        String names = IntStream.range(0, keys.size()).mapToObj(i -> ":m" + i).collect(Collectors.joining(", "));
        Grouping.Over measured = new Grouping.Over(
                over.from() + " JOIN latest_metrics m ON m.run_id = r.id AND m.key IN (" + names + ") AND m.is_nan = 0",
                over.where(),
                bound);
        return grouping
                .read(
                        tx,
                        "m.key, COUNT(*) AS runs, AVG(m.value) AS mean, MIN(m.value) AS low, MAX(m.value) AS high",
                        measured,
                        Optional.of(shown.stream().map(Count::value).toList()),
                        ", m.key ORDER BY m.key",
                        (row, context) -> new Measured(
                                Optional.ofNullable(row.getString("group_value")),
                                new RunGroups.Summary(
                                        row.getString("key"),
                                        row.getLong("runs"),
                                        row.getDouble("mean"),
                                        row.getDouble("low"),
                                        row.getDouble("high"))))
                .stream()
                .collect(Collectors.groupingBy(
                        Measured::value, Collectors.mapping(Measured::summary, Collectors.toList())));
    }
}
