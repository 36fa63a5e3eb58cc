package dev.millrace.engine.window;

/** What is made of the events in a window. Missing values (NULL, NaN) take no part in any of them. */
public enum Aggregate {
    /** How many values, or how many events when no value is named; 0 when empty. */
    COUNT,
    SUM,
    MEAN,
    MIN,
    MAX,
    /** Sample standard deviation (n − 1), like {@code stddev_samp}; absent below two values. */
    STDDEV,
    /** How many different values; 0 when empty. */
    COUNT_DISTINCT,
    /** The value of the latest event; of events at the same moment, the last one added. */
    LAST,
    /** Seconds from the latest event to the moment asked about. */
    SECONDS_SINCE_LAST
}
