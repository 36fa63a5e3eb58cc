package dev.millrace.engine.intake;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Names of columns in the table, from those in the file.
 *
 * @param renamed by name, or by 1-based position: {@code #4}
 * @param ignoreCase whether names match whatever their case
 */
public record NewNames(Map<String, String> renamed, boolean ignoreCase) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The new names of a file's columns; a position wins over a name. */
    public List<String> of(List<String> inFile) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < inFile.size(); i++) {
            String name = inFile.get(i).strip();
            names.add(renamed.getOrDefault("#" + (i + 1), renamed.getOrDefault(name, name)));
        }
        return names;
    }

    /** The new name of one column. */
    public String of(String inFile) {
        return renamed.getOrDefault(inFile, inFile);
    }

    /** Where {@code wanted} is among {@code names}; -1 when it is not. */
    public int find(List<String> names, String wanted) {
        int exact = names.indexOf(wanted);
        if (exact >= 0 || !ignoreCase) return exact;
        for (int i = 0; i < names.size(); i++) if (names.get(i).equalsIgnoreCase(wanted)) return i;
        return -1;
    }
}
