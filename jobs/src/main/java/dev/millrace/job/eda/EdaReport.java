package dev.millrace.job.eda;

import dev.millrace.engine.report.Chart;
import dev.millrace.engine.report.Html;
import dev.millrace.engine.report.Page;
import dev.millrace.engine.scan.ColumnKind;
import dev.millrace.engine.scan.ColumnProfile;
import dev.millrace.engine.scan.TableProfile;
import dev.millrace.platform.table.TableVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The profile as one page. Every text of the data is escaped; none of it becomes markup or a formula. */
record EdaReport(TableVersion table, TableProfile profile, List<Alert> alerts) {
    private static final int BARS = 40;
    private static final int VALUES = 10;

    String html() {
        TableProfile.Part whole = profile.whole();
        Page page = new Page(
                table.printed(),
                String.format(
                        Locale.ROOT,
                        "%,d rows, %d columns, one pass",
                        whole.rows(),
                        profile.columns().size()));
        page.heading("Alerts");
        if (alerts.isEmpty()) page.note("Nothing odd was found.");
        else page.add(alertTable());
        page.heading("Columns").add(overview());
        missing(page);
        if (profile.numbers().size() > 1) correlations(page);
        page.heading("Column by column");
        for (int i = 0; i < profile.columns().size(); i++) card(page, i);
        if (!profile.slices().isEmpty()) slices(page);
        page.note(
                "Counts, minima, maxima and histograms are exact. Distinct counts are estimates (standard error 1.6 %);"
                        + " quantiles are within the rank error shown, with 99 % confidence. Standard deviation is of the sample"
                        + " (n − 1), skewness and excess kurtosis are of the population.");
        return page.html();
    }

    private Html alertTable() {
        List<List<Html>> rows = new ArrayList<>();
        for (Alert alert : alerts) {
            rows.add(List.of(
                    Html.badge(alert.level().name().toLowerCase(Locale.ROOT)),
                    Html.value(alert.column()),
                    Html.text(alert.kind().replace('_', ' ')),
                    Html.text(alert.text())));
        }
        return Page.table(List.of("level", "column", "what", "how much"), rows);
    }

    private Html overview() {
        List<List<Html>> rows = new ArrayList<>();
        for (int i = 0; i < profile.columns().size(); i++) {
            ColumnProfile column = profile.whole().columns().get(i);
            boolean number = column.kind().isNumber();
            rows.add(List.of(
                    Html.value(profile.columns().get(i)),
                    Html.text(profile.types().get(i)),
                    Html.count(column.nulls()),
                    Html.percent((double) column.nulls() / column.rows()),
                    column.kind() == ColumnKind.OTHER ? Html.text("–") : Html.count(column.distinct()),
                    number ? Html.number(column.moments().mean()) : Html.text("–"),
                    number ? Html.number(column.moments().deviation()) : Html.text("–"),
                    bound(column, true),
                    bound(column, false)));
        }
        return Page.table(
                List.of(
                        "column",
                        "type",
                        "#missing",
                        "#share missing",
                        "#distinct",
                        "#mean",
                        "#std",
                        "#least",
                        "#greatest"),
                rows);
    }

    private static Html bound(ColumnProfile column, boolean least) {
        if (!column.kind().isOrdered()) return Html.text("–");
        return shown(column, (least ? column.min() : column.max()).orElse(Double.NaN));
    }

    private static Html shown(ColumnProfile column, double value) {
        if (column.kind() != ColumnKind.TIME || Double.isNaN(value)) return Html.number(value);
        return Html.text(Instant.ofEpochSecond((long) Math.floor(value)));
    }

    private void missing(Page page) {
        List<String> names = new ArrayList<>();
        List<Double> shares = new ArrayList<>();
        for (int i = 0; i < profile.columns().size(); i++) {
            ColumnProfile column = profile.whole().columns().get(i);
            if (column.nulls() == 0) continue;
            names.add(profile.columns().get(i));
            shares.add(column.nulls() / (double) column.rows());
        }
        if (names.isEmpty()) return;
        page.heading("Missing values")
                .add(Chart.bars(
                        "Share of missing values by column",
                        names,
                        shares.stream().mapToDouble(Double::doubleValue).toArray(),
                        new double[0]));
    }

    private void correlations(Page page) {
        List<String> numbers = profile.numbers();
        double[][] values = new double[numbers.size()][numbers.size()];
        for (int i = 0; i < values.length; i++) {
            for (int k = 0; k < values.length; k++)
                values[i][k] = profile.comoments().correlation(i, k);
        }
        page.heading("Correlations")
                .add(Chart.matrix("Pearson correlations", numbers, numbers, values))
                .note("Pearson's, over the rows in which both are finite. Blue: positive, orange: negative.");
    }

    private void card(Page page, int index) {
        ColumnProfile column = profile.whole().columns().get(index);
        String name = profile.columns().get(index);
        Html chart = column.values() == 0 || column.kind() == ColumnKind.OTHER
                ? Html.NOTHING
                : column.kind().isOrdered() ? histogram(name, column) : frequentChart(name, column);
        Html values = column.kind().isOrdered() || column.kind() == ColumnKind.OTHER
                ? quantiles(column)
                : frequentTable(column);
        page.card(name, chart, facts(column, profile.types().get(index)), values);
    }

    private static Html facts(ColumnProfile column, String type) {
        List<List<Html>> rows = new ArrayList<>();
        rows.add(List.of(Html.text("type"), Html.text(type)));
        rows.add(List.of(Html.text("missing"), Html.count(column.nulls())));
        if (column.kind() != ColumnKind.OTHER) rows.add(List.of(Html.text("distinct"), Html.count(column.distinct())));
        if (column.kind().isNumber()) {
            rows.add(List.of(Html.text("mean"), Html.number(column.moments().mean())));
            rows.add(List.of(
                    Html.text("standard deviation"),
                    Html.number(column.moments().deviation())));
            rows.add(List.of(Html.text("skewness"), Html.number(column.moments().skewness())));
            rows.add(List.of(
                    Html.text("excess kurtosis"), Html.number(column.moments().kurtosis())));
            rows.add(List.of(Html.text("zeros"), Html.count(column.zeros())));
            rows.add(List.of(Html.text("NaN"), Html.count(column.nan())));
            rows.add(List.of(Html.text("infinite"), Html.count(column.positiveInfinite() + column.negativeInfinite())));
        }
        if (column.kind() == ColumnKind.TEXT) {
            rows.add(List.of(Html.text("length, least"), Html.number(column.min())));
            rows.add(List.of(Html.text("length, mean"), Html.number(column.meanLength())));
            rows.add(List.of(Html.text("length, greatest"), Html.number(column.max())));
            rows.add(List.of(Html.text("empty"), Html.count(column.empty())));
            rows.add(List.of(Html.text("blank"), Html.count(column.blank())));
        }
        return Page.table(List.of("fact", "#value"), rows);
    }

    private static Html quantiles(ColumnProfile column) {
        double[] ranks = {0, 0.05, 0.25, 0.5, 0.75, 0.95, 1};
        double[] quantiles = column.kind().isOrdered() ? column.quantiles(ranks) : new double[0];
        if (quantiles.length == 0) return Html.NOTHING;
        List<List<Html>> rows = new ArrayList<>();
        for (int i = 0; i < ranks.length; i++) {
            rows.add(List.of(
                    new Html(String.format(Locale.ROOT, "%.0f %%", ranks[i] * 100)), shown(column, quantiles[i])));
        }
        rows.add(List.of(Html.text("rank error"), Html.percent(column.rankError())));
        return Page.table(List.of("quantile", "#value"), rows);
    }

    /** Equal steps between the least and the greatest value; a bin of the profile is spread over those it touches. */
    private static Html histogram(String name, ColumnProfile column) {
        if (column.min().isEmpty()) return Html.NOTHING;
        double least = column.min().getAsDouble();
        double greatest = column.max().orElse(least);
        double step = (greatest - least) / BARS;
        if (!(step > 0) || Double.isInfinite(step)) step = 1;
        double width = step;
        double[] counts = new double[greatest > least ? BARS : 1];
        column.bins().forEach((low, high, count) -> {
            double from = Math.max(low, least);
            double to = Math.min(high, greatest);
            if (to <= from) {
                counts[place(from, least, width, counts.length)] += count;
                return;
            }
            int first = place(from, least, width, counts.length);
            int last = place(to, least, width, counts.length);
            for (int i = first; i <= last; i++) {
                double overlap = Math.min(to, least + (i + 1) * width) - Math.max(from, least + i * width);
                counts[i] += first == last ? count : count * Math.max(0, overlap) / (to - from);
            }
        });
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            boolean end = i == counts.length - 1 && i > 0;
            labels.add(shown(column, end ? greatest : least + i * width).markup());
        }
        return Chart.bars("Histogram of " + name, labels, counts, new double[0]);
    }

    private static int place(double value, double least, double width, int bars) {
        return (int) Math.max(0, Math.min(bars - 1, Math.floor((value - least) / width)));
    }

    private static Html frequentChart(String name, ColumnProfile column) {
        List<ColumnProfile.Item> items = column.frequent(VALUES);
        return Chart.bars(
                "Most frequent values of " + name,
                items.stream().map(ColumnProfile.Item::text).toList(),
                items.stream().mapToDouble(ColumnProfile.Item::count).toArray(),
                new double[0]);
    }

    private static Html frequentTable(ColumnProfile column) {
        List<List<Html>> rows = new ArrayList<>();
        for (ColumnProfile.Item item : column.frequent(VALUES)) {
            rows.add(List.of(
                    Html.value(item.text()),
                    Html.count(item.count()),
                    Html.percent((double) item.count() / column.values()),
                    Html.text(item.exact() ? "exact" : "at most")));
        }
        return Page.table(List.of("value", "#rows", "#share", "count is"), rows);
    }

    private void slices(Page page) {
        List<List<Html>> rows = new ArrayList<>();
        profile.slices().forEach((slice, part) -> {
            for (int i = 0; i < profile.columns().size(); i++) {
                ColumnProfile column = part.columns().get(i);
                if (!column.kind().isNumber()) continue;
                rows.add(List.of(
                        Html.value(slice.key() + " = " + slice.value()),
                        Html.value(profile.columns().get(i)),
                        Html.count(column.rows()),
                        Html.percent((double) column.nulls() / column.rows()),
                        Html.number(column.moments().mean()),
                        Html.number(column.moments().deviation())));
            }
        });
        page.heading("Slices")
                .add(Page.table(List.of("slice", "column", "#rows", "#share missing", "#mean", "#std"), rows));
    }
}
