package dev.millrace.registry.platform.http;

import io.javalin.http.Context;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.NanoTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line for every request, also for those that never reach a route. It has the route's pattern and neither query nor
 * headers, so no secret can stand in it.
 */
public final class AccessLog implements RequestLog {
    private static final Logger LOG = LoggerFactory.getLogger("access");
    private static final String ROUTE = "millrace.route";
    private static final String USER = "millrace.user";

    /** Notes for the line to come which route answered, and to whom. */
    public static void note(Context http, String route, String user) {
        http.attribute(ROUTE, route);
        http.attribute(USER, user);
    }

    @Override
    public void log(Request request, Response response) {
        LOG.atInfo()
                .addKeyValue("request_id", text(request, RequestIds.ATTRIBUTE))
                .addKeyValue("method", request.getMethod())
                .addKeyValue("route", text(request, ROUTE))
                .addKeyValue("status", response.getStatus())
                .addKeyValue("ms", TimeUnit.NANOSECONDS.toMicros(NanoTime.since(request.getBeginNanoTime())) / 1_000.0)
                .addKeyValue("bytes", Response.getContentBytesWritten(response))
                .addKeyValue("user", text(request, USER))
                .log("request");
    }

    private static String text(Request request, String attribute) {
        return request.getAttribute(attribute) instanceof String text ? text : "-";
    }
}
