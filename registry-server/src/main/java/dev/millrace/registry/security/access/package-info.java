/**
 * Who may do what: users, their API tokens and roles, the gate before every route, and the rules that routes are
 * registered with. May enter: rules of access and their SQL. May not: rules of a resource, what an entry of the audit is
 * ({@code audit}). Start at {@link dev.millrace.registry.security.access.Gate} and {@link
 * dev.millrace.registry.security.access.Rule}.
 */
package dev.millrace.registry.security.access;
