package dev.millrace.registry.platform.telemetry;

import dev.millrace.registry.platform.storage.Database;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.security.RouteRole;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.Comparator;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** {@code /metrics}, for Prometheus. */
public final class TelemetryRoutes {
    private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final RequestCounts requests;
    private final Database database;

    public TelemetryRoutes(RequestCounts requests, Database database) {
        this.requests = requests;
        this.database = database;
    }

    /** @param roles who may read it */
    public void register(RoutesConfig routes, RouteRole... roles) {
        routes.get("/metrics", this::metrics, roles);
    }

    private void metrics(Context http) {
        PrometheusText text = new PrometheusText();
        requests(text);
        writes(text);
        process(text);
        http.contentType(TYPE).result(text.toString());
    }

    private void requests(PrometheusText text) {
        text.family("millrace_http_requests_total", "counter", "Requests answered, by route and status.");
        sorted(requests.outcomes(), outcome -> outcome.route().pattern() + outcome.status())
                .forEach(entry -> text.sample(
                        "millrace_http_requests_total",
                        (double) entry.getValue().sum(),
                        "method",
                        entry.getKey().route().method(),
                        "route",
                        entry.getKey().route().pattern(),
                        "status",
                        String.valueOf(entry.getKey().status())));
        String name = "millrace_http_request_seconds";
        text.family(name, "histogram", "Time to answer, by route.");
        sorted(requests.times(), RequestCounts.Route::pattern)
                .forEach(entry -> histogram(text, name, entry.getKey(), entry.getValue()));
    }

    private static <K, V> Stream<Map.Entry<K, V>> sorted(Map<K, V> series, java.util.function.Function<K, String> by) {
        return series.entrySet().stream().sorted(Comparator.comparing(entry -> by.apply(entry.getKey())));
    }

    private static void histogram(
            PrometheusText text, String name, RequestCounts.Route route, RequestCounts.Times times) {
        long[] counts = times.counts();
        long total = 0;
        for (int i = 0; i < counts.length; i++) {
            total += counts[i];
            String bound =
                    i < RequestCounts.BOUNDS.length ? PrometheusText.number(RequestCounts.BOUNDS[i] / 1_000) : "+Inf";
            text.sample(
                    name + "_bucket", (double) total, "method", route.method(), "route", route.pattern(), "le", bound);
        }
        text.sample(name + "_sum", times.seconds(), "method", route.method(), "route", route.pattern());
        text.sample(name + "_count", (double) total, "method", route.method(), "route", route.pattern());
    }

    private void writes(PrometheusText text) {
        Database.Load load = database.load();
        gauge(text, "millrace_write_queue_length", "Writes waiting for the writer.", load::waiting);
        counter(text, "millrace_writes_total", "Writes committed or refused.", load::pieces);
        counter(text, "millrace_write_groups_total", "Commits; writes per group is the quotient.", load::groups);
        gauge(text, "millrace_database_bytes", "Size of the database.", database::sizeBytes);
    }

    private static void process(PrometheusText text) {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        text.family("millrace_jvm_memory_bytes", "gauge", "Memory the JVM uses.")
                .sample(
                        "millrace_jvm_memory_bytes",
                        (double) memory.getHeapMemoryUsage().getUsed(),
                        "area",
                        "heap")
                .sample(
                        "millrace_jvm_memory_bytes",
                        (double) memory.getNonHeapMemoryUsage().getUsed(),
                        "area",
                        "nonheap");
        gauge(text, "millrace_jvm_memory_max_bytes", "The greatest heap allowed.", () -> memory.getHeapMemoryUsage()
                .getMax());
        gauge(text, "millrace_jvm_threads", "Live threads.", () ->
                (long) ManagementFactory.getThreadMXBean().getThreadCount());
        gauge(
                text,
                "millrace_start_time_seconds",
                "When the server started, epoch seconds.",
                () -> ManagementFactory.getRuntimeMXBean().getStartTime() / 1_000);
    }

    private static void gauge(PrometheusText text, String name, String help, LongSupplier value) {
        text.family(name, "gauge", help).sample(name, (double) value.getAsLong());
    }

    private static void counter(PrometheusText text, String name, String help, LongSupplier value) {
        text.family(name, "counter", help).sample(name, (double) value.getAsLong());
    }
}
