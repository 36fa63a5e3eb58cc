import com.amazon.deequ.profiles.ColumnProfilerRunner;
import org.apache.spark.sql.SparkSession;

/** Deequ's profile of every column with KLL sketches, of the Parquet files of a table: FOLDER. */
final class DeequPeer {
    public static void main(String[] arguments) {
        SparkSession spark = SparkSession.builder()
                .appName("peer")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.shuffle.partitions", "16")
                .getOrCreate();
        var profile = new ColumnProfilerRunner()
                .onData(spark.read().parquet(arguments[0]))
                .withKLLProfiling()
                .run();
        System.out.println(profile.numRecords() + " rows, " + profile.profiles().size() + " columns");
    }
}
