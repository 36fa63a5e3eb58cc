package dev.millrace.job.dedup;

import dev.millrace.engine.dedup.DedupDeclaration;
import dev.millrace.engine.dedup.LatestPerKey;
import dev.millrace.job.Job;
import dev.millrace.job.JobContext;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.table.Commit;
import dev.millrace.platform.table.TableVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.RowOrdering;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/** Keeps one row per key: the latest by a declared order. One scan, one shuffle. See docs/jobs/dedup.md. */
public final class DedupJob implements Job<DedupConfig, DedupResult> {
    @Override
    public String name() {
        return "dedup";
    }

    @Override
    public Class<DedupConfig> configType() {
        return DedupConfig.class;
    }

    @Override
    public DedupResult run(DedupConfig config, JobContext ctx) {
        TableVersion input = ctx.tables().open(config.input());
        requireColumns(config, input, ctx);
        ctx.progress().step("selecting one row per " + String.join(", ", config.keys()) + " of " + input.printed());
        Observation read = new Observation();
        Observation kept = new Observation();
        Dataset<Row> latest = LatestPerKey.of(
                        input.rows()
                                .observe(read, functions.count(functions.lit(1)).as("rows")),
                        config)
                .observe(
                        kept,
                        functions.count(functions.lit(1)).as("rows"),
                        functions
                                .count(functions.when(functions.col(LatestPerKey.TIED), 1))
                                .as("ties"))
                .drop(LatestPerKey.TIED);
        Commit commit = ctx.tables().replace(config.output(), latest);
        Map<String, ?> counts = counts(kept);
        long ties = (Long) counts.get("ties");
        if (ties > 0 && !config.latestBy().isEmpty()) {
            ctx.progress()
                    .warn(ties
                            + " keys have several rows with equal `latest-by`; the other columns decided which row"
                            + " remains. To decide it yourself, add a column to `latest-by`");
        }
        return new DedupResult(commit, (Long) counts(read).get("rows"), (Long) counts.get("rows"), ties);
    }

    private static Map<String, ?> counts(Observation observation) {
        try {
            return observation.getAsJava();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new MillraceException(
                    ErrorKind.TEMPORARY, "Interrupted while counting the rows; run the job again.", stopped);
        }
    }

    private static void requireColumns(DedupConfig config, TableVersion input, JobContext ctx) {
        List<String> named = new ArrayList<>(config.keys());
        config.latestBy().forEach(latest -> named.add(latest.column()));
        input.require(named);
        List<String> unordered = Arrays.stream(input.schema().fields())
                .filter(field -> !RowOrdering.isOrderable(field.dataType()))
                .map(StructField::name)
                .toList();
        if (!unordered.isEmpty()) {
            throw new MillraceException(
                    ErrorKind.SCHEMA_MISMATCH,
                    "Columns `" + String.join("`, `", unordered) + "` of " + input.printed()
                            + " have no order (MAP or VARIANT), so the job cannot select a row reproducibly."
                            + " Exclude them with `input: {table: …, columns: […]}`.");
        }
        for (DedupDeclaration.Latest latest : config.latestBy()) {
            boolean text = input.schema().apply(latest.column()).dataType().equals(DataTypes.StringType);
            if (!text || latest.as() != DedupConfig.As.TEXT) continue;
            ctx.progress()
                    .warn("`latest-by` compares `" + latest.column() + "` as text, where \"9\" is greater than \"10\"."
                            + " If it contains numbers, set {column: " + latest.column() + ", as: number}");
        }
    }
}
