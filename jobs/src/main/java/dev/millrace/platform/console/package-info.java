/**
 * Text for terminals: tables whose columns stand straight whatever script the cells are in. May enter: ways to lay out
 * text. May not: colours of a meaning, anything that asks the terminal. Start at {@link
 * dev.millrace.platform.console.TextTable}.
 */
package dev.millrace.platform.console;
