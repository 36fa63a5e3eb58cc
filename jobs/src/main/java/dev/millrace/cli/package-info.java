/**
 * The command line: commands, options, exit codes, what is printed. May enter: what a user types and sees; the only
 * place that asks for the environment and the time. May not: work. Start at {@link dev.millrace.cli.Millrace}.
 */
package dev.millrace.cli;
