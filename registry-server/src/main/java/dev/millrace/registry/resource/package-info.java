/**
 * What clients keep in the registry, one package for each kind: routes, service, repository. Their SQL names only their
 * own tables; what they ask of another they ask through its service or an interface.
 */
package dev.millrace.registry.resource;
