package dev.millrace.registry.platform.log;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a line of the log is written. */
public enum LogFormat {
    TEXT,
    /** One JSON document per line. */
    JSON;

    /** Loggers are made before options are read, so each line asks for the format of its process. */
    private static final String PROPERTY = "millrace.log.format";

    /** {@code text} or {@code json}. */
    public static Optional<LogFormat> of(String word) {
        return Arrays.stream(values())
                .filter(format -> format.word().equals(word))
                .findFirst();
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Writes the lines of this process so from now on. */
    public void use() {
        System.setProperty(PROPERTY, word());
    }

    static LogFormat current() {
        return System.getProperty(PROPERTY, "text").equals("json") ? JSON : TEXT;
    }
}
