package dev.millrace.registry.outbound.webhooks;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes deliveries on this machine. {@code /moved} redirects, {@code /twice} is overloaded the first time. */
public final class Receiver implements AutoCloseable {
    private final HttpServer server;
    private final BlockingQueue<Got> got = new LinkedBlockingQueue<>();
    private final AtomicInteger busy = new AtomicInteger();

    public record Got(String path, Headers headers, String body) {}

    public Receiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            got.add(new Got(path, exchange.getRequestHeaders(), body));
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            byte[] answer = "thank you".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status(path), answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    private int status(String path) {
        if (path.equals("/moved")) return 302;
        return path.equals("/twice") && busy.getAndIncrement() == 0 ? 503 : 200;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The next delivery; null when none comes. */
    public Got next(long millis) throws InterruptedException {
        return got.poll(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
