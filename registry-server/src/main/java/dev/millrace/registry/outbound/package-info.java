/**
 * What the server sends by itself: events to open pages, webhooks to other servers.
 */
package dev.millrace.registry.outbound;
