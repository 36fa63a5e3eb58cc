package dev.millrace.platform.table;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.util.Set;
import org.apache.spark.SparkConf;

/**
 * Whether a file system lets Delta see that two jobs commit the same version of a table. S3 has no rename and no listing
 * that Delta relies on for it; Delta's default LogStore there holds within one driver only
 * (https://docs.delta.io/latest/delta-storage.html), and of two jobs one would overwrite the commit of the other.
 */
public final class CommitStore {
    private static final Set<String> S3 = Set.of("s3", "s3a", "s3n");

    /** Delta's default for S3, under its two names. */
    private static final String SINGLE_DRIVER = ".S3SingleDriverLogStore";

    private CommitStore() {}

    /**
     * @param conf of the Spark application: `spark.delta.logStore.class` and `spark.delta.logStore.SCHEME.impl` name the
     *     LogStore
     * @param home path or URI
     * @throws MillraceException CONFIG when two writers would not see each other
     */
    public static void requireCoordinated(SparkConf conf, String home) {
        int colon = home.indexOf(":/");
        if (colon < 0 || !S3.contains(home.substring(0, colon))) return;
        String setting = "spark.delta.logStore." + home.substring(0, colon) + ".impl";
        String store = conf.get("spark.delta.logStore.class", conf.get(setting, SINGLE_DRIVER));
        if (!store.endsWith(SINGLE_DRIVER)) return;
        throw new MillraceException(
                ErrorKind.CONFIG,
                "The home directory `" + home
                        + "` is on S3, where Delta does not notice that two jobs write a table at the"
                        + " same time: one result would be lost. Set `" + setting + "` to a LogStore that coordinates"
                        + " writers, or set `single-writer: true` in the job file if no other job writes to this home"
                        + " directory at the same time.");
    }
}
