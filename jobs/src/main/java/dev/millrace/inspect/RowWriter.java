package dev.millrace.inspect;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.platform.console.TextTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/** Writes a query's rows one after the other, in one of the formats of {@link SqlQuery.Format}. */
sealed interface RowWriter {
    void add(Row row);

    /** @param cut whether there were more rows than were added */
    void end(boolean cut);

    /** A text table; kept until the end, since its columns are as wide as their widest cell. NULL is {@code NULL}. */
    final class Table implements RowWriter {
        private final Appendable out;
        private final TextTable table;
        private long rows;

        Table(StructType schema, Appendable out) {
            this.out = out;
            List<TextTable.Align> aligns = Arrays.stream(schema.fields())
                    .map(field ->
                            field.dataType() instanceof NumericType ? TextTable.Align.RIGHT : TextTable.Align.LEFT)
                    .toList();
            this.table = new TextTable(List.of(schema.fieldNames()), aligns);
        }

        @Override
        public void add(Row row) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < row.size(); i++) cells.add(Cells.text(row.get(i), "NULL"));
            table.add(cells);
            rows++;
        }

        @Override
        public void end(boolean cut) {
            append(out, table.text());
            append(
                    out,
                    cut
                            ? "\nOnly the first " + rows
                                    + " rows are shown. Set `--limit N` for more, or `--format csv` for all.\n"
                            : "\n" + rows + (rows == 1 ? " row\n" : " rows\n"));
        }
    }

    /** RFC 4180 with a header, lines ended by CR LF. NULL is an empty field, the empty text {@code ""}. */
    final class Csv implements RowWriter {
        private final Appendable out;

        Csv(StructType schema, Appendable out) {
            this.out = out;
            line(Arrays.stream(schema.fieldNames()).map(Csv::quoted).toList());
        }

        @Override
        public void add(Row row) {
            List<String> fields = new ArrayList<>();
            for (int i = 0; i < row.size(); i++) {
                fields.add(row.isNullAt(i) ? "" : quoted(Cells.text(row.get(i), "")));
            }
            line(fields);
        }

        private void line(List<String> fields) {
            append(out, String.join(",", fields) + "\r\n");
        }

        private static String quoted(String field) {
            boolean plain =
                    !field.isEmpty() && field.chars().noneMatch(c -> c == '"' || c == ',' || c == '\r' || c == '\n');
            return plain ? field : "\"" + field.replace("\"", "\"\"") + "\"";
        }

        @Override
        public void end(boolean cut) {}
    }

    /** One array of objects, a row a line. A column name that occurs again gets a number: {@code id}, {@code id_2}. */
    final class Json implements RowWriter {
        private static final ObjectMapper MAPPER =
                new ObjectMapper().configure(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN, true);

        private final Appendable out;
        private final List<String> names;
        private boolean first = true;

        Json(StructType schema, Appendable out) {
            this.out = out;
            this.names = distinct(List.of(schema.fieldNames()));
            append(out, "[");
        }

        private static List<String> distinct(List<String> names) {
            Set<String> taken = new HashSet<>();
            List<String> distinct = new ArrayList<>();
            for (String name : names) {
                String candidate = name;
                for (int n = 2; !taken.add(candidate); n++) candidate = name + "_" + n;
                distinct.add(candidate);
            }
            return distinct;
        }

        @Override
        public void add(Row row) {
            ObjectNode object = MAPPER.createObjectNode();
            for (int i = 0; i < row.size(); i++) object.set(names.get(i), Cells.json(row.get(i)));
            try {
                append(out, (first ? "\n" : ",\n") + MAPPER.writeValueAsString(object));
            } catch (IOException impossible) {
                throw new AssertionError("A tree can be written", impossible);
            }
            first = false;
        }

        @Override
        public void end(boolean cut) {
            append(out, first ? "]\n" : "\n]\n");
        }
    }

    static RowWriter of(SqlQuery.Format format, StructType schema, Appendable out) {
        return switch (format) {
            case TABLE -> new Table(schema, out);
            case CSV -> new Csv(schema, out);
            case JSON -> new Json(schema, out);
        };
    }

    private static void append(Appendable out, String text) {
        try {
            out.append(text);
        } catch (IOException closed) {
            throw new UncheckedIOException("Cannot write the result", closed);
        }
    }
}
