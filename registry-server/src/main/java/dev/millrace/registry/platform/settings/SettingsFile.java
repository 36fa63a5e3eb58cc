package dev.millrace.registry.platform.settings;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/**
 * The settings of a YAML file: one mapping of known keys to texts, {@code true} or {@code false}, or lists of texts.
 * Everything wrong with it is told at once, each with its line.
 */
final class SettingsFile {
    private final String name;
    private final List<String> problems = new ArrayList<>();
    private final Map<Setting, Settings.Given> found = new EnumMap<>(Setting.class);

    private SettingsFile(String name) {
        this.name = name;
    }

    /** @throws MillraceException CONFIG */
    static Map<Setting, Settings.Given> read(Path path) {
        SettingsFile file = new SettingsFile(path.toString());
        try {
            file.parse(Files.readString(path));
        } catch (IOException unreadable) {
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "The settings in `" + path + "` cannot be read: " + reason(unreadable),
                    unreadable);
        }
        if (file.problems.isEmpty()) return file.found;
        throw new MillraceException(ErrorKind.CONFIG, String.join("\n", file.problems));
    }

    private static String reason(IOException unreadable) {
        return switch (unreadable.getClass().getSimpleName()) {
            case "NoSuchFileException" -> "there is no such file.";
            case "AccessDeniedException" -> "this user may not read it.";
            case "MalformedInputException" -> "it is not UTF-8.";
            default -> unreadable.getMessage() + ".";
        };
    }

    private void parse(String text) {
        try {
            // Every scalar is text: what a value means is not the parser's to say.
            LoadSettings settings = LoadSettings.builder()
                    .setLabel(name)
                    .setSchema(new FailsafeSchema())
                    .setAllowDuplicateKeys(true)
                    .build();
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isEmpty()) return;
            if (root.get() instanceof MappingNode mapping) mapping.getValue().forEach(this::entry);
            else problem(root.get(), "expects `key: value`");
        } catch (MarkedYamlEngineException broken) {
            int line = broken.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            problems.add(name + ":" + line + ": is not valid YAML: " + broken.getProblem());
        } catch (YamlEngineException broken) {
            problems.add(name + ":1: is not valid YAML: " + broken.getMessage());
        }
    }

    private void entry(NodeTuple entry) {
        Node key = entry.getKeyNode();
        String word = key instanceof ScalarNode scalar ? scalar.getValue() : "?";
        Optional<Setting> known = Setting.of(word);
        if (known.isEmpty()) {
            problem(
                    key,
                    "`" + word + "` is not a key here." + Nearest.hint(word, Setting.words()) + " Known keys: "
                            + String.join(", ", Setting.words()) + ".");
            return;
        }
        Setting setting = known.get();
        if (found.containsKey(setting)) {
            problem(key, "`" + word + "` occurs twice.");
            return;
        }
        List<String> values = values(entry.getValueNode(), setting);
        if (!values.isEmpty()) found.put(setting, new Settings.Given(where(key) + ": " + word, values));
    }

    /** Empty, and a problem noted, where they are not what the setting takes; empty for an empty list. */
    private List<String> values(Node node, Setting setting) {
        List<Node> items = node instanceof SequenceNode list && setting.form() == Setting.Form.LIST
                ? list.getValue()
                : List.of(node);
        List<String> values = new ArrayList<>();
        for (Node item : items) {
            boolean isText =
                    item instanceof ScalarNode scalar && !scalar.getValue().isEmpty();
            boolean isPlain =
                    item.getAnchor().isEmpty() && item.getTag().getValue().startsWith("tag:yaml.org,2002:");
            String text = isText && isPlain ? ((ScalarNode) item).getValue() : "";
            if (text.isEmpty() || (setting.form() == Setting.Form.FLAG && !text.matches("true|false"))) {
                problem(item, "`" + setting.word() + "` must be " + wanted(setting) + ".");
                return List.of();
            }
            values.add(text);
        }
        return values;
    }

    private static String wanted(Setting setting) {
        return switch (setting.form()) {
            case TEXT -> "one value";
            case FLAG -> "true or false";
            case LIST -> "a list, like [a, b]";
        };
    }

    private void problem(Node node, String what) {
        problems.add(where(node) + ": " + what);
    }

    private String where(Node node) {
        return name + ":" + node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }
}
