/**
 * How the process begins and ends: command line and options, the lock of a home, sub-commands, and {@code wire}, which
 * builds everything by hand in one place. May enter: what happens once per process. May not: rules of a resource. Start at
 * {@link dev.millrace.registry.boot.RegistryServer}.
 */
package dev.millrace.registry.boot;
