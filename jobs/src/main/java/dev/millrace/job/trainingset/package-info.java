/**
 * The training-set job: label rows with the features that were known at their moment. May enter: spine, labels, joins
 * in their order, the split. May not: windows and as-of joins themselves ({@code engine.feature}). Start at {@link
 * dev.millrace.job.trainingset.TrainingSetJob}.
 */
package dev.millrace.job.trainingset;
