/**
 * The registry server, from the top: {@code boot} (the process), {@code operations} (backup, removal, import), {@code
 * lake}, {@code outbound}, {@code resource}, {@code security}, {@code platform}. Each knows only what stands below it.
 * Start at {@link dev.millrace.registry.boot.RegistryServer}.
 */
package dev.millrace.registry;
