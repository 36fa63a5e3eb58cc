package dev.millrace.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Where the log is written, until it is shut: what fails while the process ends is nobody's business. Thread-safe. */
final class LogGate extends FilterOutputStream {
    private volatile boolean shut;

    LogGate(OutputStream log) {
        super(log);
    }

    /** Drops what is written from now on. */
    void shut() {
        shut = true;
    }

    @Override
    public void write(int one) throws IOException {
        if (!shut) out.write(one);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        if (!shut) out.write(bytes, from, length);
    }
}
