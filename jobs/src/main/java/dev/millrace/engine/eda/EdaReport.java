package dev.millrace.engine.eda;

import dev.millrace.engine.report.Chart;
import dev.millrace.engine.report.Html;
import dev.millrace.engine.report.Page;
import dev.millrace.engine.scan.ColumnFacts;
import dev.millrace.engine.scan.ColumnKind;
import dev.millrace.engine.scan.ColumnProfile;
import dev.millrace.engine.scan.TableProfile;
import dev.millrace.platform.table.TableVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The profile as one page. Every text of the data is escaped; none of it becomes markup or a formula. */
public record EdaReport(TableVersion table, TableProfile profile, List<Alert> alerts) {
    /** Rows of the table of slices. */
    private static final int SLICE_ROWS = 1000;

    /** The page. */
    public String html() {
        Page page = new Page(
                table.printed(),
                String.format(
                        Locale.ROOT,
                        "%,d rows, %d columns, one pass",
                        profile.rows(),
                        profile.columns().size()));
        page.heading("Alerts");
        if (alerts.isEmpty()) page.note("No alerts.");
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
        return Page.table(List.of("level", "column", "what", "value"), rows);
    }

    private Html overview() {
        List<List<Html>> rows = new ArrayList<>();
        for (int i = 0; i < profile.columns().size(); i++) {
            ColumnFacts column = profile.facts().get(i);
            boolean number = column.kind().isNumber();
            rows.add(List.of(
                    Html.value(profile.columns().get(i)),
                    Html.text(profile.types().get(i)),
                    Html.count(column.nulls()),
                    Html.percent((double) column.nulls() / column.rows()),
                    column.kind() == ColumnKind.OTHER ? Html.text("–") : Html.count(column.distinct()),
                    number ? Html.number(column.mean()) : Html.text("–"),
                    number ? Html.number(column.deviation()) : Html.text("–"),
                    bound(column, true),
                    bound(column, false)));
        }
        return Page.table(
                List.of("column", "type", "#missing", "#share missing", "#distinct", "#mean", "#std", "#min", "#max"),
                rows);
    }

    private static Html bound(ColumnFacts column, boolean least) {
        if (!column.kind().isOrdered()) return Html.text("–");
        Optional<String> exact = least ? column.exactMin() : column.exactMax();
        if (exact.isPresent()) return Html.text(exact.get());
        return shown(column, least ? column.min() : column.max());
    }

    private static Html shown(ColumnFacts column, double value) {
        if (column.kind() != ColumnKind.TIME || Double.isNaN(value)) return Html.number(value);
        return Html.text(Instant.ofEpochSecond((long) Math.floor(value)));
    }

    private void missing(Page page) {
        List<String> names = new ArrayList<>();
        List<Double> shares = new ArrayList<>();
        for (int i = 0; i < profile.columns().size(); i++) {
            ColumnFacts column = profile.facts().get(i);
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
                .note(
                        "Pearson correlation over the rows in which both values are finite. Blue: positive, orange: negative.");
    }

    private void card(Page page, int index) {
        ColumnFacts column = profile.facts().get(index);
        String name = profile.columns().get(index);
        Html chart = column.values() == 0 || column.kind() == ColumnKind.OTHER
                ? Html.NOTHING
                : column.kind().isOrdered() ? histogram(name, column) : frequentChart(name, column);
        Html values = column.kind().isOrdered() || column.kind() == ColumnKind.OTHER
                ? quantiles(column)
                : frequentTable(column);
        page.card(name, chart, facts(column, profile.types().get(index)), values);
    }

    private static Html facts(ColumnFacts column, String type) {
        List<List<Html>> rows = new ArrayList<>();
        rows.add(List.of(Html.text("type"), Html.text(type)));
        rows.add(List.of(Html.text("missing"), Html.count(column.nulls())));
        if (column.kind() != ColumnKind.OTHER) rows.add(List.of(Html.text("distinct"), Html.count(column.distinct())));
        if (column.kind().isNumber()) {
            rows.add(List.of(Html.text("mean"), Html.number(column.mean())));
            rows.add(List.of(Html.text("standard deviation"), Html.number(column.deviation())));
            rows.add(List.of(Html.text("skewness"), Html.number(column.skewness())));
            rows.add(List.of(Html.text("excess kurtosis"), Html.number(column.kurtosis())));
            rows.add(List.of(Html.text("zeros"), Html.count(column.zeros())));
            rows.add(List.of(Html.text("NaN"), Html.count(column.nan())));
            rows.add(List.of(Html.text("infinite"), Html.count(column.infinite())));
        }
        if (column.kind() == ColumnKind.TEXT) {
            rows.add(List.of(Html.text("length, minimum"), Html.number(column.min())));
            rows.add(List.of(Html.text("length, mean"), Html.number(column.meanLength())));
            rows.add(List.of(Html.text("length, maximum"), Html.number(column.max())));
            rows.add(List.of(Html.text("empty"), Html.count(column.empty())));
            rows.add(List.of(Html.text("blank"), Html.count(column.blank())));
        }
        return Page.table(List.of("fact", "#value"), rows);
    }

    private static Html quantiles(ColumnFacts column) {
        if (column.quantiles().isEmpty()) return Html.NOTHING;
        List<List<Html>> rows = new ArrayList<>();
        for (int i = 0; i < column.quantiles().size(); i++) {
            double rank = ColumnFacts.RANKS.get(i);
            rows.add(List.of(
                    new Html(String.format(Locale.ROOT, "%.0f %%", rank * 100)),
                    shown(column, column.quantiles().get(i))));
        }
        rows.add(List.of(Html.text("rank error"), Html.percent(column.rankError())));
        return Page.table(List.of("quantile", "#value"), rows);
    }

    private static Html histogram(String name, ColumnFacts column) {
        double[] counts =
                column.histogram().stream().mapToDouble(Double::doubleValue).toArray();
        if (counts.length == 0) return Html.NOTHING;
        double width = (column.max() - column.min()) / counts.length;
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            boolean end = i == counts.length - 1 && i > 0;
            labels.add(
                    shown(column, end ? column.max() : column.min() + i * width).markup());
        }
        return Chart.bars("Histogram of " + name, labels, counts, new double[0]);
    }

    private static Html frequentChart(String name, ColumnFacts column) {
        List<ColumnProfile.Item> items = column.frequent();
        return Chart.bars(
                "Most frequent values of " + name,
                items.stream().map(ColumnProfile.Item::text).toList(),
                items.stream().mapToDouble(ColumnProfile.Item::count).toArray(),
                new double[0]);
    }

    private static Html frequentTable(ColumnFacts column) {
        List<List<Html>> rows = new ArrayList<>();
        for (ColumnProfile.Item item : column.frequent()) {
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
        long left = 0;
        for (var slice : profile.slices().entrySet()) {
            for (int i = 0; i < profile.columns().size(); i++) {
                if (!profile.facts().get(i).kind().isNumber()) continue;
                if (rows.size() == SLICE_ROWS) {
                    left++;
                    continue;
                }
                TableProfile.SliceFacts column = slice.getValue().columns().get(i);
                rows.add(List.of(
                        Html.value(slice.getKey().key() + " = " + slice.getKey().value()),
                        Html.value(profile.columns().get(i)),
                        Html.count(column.rows()),
                        Html.percent((double) column.nulls() / column.rows()),
                        Html.number(column.mean()),
                        Html.number(column.deviation())));
            }
        }
        page.heading("Slices")
                .add(Page.table(List.of("slice", "column", "#rows", "#share missing", "#mean", "#std"), rows));
        if (left > 0) {
            page.note(String.format(Locale.ROOT, "%,d more rows are in `monitoring.profile_metrics`.", left));
        }
    }
}
