package dev.millrace.platform.spark;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One Spark session for all test classes of a run, given to tests as a parameter. Tests look at few rows by very many
 * plans, each of which would be generated, compiled, run once and thrown away: a quarter of all CPU. So expressions are
 * interpreted here; with {@code -Dcompiled.plans=true} (scripts/test --full) they are compiled as for users, which the
 * acceptance tests always do.
 */
public final class SharedSpark implements ParameterResolver {
    private static final Map<String, String> FOR_TESTS = Map.of(
            "spark.sql.shuffle.partitions", "2",
            "spark.databricks.delta.snapshotPartitions", "1",
            "spark.driver.bindAddress", "127.0.0.1",
            "spark.driver.host", "127.0.0.1",
            "spark.sql.sources.parallelPartitionDiscovery.parallelism", "2");

    private record Holder(SparkSession spark) implements AutoCloseable {
        @Override
        public void close() {
            spark.stop();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext extension) {
        return parameter.getParameter().getType() == SparkSession.class;
    }

    @Override
    public SparkSession resolveParameter(ParameterContext parameter, ExtensionContext extension) {
        return extension
                .getRoot()
                .getStore(Namespace.GLOBAL)
                .computeIfAbsent("spark", key -> new Holder(create()), Holder.class)
                .spark();
    }

    private static SparkSession create() {
        System.setProperty("spark.master", "local[2]");
        Map<String, String> settings = new HashMap<>(FOR_TESTS);
        if (!Boolean.getBoolean("compiled.plans")) {
            settings.put("spark.sql.codegen.wholeStage", "false");
            settings.put("spark.sql.codegen.factoryMode", "NO_CODEGEN");
            settings.put("spark.sql.adaptive.enabled", "false"); // plans again after each stage
            settings.put("spark.sql.dataFrameQueryContext.enabled", "false");
        }
        return SparkSessions.create("tests", settings, spark -> {});
    }
}
