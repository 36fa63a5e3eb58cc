/**
 * The database: connections, the one writer, migrations, and the key-value tables that several resources have. May
 * enter: what every repository stands on. May not: SQL of one resource, rules, HTTP. Start at {@link
 * dev.millrace.registry.platform.storage.Database}.
 */
package dev.millrace.registry.platform.storage;
