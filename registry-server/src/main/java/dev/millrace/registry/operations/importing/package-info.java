/**
 * Brings over what an MLflow server kept: from its database or from the server itself, ids and all, into an empty
 * registry. May enter: knowledge of MLflow's tables and calls. May not: rules of requests. Start at {@link
 * dev.millrace.registry.operations.importing.MlflowImport}.
 */
package dev.millrace.registry.operations.importing;
