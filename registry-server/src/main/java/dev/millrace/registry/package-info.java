/**
 * The registry server. Start at {@link dev.millrace.registry.RegistryServer}: {@code wire} builds everything by hand, in
 * one place. Resources ({@code tracking loggedmodels models artifacts drift}) stand on {@code http search storage naming
 * error} and never on each other's repositories.
 */
package dev.millrace.registry;
