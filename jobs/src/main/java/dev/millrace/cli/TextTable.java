package dev.millrace.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A table for people: columns as wide as their widest cell, numbers to the right. */
final class TextTable {
    private static final String GAP = "  ";

    private final List<String> header;
    private final List<Boolean> right;
    private final List<List<String>> rows = new ArrayList<>();

    /** @param columns their titles; a title that begins with {@code >} heads a column aligned to the right */
    TextTable(String... columns) {
        this.header = new ArrayList<>();
        this.right = new ArrayList<>();
        for (String column : columns) {
            right.add(column.startsWith(">"));
            header.add(column.startsWith(">") ? column.substring(1) : column);
        }
    }

    void add(String... cells) {
        rows.add(List.of(cells));
    }

    /** Lines, each ended; a rule under the titles. */
    String render() {
        List<Integer> widths = new ArrayList<>(Collections.nCopies(header.size(), 0));
        List<List<String>> all = new ArrayList<>(rows);
        all.add(0, header);
        for (List<String> row : all) {
            for (int i = 0; i < row.size(); i++) widths.set(i, Math.max(widths.get(i), width(row.get(i))));
        }
        StringBuilder text = new StringBuilder(line(header, widths));
        text.append("─".repeat(widths.stream().mapToInt(Integer::intValue).sum() + GAP.length() * (header.size() - 1)))
                .append('\n');
        rows.forEach(row -> text.append(line(row, widths)));
        return text.toString();
    }

    private String line(List<String> cells, List<Integer> widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String padding = " ".repeat(widths.get(i) - width(cells.get(i)));
            if (i > 0) line.append(GAP);
            line.append(right.get(i) ? padding + cells.get(i) : cells.get(i) + padding);
        }
        return line.toString().stripTrailing() + "\n";
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
