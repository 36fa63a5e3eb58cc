package dev.millrace.registry.platform.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.platform.error.MillraceException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.ContentTooLargeResponse;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;

/**
 * What requests' and answers' JSON may take of the heap. The only place where requests' is read: once, as far as limits and memory allow ({@link JsonMemory}), and only if
 * it says that it is JSON, which a foreign web page cannot send without asking first.
 */
public final class Bodies {
    /** The longest body read as JSON. Files of artifacts are not: they go to the disk as they come. */
    public static final int MOST_BYTES = 32 << 20;

    private static final int PATIENCE_SECONDS = 10;
    private static final int BYTES_PER_SECOND = 10_000;

    private static final String SHARE = "millrace.body.share";
    private static final String READ = "millrace.body";
    /** Heap per byte: the byte itself, room to grow, and texts made of it. */
    private static final int WEIGHT = 3;
    /** Heap per item of an answer: a run with some ten params, metrics and tags. */
    private static final int ITEM = 3_000;
    /** The most that an answer takes: pages end at an eighth of the heap in characters ({@code Rows}). */
    private static final long ANSWER = Runtime.getRuntime().maxMemory() / 4;

    private final JsonMemory memory;

    /** @param heapBytes that all bodies together may take */
    public Bodies(long heapBytes) {
        this.memory = new JsonMemory(heapBytes);
    }

    public void register(RoutesConfig routes) {
        routes.before(http -> http.attribute(SHARE, memory.share()));
        routes.after(http -> {
            JsonMemory.Share share = http.attribute(SHARE);
            if (share != null) share.giveBack();
        });
    }

    /**
     * Takes memory for an answer, so that no number of large pages asked for at once ends the process.
     *
     * @param items at most in it
     * @throws MillraceException TEMPORARY when others take all memory
     */
    static void expect(Context http, long items) {
        JsonMemory.Share share = http.attribute(SHARE);
        share.take(Math.min(Math.min(items, MOST_BYTES) * ITEM, ANSWER));
    }

    /**
     * The body as a tree, which must not be changed; an object with no fields when there is none.
     *
     * @throws MillraceException USAGE when it is no JSON, or not called so; TEMPORARY when others take all memory
     */
    public static JsonNode json(Context http) {
        Object known = http.attribute(READ);
        if (known == null) {
            known = read(http);
            http.attribute(READ, known);
        }
        if (known instanceof MillraceException refused) throw refused;
        return (JsonNode) known;
    }

    /** The body as a record. @throws MillraceException as {@link #json(Context)}, and where it does not fit */
    public static <T> T json(Context http, Class<T> type) {
        return StrictJson.value(json(http), type);
    }

    /** A tree, or why there is none: a second look finds the stream empty. */
    private static Object read(Context http) {
        JsonMemory.Share share = http.attribute(SHARE);
        try {
            byte[] body = bytes(http, share);
            if (body.length > 0) requireJson(http);
            return StrictJson.tree(body, share, MlflowApi.isCall(http.path()));
        } catch (MillraceException refused) {
            return refused;
        }
    }

    private static byte[] bytes(Context http, JsonMemory.Share share) {
        if (http.req().getContentLengthLong() > MOST_BYTES) throw tooLarge();
        try (InputStream in = new Measured(http.bodyInputStream(), share)) {
            return in.readAllBytes();
        } catch (IOException broken) {
            throw MillraceException.invalid("The request's body ended early: " + broken.getMessage());
        }
    }

    /** Whether the body, if there is one, is said to be JSON. */
    static boolean isJson(Context http) {
        String type = http.contentType();
        return type != null && type.replaceFirst(";.*", "").strip().equalsIgnoreCase("application/json");
    }

    private static void requireJson(Context http) {
        String type = http.contentType();
        if (type == null) throw MillraceException.invalid("Bad Request. Content-Type header is missing.");
        if (!isJson(http)) {
            throw MillraceException.invalid("Bad Request. Content-Type must be one of ['application/json'].");
        }
    }

    private static HttpResponseException tooSlow() {
        return new HttpResponseException(408, "A request's body must come at " + BYTES_PER_SECOND + " bytes a second.");
    }

    private static ContentTooLargeResponse tooLarge() {
        return new ContentTooLargeResponse("A request's JSON may have " + MOST_BYTES + " bytes. Send it in parts.");
    }

    /** Takes memory for what comes through, up to the limit, from whoever does not dawdle. */
    private static final class Measured extends FilterInputStream {
        private final JsonMemory.Share share;
        private final long begun = System.nanoTime();
        private long count;

        Measured(InputStream in, JsonMemory.Share share) {
            super(in);
            this.share = share;
        }

        @Override
        public int read() throws IOException {
            throw new AssertionError("readAllBytes reads blocks");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            if (read <= 0) return read;
            count += read;
            if (count > MOST_BYTES) throw tooLarge();
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
            if (seconds > PATIENCE_SECONDS && count < seconds * BYTES_PER_SECOND) throw tooSlow();
            share.take((long) WEIGHT * read);
            return read;
        }
    }
}
