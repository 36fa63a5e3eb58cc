package dev.millrace.platform.spark;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/** Makes the one session of an application, with every setting Millrace relies on. */
public final class SparkSessions {
    private SparkSessions() {}

    /** Must hold whatever the user says: they decide what numbers and times mean. */
    static final Map<String, String> FIXED = Map.of(
            "spark.sql.session.timeZone", "UTC",
            "spark.sql.datetime.java8API.enabled", "true",
            "spark.sql.ansi.enabled", "true",
            // INT96, Spark's default, is refused or misread by other readers outside 1677 to 2262.
            "spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");

    /**
     * Columns whose text is one and the same in all rows that one run writes, or in all rows of one file. Parquet keeps
     * no smallest and greatest text of them: comparing a long text with itself twice per row was a sixth of the time of
     * scoring. A filter still skips row groups, by their dictionaries.
     */
    public static final List<String> REPEATED =
            List.of("model_name", "run_id", "input_table", "score_owner", "_source_file");

    /**
     * The running session, or a new one. Settings given to spark-submit win over our defaults; those that decide what
     * values mean (UTC, ANSI, java.time) are always ours.
     *
     * @param name of the command, for the application's name
     * @param extra the job file's {@code spark.conf}
     * @param begun told of the application as soon as there is one: a cluster may end it before its session is made
     * @throws MillraceException TEMPORARY when YARN ended the application before it began
     * @throws IllegalStateException when it was ended before there is a session
     */
    public static SparkSession create(String name, Map<String, String> extra, Consumer<SparkContext> begun) {
        SparkConf given = new SparkConf();
        String master = given.get("spark.master", "local[*]");
        Map<String, String> settings = defaults(master);
        settings.keySet().removeIf(given::contains);
        settings.putAll(extra);
        settings.putAll(FIXED);
        SparkConf conf = given.clone().setAppName("millrace " + name).setMaster(master);
        settings.forEach(conf::set);
        SparkContext application = started(conf);
        begun.accept(application);
        // On this context alone: were it stopped by now, the builder would begin a second application.
        SparkSession.Builder builder = SparkSession.builder().sparkContext(application);
        settings.forEach(builder::config);
        SparkSession session = builder.getOrCreate();
        FIXED.forEach((key, value) -> session.conf().set(key, value));
        return session;
    }

    private static SparkContext started(SparkConf conf) {
        try {
            return SparkContext.getOrCreate(conf);
        } catch (Exception failed) { // Scala's checked SparkException, undeclared
            if (!String.valueOf(failed.getMessage()).contains("YARN application has already ended")) throw failed;
            throw new MillraceException(
                    ErrorKind.TEMPORARY,
                    "YARN ended the application before it began: somebody killed it, or its application master could not"
                            + " start. `yarn logs -applicationId ID` shows the reason; the ID is in the lines above.",
                    failed);
        }
    }

    /** Hadoop's settings before there is a session: those of its own files, and `spark.hadoop.*` of spark-submit. */
    public static Configuration hadoop() {
        Configuration hadoop = new Configuration();
        for (Tuple2<String, String> setting : new SparkConf().getAllWithPrefix("spark.hadoop.")) {
            hadoop.set(setting._1(), setting._2());
        }
        return hadoop;
    }

    static Map<String, String> defaults(String master) {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension");
        defaults.put("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog");
        defaults.put("spark.ui.enabled", "false");
        defaults.put("spark.ui.showConsoleProgress", "false");
        defaults.put("spark.sql.adaptive.enabled", "true");
        // The default of 10,000 partitions makes VACUUM and large listings run that many tasks.
        defaults.put("spark.sql.sources.parallelPartitionDiscovery.parallelism", "64");
        // HotSpot interprets methods of more than 8000 bytes for ever. Rows of thirty columns make such methods; Spark
        // then splits them instead. Training set of 500,000 rows: a third of the CPU was in one interpreted method.
        defaults.put("spark.sql.codegen.hugeMethodLimit", "8000");
        for (String name : REPEATED) {
            defaults.put("spark.hadoop.parquet.column.statistics.enabled#" + name, "false");
        }
        if (master.equals("local") || master.startsWith("local[")) {
            // Reading the log of a table of a few commits in 50 tasks costs more than the reading. On a cluster Spark's
            // own values and the user's hold.
            defaults.put("spark.databricks.delta.snapshotPartitions", "2");
            defaults.put("spark.sql.shuffle.partitions", "16");
        }
        return defaults;
    }
}
