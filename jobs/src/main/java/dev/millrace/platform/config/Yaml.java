package dev.millrace.platform.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/**
 * Reads YAML 1.2 into {@link ConfigNode}s, allowing nothing that JSON lacks except comments: no anchors, no tags, one
 * document, no key twice. {@code ${NAME}} and {@code ${NAME:default}} are expanded in every scalar.
 */
final class Yaml {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_.-]*)(?::([^}]*))?}");

    private final String source;
    private final Function<String, String> variables;
    private final Problems problems;

    /**
     * @param source the name shown in messages
     * @param variables gives the value of a name, or null
     */
    Yaml(String source, Function<String, String> variables, Problems problems) {
        this.source = source;
        this.variables = variables;
        this.problems = problems;
    }

    /** The document, or an empty mapping when it could not be read; problems say why. */
    ConfigNode parse(String text) {
        Where top = new Where(source, 1);
        ConfigNode.Mapping nothing = new ConfigNode.Mapping(Map.of(), top);
        try {
            LoadSettings settings = LoadSettings.builder()
                    .setLabel(source)
                    // Every scalar is text to the parser; types are ours. Its own schema takes ${X} for a tag.
                    .setSchema(new FailsafeSchema())
                    .setAllowDuplicateKeys(true)
                    .setCodePointLimit(4 * 1024 * 1024)
                    .build();
            Node root = new Compose(settings).composeString(text).orElse(null);
            if (root == null) {
                problems.add(top, "", "the file is empty. A job file begins with `job: NAME`");
                return nothing;
            }
            return convert(root, "");
        } catch (MarkedYamlEngineException broken) {
            int line = broken.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            problems.add(new Where(source, line), "", "is not valid YAML: " + context(broken) + broken.getProblem());
        } catch (YamlEngineException broken) {
            problems.add(top, "", "is not valid YAML: " + broken.getMessage());
        }
        return nothing;
    }

    /** What the parser was at, and since which line: a bracket left open is told where it was opened. */
    private static String context(MarkedYamlEngineException broken) {
        if (broken.getContext() == null) return "";
        String since = broken.getContextMark()
                .map(mark -> " (begun at line " + (mark.getLine() + 1) + ")")
                .orElse("");
        return broken.getContext() + since + ", ";
    }

    private ConfigNode convert(Node node, String path) {
        Where where = where(node);
        if (node.getAnchor().isPresent()) {
            problems.add(
                    where,
                    path,
                    "uses the anchor `&" + node.getAnchor().get()
                            + "`, which is not supported; replace it with the value");
            // Not followed: a value may hold itself, or hold others a billion times.
            return new ConfigNode.Unknown(where);
        }
        if (!node.getTag().getValue().startsWith("tag:yaml.org,2002:")) {
            problems.add(
                    where, path, "uses the tag `" + node.getTag().getValue() + "`, which is not supported; remove it");
        }
        if (node instanceof MappingNode mapping) return mapping(mapping, path, where);
        if (node instanceof SequenceNode sequence) {
            List<ConfigNode> items = new ArrayList<>();
            for (Node item : sequence.getValue()) items.add(convert(item, path + "[" + items.size() + "]"));
            return new ConfigNode.Sequence(items, where);
        }
        ScalarNode scalar = (ScalarNode) node;
        boolean quoted = scalar.getScalarStyle() != ScalarStyle.PLAIN;
        return expand(scalar.getValue(), where, path)
                .<ConfigNode>map(text -> new ConfigNode.Scalar(text, quoted, where))
                .orElseGet(() -> new ConfigNode.Unknown(where));
    }

    private ConfigNode mapping(MappingNode mapping, String path, Where where) {
        Map<String, ConfigNode.Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Where keyAt = where(tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.add(keyAt, path, "has a key that is not a string; use a string");
                continue;
            }
            String name = key.getValue();
            String child = path.isEmpty() ? name : path + "." + name;
            ConfigNode.Entry earlier = entries.get(name);
            if (earlier != null) {
                problems.add(
                        keyAt,
                        child,
                        "occurs twice; the first is at line " + earlier.where().line() + ". Remove one");
                continue;
            }
            entries.put(name, new ConfigNode.Entry(keyAt, convert(tuple.getValueNode(), child)));
        }
        return new ConfigNode.Mapping(entries, where);
    }

    /** Empty when a variable has no value. */
    private Optional<String> expand(String text, Where where, String path) {
        if (!text.contains("${")) return Optional.of(text);
        boolean unknown = false;
        Matcher matcher = VARIABLE.matcher(text);
        StringBuilder expanded = new StringBuilder();
        while (matcher.find()) {
            String value = variables.apply(matcher.group(1));
            if (value == null) value = matcher.group(2);
            if (value == null) {
                problems.add(
                        where,
                        path,
                        "needs the value of `" + matcher.group(1) + "`: set that environment variable, add `--set "
                                + matcher.group(1) + "=…`, or use `${" + matcher.group(1) + ":default}`");
                unknown = true;
                value = "";
            }
            matcher.appendReplacement(expanded, Matcher.quoteReplacement(value));
        }
        matcher.appendTail(expanded);
        return unknown ? Optional.empty() : Optional.of(expanded.toString());
    }

    private Where where(Node node) {
        return new Where(
                source, node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1));
    }
}
