package dev.millrace.engine.intake;

/** What to do with a time that is finer than the microseconds a table can hold. */
public enum OnFinerTime {
    /** The batch stops. */
    ERROR,
    /** The record goes to quarantine. */
    QUARANTINE,
    /** The last whole microsecond before it. */
    TRUNCATE
}
