package dev.millrace.job.ingest;

import dev.millrace.engine.intake.ColumnType;
import dev.millrace.engine.intake.CsvDialect;
import dev.millrace.engine.intake.FileFormat;
import dev.millrace.engine.intake.Marks;
import dev.millrace.engine.intake.NewNames;
import dev.millrace.engine.intake.OnClockChange;
import dev.millrace.engine.intake.OnFinerTime;
import dev.millrace.engine.intake.OnMissingColumn;
import dev.millrace.engine.intake.OnNewColumn;
import dev.millrace.engine.intake.ReadOptions;
import dev.millrace.engine.intake.TimeSpelling;
import dev.millrace.engine.landing.LandingDeclaration;
import dev.millrace.engine.landing.TakenColumns;
import dev.millrace.platform.config.Default;
import dev.millrace.platform.config.Doc;
import dev.millrace.platform.config.Max;
import dev.millrace.platform.config.Min;
import dev.millrace.platform.table.OutputRef;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which files become which table, and how they are read. Keys: docs/jobs/ingest.md.
 *
 * @param schema every column with its type; empty = the table's own, or inferred from all values
 * @param cast types of some columns, whatever schema, table or inference say
 * @param columns new names by names in the file, or by position ({@code "#4"})
 */
public record IngestConfig(
        @Doc("files, folders or globs") List<String> path,
        @Doc("table to which records are appended") OutputRef output,
        @Doc("csv, json (one object per line), parquet or orc; default by extension") Optional<FileFormat> format,
        @Doc("every column with its type; default: the schema of the table, or inferred from all values")
                Map<String, ColumnType> schema,
        @Doc("types of some columns") Map<String, ColumnType> cast,
        @Doc("new names, by name in the file or by position (\"#4\")") Map<String, String> columns,
        @Doc("match column names without regard to case") @Default("false") boolean ignoreCase,
        @Doc("for a column that is not in the schema") @Default("refuse") OnNewColumn onNewColumn,
        @Doc("for a column of the schema that a file lacks") @Default("refuse") OnMissingColumn onMissingColumn,
        @Doc("for a file that cannot be read or does not fit the schema") @Default("stop") OnCorruptFile onCorruptFile,
        @Doc("whether the first line of a CSV file contains the column names") @Default("true") boolean header,
        @Doc("encoding of text files; default UTF-8") Optional<String> encoding,
        @Doc("CSV separator: one character, or tab or space") @Default("','") String separator,
        @Doc("CSV quote character") @Default("'\"'") String quote,
        @Doc("escape character in quoted CSV values; default none") Optional<String> escape,
        @Doc("strings that represent NULL, in addition to an empty CSV value") List<String> nullValues,
        @Doc("strip white space around strings") @Default("false") boolean trim,
        @Doc("language tag for the format of numbers and month names, e.g. de") Optional<String> locale,
        @Doc("patterns of dates and times by column; also iso, epoch-seconds, epoch-millis")
                Map<String, List<String>> formats,
        @Doc("time zone of times without an offset; default UTC") Optional<ZoneId> timeZone,
        @Doc("for a time that the clocks of the zone skip or repeat") @Default("quarantine")
                OnClockChange onClockChange,
        @Doc("for a time that is finer than a microsecond") @Default("quarantine") OnFinerTime onFinerTime,
        @Doc("maximum length of a text record in characters") @Default("16777216") @Min(1) int maxRecordChars,
        @Doc("replaces empty strings in a partition column; default: such rows go to quarantine")
                Optional<String> emptyPartitionValue,
        @Doc("columns that must have a value") List<String> notNull,
        @Doc("conditions that every row must satisfy") List<Rule> rules,
        @Doc("maximum share of quarantined records in a batch; if it is exceeded, the batch is not committed")
                @Default("1.0")
                @Min(0)
                @Max(1)
                double maxQuarantined,
        @Doc("maximum bytes of files per commit") @Default("17179869184") @Min(1) long batchBytes,
        @Doc("maximum number of files per commit") @Default("10000") @Min(1) int batchFiles)
        implements LandingDeclaration {

    /** What to do with a file that cannot be read. */
    public enum OnCorruptFile {
        STOP,
        QUARANTINE_FILE
    }

    public IngestConfig {
        path = List.copyOf(path);
        nullValues = List.copyOf(nullValues);
        notNull = List.copyOf(notNull);
        rules = List.copyOf(rules);
        if (path.isEmpty()) throw new IllegalArgumentException("lacks `path`: files, folders or globs to ingest");
        charset(encoding);
        character("separator", separator);
        character("quote", quote);
        escape.ifPresent(text -> character("escape", text));
        dialect(separator, quote, escape, maxRecordChars);
        formats.forEach((column, patterns) -> requirePatterns(column, patterns, locale));
        if (emptyPartitionValue.filter(String::isEmpty).isPresent()) {
            throw new IllegalArgumentException(
                    "`empty-partition-value` is empty; expected a nonempty string, e.g. none");
        }
        if (!header && schema.isEmpty()) {
            throw new IllegalArgumentException("`header: false` requires `schema` with the columns in file order");
        }
        requireKnown("cast", cast.keySet(), schema, columns);
        requireKnown("not-null", new LinkedHashSet<>(notNull), schema, columns);
        requireKnown("formats", formats.keySet(), schema, columns);
        for (String name : schema.keySet()) {
            if (TakenColumns.RESERVED.contains(name)) {
                throw new IllegalArgumentException(
                        "`schema` names `" + name + "`, a column that ingest adds; rename it");
            }
        }
    }

    private static void requireKnown(
            String key, Set<String> named, Map<String, ColumnType> schema, Map<String, String> columns) {
        if (schema.isEmpty()) return;
        for (String name : named) {
            if (schema.containsKey(name)) continue;
            String hint = columns.containsKey(name) ? "; use the new name, `" + columns.get(name) + "`" : "";
            throw new IllegalArgumentException("`" + key + "` names `" + name + "`, which is not in `schema`" + hint);
        }
    }

    private static Optional<Charset> charset(Optional<String> name) {
        try {
            return name.map(Charset::forName);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            throw new IllegalArgumentException(
                    "`encoding` is `" + name.get() + "`, an unknown encoding; valid are e.g. UTF-8, UTF-16, ISO-8859-1",
                    unknown);
        }
    }

    private static char character(String key, String text) {
        String plain =
                switch (text.toLowerCase(Locale.ROOT)) {
                    case "tab", "\\t" -> "\t";
                    case "space" -> " ";
                    default -> text;
                };
        if (plain.length() != 1) {
            throw new IllegalArgumentException("`" + key + "` is `" + text + "`; expected one character, tab or space");
        }
        return plain.charAt(0);
    }

    private static CsvDialect dialect(String separator, String quote, Optional<String> escape, int maxRecordChars) {
        return new CsvDialect(
                character("separator", separator),
                character("quote", quote),
                escape.map(text -> character("escape", text)).orElse(null),
                maxRecordChars);
    }

    private static void requirePatterns(String column, List<String> patterns, Optional<String> locale) {
        try {
            new TimeSpelling(patterns, locale.map(Locale::forLanguageTag).orElse(Locale.ENGLISH));
        } catch (IllegalArgumentException invalid) {
            throw new IllegalArgumentException("`formats` of `" + column + "`: " + invalid.getMessage(), invalid);
        }
    }

    /** Rules of bad records that stop the batch. */
    Set<String> stoppingRules() {
        Set<String> rules = new HashSet<>();
        if (onClockChange == OnClockChange.ERROR) rules.add(Marks.CLOCK_CHANGE);
        if (onFinerTime == OnFinerTime.ERROR) rules.add(Marks.FINER_TIME);
        return rules;
    }

    /** How the files are read. */
    ReadOptions reading() {
        return new ReadOptions(
                header,
                encoding.orElse(null),
                dialect(separator, quote, escape, maxRecordChars),
                new HashSet<>(nullValues),
                trim,
                locale.orElse(""),
                new HashMap<>(formats),
                timeZone.orElse(ZoneId.of("UTC")),
                timeZone.isPresent(),
                onClockChange,
                onFinerTime,
                new NewNames(new HashMap<>(columns), ignoreCase),
                onNewColumn,
                onMissingColumn,
                new HashSet<>(cast.keySet()));
    }
}
