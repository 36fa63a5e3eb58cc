package dev.millrace.engine.intake;

import java.io.EOFException;
import java.io.IOException;
import java.util.zip.ZipException;

/** Words for files that cannot be read. */
final class Unreadable {
    private Unreadable() {}

    static String reason(IOException broken) {
        if (broken instanceof EOFException)
            return "its compressed stream ends too early: the file is truncated. Copy it again";
        if (broken instanceof ZipException) {
            String message = String.valueOf(broken.getMessage());
            return message.contains("GZIP format")
                    ? "its name ends in .gz, but it is not compressed by gzip. Rename it, or compress it"
                    : "its compressed stream is damaged (" + message + "). Copy it again";
        }
        return "it cannot be read: " + broken.getMessage();
    }

    /** What to set, as the end of a sentence. */
    static String hint(Problem problem, ReadOptions options) {
        if (problem.kind() != Problem.Kind.ENCODING) return "";
        return options.encoding() == null || options.encoding().equalsIgnoreCase("UTF-8")
                ? ". It is not UTF-8; set `encoding`, e.g. to ISO-8859-1 or windows-1252"
                : ". Is `encoding: " + options.encoding() + "` right?";
    }
}
