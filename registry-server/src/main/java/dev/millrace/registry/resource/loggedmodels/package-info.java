/**
 * Logged models of MLflow 3: a model as an object of its own, with params, tags, metrics and a folder of artifacts, made
 * by a run before it may be registered. May enter: their rules and SQL. May not: registered models. Start at {@link
 * dev.millrace.registry.resource.loggedmodels.LoggedModelService}.
 */
package dev.millrace.registry.resource.loggedmodels;
