package dev.millrace.platform.progress;

/** Told by a job what it is doing. Goes to stderr, never to stdout. Thread-safe. */
public interface Progress {
    /** The next step begins, and with it the last one ends: "fitting random-forest on 48,211 rows". */
    void step(String text);

    /** The job ended; the last step too. */
    void done();

    /** Something a person should read, which does not stop the job. */
    void warn(String text);

    /** Shows nothing; for tests and {@code -q}. */
    Progress SILENT = new Progress() {
        @Override
        public void step(String text) {}

        @Override
        public void done() {}

        @Override
        public void warn(String text) {}
    };
}
