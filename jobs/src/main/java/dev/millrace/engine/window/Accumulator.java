package dev.millrace.engine.window;

/** Keeps something about the values now in a window. Values leave in the order of their numbers. */
interface Accumulator {
    /** Forgets everything: another entity begins. */
    void clear();

    /**
     * @param number of the event, ascending with time; late events may come after higher numbers
     * @param value not NaN
     */
    void add(long number, long time, double value);

    /** What was added with this number leaves; all lower numbers have left. */
    void remove(long number, double value);
}
