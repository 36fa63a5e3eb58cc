package dev.millrace.registry.outbound.webhooks;

import java.net.InetAddress;

/**
 * Where a delivery goes, checked: the connection is made to {@code address} and to no other, whatever the name resolves
 * to by then.
 *
 * @param host as the URL says it: for the Host header and the certificate; IPv6 without brackets
 * @param target path and query, at least {@code /}
 */
record Destination(boolean tls, String host, int port, InetAddress address, String target) {

    /** For the Host header. */
    String authority() {
        String name = host.contains(":") ? "[" + host + "]" : host;
        return port == (tls ? 443 : 80) ? name : name + ":" + port;
    }
}
