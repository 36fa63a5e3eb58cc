package dev.millrace.platform.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The {@code --set key.path=value} options. A path whose first part is a key of the job file replaces that node; a name
 * without dots that is not a key of the file is a parameter for {@code ${name}}.
 */
public final class Overrides {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, String> byPath = new LinkedHashMap<>();
    private final Map<String, String> parameters = new LinkedHashMap<>();

    /** No overrides. */
    public static Overrides none() {
        return new Overrides();
    }

    /**
     * @param options each {@code key.path=value}
     * @throws dev.millrace.platform.error.MillraceException USAGE for an option without {@code =}
     */
    public static Overrides parse(List<String> options) {
        Overrides overrides = new Overrides();
        List<String> wrong = new ArrayList<>();
        for (String option : options) {
            int equals = option.indexOf('=');
            if (equals <= 0) wrong.add(option);
            else overrides.put(option.substring(0, equals).trim(), option.substring(equals + 1));
        }
        if (!wrong.isEmpty()) {
            throw new dev.millrace.platform.error.MillraceException(
                    dev.millrace.platform.error.ErrorKind.USAGE,
                    "`--set " + wrong.get(0) + "` has no value. Use `--set key.path=value`.");
        }
        return overrides;
    }

    /**
     * A pipeline step's {@code with}, on top of the parameters the pipeline was given.
     *
     * @param with dotted paths or parameters, with plain values
     */
    public static Overrides ofStep(Map<String, Object> with, Overrides outer) {
        Overrides overrides = new Overrides();
        overrides.parameters.putAll(outer.parameters);
        with.forEach((path, value) -> {
            // As JSON, which is YAML: a quoted "0.5" stays text, a list stays a list.
            overrides.byPath.put(path, json(value));
            overrides.parameters.put(path, String.valueOf(value));
        });
        return overrides;
    }

    private void put(String path, String value) {
        byPath.put(path, value);
        parameters.put(path, value);
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new AssertionError("A plain value must have a JSON form: " + value, impossible);
        }
    }

    /** The value for {@code ${name}}, or null. */
    String parameter(String name) {
        return parameters.get(name);
    }

    /** {@code root} with every override put in its place. */
    ConfigNode.Mapping applyTo(ConfigNode.Mapping root, Problems problems) {
        ConfigNode.Mapping changed = root;
        for (Map.Entry<String, String> override : byPath.entrySet()) {
            List<String> path = List.of(override.getKey().split("\\."));
            boolean parameter = path.size() == 1 && !root.entries().containsKey(path.get(0)) && !isFileKey(path.get(0));
            if (parameter) continue;
            Where where = new Where("--set " + override.getKey(), 0);
            ConfigNode value = placed(
                    new Yaml(where.source(), name -> null, problems).parse(override.getValue()), where, override);
            changed = (ConfigNode.Mapping) replaced(changed, path, value, where, problems);
        }
        return changed;
    }

    private static boolean isFileKey(String name) {
        return JobFile.COMMON_KEYS.contains(name);
    }

    private static ConfigNode placed(ConfigNode node, Where where, Map.Entry<String, String> override) {
        if (override.getValue().isBlank()) return new ConfigNode.Scalar("", true, where);
        if (node instanceof ConfigNode.Scalar scalar) {
            return new ConfigNode.Scalar(scalar.text(), scalar.quoted(), where);
        }
        return node;
    }

    private static ConfigNode replaced(
            ConfigNode node, List<String> path, ConfigNode value, Where where, Problems problems) {
        if (path.isEmpty()) return value;
        String key = path.get(0);
        List<String> rest = path.subList(1, path.size());
        if (node instanceof ConfigNode.Sequence sequence && key.matches("[0-9]{1,6}")) {
            int index = Integer.parseInt(key);
            if (index < sequence.items().size()) {
                List<ConfigNode> items = new ArrayList<>(sequence.items());
                items.set(index, replaced(items.get(index), rest, value, where, problems));
                return new ConfigNode.Sequence(items, sequence.where());
            }
        }
        if (!(node instanceof ConfigNode.Mapping mapping)) {
            problems.add(where, "", "points into " + node.kind() + ", which has no `" + key + "`");
            return node;
        }
        ConfigNode.Entry entry = mapping.entries().get(key);
        ConfigNode inner = entry != null ? entry.value() : new ConfigNode.Mapping(Map.of(), where);
        return mapping.with(key, replaced(inner, rest, value, where, problems));
    }
}
