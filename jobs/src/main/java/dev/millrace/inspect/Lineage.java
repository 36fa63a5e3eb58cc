package dev.millrace.inspect;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where something comes from and where it went.
 *
 * @param ref what was asked for
 * @param madeFrom what it was made from, each with what that was made from
 * @param usedBy what used it, each with what came of that
 * @param unreadable tables of the lake that could not be looked into, each with the reason
 */
public record Lineage(
        String ref, String note, List<LineageNode> madeFrom, List<LineageNode> usedBy, Map<String, String> unreadable) {
    public Lineage {
        unreadable = Collections.unmodifiableMap(new LinkedHashMap<>(unreadable));
        madeFrom = List.copyOf(madeFrom);
        usedBy = List.copyOf(usedBy);
    }

    /** For people: two trees, one per direction. */
    public String text() {
        StringBuilder text =
                new StringBuilder(ref).append(note.isEmpty() ? "" : "  " + note).append('\n');
        tree(text.append("\nupstream\n"), madeFrom);
        tree(text.append("\ndownstream\n"), usedBy);
        if (!unreadable.isEmpty()) text.append("\nnot readable\n");
        unreadable.forEach((table, reason) ->
                text.append(table).append(": ").append(reason).append('\n'));
        return text.toString();
    }

    private static void tree(StringBuilder text, List<LineageNode> nodes) {
        if (nodes.isEmpty()) text.append("└─ none recorded\n");
        else branches(text, nodes, "");
    }

    private static void branches(StringBuilder text, List<LineageNode> nodes, String indent) {
        for (int i = 0; i < nodes.size(); i++) {
            boolean last = i == nodes.size() - 1;
            text.append(indent)
                    .append(last ? "└─ " : "├─ ")
                    .append(nodes.get(i).line())
                    .append('\n');
            branches(text, nodes.get(i).next(), indent + (last ? "   " : "│  "));
        }
    }

    /** As one JSON object. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("ref", ref);
        json.put("note", note);
        json.put(
                "made_from",
                madeFrom.stream().map(node -> node.toJson("made_from")).toList());
        json.put("used_by", usedBy.stream().map(node -> node.toJson("used_by")).toList());
        if (!unreadable.isEmpty()) json.put("unreadable", unreadable);
        return json;
    }
}
