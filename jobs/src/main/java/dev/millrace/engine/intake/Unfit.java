package dev.millrace.engine.intake;

/** A value does not fit its column. The message ends a sentence: "is no bigint: …". */
final class Unfit extends Exception {
    private static final long serialVersionUID = 1L;

    /** The value is none of the type. */
    static final String TYPE = "type";

    /** The time is skipped or shown twice by its zone's clocks. */
    static final String CLOCK_CHANGE = Marks.CLOCK_CHANGE;

    /** The time is finer than a microsecond. */
    static final String FINER_TIME = Marks.FINER_TIME;

    private final String rule;

    Unfit(String rule, String message) {
        super(message, null, false, false);
        this.rule = rule;
    }

    /** One of the constants here; the {@code rule} of the quarantined record. */
    String rule() {
        return rule;
    }
}
