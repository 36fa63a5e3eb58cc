package dev.millrace.platform.table;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The local disk under {@code counted:///}, which counts what is opened, listed and looked up. */
public final class CountingFileSystem extends RawLocalFileSystem {
    public static final AtomicInteger CALLS = new AtomicInteger();
    public static final AtomicInteger LISTS = new AtomicInteger();

    @Override
    public URI getUri() {
        return URI.create("counted:///");
    }

    @Override
    public FSDataInputStream open(org.apache.hadoop.fs.Path file, int buffer) throws IOException {
        CALLS.incrementAndGet();
        return super.open(file, buffer);
    }

    @Override
    public FileStatus[] listStatus(org.apache.hadoop.fs.Path folder) throws IOException {
        LISTS.incrementAndGet();
        return super.listStatus(folder);
    }

    @Override
    public FileStatus getFileStatus(org.apache.hadoop.fs.Path file) throws IOException {
        CALLS.incrementAndGet();
        return super.getFileStatus(file);
    }

    public static Configuration configuration() {
        Configuration hadoop = new Configuration();
        hadoop.set("fs.counted.impl", CountingFileSystem.class.getName());
        return hadoop;
    }

    public static String at(Path folder) {
        return "counted://" + folder;
    }

    public static void reset() {
        CALLS.set(0);
        LISTS.set(0);
    }
}
