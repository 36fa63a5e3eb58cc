package dev.millrace.registry.lake.lineage;

import dev.millrace.registry.lake.tables.Lake;
import dev.millrace.registry.lake.tables.RunRecords;
import dev.millrace.registry.lake.tables.TableName;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.storage.Database;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds what a reference means and walks from there. Also works without a lake, by what runs said to the registry. */
public final class LineageService {
    private static final int FAR = 100;
    private static final int MANY = 1_000;

    private final Lake lake;
    private final Database database;
    private final RunRecords records;
    private final Changes changes = new Changes();
    private final LineageRepository registry = new LineageRepository();

    public LineageService(Lake lake, Database database) {
        this.lake = lake;
        this.database = database;
        this.records = new RunRecords(lake);
    }

    /**
     * @param ref {@code raw.x@3}, {@code raw.x} (the newest), {@code run:ID} or its first digits, {@code
     *     model:NAME/VERSION}
     * @param depth most steps from the start
     * @param mostNodes most things in the answer
     * @throws MillraceException USAGE for another form; NOT_FOUND when there is no such thing
     */
    Graph graph(String ref, Direction direction, int depth, int mostNodes) {
        LineageIndex index = index();
        return new LineageWalk(index, database, depth, mostNodes).from(start(ref, index), direction);
    }

    /**
     * Names of the tables a model version was made from, through however many runs; empty when nothing is recorded.
     *
     * @param models references {@code model:NAME/VERSION}
     */
    public List<Set<String>> tablesBehind(List<String> models) {
        LineageIndex index = index();
        return models.stream()
                .map(model -> new LineageWalk(index, database, FAR, MANY)
                        .from(model, Direction.UP).nodes().stream()
                                .flatMap(node -> At.parse(node.ref()).stream())
                                .map(At::table)
                                .collect(Collectors.toSet()))
                .toList();
    }

    private LineageIndex index() {
        return new LineageIndex(lake, changes, records);
    }

    private String start(String ref, LineageIndex index) {
        if (ref.startsWith("run:")) return run(ref.substring("run:".length()), index);
        if (ref.startsWith("model:") || ref.startsWith("models:/")) return model(ref, index);
        if (ref.contains(":") && ref.contains("=")) {
            throw MillraceException.invalid("The lineage of a row is found by `scripts/millrace lineage " + ref
                    + "`, which reads the table; here give schema.table@VERSION, run:ID or model:NAME/VERSION.");
        }
        return table(ref);
    }

    private String run(String id, LineageIndex index) {
        if (index.run(id).isPresent()) return "run:" + id;
        if (database.read(tx -> registry.run(tx, id)).isPresent()) return "run:" + id;
        List<RunFacts> beginning = id.length() < 4 ? List.of() : index.runsBeginning(id, 2);
        if (beginning.size() == 1) return beginning.get(0).ref();
        throw MillraceException.notFound(
                beginning.isEmpty()
                        ? "No run `" + id + "` is in this registry, or left a commit or a record in its lake."
                        : "`run:" + id + "` begins several run ids; give more digits.");
    }

    private String model(String ref, LineageIndex index) {
        String model = ref.startsWith("models:/") ? "model:" + ref.substring("models:/".length()) : ref;
        if (index.knows(model)) return model;
        int slash = model.lastIndexOf('/');
        String version = slash < 0 ? "" : model.substring(slash + 1);
        if (version.matches("[0-9]{1,9}")) {
            String name = model.substring("model:".length(), slash);
            Optional<String> made = database.read(tx -> registry.runOfModel(tx, name, Integer.parseInt(version)));
            if (made.isPresent()) return model;
        }
        throw MillraceException.notFound("No run made or used `" + model
                + "`, and the registry has no such version. A version is given as model:NAME/NUMBER.");
    }

    private String table(String ref) {
        Optional<At> at = At.parse(ref);
        String named = at.map(At::table).orElse(ref);
        if (!named.matches("[A-Za-z0-9_]+\\.[A-Za-z0-9_]+")) {
            throw MillraceException.invalid("`" + ref + "` is nothing whose lineage is known: give"
                    + " schema.table@VERSION, run:ID or model:NAME/VERSION.");
        }
        TableName name = TableName.parse(named);
        NavigableMap<Long, ?> versions = lake.log(name).versions();
        if (versions.isEmpty()) throw MillraceException.notFound("The table `" + name + "` has no commit yet.");
        long version = at.map(At::version).orElse(versions.lastKey());
        if (version <= versions.lastKey()) return name + "@" + version;
        throw MillraceException.notFound("The table `" + name + "` has no version " + version + ": versions "
                + versions.firstKey() + " to " + versions.lastKey() + " are in its log.");
    }
}
