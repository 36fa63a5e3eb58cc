package dev.millrace.engine.window;

/**
 * Keeps something about the values now in a window. Values leave in the order of their numbers, unless they are
 * replaced.
 */
interface Accumulator {
    /** Forgets everything: another entity begins. */
    void clear();

    /** @param number of the event, ascending with time; late events may come after higher numbers */
    void add(Events events, long number);

    /** What was added with this number leaves. */
    void remove(Events events, long number);
}
