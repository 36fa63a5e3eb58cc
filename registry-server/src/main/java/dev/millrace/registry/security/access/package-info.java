/**
 * Who may do what: users, their API tokens and roles, the gate before every route, and the record of what was changed.
 * May enter: rules of access and their SQL. May not: rules of a resource. Start at {@link
 * dev.millrace.registry.security.access.Gate}; the table of routes is {@link dev.millrace.registry.security.access.Rules}.
 */
package dev.millrace.registry.security.access;
