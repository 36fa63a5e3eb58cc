package dev.millrace.job.ingest;

import dev.millrace.engine.intake.CsvDialect;
import dev.millrace.engine.intake.NumberSpelling;
import dev.millrace.engine.intake.TimeSpelling;
import java.io.Serializable;
import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How text files are read, in a form that travels to the tasks.
 *
 * @param json one object per line, else CSV
 * @param encoding name, or null for UTF-8
 * @param localeTag BCP 47, or empty
 */
record TextSpec(
        boolean json,
        boolean header,
        String encoding,
        CsvDialect dialect,
        Set<String> nullValues,
        boolean trim,
        String localeTag,
        Map<String, List<String>> formats,
        String zone,
        NewNames names,
        IngestConfig.OnNewColumn onNewColumn,
        IngestConfig.OnMissingColumn onMissingColumn)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    static TextSpec of(IngestConfig config, IngestConfig.Format format) {
        Character escape = config.escapeChar().orElse(null);
        return new TextSpec(
                format == IngestConfig.Format.JSON,
                config.header(),
                config.encoding().orElse(null),
                new CsvDialect(config.separatorChar(), config.quoteChar(), escape, config.maxRecordChars()),
                new HashSet<>(config.nullValues()),
                config.trim(),
                config.locale().orElse(""),
                new HashMap<>(config.formats()),
                config.zone().getId(),
                new NewNames(new HashMap<>(config.columns()), config.ignoreCase()),
                config.onNewColumn(),
                config.onMissingColumn());
    }

    Optional<Charset> charset() {
        return Optional.ofNullable(encoding).map(Charset::forName);
    }

    Locale locale() {
        return localeTag.isEmpty() ? Locale.ENGLISH : Locale.forLanguageTag(localeTag);
    }

    NumberSpelling numbers() {
        return localeTag.isEmpty() ? NumberSpelling.PLAIN : NumberSpelling.of(locale());
    }

    TimeSpelling times(String column) {
        return new TimeSpelling(formats.getOrDefault(column, List.of()), java.time.ZoneId.of(zone), locale());
    }
}
