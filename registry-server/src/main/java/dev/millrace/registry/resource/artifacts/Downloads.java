package dev.millrace.registry.resource.artifacts;

import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.ContentTypes;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sends stored files: whole or a range, as an attachment or for a page to show. */
final class Downloads {
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$&+.^_`|~-]+");
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{1,18})-([0-9]{0,18})");
    private static final Set<String> SHOWN = Set.of(
            "text/plain",
            "text/csv",
            "text/html",
            "application/json",
            "image/png",
            "image/jpeg",
            "image/gif",
            "image/webp",
            "image/svg+xml",
            "application/pdf");
    /** A file of a run may be anyone's: it runs no script, and reaches nothing. */
    private static final String SANDBOX =
            "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:";

    private Downloads() {}

    /** As MLflow's server sends it: to be saved. */
    static void attach(Context http, StoredFile file, String path) throws IOException {
        send(http, file, path, "attachment", ContentTypes.plain(path));
    }

    /** With {@code view=true} inline, for a frame of our pages, where a browser can show it without danger. */
    static void show(Context http, StoredFile file, String path) throws IOException {
        String type = ContentTypes.of(path);
        boolean inline = "true".equals(http.queryParam("view")) && SHOWN.contains(type.replaceFirst(";.*", ""));
        if (inline) send(http, file, path, "inline", type);
        else attach(http, file, path);
    }

    private static void send(Context http, StoredFile file, String path, String disposition, String type)
            throws IOException {
        String name = path.substring(path.lastIndexOf('/') + 1);
        http.header("Content-Disposition", disposition + "; " + named(name));
        http.header("Content-Security-Policy", SANDBOX);
        http.header("Accept-Ranges", "bytes");
        http.header("Cache-Control", "no-cache");
        http.header("ETag", file.etag());
        http.contentType(type);
        http.disableCompression();
        if (file.etag().equals(http.header("If-None-Match"))) {
            http.status(304);
            return;
        }
        String range = http.header("Range");
        Matcher asked = RANGE.matcher(range == null ? "" : range);
        if (asked.matches()) part(http, file, asked);
        else body(http, file.open(), file.size());
    }

    private static void part(Context http, StoredFile file, Matcher asked) throws IOException {
        long from = Long.parseLong(asked.group(1));
        long to =
                asked.group(2).isEmpty() ? file.size() - 1 : Math.min(Long.parseLong(asked.group(2)), file.size() - 1);
        if (from > to) {
            http.status(416).header("Content-Range", "bytes */" + file.size());
            return;
        }
        InputStream in = file.content().from(from);
        http.status(206).header("Content-Range", "bytes " + from + "-" + to + "/" + file.size());
        body(http, new Bounded(in, to - from + 1), to - from + 1);
    }

    private static void body(Context http, InputStream in, long length) {
        http.res().setContentLengthLong(length);
        http.result(in); // closed by Javalin when it is sent
    }

    /** RFC 6266: plain where it can be; else quoted, with the exact name in RFC 5987's form when it is not ASCII. */
    private static String named(String name) {
        if (TOKEN.matcher(name).matches()) return "filename=" + name;
        String ascii = Normalizer.normalize(name, Normalizer.Form.NFKD).replaceAll("[^\\x20-\\x7e]", "");
        String quoted = "filename=\"" + (ascii.isBlank() ? "download" : ascii).replaceAll("[\"\\\\]", "_") + "\"";
        return ascii.equals(name) ? quoted : quoted + "; filename*=UTF-8''" + encoded(name);
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static MillraceException missing(String path) {
        return MillraceException.notFound("No such artifact: '" + path + "'");
    }
}
