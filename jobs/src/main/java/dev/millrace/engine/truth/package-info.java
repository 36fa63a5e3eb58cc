/**
 * What was true, and when it was known: the label of a key as of a moment (CONTRACT §6).
 *
 * <p>May enter: how labels are declared, chosen and compared. May not: what one job does with them, tables' versions,
 * sessions.
 *
 * <p>Start at {@link dev.millrace.engine.truth.LabelSource} and {@link dev.millrace.engine.truth.NewestLabels}.
 */
package dev.millrace.engine.truth;
