package dev.millrace.engine.intake;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A cursor over the records of a CSV file (RFC 4180): quoted cells may hold separators, doubled quotes and line ends.
 * Lines of nothing but white space are no records. A quote inside an unquoted cell is text.
 *
 * <p>A broken record is a record too, with its {@link #problem}. After text that follows a closing quote, reading goes
 * on at the next line; a quote that is never closed takes the rest of the file.
 *
 * <p>Cost: each character is copied twice, once for the record's text and once for its cell. Memory: one record.
 */
public final class CsvReader implements Closeable {
    private final Characters chars;
    private final CsvDialect dialect;
    private final RecordText record;
    private final int escape;
    private final List<String> cells = new ArrayList<>();
    private final List<Boolean> quoted = new ArrayList<>();
    private final StringBuilder cell = new StringBuilder();

    public CsvReader(Characters chars, CsvDialect dialect) {
        this.chars = chars;
        this.dialect = dialect;
        this.record = new RecordText(chars, dialect.maxChars());
        this.escape = dialect.escaping().map(c -> (int) c).orElse(Integer.MIN_VALUE);
    }

    /** Goes to the next record; false at the end. */
    public boolean next() throws IOException {
        while (chars.peek() != Characters.END) {
            record.begin();
            cells.clear();
            quoted.clear();
            boolean more = true;
            while (more) more = cell();
            if (!record.blank()) return true;
        }
        return false;
    }

    /** Reads one cell; true when a separator follows, so that there is another. */
    private boolean cell() throws IOException {
        cell.setLength(0);
        int c = record.take();
        boolean inQuotes = c == dialect.quote();
        if (inQuotes) {
            c = quotedCell();
        } else {
            while (c != dialect.separator() && c != Characters.END && !RecordText.endsLine(c)) {
                append(c);
                c = record.take();
            }
        }
        cells.add(cell.toString());
        quoted.add(inQuotes);
        if (RecordText.endsLine(c)) record.endLine(c);
        return c == dialect.separator();
    }

    /** Reads from the opening quote on; returns what ends the cell. */
    private int quotedCell() throws IOException {
        long opened = chars.line();
        while (true) {
            int c = record.take();
            if (c == Characters.END) {
                record.report(Problem.Kind.QUOTING, "opens a quote in line " + opened + " that is never closed");
                return c;
            }
            if (c == escape && chars.peek() != Characters.END) {
                append(record.take());
            } else if (c != dialect.quote()) {
                append(c);
            } else if (chars.peek() == dialect.quote()) {
                append(record.take());
            } else {
                return afterClosingQuote();
            }
        }
    }

    private int afterClosingQuote() throws IOException {
        int c = record.take();
        while (c != dialect.separator() && c != Characters.END && !RecordText.endsLine(c)) {
            record.report(
                    Problem.Kind.QUOTING, "has characters after the closing quote of value " + (cells.size() + 1));
            c = record.take();
            while (record.problem().isPresent() && c != Characters.END && !RecordText.endsLine(c)) c = record.take();
        }
        return c;
    }

    private void append(int c) {
        if (!record.overflows()) cell.append((char) c);
    }

    /** The cells of this record, without their quotes; valid until {@link #next}. */
    public List<String> cells() {
        return cells;
    }

    /** Whether a cell stood in quotes: {@code ""} is an empty text, nothing at all is no value. */
    public boolean quoted(int index) {
        return quoted.get(index);
    }

    /** The physical line in which this record begins, 1-based. */
    public long line() {
        return record.line();
    }

    /** The record as it stands in the file, without its line end; cut at the limit. */
    public String text() {
        return record.text();
    }

    public Optional<Problem> problem() {
        return record.problem();
    }

    @Override
    public void close() throws IOException {
        chars.close();
    }
}
