package dev.millrace.engine.intake;

import java.io.Serializable;
import java.nio.charset.Charset;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How files are read, in a form that travels to the tasks.
 *
 * @param header whether CSV files begin with the names of the columns
 * @param encoding of text files, or null for UTF-8
 * @param nullValues texts that mean no value
 * @param trim whether white space around texts is stripped
 * @param localeTag BCP 47, or empty
 * @param formats patterns of times by column
 * @param zone of times without offset
 * @param zoneDeclared whether the user gave it
 * @param cast columns whose values may lose what their declared type does not hold
 */
public record ReadOptions(
        boolean header,
        String encoding,
        CsvDialect dialect,
        Set<String> nullValues,
        boolean trim,
        String localeTag,
        Map<String, List<String>> formats,
        ZoneId zone,
        boolean zoneDeclared,
        OnClockChange onClockChange,
        OnFinerTime onFinerTime,
        NewNames names,
        OnNewColumn onNewColumn,
        OnMissingColumn onMissingColumn,
        Set<String> cast)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    Optional<Charset> charset() {
        return Optional.ofNullable(encoding).map(Charset::forName);
    }

    private Locale locale() {
        return localeTag.isEmpty() ? Locale.ENGLISH : Locale.forLanguageTag(localeTag);
    }

    NumberSpelling numbers() {
        return localeTag.isEmpty() ? NumberSpelling.PLAIN : NumberSpelling.of(locale());
    }

    TimeSpelling times(String column) {
        return new TimeSpelling(formats.getOrDefault(column, List.of()), locale());
    }

    TimeRules timeRules() {
        return new TimeRules(zone, onClockChange, onFinerTime);
    }

    boolean dropsUnknown() {
        return onNewColumn == OnNewColumn.IGNORE;
    }

    Values.Spelling spelling(String column, TimeRules.Account account) {
        return new Values.Spelling(numbers(), times(column), timeRules(), dropsUnknown(), account);
    }

    boolean isNull(String text) {
        return !nullValues.isEmpty() && nullValues.contains(text.strip());
    }
}
