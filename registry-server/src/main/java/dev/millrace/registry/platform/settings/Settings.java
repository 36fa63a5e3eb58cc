package dev.millrace.registry.platform.settings;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What was set, by whatever came first: an option, the environment, the file. */
public final class Settings {
    private static final String FILE = "config";
    private static final String FILE_VARIABLE = "MILLRACE_CONFIG";

    private final Map<Setting, Given> given;

    private Settings(Map<Setting, Given> given) {
        this.given = given;
    }

    /**
     * A setting's values.
     *
     * @param where how to name it to whoever set it: {@code --port}, {@code MILLRACE_PORT}, {@code r.yaml:3: port}
     */
    record Given(String where, List<String> values) {}

    /**
     * @param arguments options of the command line
     * @throws MillraceException USAGE or CONFIG, with everything that is wrong in the file
     */
    public static Settings of(List<String> arguments, Map<String, String> environment) {
        Map<Setting, Given> options = new EnumMap<>(Setting.class);
        Optional<String> file = readOptions(arguments, options)
                .or(() -> Optional.ofNullable(environment.get(FILE_VARIABLE)).filter(path -> !path.isEmpty()));
        Map<Setting, Given> all = new EnumMap<>(Setting.class);
        file.ifPresent(path -> all.putAll(SettingsFile.read(Path.of(path))));
        for (Setting setting : Setting.values()) {
            String value = environment.getOrDefault(setting.variable(), "");
            if (!value.isEmpty()) all.put(setting, ofEnvironment(setting, value));
        }
        all.putAll(options);
        return new Settings(all);
    }

    /** @return the file that the options name */
    private static Optional<String> readOptions(List<String> arguments, Map<Setting, Given> options) {
        Optional<String> file = Optional.empty();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            String option = argument.replaceFirst("(?s)=.*", "");
            boolean isFile = option.equals("--" + FILE);
            Optional<Setting> known = option.startsWith("--") ? Setting.of(option.substring(2)) : Optional.empty();
            if (known.isEmpty() && !isFile) throw unknown(argument, option);
            if (!isFile && known.orElseThrow().form() == Setting.Form.FLAG) {
                if (!argument.equals(option)) throw usage("`" + option + "` takes no value.");
                options.put(known.get(), new Given(option, List.of("true")));
                continue;
            }
            boolean joined = argument.contains("=");
            if (!joined && i + 1 == arguments.size()) throw usage("`" + option + "` needs a value.");
            String value = joined ? argument.substring(option.length() + 1) : arguments.get(++i);
            if (isFile) file = Optional.of(value);
            else options.merge(known.orElseThrow(), new Given(option, List.of(value)), Settings::more);
        }
        return file;
    }

    private static Given more(Given before, Given added) {
        List<String> values = new ArrayList<>(before.values());
        values.addAll(added.values());
        return new Given(added.where(), values);
    }

    private static Given ofEnvironment(Setting setting, String value) {
        String where = setting.variable();
        if (setting.form() == Setting.Form.FLAG && !value.matches("true|false")) {
            throw usage("`" + where + "` must be true or false, not `" + value + "`.");
        }
        boolean isList = setting.form() == Setting.Form.LIST;
        return new Given(where, isList ? Arrays.asList(value.split("\\s*,\\s*")) : List.of(value));
    }

    /** The last value. */
    public Optional<String> text(Setting setting) {
        return Optional.ofNullable(given.get(setting))
                .map(found -> found.values().get(found.values().size() - 1));
    }

    public boolean flag(Setting setting) {
        return text(setting).map("true"::equals).orElse(false);
    }

    public Set<String> list(Setting setting) {
        Given found = given.get(setting);
        return found == null ? Set.of() : new LinkedHashSet<>(found.values());
    }

    /** How to name a setting to whoever set it. */
    public String told(Setting setting) {
        Given found = given.get(setting);
        return "`" + (found == null ? "--" + setting.word() : found.where()) + "`";
    }

    private static MillraceException unknown(String argument, String option) {
        List<String> options = new ArrayList<>(Setting.words());
        options.add(FILE);
        return usage("`" + argument + "` is no option."
                + Nearest.hint(option, options.stream().map(word -> "--" + word).toList()));
    }

    private static MillraceException usage(String what) {
        return new MillraceException(ErrorKind.USAGE, what);
    }
}
