package dev.millrace.engine.intake;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * The rows of one part of a text file: the target's columns, then {@link Marks}. A bad record gives a row of NULLs with
 * its reason; a file that makes no sense gives one last row that says so. Never throws for what is in the file, but as
 * {@link RawBytes#require} says when its bytes cannot be had.
 */
final class TextRows implements Iterator<InternalRow>, Closeable {
    private final TextSplit split;
    private final StructType target;
    private final TextOpener opener;
    private TextReader reader;
    private RowBuilder row;
    private InternalRow next;
    private boolean ended;

    TextRows(TextSplit split, StructType target, TextFormat format, TextOpener opener) {
        this.split = split;
        this.target = target;
        this.opener = opener;
        reading(() -> begin(format));
    }

    /** Opens a part behind the file's header; empty when the file should have a header and is empty. */
    static Optional<TextReader> open(TextSplit split, TextFormat format, TextOpener opener) throws IOException {
        ReadOptions options = opener.options();
        if (!format.hasHeader(options)) return Optional.of(format.reader(opener.open(split), options));
        if (split.isFirst()) {
            TextReader reader = format.reader(opener.open(split), options);
            return withHeader(reader, reader);
        }
        try (TextReader head = format.reader(opener.open(split.file()), options)) {
            return withHeader(head, format.reader(opener.open(split), options));
        }
    }

    private static Optional<TextReader> withHeader(TextReader head, TextReader records) throws IOException {
        try {
            Optional<List<String>> header = head.readHeader();
            header.ifPresent(records::useHeader);
            if (header.isEmpty()) records.close();
            return header.map(names -> records);
        } catch (IOException | RuntimeException broken) {
            records.close();
            throw broken;
        }
    }

    private void begin(TextFormat format) throws IOException {
        reader = open(split, format, opener).orElse(null);
        if (reader == null) {
            ended = true;
            return;
        }
        List<String> columns = List.of(target.fieldNames());
        NewNames names = opener.options().names();
        Set<String> inPath = split.file().pathValues().keySet().stream()
                .map(name -> names.find(columns, names.of(name)))
                .filter(position -> position >= 0)
                .map(columns::get)
                .collect(Collectors.toSet());
        reader.begin(new Binding(columns, inPath));
        try {
            row = new RowBuilder(split.file(), target, opener.options());
        } catch (Unfit path) {
            throw new MillraceException(ErrorKind.SCHEMA_MISMATCH, path.getMessage(), path);
        }
    }

    private interface Reading {
        void run() throws IOException;
    }

    private void reading(Reading step) {
        try {
            step.run();
        } catch (MillraceException unfit) {
            ended = true;
            // The part that begins a file says for all of them what is wrong with its header.
            if (row == null && !split.isFirst()) return;
            boolean schema = unfit.kind() == ErrorKind.SCHEMA_MISMATCH;
            refuseFile(schema ? Marks.WHOLE_FILE_SCHEMA : Marks.WHOLE_FILE, unfit.getMessage());
        } catch (IOException broken) {
            RawBytes.require(split.file(), opener.hadoop(), broken);
            refuseFile(Marks.WHOLE_FILE, Unreadable.reason(broken));
        }
    }

    private void refuseFile(String rule, String reason) {
        long line = row == null ? split.line() : reader.line();
        next = RowBuilder.refused(target, split.file(), line, rule, reason);
        ended = true;
    }

    @Override
    public boolean hasNext() {
        if (next == null && !ended) reading(this::advance);
        if (next == null) close();
        return next != null;
    }

    @Override
    public InternalRow next() {
        if (!hasNext()) throw new NoSuchElementException(split.file().path());
        InternalRow found = next;
        next = null;
        return found;
    }

    private void advance() throws IOException {
        if (!reader.next()) {
            ended = true;
            return;
        }
        row.begin();
        Optional<Problem> problem = reader.problem();
        if (problem.isEmpty()) {
            reader.fill(row);
            next = row.finish(reader);
        } else {
            next = row.bad(reader, problem.get());
        }
    }

    @Override
    public void close() {
        try {
            if (reader != null) reader.close();
            reader = null;
        } catch (IOException harmless) {
            // All records were read.
        }
    }
}
