/**
 * Comments on runs, experiments, models, versions and drift. May enter: keeping and listing them. May not: who may read
 * what they are about. Start at {@link dev.millrace.registry.resource.comments.CommentService}.
 */
package dev.millrace.registry.resource.comments;
