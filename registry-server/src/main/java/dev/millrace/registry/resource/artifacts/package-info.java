/**
 * Files of runs and models, on the server's disk or a file system of Hadoop's, and the calls that list, read and write them. May enter: paths, streams,
 * content types. May not: what the files mean; where a run's files are it asks through {@link
 * dev.millrace.registry.resource.artifacts.ArtifactRoots}. Start at {@link dev.millrace.registry.resource.artifacts.ArtifactStore}.
 */
package dev.millrace.registry.resource.artifacts;
