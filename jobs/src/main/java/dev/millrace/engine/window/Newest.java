package dev.millrace.engine.window;

/** What is known of the latest event of a window. */
interface Newest {
    double MICROS = 1e6;

    /** NaN when there is none. */
    double number();

    /** Null when there is none. */
    Object exact();

    /** NaN when there is none. */
    double secondsSince(long now);
}
