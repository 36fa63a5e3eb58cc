package dev.millrace.engine.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.platform.progress.Progress;
import dev.millrace.platform.spark.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A format of files is added as docs/extending.md describes: lines of {@code key=value} pairs. */
@ExtendWith(SharedSpark.class)
class AddedFormatTest {
    private static final class PairsFormat implements TextFormat {
        private static final long serialVersionUID = 1L;

        @Override
        public TextReader reader(Characters chars, ReadOptions options) {
            return new PairsReader(chars, options.dialect().maxChars());
        }

        @Override
        public boolean hasHeader(ReadOptions options) {
            return false;
        }

        @Override
        public boolean takesPositions(ReadOptions options) {
            return false;
        }

        @Override
        public Optional<RecordLexer> lexer(ReadOptions options) {
            return Optional.of(RecordLexer.lines());
        }

        @Override
        public boolean holds(DataType type) {
            return !(type instanceof StructType);
        }

        @Override
        public boolean takesEmptyFiles() {
            return false;
        }
    }

    private static final class PairsReader implements TextReader {
        private final Characters chars;
        private final RecordText record;
        private final Map<String, String> pairs = new LinkedHashMap<>();

        PairsReader(Characters chars, int maxChars) {
            this.chars = chars;
            this.record = new RecordText(chars, maxChars);
        }

        @Override
        public Optional<List<String>> readHeader() {
            return Optional.empty();
        }

        @Override
        public void useHeader(List<String> names) {
            throw new AssertionError("pairs have no header: " + names);
        }

        @Override
        public void begin(Binding binding) {
            // Each record names its own columns.
        }

        @Override
        public void begin(TypeBuilder types, String file) {
            // Each record names its own columns.
        }

        @Override
        public boolean next() throws IOException {
            if (chars.peek() == Characters.END) return false;
            record.begin();
            int c = record.take();
            while (c != Characters.END && !RecordText.endsLine(c)) c = record.take();
            if (c != Characters.END) record.endLine(c);
            pairs.clear();
            for (String pair : record.text().split(" ", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) pairs.put(pair.substring(0, equals), pair.substring(equals + 1));
                else record.report(Problem.Kind.CELLS, "has `" + pair + "`, expected key=value");
            }
            return true;
        }

        @Override
        public long line() {
            return record.line();
        }

        @Override
        public String text() {
            return record.text();
        }

        @Override
        public Optional<Problem> problem() {
            return record.problem();
        }

        @Override
        public void fill(RowBuilder row) {
            pairs.forEach((key, value) -> row.cell(row.position(key), value, false));
        }

        @Override
        public void observe(TypeBuilder types) {
            pairs.forEach((key, value) -> types.cell(key, types.column(key, "", 0), value, false));
        }

        @Override
        public void close() throws IOException {
            chars.close();
        }
    }

    /** @param split small, so that one file is read in many parts */
    private record LocalCluster(SparkSession spark, long split) implements Cluster {
        @Override
        public JavaSparkContext context() {
            return JavaSparkContext.fromSparkContext(spark.sparkContext());
        }

        @Override
        public Dataset<Row> frame(JavaRDD<InternalRow> rows, StructType schema) {
            return ((org.apache.spark.sql.classic.SparkSession) spark)
                    .internalCreateDataFrame(rows.rdd(), schema, false);
        }

        @Override
        public DataFrameReader reader() {
            return spark.read();
        }

        @Override
        public long maxSplitBytes() {
            return split;
        }

        @Override
        public Progress progress() {
            return Progress.SILENT;
        }
    }

    @Test
    void itsTypesAreInferredItsRecordsReadInPartsAndBadOnesMarked(SparkSession spark, @TempDir Path folder)
            throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 500; i++)
            text.append("id=").append(i).append(" amount=").append(i / 4.0).append('\n');
        text.insert(text.indexOf("id=200 "), "nothing here\n");
        Path file = folder.resolve("pairs.log");
        Files.writeString(file, text, UTF_8);
        Intake intake = new Intake(new LocalCluster(spark, 1_000), new PairsFormat(), OPTIONS);
        List<SourceFile> files = List.of(new SourceFile(file.toUri().toString(), Files.size(file), 0));

        StructType columns = intake.look(files).columns();
        Parsed parsed = intake.read(files, columns);

        assertThat(columns.apply("id").dataType()).isEqualTo(DataTypes.LongType);
        assertThat(columns.apply("amount").dataType()).isEqualTo(DataTypes.DoubleType);
        assertThat(parsed.rows().javaRDD().getNumPartitions()).isGreaterThan(1);
        Row sums = parsed.rows()
                .where(Marks.REASON + " IS NULL")
                .selectExpr("count(*)", "sum(id)", "sum(amount)")
                .head();
        assertThat(sums).isEqualTo(org.apache.spark.sql.RowFactory.create(500L, 124_750L, 31_187.5));
        Row bad = parsed.rows().where(Marks.REASON + " IS NOT NULL").head();
        assertThat(bad.<Long>getAs(Marks.LINE)).isEqualTo(201);
        assertThat(bad.<String>getAs(Marks.REASON)).contains("has `nothing`, expected key=value");
    }

    private static final ReadOptions OPTIONS = new ReadOptions(
            false,
            null,
            CsvDialect.RFC_4180,
            Set.of(),
            false,
            "",
            Map.of(),
            ZoneOffset.UTC,
            false,
            OnClockChange.QUARANTINE,
            OnFinerTime.QUARANTINE,
            new NewNames(Map.of(), false),
            OnNewColumn.REFUSE,
            OnMissingColumn.REFUSE,
            Set.of());
}
