/**
 * The training-set job: label rows with the features that were known at their moment. May enter: spine, labels, joins
 * in their order. May not: windows, labels and as-of joins themselves ({@code engine.feature}), splits ({@code
 * engine.split}). Start at {@link
 * dev.millrace.job.trainingset.TrainingSetJob}.
 */
package dev.millrace.job.trainingset;
