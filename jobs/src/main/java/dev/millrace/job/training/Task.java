package dev.millrace.job.training;

/** What kind of label is learned. */
public enum Task {
    CLASSIFICATION,
    REGRESSION
}
