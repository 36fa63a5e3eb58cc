/**
 * Fitting: what features become of columns, the training rows as vectors, and the algorithms, one file each.
 *
 * <p>May enter: an algorithm (a {@link dev.millrace.engine.learn.Learner} of its own file, listed in {@link
 * dev.millrace.engine.learn.Algorithm}), the preparation of features. May not: configs of jobs, tables, sessions, how
 * good a model is (engine.measure).
 *
 * <p>Start at {@link dev.millrace.engine.learn.Learner}; {@link dev.millrace.engine.learn.RandomForest} is an example.
 */
package dev.millrace.engine.learn;
