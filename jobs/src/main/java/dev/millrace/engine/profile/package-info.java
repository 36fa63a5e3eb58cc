/**
 * Columns counted into fixed bins (CONTRACT §7): the training profile of a model, and every later count into the same
 * bins. All of it is order-free, so any partitioning gives the same bytes.
 *
 * <p>May enter: how bins are chosen, counted, stored beside a model. May not: distances and tests ({@code engine.drift}),
 * thresholds, tables.
 *
 * <p>Start at {@link dev.millrace.engine.profile.TrainingProfile} and {@link dev.millrace.engine.profile.BinCounting}.
 */
package dev.millrace.engine.profile;
