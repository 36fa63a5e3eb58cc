package dev.millrace.engine.report;

import java.util.List;
import java.util.Locale;

/** Charts in inline SVG. Each has a name for screen readers; its figures stand in a table beside it. */
public final class Chart {
    private static final int WIDTH = 420;
    private static final int HEIGHT = 170;
    private static final int LEFT = 56;
    private static final int BOTTOM = 24;
    private static final int TOP = 10;
    private static final int RIGHT = 10;

    private Chart() {}

    /** A line through points. */
    public static final class Series {
        private final String name;
        private final double[] x;
        private final double[] y;

        /**
         * @param name for the legend
         * @param y NaN leaves a point out
         */
        public Series(String name, double[] x, double[] y) {
            this.name = name;
            this.x = x.clone();
            this.y = y.clone();
        }
    }

    /**
     * One or two shares per bar, side by side.
     *
     * @param labels of the bars, shown as tooltips; the first and the last also below
     * @param second empty for one series
     */
    public static Html bars(String name, List<String> labels, double[] first, double[] second) {
        double top = Math.max(max(first), max(second));
        if (top <= 0) top = 1;
        StringBuilder svg = open(name, WIDTH, HEIGHT);
        double width = (double) (WIDTH - LEFT - RIGHT) / Math.max(1, first.length);
        boolean both = second.length > 0;
        for (int i = 0; i < first.length; i++) {
            double x = LEFT + i * width;
            double part = both ? width / 2 : width;
            bar(svg, x, part, first[i] / top, "var(--one)", labels.get(i) + ": " + Html.printed(first[i]));
            if (both)
                bar(svg, x + part, part, second[i] / top, "var(--two)", labels.get(i) + ": " + Html.printed(second[i]));
        }
        axis(svg, 0, top);
        if (!labels.isEmpty()) {
            label(svg, LEFT, HEIGHT - 8, "start", shortened(labels.get(0)));
            if (labels.size() > 1) {
                label(svg, WIDTH - RIGHT, HEIGHT - 8, "end", shortened(labels.get(labels.size() - 1)));
            }
        }
        return new Html(svg.append("</svg>").toString());
    }

    private static void bar(StringBuilder svg, double x, double width, double share, String colour, String title) {
        if (!(share > 0)) return;
        double height = Math.max(0.5, share * (HEIGHT - TOP - BOTTOM));
        double gap = width > 4 ? 1 : 0;
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\" fill=\"%s\"><title>%s</title></rect>",
                x,
                HEIGHT - BOTTOM - height,
                Math.max(0.5, width - gap),
                height,
                colour,
                Html.escape(title)));
    }

    /**
     * Lines over a common x.
     *
     * @param labels below the first and the last x; empty for the numbers themselves
     * @param marks horizontal dashed lines, such as thresholds
     */
    public static Html lines(String name, List<Series> series, List<String> labels, double... marks) {
        double left = Double.POSITIVE_INFINITY;
        double right = Double.NEGATIVE_INFINITY;
        double top = max(marks);
        for (Series one : series) {
            for (int i = 0; i < one.x.length; i++) {
                left = Math.min(left, one.x[i]);
                right = Math.max(right, one.x[i]);
                if (Double.isFinite(one.y[i])) top = Math.max(top, one.y[i]);
            }
        }
        if (!(top > 0)) top = 1;
        double span = right > left ? right - left : 1;
        StringBuilder svg = open(name, WIDTH, HEIGHT);
        for (double mark : marks) {
            double y = y(mark / top);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"var(--soft)\" stroke-dasharray=\"4 3\"/>",
                    LEFT,
                    WIDTH - RIGHT,
                    y,
                    y));
        }
        List<String> colours = List.of("var(--one)", "var(--two)", "var(--good)", "var(--warn)", "var(--bad)");
        for (int k = 0; k < series.size(); k++) {
            Series one = series.get(k);
            String colour = colours.get(k % colours.size());
            StringBuilder points = new StringBuilder();
            StringBuilder dots = new StringBuilder();
            for (int i = 0; i < one.x.length; i++) {
                if (!Double.isFinite(one.y[i])) continue;
                double x = LEFT + (one.x[i] - left) / span * (WIDTH - LEFT - RIGHT);
                points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y(one.y[i] / top)));
                dots.append(String.format(
                        Locale.ROOT,
                        "<circle r=\"2.5\" cx=\"%.1f\" cy=\"%.1f\" fill=\"%s\"/>",
                        x,
                        y(one.y[i] / top),
                        colour));
            }
            svg.append("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"")
                    .append(colour)
                    .append("\" points=\"")
                    .append(points)
                    .append("\"/>");
            if (one.x.length <= 60) svg.append(dots);
            if (series.size() > 1) {
                svg.append(String.format(
                        Locale.ROOT,
                        "<rect x=\"%d\" y=\"%d\" width=\"9\" height=\"9\" fill=\"%s\"/>",
                        WIDTH - RIGHT - 120,
                        TOP + 14 * k,
                        colour));
                label(svg, WIDTH - RIGHT - 106, TOP + 9 + 14 * k, "start", one.name);
            }
        }
        axis(svg, 0, top);
        String from = labels.isEmpty() ? Html.printed(left) : labels.get(0);
        String to = labels.isEmpty() ? Html.printed(right) : labels.get(labels.size() - 1);
        label(svg, LEFT, HEIGHT - 8, "start", from);
        label(svg, WIDTH - RIGHT, HEIGHT - 8, "end", to);
        return new Html(svg.append("</svg>").toString());
    }

    private static double y(double share) {
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
    }

    /**
     * A matrix of numbers between −1 and 1, as colours; NaN is left blank.
     *
     * @param rows names from top to bottom
     * @param columns names from left to right, shown as tooltips
     */
    public static Html matrix(String name, List<String> rows, List<String> columns, double[][] values) {
        int cell = Math.max(12, Math.min(28, 560 / Math.max(1, columns.size())));
        int margin = 150;
        StringBuilder svg = open(name, margin + cell * columns.size() + 10, cell * rows.size() + 10);
        for (int i = 0; i < rows.size(); i++) {
            label(svg, margin - 6, cell * i + cell * 0.7, "end", shortened(rows.get(i)));
            for (int k = 0; k < columns.size(); k++) {
                double value = values[i][k];
                if (Double.isNaN(value)) continue;
                svg.append(String.format(
                        Locale.ROOT,
                        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\" fill-opacity=\"%.3f\">"
                                + "<title>%s, %s: %s</title></rect>",
                        margin + cell * k,
                        cell * i,
                        cell - 1,
                        cell - 1,
                        value < 0 ? "var(--two)" : "var(--one)",
                        Math.min(1, Math.abs(value)),
                        Html.escape(rows.get(i)),
                        Html.escape(columns.get(k)),
                        Html.printed(value)));
            }
        }
        return new Html(svg.append("</svg>").toString());
    }

    private static StringBuilder open(String name, int width, int height) {
        return new StringBuilder(String.format(
                Locale.ROOT,
                "<svg role=\"img\" aria-label=\"%s\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">",
                Html.escape(name),
                width,
                height,
                width,
                height));
    }

    private static void axis(StringBuilder svg, double from, double to) {
        svg.append(String.format(
                Locale.ROOT,
                "<path d=\"M%d %d V%d H%d\" fill=\"none\" stroke=\"var(--soft)\"/>",
                LEFT,
                TOP,
                HEIGHT - BOTTOM,
                WIDTH - RIGHT));
        label(svg, LEFT - 4, HEIGHT - BOTTOM, "end", compact(from));
        label(svg, LEFT - 4, TOP + 8, "end", compact(to));
    }

    /** Three digits and a unit: what fits beside an axis. */
    private static String compact(double value) {
        if (value >= 1e9) return String.format(Locale.ROOT, "%.3gG", value / 1e9);
        if (value >= 1e6) return String.format(Locale.ROOT, "%.3gM", value / 1e6);
        if (value >= 1e4) return String.format(Locale.ROOT, "%.3gk", value / 1e3);
        return value >= 100 ? String.format(Locale.ROOT, "%.0f", value) : Html.printed(value);
    }

    private static void label(StringBuilder svg, double x, double y, String anchor, String text) {
        svg.append(String.format(Locale.ROOT, "<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"%s\">", x, y, anchor))
                .append(Html.escape(text))
                .append("</text>");
    }

    private static String shortened(String text) {
        return text.length() <= 24 ? text : text.substring(0, 23) + "…";
    }

    private static double max(double[] values) {
        double max = 0;
        for (double value : values) if (Double.isFinite(value)) max = Math.max(max, value);
        return max;
    }
}
