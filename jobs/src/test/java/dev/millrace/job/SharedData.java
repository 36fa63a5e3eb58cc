package dev.millrace.job;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The shared data sets; tests that need one are skipped where it is not. */
public final class SharedData {
    private SharedData() {}

    /** The folder of a set, under {@code MILLRACE_SHARED_DATA} or beside the repository. */
    public static Path set(String name) {
        String given = System.getenv("MILLRACE_SHARED_DATA");
        // Tests run in the module's folder, one below the repository.
        Path root = given == null ? Path.of("..", "..", "shared", "data") : Path.of(given);
        Path folder = root.resolve(name).toAbsolutePath().normalize();
        Assumptions.assumeTrue(
                Files.isDirectory(folder),
                "The shared data set `" + name + "` is not at " + folder + "; set MILLRACE_SHARED_DATA");
        return folder;
    }
}
