/**
 * The server's certificate: reading it, checking it, following its renewal. May enter: PEM, PKCS12, Jetty's TLS. May not:
 * HTTP, settings. Start at {@link dev.millrace.registry.platform.tls.Certificate}.
 */
package dev.millrace.registry.platform.tls;
