package dev.millrace.registry.platform.http;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Content types by file name. */
public final class ContentTypes {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final Map<String, String> KNOWN = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("map", "application/json"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("gif", "image/gif"),
            Map.entry("webp", "image/webp"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("csv", "text/csv; charset=utf-8"),
            Map.entry("txt", TEXT),
            Map.entry("log", TEXT),
            Map.entry("md", TEXT),
            Map.entry("yaml", TEXT),
            Map.entry("yml", TEXT),
            Map.entry("py", TEXT),
            Map.entry("sql", TEXT),
            Map.entry("mlmodel", TEXT),
            Map.entry("sha256sums", TEXT),
            Map.entry("parquet", "application/vnd.apache.parquet"));
    /** What MLflow's server sends as plain text ({@code mlflow/utils/mime_type_utils.py} of 3.17). */
    private static final Set<String> PLAIN = Set.of(
            "txt",
            "log",
            "err",
            "cfg",
            "conf",
            "cnf",
            "cf",
            "ini",
            "properties",
            "prop",
            "hocon",
            "toml",
            "yaml",
            "yml",
            "xml",
            "json",
            "js",
            "py",
            "py3",
            "csv",
            "tsv",
            "md",
            "rst",
            "ipynb",
            "mlmodel",
            "mlproject");

    private ContentTypes() {}

    /** By what follows the last dot, or by the whole name; {@code application/octet-stream} when unknown. */
    public static String of(String path) {
        return KNOWN.getOrDefault(end(path), "application/octet-stream");
    }

    /** The same as MLflow's server has it: texts of all kinds are {@code text/plain}, without charset. */
    public static String plain(String path) {
        return PLAIN.contains(end(path)) ? "text/plain" : of(path).replaceFirst(";.*", "");
    }

    private static String end(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
