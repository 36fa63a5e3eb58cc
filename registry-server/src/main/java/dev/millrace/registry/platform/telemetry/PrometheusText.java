package dev.millrace.registry.platform.telemetry;

import java.util.Locale;

/**
 * Writes figures in Prometheus' text format, version 0.0.4. See <a
 * href="https://prometheus.io/docs/instrumenting/exposition_formats/">exposition formats</a>.
 */
final class PrometheusText {
    private final StringBuilder text = new StringBuilder();

    /** Begins a family; its samples follow. */
    PrometheusText family(String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        return this;
    }

    /** @param labels name, value, name, value … */
    PrometheusText sample(String name, double value, String... labels) {
        text.append(name);
        for (int i = 0; i < labels.length; i += 2) {
            text.append(i == 0 ? "{" : ",")
                    .append(labels[i])
                    .append("=\"")
                    .append(escaped(labels[i + 1]))
                    .append('"');
        }
        if (labels.length > 0) text.append('}');
        text.append(' ').append(number(value)).append('\n');
        return this;
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) return String.valueOf((long) value);
        return String.format(Locale.ROOT, "%s", value);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
