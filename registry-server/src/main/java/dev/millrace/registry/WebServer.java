package dev.millrace.registry;

import dev.millrace.registry.http.AccessLog;
import dev.millrace.registry.http.Bodies;
import dev.millrace.registry.log.LogFormat;
import dev.millrace.registry.tls.Tls;
import io.javalin.config.JavalinConfig;
import java.util.Optional;
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
    /** How long a request that is under way may be silent during a stop; a connection without one ends after it. */
    private static final long STOP_IDLE_MILLIS = 2_500;

    /** Bodies up to here arrive before a thread begins with them, so whoever sends slowly holds none. */
    private static final int EAGER_BYTES = 64 << 10;
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
        app.jetty.modifyServer(server -> {
            server.setStopTimeout(STOP_MILLIS);
            server.insertHandler(
                    new EagerContentHandler(new RetainedContentLoaderFactory(EAGER_BYTES, PIECE_BYTES, false)));
            server.insertHandler(new GracefulHandler());
            if (options.logFormat() == LogFormat.JSON) server.setRequestLog(new AccessLog());
        });
        app.jetty.addConnector((server, http) -> connector(server, http, options, tls));
    }

    private static ServerConnector connector(
            Server server, HttpConfiguration http, ServerOptions options, Optional<Tls> tls) {
        http.setSendServerVersion(false);
        if (tls.isPresent()) {
            // Names are the guards' business; addresses and localhost are not in every certificate.
            http.addCustomizer(new SecureRequestCustomizer(false));
        }
        HttpConnectionFactory protocol = new HttpConnectionFactory(http);
        ServerConnector connector = tls.map(secure -> new ServerConnector(server, secure.context(), protocol))
                .orElseGet(() -> new ServerConnector(server, protocol));
        connector.setHost(options.host());
        connector.setPort(options.port());
        connector.setShutdownIdleTimeout(STOP_IDLE_MILLIS);
        return connector;
    }
}
