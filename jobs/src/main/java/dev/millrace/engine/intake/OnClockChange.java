package dev.millrace.engine.intake;

/**
 * What to do with a time without offset that its zone's clocks skip or show twice. The two offsets around the change
 * give two moments for such a time.
 */
public enum OnClockChange {
    /** The batch stops. */
    ERROR,
    /** The record goes to quarantine. */
    QUARANTINE,
    /** The earlier of the two moments. */
    EARLIER,
    /** The later of the two moments. */
    LATER
}
