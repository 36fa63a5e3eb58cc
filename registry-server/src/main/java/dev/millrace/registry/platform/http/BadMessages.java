package dev.millrace.registry.platform.http;

import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * What Jetty refuses before Javalin sees it: no HTTP, a forbidden character in an address, too long a header. In JSON
 * instead of a page, and with {@code Connection: close}, since Jetty closes then: clients must not send the next request
 * there.
 */
public final class BadMessages extends ErrorHandler {
    private static final String UNREAD = "/badMessage"; // Jetty's name for an address it could not read

    @Override
    protected void generateResponse(
            Request request, Response response, int status, String reason, Throwable cause, Callback callback) {
        if (UNREAD.equals(request.getHttpURI().getPath())) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        String hint = status == 414 || status == 431 ? " Shorten its address and headers." : "";
        Map<String, Object> body = Map.of(
                "error_code",
                status < 500 ? "BAD_REQUEST" : "INTERNAL_ERROR",
                "message",
                "The server refuses this request: " + reason + "." + hint);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.write(true, ByteBuffer.wrap(StrictJson.bytes(body)), callback);
    }
}
