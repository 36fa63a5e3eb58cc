package dev.millrace.platform.table;

import dev.millrace.platform.config.Doc;
import dev.millrace.platform.config.FromText;
import dev.millrace.platform.config.Key;
import java.util.List;

/**
 * A table a job writes.
 *
 * @param name its name in the lake
 * @param partitionBy columns that become folders; for few, large parts only
 * @param clusterBy columns of liquid clustering; deltalake can then read but not append
 */
public record OutputRef(
        @Doc("schema.table") @Key("table") TableName name,
        @Doc("partition columns") List<String> partitionBy,
        @Doc("liquid clustering columns") List<String> clusterBy) {

    public OutputRef {
        partitionBy = List.copyOf(partitionBy);
        clusterBy = List.copyOf(clusterBy);
        if (!partitionBy.isEmpty() && !clusterBy.isEmpty()) {
            throw new IllegalArgumentException(
                    "sets both `partition-by` and `cluster-by`; Delta supports one of them, remove the other");
        }
    }

    @FromText
    public static OutputRef parse(String text) {
        return of(TableName.parse(text));
    }

    public static OutputRef of(TableName name) {
        return new OutputRef(name, List.of(), List.of());
    }
}
