/**
 * Where settings come from: options, environment, one file. May enter: names of settings and reading them as text. May
 * not: what a setting means, which {@code ServerOptions} knows. Start at {@link dev.millrace.registry.platform.settings.Settings}.
 */
package dev.millrace.registry.platform.settings;
