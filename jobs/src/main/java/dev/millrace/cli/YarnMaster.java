package dev.millrace.cli;

import dev.millrace.platform.spark.SparkSessions;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkUserAppException;

/**
 * How a command ends inside YARN's application master (deploy mode `cluster`). The master takes every {@code
 * System.exit} for a failure, so a command that succeeded must return from main, and one that failed must throw Spark's
 * exception with the exit code. YARN then starts the application again while attempts are left; a refusal is kept in the
 * staging folder of the application, so that the next attempt ends at once.
 */
final class YarnMaster {
    /** Exit codes that a scheduler must not try again (docs/commands.md); 6, a silent registry, is not one of them. */
    private static final Set<Integer> REFUSALS = Set.of(2, 3, 4, 5, 7);

    private static final String FILE = "millrace-refusal";

    private final Optional<Path> file;
    private final Configuration hadoop;

    private YarnMaster(Optional<Path> file, Configuration hadoop) {
        this.file = file;
        this.hadoop = hadoop;
    }

    /**
     * @param properties those of the process: the application master sets `spark.master` and
     *     `spark.submit.deployMode`
     * @param environment of the process: YARN's container has the application's staging folder in
     *     `SPARK_YARN_STAGING_DIR`
     * @return empty: this process is not an application master
     */
    static Optional<YarnMaster> here(Properties properties, Map<String, String> environment) {
        boolean isMaster = "yarn".equals(properties.getProperty("spark.master"))
                && "cluster".equals(properties.getProperty("spark.submit.deployMode"));
        if (!isMaster) return Optional.empty();
        Optional<Path> file =
                Optional.ofNullable(environment.get("SPARK_YARN_STAGING_DIR")).map(folder -> new Path(folder, FILE));
        return Optional.of(new YarnMaster(file, SparkSessions.hadoop()));
    }

    /** The exit code that an earlier attempt of this application was refused with. */
    Optional<Integer> refusal() {
        if (file.isEmpty()) return Optional.empty();
        try (FSDataInputStream in = files().open(file.get())) {
            return Optional.of(Integer.parseInt(new String(in.readAllBytes(), StandardCharsets.US_ASCII)));
        } catch (FileNotFoundException none) {
            return Optional.empty();
        } catch (IOException | NumberFormatException unknown) {
            return Optional.empty(); // the attempt finds out for itself
        }
    }

    /**
     * Ends the application's attempt.
     *
     * @throws SparkUserAppException unless {@code exit} is 0; the application master reports FAILED with its code
     */
    void end(int exit) throws SparkUserAppException {
        if (exit == 0) return;
        if (REFUSALS.contains(exit)) keep(exit);
        throw new SparkUserAppException(exit, null);
    }

    private void keep(int exit) {
        if (file.isEmpty()) return;
        try (FSDataOutputStream out = files().create(file.get(), true)) {
            out.write(String.valueOf(exit).getBytes(StandardCharsets.US_ASCII));
        } catch (IOException | UncheckedIOException unwritable) {
            // The next attempt is refused by itself, only later.
        }
    }

    private FileSystem files() throws IOException {
        return file.orElseThrow().getFileSystem(hadoop);
    }
}
