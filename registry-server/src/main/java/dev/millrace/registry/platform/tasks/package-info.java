/**
 * Work that must happen after a change, however the process ends: kept in the database in the change's own transaction,
 * done by one worker, tried again when it fails. The ground for deliveries, schedules and automatic actions. May enter:
 * keeping, leasing and trying. May not: what a task does. Start at {@link dev.millrace.registry.platform.tasks.Tasks}.
 */
package dev.millrace.registry.platform.tasks;
