package dev.millrace.registry.lake.tables;

import dev.millrace.registry.boot.TestServer;
import dev.millrace.registry.boot.TestServer.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One server for a class of tests, over a home of its own; each test begins with the tables as {@link LakeFolder} has them. */
public final class LakeServer implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
    private Path home;
    private TestServer server;

    @Override
    public void beforeAll(ExtensionContext context) {
        try {
            home = Files.createTempDirectory("lake-server");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        server = TestServer.start(home);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        LakeFolder.remove(lake());
        LakeFolder.remove(outside());
        LakeFolder.in(lake());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        server.close();
        LakeFolder.remove(home);
    }

    public TestServer server() {
        return server;
    }

    public Answer getPath(String path) {
        return server.getPath(path);
    }

    public Path home() {
        return home;
    }

    public Path lake() {
        return home.resolve("lake");
    }

    /** A folder beside the lake, for what a lake must not reach; gone when the next test begins. */
    Path outside() {
        return home.resolve("outside");
    }
}
