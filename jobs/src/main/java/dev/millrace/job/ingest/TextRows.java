package dev.millrace.job.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.engine.intake.CsvReader;
import dev.millrace.engine.intake.JsonLinesReader;
import dev.millrace.engine.intake.Problem;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * The rows of one text file: the target's columns, then {@link TakenColumns#MARKS}. A bad record gives a row of NULLs
 * with its reason; a file that makes no sense gives one last row that says so. Never throws for what is in the file,
 * but as {@link RawBytes#require} says when its bytes cannot be had.
 */
final class TextRows implements Iterator<Row>, Closeable {
    private final SourceFile file;
    private final StructType target;
    private final List<String> columns;
    private final TextSpec spec;
    private final TextOpener opener;
    private final Values[] values;
    private CsvReader csv;
    private JsonLinesReader json;
    private int[] positions;
    private int cells;
    private Row next;
    private boolean ended;

    TextRows(SourceFile file, StructType target, TextSpec spec, TextOpener opener) {
        this.file = file;
        this.target = target;
        this.columns = List.of(target.fieldNames());
        this.spec = spec;
        this.opener = opener;
        this.values = new Values[target.size()];
        boolean dropUnknown = spec.onNewColumn() == IngestConfig.OnNewColumn.IGNORE;
        for (int i = 0; i < values.length; i++) {
            values[i] = new Values(target.apply(i).dataType(), spec.numbers(), spec.times(columns.get(i)), dropUnknown);
        }
        reading(this::open);
    }

    private interface Reading {
        void run() throws IOException;
    }

    private void reading(Reading step) {
        try {
            step.run();
        } catch (MillraceException unfit) {
            String rule = unfit.kind() == ErrorKind.SCHEMA_MISMATCH
                    ? TakenColumns.WHOLE_FILE_SCHEMA
                    : TakenColumns.WHOLE_FILE;
            refuseFile(rule, unfit.getMessage());
        } catch (IOException broken) {
            RawBytes.require(file, opener.hadoop(), broken);
            refuseFile(TakenColumns.WHOLE_FILE, Unreadable.reason(broken));
        }
    }

    private void refuseFile(String rule, String reason) {
        next = bad(line(), null, rule, reason, null);
        ended = true;
    }

    private void open() throws IOException {
        if (spec.json()) {
            json = opener.json(file);
            return;
        }
        csv = opener.csv(file);
        if (!spec.header()) {
            cells = columns.size();
            positions = new int[cells];
            Arrays.setAll(positions, i -> i);
            return;
        }
        if (!csv.next()) {
            ended = true;
            return;
        }
        if (csv.problem().isPresent()) {
            throw new MillraceException(
                    ErrorKind.INPUT_UNREADABLE,
                    "its header (line " + csv.line() + ") "
                            + csv.problem().get().reason()
                            + Unreadable.hint(csv.problem().get(), spec));
        }
        cells = csv.cells().size();
        positions = new Header(List.copyOf(csv.cells()), columns, spec).positions();
    }

    @Override
    public boolean hasNext() {
        if (next == null && !ended) reading(this::advance);
        if (next == null) close();
        return next != null;
    }

    @Override
    public Row next() {
        if (!hasNext()) throw new NoSuchElementException(file.path());
        Row row = next;
        next = null;
        return row;
    }

    private void advance() throws IOException {
        if (spec.json() ? json.next() : csv.next()) next = spec.json() ? jsonRow() : csvRow();
        else ended = true;
    }

    private Row csvRow() {
        if (csv.problem().isPresent()) return bad(csv.problem().get());
        List<String> found = csv.cells();
        if (found.size() != cells) {
            return bad(new Problem(
                    Problem.Kind.CELLS,
                    "has " + found.size() + (found.size() == 1 ? " cell" : " cells") + " where there are " + cells
                            + " columns"));
        }
        Object[] row = new Object[target.size() + TakenColumns.MARKS.size()];
        List<String> unfit = new ArrayList<>();
        List<String> unfitColumns = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            if (positions[i] < 0) continue;
            String cell = spec.trim() ? found.get(positions[i]).strip() : found.get(positions[i]);
            if (isNull(cell, csv.quoted(positions[i]), values[i])) continue;
            try {
                row[i] = values[i].ofText(cell);
            } catch (Values.Unfit refused) {
                unfit.add("`" + columns.get(i) + "` " + refused.getMessage());
                unfitColumns.add(columns.get(i));
            }
        }
        return finished(row, unfit, unfitColumns);
    }

    private boolean isNull(String cell, boolean quoted, Values value) {
        if (cell.isEmpty() && (!quoted || !value.isText())) return true;
        return !quoted && spec.nullValues().contains(cell.strip());
    }

    private Row jsonRow() {
        if (json.problem().isPresent()) return bad(json.problem().get());
        ObjectNode object = json.object();
        Object[] row = new Object[target.size() + TakenColumns.MARKS.size()];
        List<String> unfit = new ArrayList<>();
        List<String> unfitColumns = new ArrayList<>();
        for (var property : object.properties()) {
            String name = spec.names().of(property.getKey());
            int i = spec.names().find(columns, name);
            if (i < 0) {
                if (spec.onNewColumn() == IngestConfig.OnNewColumn.IGNORE) continue;
                unfit.add("has a key `" + Cut.to(60, name) + "` that the schema does not know");
                unfitColumns.add(name);
                continue;
            }
            JsonNode value = property.getValue();
            if (value.isNull() || (value.isTextual() && spec.nullValues().contains(value.textValue()))) continue;
            try {
                row[i] = values[i].ofJson(value);
            } catch (Values.Unfit refused) {
                unfit.add("`" + name + "` " + refused.getMessage());
                unfitColumns.add(name);
            }
        }
        return finished(row, unfit, unfitColumns);
    }

    private Row finished(Object[] row, List<String> unfit, List<String> unfitColumns) {
        if (!unfit.isEmpty()) {
            return bad(line(), text(), "type", String.join("; ", unfit), String.join(", ", unfitColumns));
        }
        row[target.size()] = file.printed();
        row[target.size() + 1] = line();
        return RowFactory.create(row);
    }

    private long line() {
        if (json != null) return json.line();
        return csv == null ? 1 : csv.line();
    }

    private String text() {
        return json != null ? json.text() : csv.text();
    }

    private Row bad(Problem problem) {
        return bad(line(), text(), problem.kind().rule(), problem.reason(), null);
    }

    private Row bad(long line, String text, String rule, String reason, String column) {
        Object[] row = new Object[target.size() + TakenColumns.MARKS.size()];
        int mark = target.size();
        row[mark++] = file.printed();
        row[mark++] = line;
        row[mark++] = text == null ? null : Cut.record(text);
        row[mark++] = reason;
        row[mark++] = rule;
        row[mark] = column;
        return RowFactory.create(row);
    }

    @Override
    public void close() {
        try {
            if (csv != null) csv.close();
            if (json != null) json.close();
        } catch (IOException harmless) {
            // All records were read.
        }
    }
}
