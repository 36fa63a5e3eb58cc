/**
 * From files to a batch: which files are new, which columns their records must fit, which rows break a rule, and the
 * account of all that before anything is written. May enter: the log of files (docs/decisions/0500), declared rules on
 * rows. May not: how files become rows ({@code engine.intake}), sessions, commits, quarantine. Start at {@link
 * dev.millrace.engine.landing.Landing}.
 */
package dev.millrace.engine.landing;
