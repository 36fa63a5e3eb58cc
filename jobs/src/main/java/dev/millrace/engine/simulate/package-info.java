/**
 * Card transactions that never happened: seeded, entity by entity, so that every row depends on (seed, entity, index)
 * alone and any machine can make any part. Plain Java. May enter: what a transaction looks like and how fraud behaves.
 * May not: Spark, files, tables. Start at {@link dev.millrace.engine.simulate.CardSimulator}.
 */
package dev.millrace.engine.simulate;
