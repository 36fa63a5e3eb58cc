package dev.millrace.platform.table;

import java.util.List;
import java.util.OptionalLong;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.types.StructType;

/**
 * What a table's log says of one version; no data file is read.
 *
 * @param files data files
 * @param bytes of the data files
 * @param rows as the writers counted them; absent when one of the files has no count
 */
public record TableState(
        String table,
        String tableId,
        long version,
        StructType schema,
        List<String> partitionColumns,
        long files,
        long bytes,
        OptionalLong rows) {

    static TableState of(SparkSession spark, TableVersion version) {
        Snapshot snapshot = DeltaLog.forTable((org.apache.spark.sql.classic.SparkSession) spark, version.location())
                .getSnapshotAt(version.version(), scala.Option.empty(), scala.Option.empty(), false);
        Row sums = snapshot.allFiles()
                .selectExpr(
                        "size",
                        "cast(get_json_object(stats, '$.numRecords') as bigint) AS counted",
                        "coalesce(deletionVector.cardinality, 0) AS deleted")
                .selectExpr("count(*)", "coalesce(sum(size), 0)", "count(counted)", "sum(counted - deleted)")
                .head();
        boolean everyFileCounted = sums.getLong(0) == sums.getLong(2);
        long rows = sums.isNullAt(3) ? 0 : sums.getLong(3);
        return new TableState(
                version.name(),
                version.tableId(),
                version.version(),
                version.schema(),
                scala.jdk.javaapi.CollectionConverters.asJava(
                                snapshot.metadata().partitionColumns())
                        .stream()
                        .toList(),
                sums.getLong(0),
                sums.getLong(1),
                everyFileCounted ? OptionalLong.of(rows) : OptionalLong.empty());
    }
}
