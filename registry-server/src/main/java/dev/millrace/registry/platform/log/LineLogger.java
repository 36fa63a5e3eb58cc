package dev.millrace.registry.platform.log;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.MDC;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/** Writes to stderr what is INFO or worse, of libraries what is WARN or ERROR. */
final class LineLogger extends LegacyAbstractLogger implements LoggingEventAware {
    private static final long serialVersionUID = 1L;
    private static final List<String> QUIET =
            List.of("org.eclipse.jetty", "io.javalin", "com.zaxxer.hikari", "org.apache.parquet");
    /** They warn of tables without a checkpoint, and at every start of a missing native library. */
    private static final List<String> NOISY = List.of("io.delta", "org.apache.hadoop");

    private final Level least;

    LineLogger(String name) {
        this.name = name;
        this.least = least(name);
    }

    private static Level least(String name) {
        if (NOISY.stream().anyMatch(name::startsWith)) return Level.ERROR;
        return QUIET.stream().anyMatch(name::startsWith) ? Level.WARN : Level.INFO;
    }

    private boolean isWritten(Level level) {
        return level.toInt() >= least.toInt();
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level, Marker marker, String pattern, Object[] arguments, Throwable error) {
        write(level, MessageFormatter.basicArrayFormat(pattern, arguments), List.of(), error);
    }

    @Override
    public void log(LoggingEvent event) {
        if (!isWritten(event.getLevel())) return;
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        String message = MessageFormatter.basicArrayFormat(event.getMessage(), event.getArgumentArray());
        write(event.getLevel(), message, pairs == null ? List.of() : pairs, event.getThrowable());
    }

    private void write(Level level, String message, List<KeyValuePair> pairs, Throwable error) {
        Map<String, Object> fields = new LinkedHashMap<>();
        Map<String, String> ofThread = MDC.getCopyOfContextMap();
        if (ofThread != null) fields.putAll(ofThread);
        pairs.forEach(pair -> fields.put(pair.key, pair.value));
        String logger = name.substring(name.lastIndexOf('.') + 1);
        Line line = new Line(Instant.now(), level, logger, message, fields, Optional.ofNullable(error));
        System.err.print(line.written(LogFormat.current()));
    }

    @Override
    protected String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    public boolean isTraceEnabled() {
        return isWritten(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return isWritten(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return isWritten(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return isWritten(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return isWritten(Level.ERROR);
    }
}
