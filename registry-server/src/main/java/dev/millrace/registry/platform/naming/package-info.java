/**
 * Ids and friendly names for new things. May enter: how they are made. May not: the things. Start at {@link
 * dev.millrace.registry.platform.naming.Ids}.
 */
package dev.millrace.registry.platform.naming;
