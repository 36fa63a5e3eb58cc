package dev.millrace.engine.intake;

import java.io.IOException;
import java.util.Optional;

/** The text of the record being read, and the first thing that is wrong with it. Cut at a limit, so memory is bounded. */
final class RecordText {
    private final Characters chars;
    private final int maxChars;
    private final StringBuilder text = new StringBuilder();
    private long line;
    private long length;
    private Problem problem;

    RecordText(Characters chars, int maxChars) {
        this.chars = chars;
        this.maxChars = maxChars;
    }

    void begin() {
        text.setLength(0);
        length = 0;
        problem = null;
        line = chars.line();
    }

    /** The next character as text: what is invalid becomes U+FFFD, and a problem. */
    int take() throws IOException {
        int c = chars.next();
        if (c == Characters.END) return c;
        if (c == Characters.INVALID) {
            c = '\uFFFD';
            report(Problem.Kind.ENCODING, "has bytes that are not valid in the encoding");
        } else if (c == 0) {
            report(Problem.Kind.NUL, "has the character U+0000");
        }
        length++;
        if (!overflows()) text.append((char) c);
        else report(Problem.Kind.LENGTH, "is longer than " + maxChars + " characters (`max-record-chars`)");
        return c;
    }

    boolean overflows() {
        return length > maxChars;
    }

    static boolean endsLine(int c) {
        return c == '\n' || c == '\r';
    }

    /** Called with the line end just taken: takes it off the text, and the LF of a CR LF with it. */
    void endLine(int c) throws IOException {
        if (!overflows()) text.setLength(text.length() - 1);
        if (c == '\r' && chars.peek() == '\n') chars.next();
    }

    void report(Problem.Kind kind, String reason) {
        if (problem == null) problem = new Problem(kind, reason);
    }

    /** Whether there is nothing but white space. */
    boolean blank() {
        for (int i = 0; i < text.length(); i++) if (text.charAt(i) != ' ' && text.charAt(i) != '\t') return false;
        return problem == null;
    }

    long line() {
        return line;
    }

    String text() {
        return text.toString();
    }

    Optional<Problem> problem() {
        return Optional.ofNullable(problem);
    }
}
