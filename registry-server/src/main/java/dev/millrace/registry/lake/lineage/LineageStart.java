package dev.millrace.registry.lake.lineage;

import dev.millrace.registry.lake.tables.Lake;
import dev.millrace.registry.lake.tables.TableName;
import dev.millrace.registry.platform.error.MillraceException;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Completes a reference that a person gave: {@code raw.x} becomes {@code raw.x@3}, {@code run:ab12} the whole id. */
final class LineageStart {
    private final Lake lake;
    private final LineageIndex index;
    private final Handle tx;
    private final LineageRepository registry = new LineageRepository();

    LineageStart(Lake lake, LineageIndex index, Handle tx) {
        this.lake = lake;
        this.index = index;
        this.tx = tx;
    }

    /** @throws MillraceException USAGE for another form; NOT_FOUND when there is no such thing */
    String of(String ref) {
        if (ref.startsWith("run:")) return run(ref.substring("run:".length()));
        if (ref.startsWith("model:") || ref.startsWith("models:/")) return model(ref);
        if (ref.contains(":") && ref.contains("=")) {
            throw MillraceException.invalid("The lineage of a row is found by `scripts/millrace lineage " + ref
                    + "`, which reads the table; here give schema.table@VERSION, run:ID or model:NAME/VERSION.");
        }
        return table(ref);
    }

    private String run(String id) {
        if (index.run(id).isPresent()) return "run:" + id;
        if (registry.run(tx, id).isPresent()) return "run:" + id;
        List<String> beginning = id.length() < 4 ? List.of() : index.runsBeginning(id, 2);
        if (beginning.size() == 1) return "run:" + beginning.get(0);
        throw MillraceException.notFound(
                beginning.isEmpty()
                        ? "No run `" + id + "` is in this registry, or left a commit or a record in its lake."
                        : "`run:" + id + "` begins several run ids; give more digits.");
    }

    private String model(String ref) {
        String model = ref.startsWith("models:/") ? "model:" + ref.substring("models:/".length()) : ref;
        if (index.knows(model)) return model;
        int slash = model.lastIndexOf('/');
        String version = slash < 0 ? "" : model.substring(slash + 1);
        if (version.matches("[0-9]{1,9}")) {
            String name = model.substring("model:".length(), slash);
            Optional<String> made = registry.runOfModel(tx, name, Integer.parseInt(version));
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
