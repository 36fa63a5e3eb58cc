package dev.millrace.job.ingest;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Names of columns in the table, from those in the file.
 *
 * @param renamed by name, or by 1-based position: {@code #4}
 */
record NewNames(Map<String, String> renamed, boolean ignoreCase) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** A position wins over a name. */
    List<String> of(List<String> inFile) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < inFile.size(); i++) {
            String name = inFile.get(i).strip();
            names.add(renamed.getOrDefault("#" + (i + 1), renamed.getOrDefault(name, name)));
        }
        return names;
    }

    String of(String inFile) {
        return renamed.getOrDefault(inFile, inFile);
    }

    boolean same(String left, String right) {
        return ignoreCase ? left.equalsIgnoreCase(right) : left.equals(right);
    }

    /** Where {@code wanted} is among {@code names}; -1 when it is not. */
    int find(List<String> names, String wanted) {
        int exact = names.indexOf(wanted);
        if (exact >= 0 || !ignoreCase) return exact;
        for (int i = 0; i < names.size(); i++) if (names.get(i).equalsIgnoreCase(wanted)) return i;
        return -1;
    }
}
