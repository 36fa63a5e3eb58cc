package dev.millrace.registry.lake.lineage;

import dev.millrace.registry.lake.tables.Lake;
import dev.millrace.registry.platform.storage.Database;
import java.time.Clock;
import java.util.List;
import java.util.Set;

/** Finds what a reference means and walks from there. Also works without a lake, by what runs said to the registry. */
public final class LineageService {
    private static final int FAR = 100;
    private static final int MANY = 1_000;

    private final Lake lake;
    private final Database database;
    private final Crawl crawl;
    private final TablesOfModels behind = new TablesOfModels();

    public LineageService(Lake lake, Database database, Clock clock) {
        this.lake = lake;
        this.database = database;
        this.crawl = new Crawl(lake, database, clock);
    }

    /**
     * @param ref {@code raw.x@3}, {@code raw.x} (the newest), {@code run:ID} or its first digits, {@code
     *     model:NAME/VERSION}
     * @param depth most steps from the start
     * @param mostNodes most things in the answer
     * @throws dev.millrace.registry.platform.error.MillraceException USAGE for another form; NOT_FOUND when there is no such thing
     */
    Graph graph(String ref, Direction direction, int depth, int mostNodes) {
        crawl.run();
        return database.read(tx -> {
            LineageIndex index = new LineageIndex(tx);
            String start = new LineageStart(lake, index, tx).of(ref);
            return new LineageWalk(index, tx, depth, mostNodes).from(start, direction);
        });
    }

    /**
     * Names of the tables a model version was made from, through however many runs; empty when nothing is recorded.
     *
     * @param models references {@code model:NAME/VERSION}
     */
    public List<Set<String>> tablesBehind(List<String> models) {
        crawl.run();
        long changes = crawl.changes();
        return database.read(tx -> {
            LineageIndex index = new LineageIndex(tx);
            return models.stream()
                    .map(model -> behind.of(model, changes, () -> new LineageWalk(index, tx, FAR, MANY)))
                    .toList();
        });
    }
}
