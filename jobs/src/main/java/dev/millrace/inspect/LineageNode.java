package dev.millrace.inspect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table version, a run, a model version or a row in a tree of lineage.
 *
 * @param ref as it can be asked for: {@code raw.x@3}, {@code run:ID}, {@code model:fraud/2}
 * @param note what is known of it: job and time of a run; empty when nothing is
 * @param next what it was made from, or what used it
 * @param repeated whether it stands elsewhere in the tree with what follows from it; {@code next} is then empty
 */
public record LineageNode(String ref, String note, List<LineageNode> next, boolean repeated) {
    public LineageNode {
        next = List.copyOf(next);
    }

    String line() {
        return ref + (note.isEmpty() ? "" : "  " + note) + (repeated ? "  (see above)" : "");
    }

    Map<String, Object> toJson(String direction) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("ref", ref);
        json.put("note", note);
        if (repeated) json.put("repeated", true);
        else
            json.put(
                    direction, next.stream().map(node -> node.toJson(direction)).toList());
        return json;
    }
}
