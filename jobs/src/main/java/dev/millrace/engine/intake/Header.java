package dev.millrace.engine.intake;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.error.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Matches the columns of one file to those wanted, and says everything that does not fit at once. */
final class Header {
    private static final List<Character> SEPARATORS = List.of(',', ';', '\t', '|');

    private final List<String> inFile;
    private final List<String> names;
    private final List<String> wanted;
    private final Set<String> elsewhere;
    private final ReadOptions options;

    /**
     * @param inFile the cells of the first record
     * @param wanted the columns of the target
     * @param elsewhere those of them that the file's path gives
     */
    Header(List<String> inFile, List<String> wanted, Set<String> elsewhere, ReadOptions options) {
        this.inFile = inFile;
        this.names = options.names().of(inFile);
        this.wanted = wanted;
        this.elsewhere = elsewhere;
        this.options = options;
    }

    /**
     * Where each wanted column is in the file; -1 for one that is filled with NULL or from the path.
     *
     * @throws MillraceException SCHEMA_MISMATCH
     */
    int[] positions() {
        requireDistinct(names, options);
        List<String> problems = new ArrayList<>();
        int[] positions = new int[wanted.size()];
        for (int i = 0; i < positions.length; i++)
            positions[i] = options.names().find(names, wanted.get(i));
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < positions.length; i++)
            if (positions[i] < 0 && !elsewhere.contains(wanted.get(i))) missing.add(wanted.get(i));
        List<String> extra = names.stream()
                .filter(name -> options.names().find(wanted, name) < 0)
                .toList();
        for (String column : missing) {
            extra.stream()
                    .filter(column::equalsIgnoreCase)
                    .findFirst()
                    .ifPresent(other -> problems.add("`" + other + "` differs from `" + column
                            + "` by case (allowed with `ignore-case: true`)"));
        }
        missing.removeIf(column -> extra.stream().anyMatch(column::equalsIgnoreCase));
        if (!missing.isEmpty() && options.onMissingColumn() == OnMissingColumn.REFUSE) {
            problems.add(
                    "it lacks " + listed(missing, extra, wanted.size()) + " (allowed with `on-missing-column: fill`)");
        }
        List<String> unknown = extra.stream()
                .filter(name -> wanted.stream().noneMatch(name::equalsIgnoreCase))
                .toList();
        if (!unknown.isEmpty() && options.onNewColumn() != OnNewColumn.IGNORE) {
            problems.add("it has " + listed(unknown, List.of(), wanted.size()) + ", not in the schema (allowed with"
                    + " `on-new-column: ignore` or `add`)");
        }
        if (problems.isEmpty()) return positions;
        throw mismatch("its header does not fit: " + String.join("; ", problems) + "." + guess());
    }

    private static MillraceException mismatch(String message) {
        return new MillraceException(ErrorKind.SCHEMA_MISMATCH, message);
    }

    /** @throws MillraceException SCHEMA_MISMATCH when two names are equal or differ only by case */
    static void requireDistinct(List<String> names, ReadOptions options) {
        Set<String> seen = new LinkedHashSet<>();
        Set<String> doubled = new LinkedHashSet<>();
        for (String name : names)
            if (!seen.add(name.toLowerCase(Locale.ROOT))) doubled.add(name.toLowerCase(Locale.ROOT));
        if (doubled.isEmpty()) return;
        List<String> clashes = new ArrayList<>();
        List<String> mapping = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (!doubled.contains(name.toLowerCase(Locale.ROOT))) continue;
            clashes.add("`" + name + "` (column " + (i + 1) + ")");
            mapping.add("\"#" + (i + 1) + "\": "
                    + (seen.remove(name.toLowerCase(Locale.ROOT)) ? name : name + "_" + (i + 1)));
        }
        throw mismatch("it has column names that are equal or differ only by case: " + String.join(", ", clashes)
                + ". Rename them by position: columns: {" + String.join(", ", mapping) + "}");
    }

    private static String listed(List<String> columns, List<String> near, int all) {
        return columns.stream()
                .map(column -> "`" + Cut.to(60, column) + "`" + (columns.size() == all ? "" : hint(column, near)))
                .collect(Collectors.joining(", "));
    }

    private static String hint(String column, List<String> near) {
        return Nearest.to(column, near).map(name -> " (is it `" + name + "`?)").orElse("");
    }

    /** What the user probably has to set. */
    private String guess() {
        String line = String.join(String.valueOf(options.dialect().separator()), inFile);
        for (char separator : SEPARATORS) {
            if (separator == options.dialect().separator()) continue;
            List<String> split = List.of(line.split(java.util.regex.Pattern.quote(String.valueOf(separator)), -1));
            if (split.size() > 1 && split.size() > inFile.size()) {
                return " The values seem to be separated by " + named(separator) + ": set `separator: "
                        + (separator == '\t' ? "tab" : "\"" + separator + "\"") + "`.";
            }
        }
        boolean data = inFile.stream()
                .anyMatch(cell -> !NumberSpelling.PLAIN.plain(cell).isEmpty());
        if (!data) return "";
        return " The first line looks like data: set `header: false` if the file has no header.";
    }

    private static String named(char separator) {
        return separator == '\t' ? "a tab" : "`" + separator + "`";
    }
}
