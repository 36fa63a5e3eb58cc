package dev.millrace.engine.intake;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Rows of one file, one after the other: the target's columns, then {@link Marks}. A record whose values do not all fit
 * becomes a row of NULLs with the reasons.
 */
final class RowBuilder {
    private final SourceFile file;
    private final UTF8String printed;
    private final List<String> columns;
    private final ReadOptions options;
    private final Values[] values;
    private final Object[] constants;
    private final TimeRules.Account account = new TimeRules.Account();
    private final TimeRules.Account ofConstants = new TimeRules.Account();

    /** By name in the file: the column's position, -1 for one that the target has not. */
    private final Map<String, Integer> positions = new HashMap<>();

    private final List<String> unfit = new ArrayList<>();
    private final Set<String> unfitColumns = new LinkedHashSet<>();
    private final Set<String> rules = new LinkedHashSet<>();
    private Object[] row;

    /** @throws Unfit when a value in the file's path does not fit its column */
    RowBuilder(SourceFile file, StructType target, ReadOptions options) throws Unfit {
        this.file = file;
        this.printed = UTF8String.fromString(file.printed());
        this.columns = List.of(target.fieldNames());
        this.options = options;
        this.values = new Values[target.size()];
        this.constants = new Object[target.size() + Marks.COLUMNS.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = new Values(target.apply(i).dataType(), options.spelling(columns.get(i), account));
        }
        for (Map.Entry<String, String> inPath : file.pathValues().entrySet()) {
            int i = position(inPath.getKey());
            if (i >= 0 && inPath.getValue() != null) constants[i] = ofPath(i, inPath.getValue());
        }
        ofConstants.resolved = account.resolved;
        ofConstants.truncated = account.truncated;
    }

    private Object ofPath(int column, String value) throws Unfit {
        try {
            return values[column].isText() || !value.isEmpty() ? values[column].ofText(value) : null;
        } catch (Unfit refused) {
            throw new Unfit(refused.rule(), "`" + columns.get(column) + "` in its path " + refused.getMessage());
        }
    }

    /** Where a column of the file is in the target; -1 when it is not there. */
    int position(String inFile) {
        return positions.computeIfAbsent(
                inFile, name -> options.names().find(columns, options.names().of(name)));
    }

    void begin() {
        row = constants.clone();
        account.clear();
        unfit.clear();
        unfitColumns.clear();
        rules.clear();
    }

    /** @param quoted whether the cell stood in quotes: then an empty one is an empty text, and no value otherwise */
    void cell(int column, String cell, boolean quoted) {
        String text = options.trim() ? cell.strip() : cell;
        Values reader = values[column];
        row[column] = null;
        if (text.isEmpty() && (!quoted || !reader.isText())) return;
        if (!quoted && options.isNull(text)) return;
        try {
            row[column] = reader.ofText(text);
        } catch (Unfit refused) {
            refuse(columns.get(column), refused);
        }
    }

    /** One key of a JSON object. */
    void value(String key, JsonNode value) {
        int column = position(key);
        if (column < 0) {
            if (options.dropsUnknown()) return;
            refuse(key, new Unfit(Unfit.TYPE, "is a key that is not in the schema"));
            return;
        }
        row[column] = null;
        if (value.isNull() || (value.isTextual() && options.nullValues().contains(value.textValue()))) return;
        try {
            row[column] = values[column].ofJson(value);
        } catch (Unfit refused) {
            refuse(columns.get(column), refused);
        }
    }

    private void refuse(String column, Unfit refused) {
        unfit.add("`" + Cut.to(60, column) + "` " + refused.getMessage());
        unfitColumns.add(column);
        rules.add(refused.rule());
    }

    /** The row of the record whose values were given since {@link #begin}. */
    InternalRow finish(TextReader reader) {
        if (!unfit.isEmpty()) {
            return bad(
                    reader.line(),
                    reader.text(),
                    String.join(", ", rules),
                    String.join("; ", unfit),
                    String.join(", ", unfitColumns));
        }
        int mark = columns.size();
        row[mark] = printed;
        row[mark + 1] = reader.line();
        row[mark + Marks.RESOLVED_AT] = account.resolved + ofConstants.resolved;
        row[mark + Marks.TRUNCATED_AT] = account.truncated + ofConstants.truncated;
        return new GenericInternalRow(row);
    }

    InternalRow bad(TextReader reader, Problem problem) {
        return bad(reader.line(), reader.text(), problem.kind().rule(), problem.reason(), null);
    }

    private InternalRow bad(long line, String text, String rule, String reason, String column) {
        return bad(columns.size(), file, line, text, rule, reason, column);
    }

    /** A row that stands for a whole file. */
    static InternalRow refused(StructType target, SourceFile file, long line, String rule, String reason) {
        return bad(target.size(), file, line, null, rule, reason, null);
    }

    private static InternalRow bad(
            int columns, SourceFile file, long line, String text, String rule, String reason, String column) {
        Object[] row = new Object[columns + Marks.COLUMNS.size()];
        int mark = columns;
        row[mark++] = UTF8String.fromString(file.printed());
        row[mark++] = line;
        row[mark++] = UTF8String.fromString(text == null ? null : Cut.record(text));
        row[mark++] = UTF8String.fromString(reason);
        row[mark++] = UTF8String.fromString(rule);
        row[mark++] = UTF8String.fromString(column);
        row[mark++] = 0;
        row[mark] = 0;
        return new GenericInternalRow(row);
    }
}
