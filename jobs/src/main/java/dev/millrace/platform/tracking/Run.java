package dev.millrace.platform.tracking;

import java.nio.file.Path;

/**
 * One MLflow run, as a job sees it. Every call returns at once and never fails because of the server: what is recorded
 * is on disk when the call returns and reaches the server in order, now or by {@code millrace sync}. Thread-safe.
 */
public interface Run {
    /** 32 hex digits, chosen by the job. */
    String id();

    /** Logged once; a second, different value for a key is refused by MLflow. */
    void param(String key, Object value);

    /** At step 0. Non-finite values are recorded as MLflow records them. */
    void metric(String key, double value);

    void metric(String key, double value, long step);

    void tag(String key, String value);

    /**
     * A dataset that was read or written.
     *
     * @param name {@code raw.transactions}
     * @param digest {@code <first 8 of table id>-v<version>}, at most 36 characters
     * @param sourceType {@code delta_table}
     * @param source JSON text that finds it again
     * @param schema JSON text in MLflow's column form
     * @param context {@code input} or {@code output}, or training, evaluation …
     */
    void dataset(String name, String digest, String sourceType, String source, String schema, String context);

    /** Copies {@code file} into the artifact folder {@code directory} ("" = the root). */
    void artifact(Path file, String directory);

    /** Writes a text artifact, UTF-8. */
    void artifactText(String path, String text);

    /** Copies a folder and everything below it to the artifact folder {@code path}. */
    void artifactDirectory(Path folder, String path);

    /**
     * Drift rows of one model version and window, or one part of them, for {@code PUT /api/v1/drift} (CONTRACT §7, decision
     * 0280).
     */
    void drift(String model, String version, long windowStartMillis, String json);

    /** A child run: a trial of a search, a step of a pipeline. The caller ends it. */
    Run child(String name);

    /** Ends the run and waits, within limits, until the server has everything. Later calls change nothing. */
    void end(RunStatus status);
}
