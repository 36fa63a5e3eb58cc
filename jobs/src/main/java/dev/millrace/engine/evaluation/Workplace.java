package dev.millrace.engine.evaluation;

import dev.millrace.platform.home.Home;
import dev.millrace.platform.table.Tables;
import java.time.Instant;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Where rows are read and scored.
 *
 * @param home whose cache executors and driver share
 * @param now labels that arrived later do not count
 */
public record Workplace(Tables tables, JavaSparkContext cluster, Home home, Instant now) {}
