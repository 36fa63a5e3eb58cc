package dev.millrace.registry.lake.tables;

import java.io.FileNotFoundException;
import java.nio.file.NoSuchFileException;

/** Why a library could not read a table, as one sentence for people. */
final class Reasons {
    private static final int MOST = 300;

    private Reasons() {}

    static String of(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof FileNotFoundException || at instanceof NoSuchFileException) {
                return "a file of it is missing (" + lastName(String.valueOf(at.getMessage()))
                        + "); a vacuum may have removed it.";
            }
        }
        String message = firstLine(failure);
        for (Throwable at = failure.getCause(); at != null; at = at.getCause()) {
            if (!firstLine(at).isEmpty()) message = firstLine(at);
        }
        if (message.isEmpty()) message = "its files are damaged";
        return message.endsWith(".") ? message : message + ".";
    }

    /** Without Java's names, and without where the lake is. */
    private static String firstLine(Throwable failure) {
        String message = failure.getMessage();
        if (message == null) return "";
        String line = message.lines().findFirst().orElse("");
        line = line.replaceAll("([a-z0-9_]+\\.)+[A-Z][A-Za-z0-9]*(Exception|Error): ?", "")
                .replaceAll("(file:)?/\\S*/([^\\s/]+)", "$2")
                .strip();
        return line.length() <= MOST ? line : line.substring(0, MOST) + "…";
    }

    private static String lastName(String path) {
        return path.replaceAll("^.*/", "").replaceAll(" .*", "");
    }
}
