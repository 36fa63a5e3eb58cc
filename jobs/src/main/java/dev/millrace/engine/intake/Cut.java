package dev.millrace.engine.intake;

/** Texts of users' data, cut so that no message and no table grows without bound. */
final class Cut {
    /** Longest record that quarantine keeps whole. */
    static final int RECORD_CHARS = 65_536;

    private static final int SHOWN_CHARS = 80;

    private Cut() {}

    /** In quotes, for a message. */
    static String shown(String value) {
        return "\"" + to(SHOWN_CHARS, value) + "\"";
    }

    /** For the {@code record} column. */
    static String record(String text) {
        return to(RECORD_CHARS, text);
    }

    static String to(int limit, String text) {
        if (text.length() <= limit) return text;
        return text.substring(0, limit) + "… (" + text.length() + " characters)";
    }
}
