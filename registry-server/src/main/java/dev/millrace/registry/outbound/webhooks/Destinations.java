package dev.millrace.registry.outbound.webhooks;

import dev.millrace.registry.platform.error.MillraceException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;

/**
 * Which URLs a webhook may have: https to hosts whose every address is public, so that the server cannot be made to call
 * its own network (CVE-2026-2393 of MLflow). Hosts named by {@code --webhook-host} may also be reached by http and be
 * private.
 */
public final class Destinations {
    private final Set<String> trusted;

    /** @param trusted hosts as URLs write them, lower case */
    public Destinations(Set<String> trusted) {
        this.trusted = Set.copyOf(trusted);
    }

    /** Resolves the name once; the result is what may be connected to. @throws MillraceException USAGE */
    Destination resolve(String url) {
        if (url.isBlank()) {
            throw MillraceException.invalid("Webhook URL cannot be empty or just whitespace: '" + url + "'");
        }
        URI uri = parsed(url);
        String scheme = scheme(uri);
        String host = hostOf(uri);
        boolean isTrusted = host != null && trusted.contains(host);
        if (!scheme.equals("https") && !(isTrusted && scheme.equals("http"))) {
            throw MillraceException.invalid(
                    "Invalid webhook URL scheme: '" + scheme + "'. Allowed schemes are: https.");
        }
        if (host == null) throw MillraceException.invalid("Webhook URL must include a hostname: '" + url + "'");
        boolean tls = scheme.equals("https");
        int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
        return new Destination(tls, host, port, address(host, isTrusted), target(uri));
    }

    private static String scheme(URI uri) {
        return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    }

    /** Null when there is none; without the brackets of IPv6. */
    private static String hostOf(URI uri) {
        String host = uri.getHost();
        return host == null || host.isEmpty()
                ? null
                : host.replaceAll("[\\[\\]]", "").toLowerCase(Locale.ROOT);
    }

    private static URI parsed(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException malformed) {
            String scheme = url.replaceFirst(":.*", "");
            if (url.equals(scheme + "://")) {
                return URI.create(scheme + ":///"); // no host, said by the caller
            }
            throw MillraceException.invalid("Invalid webhook URL '" + url + "': " + malformed.getReason());
        }
    }

    private static InetAddress address(String host, boolean isTrusted) {
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(host);
        } catch (UnknownHostException unknown) {
            throw MillraceException.invalid("Cannot resolve Webhook URL hostname '" + host + "'");
        }
        for (InetAddress address : addresses) {
            if (!isTrusted && !PublicAddresses.isPublic(address)) {
                throw MillraceException.invalid("Webhook URL must not resolve to a non-public IP address. '" + host
                        + "' resolves to " + address.getHostAddress() + ".");
            }
        }
        return addresses[0];
    }

    private static String target(URI uri) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }
}
