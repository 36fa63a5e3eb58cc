/**
 * What the registry says of a lake that it only reads: tables, lineage, features.
 */
package dev.millrace.registry.lake;
