/**
 * Where a lake and its belongings live. May enter: names of folders. May not: reading or writing them. Start at {@link
 * dev.millrace.platform.home.Home}.
 */
package dev.millrace.platform.home;
