/**
 * The jobs {@code register} (a run's model becomes a version of a registered model) and {@code promote} (a version
 * becomes the champion, if the gates let it).
 *
 * <p>May enter: what is checked before a version is made or an alias is moved. May not: training, measuring.
 *
 * <p>Start at {@link dev.millrace.job.registration.RegisterJob} and {@link dev.millrace.job.registration.PromoteJob}.
 */
package dev.millrace.job.registration;
