package dev.millrace.registry.boot;

import dev.millrace.registry.platform.http.AccessLog;
import dev.millrace.registry.platform.http.BadMessages;
import dev.millrace.registry.platform.http.Bodies;
import dev.millrace.registry.platform.log.LogFormat;
import dev.millrace.registry.platform.tls.Tls;
import io.javalin.config.JavalinConfig;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.eclipse.jetty.server.handler.EagerContentHandler.RetainedContentLoaderFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** How Jetty is set up: threads, limits against slow clients, an orderly stop. */
final class WebServer {
    private static final int THREADS = 64;
    private static final long STOP_MILLIS = 10_000;
    /** How long a request that is under way may be silent during a stop. */
    private static final long STOP_IDLE_MILLIS = 2_500;
    /** How long connections are kept when the last request has been answered. */
    private static final long STOP_LAST_MILLIS = 100;

    /** Bodies up to here arrive before a thread begins with them, so whoever sends slowly holds none. */
    private static final int EAGER_BYTES = 64 << 10;
    /** Address and headers: pages ask for the histories of a hundred runs in one address. */
    private static final int HEADER_BYTES = 64 << 10;
    /** Heap of a piece of a body, beside its bytes. */
    private static final int PIECE_BYTES = 128;

    private WebServer() {}

    /** @param tls absent: plain HTTP */
    static void configure(JavalinConfig app, ServerOptions options, Optional<Tls> tls) {
        app.startup.showJavalinBanner = false;
        app.startup.showOldJavalinVersionWarning = false;
        app.startup.startupWatcherEnabled = false;
        app.http.maxRequestSize = Bodies.MOST_BYTES;
        app.http.prefer405over404 = true;
        app.jetty.threadPool = new QueuedThreadPool(THREADS, 4);
        GracefulHandler underWay = new GracefulHandler();
        app.jetty.modifyServer(server -> {
            server.setStopTimeout(STOP_MILLIS);
            server.setErrorHandler(new BadMessages());
            server.insertHandler(
                    new EagerContentHandler(new RetainedContentLoaderFactory(EAGER_BYTES, PIECE_BYTES, false)));
            server.insertHandler(underWay);
            if (options.logFormat() == LogFormat.JSON) server.setRequestLog(new AccessLog());
        });
        app.jetty.addConnector((server, http) -> connector(server, http, options, tls, underWay));
    }

    /** Whether the proxy was reached by TLS, and nothing else of what a client could have put into headers. */
    private static ForwardedRequestCustomizer protoOfProxy() {
        ForwardedRequestCustomizer proxy = new ForwardedRequestCustomizer();
        proxy.setForwardedHeader(null);
        proxy.setForwardedHostHeader(null);
        proxy.setForwardedServerHeader(null);
        proxy.setForwardedPortHeader(null);
        proxy.setForwardedForHeader(null);
        proxy.setForwardedHttpsHeader(null);
        proxy.setForwardedCipherSuiteHeader(null);
        proxy.setForwardedSslSessionIdHeader(null);
        return proxy;
    }

    private static ServerConnector connector(
            Server server, HttpConfiguration http, ServerOptions options, Optional<Tls> tls, GracefulHandler underWay) {
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(HEADER_BYTES);
        if (tls.isPresent()) {
            // Names are the guards' business; addresses and localhost are not in every certificate.
            http.addCustomizer(new SecureRequestCustomizer(false));
        }
        if (options.behindProxy()) http.addCustomizer(protoOfProxy());
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        ConnectionFactory[] protocols = tls.map(
                        secure -> AbstractConnectionFactory.getFactories(secure.context(), plain))
                .orElseGet(() -> new ConnectionFactory[] {plain});
        ServerConnector connector = new ServerConnector(server, protocols) {
            /** Clients keep connections for their next request, for which nobody need wait: Jetty would, until they are idle. */
            @Override
            public CompletableFuture<Void> shutdown() {
                CompletableFuture<Void> ended = super.shutdown();
                var kept = underWay.shutdown().thenRun(() -> getConnectedEndPoints()
                        .forEach(connection -> connection.setIdleTimeout(STOP_LAST_MILLIS)));
                return CompletableFuture.allOf(ended, kept);
            }
        };
        connector.setHost(options.host());
        connector.setPort(options.port());
        connector.setShutdownIdleTimeout(STOP_IDLE_MILLIS);
        return connector;
    }
}
