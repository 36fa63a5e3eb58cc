package dev.millrace.platform.console;

import java.util.ArrayList;
import java.util.List;

/** Rows of text under a header, columns as wide as their widest cell, for terminals and logs. */
public final class TextTable {
    /** Where the text stands in its column. */
    public enum Align {
        LEFT,
        RIGHT
    }

    private static final String GAP = "  ";

    private final List<String> header;
    private final List<Align> aligns;
    private final List<List<String>> rows = new ArrayList<>();

    /** @param aligns one for each title */
    public TextTable(List<String> header, List<Align> aligns) {
        this.header = header.stream().map(TextTable::oneLine).toList();
        this.aligns = List.copyOf(aligns);
    }

    /** @param row as many cells as titles; control characters are escaped */
    public void add(List<String> row) {
        rows.add(row.stream().map(TextTable::oneLine).toList());
    }

    /** Every line ends in a line feed and has no trailing blanks. */
    public String text() {
        int[] widths = new int[header.size()];
        widen(widths, header);
        rows.forEach(row -> widen(widths, row));
        StringBuilder text = new StringBuilder();
        line(text, header, widths);
        List<String> rule = new ArrayList<>();
        for (int width : widths) rule.add("-".repeat(width));
        line(text, rule, widths);
        rows.forEach(row -> line(text, row, widths));
        return text.toString();
    }

    private static void widen(int[] widths, List<String> row) {
        for (int i = 0; i < widths.length; i++) widths[i] = Math.max(widths[i], DisplayWidth.of(row.get(i)));
    }

    private void line(StringBuilder text, List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            if (i > 0) line.append(GAP);
            String blanks = " ".repeat(widths[i] - DisplayWidth.of(row.get(i)));
            if (aligns.get(i) == Align.RIGHT) line.append(blanks).append(row.get(i));
            else line.append(row.get(i)).append(blanks);
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    /** Control characters as Java writes them, so that no value breaks the table or the terminal. */
    private static String oneLine(String cell) {
        if (cell.codePoints().noneMatch(Character::isISOControl)) return cell;
        StringBuilder shown = new StringBuilder();
        cell.codePoints().forEach(point -> {
            switch (point) {
                case '\n' -> shown.append("\\n");
                case '\r' -> shown.append("\\r");
                case '\t' -> shown.append("\\t");
                default -> {
                    if (Character.isISOControl(point)) shown.append(String.format("\\u%04x", point));
                    else shown.appendCodePoint(point);
                }
            }
        });
        return shown.toString();
    }
}
