package dev.millrace.engine.learn;

/** What kind of label is learned. */
public enum Task {
    CLASSIFICATION,
    REGRESSION
}
