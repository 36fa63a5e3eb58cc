package dev.millrace.job.monitoring;

import dev.millrace.engine.measure.Estimate;
import java.util.Map;

/**
 * How good the answers of one window were, by the labels known now.
 *
 * @param rows predictions with a label
 * @param measures by name, as the test measures of training
 * @param intervals 95 % intervals of some
 */
record Quality(long rows, Map<String, Double> measures, Map<String, Estimate> intervals) {}
