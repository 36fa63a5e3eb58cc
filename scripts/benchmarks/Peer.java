import org.apache.spark.sql.SparkSession;

/** The session of the programs we are measured against: Spark as one starts it by hand for Delta tables. */
final class Peer {
    private Peer() {}

    static SparkSession spark() {
        return SparkSession.builder()
                .appName("peer")
                .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
                .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "16")
                .config("spark.databricks.delta.snapshotPartitions", "2")
                .config("spark.sql.codegen.hugeMethodLimit", "8000")
                .getOrCreate();
    }
}
