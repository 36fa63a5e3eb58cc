package dev.millrace.engine.monitor;

import dev.millrace.engine.drift.ColumnDrift;
import dev.millrace.engine.drift.Distances;
import dev.millrace.engine.drift.MergedCells;
import dev.millrace.engine.drift.Verdict;
import dev.millrace.engine.measure.Scorecard;
import dev.millrace.engine.report.Chart;
import dev.millrace.engine.report.Html;
import dev.millrace.engine.report.Page;
import dev.millrace.engine.scan.BinCounting;
import dev.millrace.engine.scan.ColumnBins;
import dev.millrace.engine.scan.Counted;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The page for people: the newest window's verdicts, each column over time, slices, and quality. */
public record MonitorReport(MonitorDeclaration config, String model, BinCounting.Windows windows) {
    private static final int CARDS = 30;
    private static final int SLICES = 50;

    /** The page; {@code qualities} by start of the window in microseconds. */
    public String html(List<Comparison> comparisons, Map<Long, Scorecard> qualities, String summary) {
        Page page = new Page("Drift of " + model, summary);
        List<Comparison> newest = new ArrayList<>(Comparison.newest(comparisons));
        newest.sort(Comparator.comparingDouble(
                        (Comparison one) -> one.drift().effect().ratio())
                .reversed());
        page.heading("Newest window");
        if (newest.isEmpty())
            page.note("No window has at least " + config.thresholds().minRows() + " rows on both sides.");
        page.add(table(newest));
        page.note("Drift: p ≤ " + config.thresholds().significance()
                + " after Benjamini–Hochberg, and the effect reaches its threshold. Watch: the effect reaches "
                + config.thresholds().watch()
                + " of it. KS of the raw rows is greater by at most the error bound.");
        List<String> types = newest.stream()
                .flatMap(one -> TypeChange.of(one.column(), one.table().schema()).stream())
                .map(change -> change.column() + " (" + change.text() + ")")
                .distinct()
                .toList();
        if (!types.isEmpty()) page.note("Types that changed since training: " + String.join(", ", types) + ".");
        if (!qualities.isEmpty()) quality(page, qualities);
        page.heading("Columns");
        for (Comparison comparison : newest.subList(0, Math.min(CARDS, newest.size()))) {
            card(page, comparison, comparisons);
        }
        if (newest.size() > CARDS)
            page.note("The " + (newest.size() - CARDS) + " columns with the smallest changes are not shown.");
        List<Comparison> slices = comparisons.stream()
                .filter(one -> one.slice().isPresent())
                .filter(one -> one.verdict() == Verdict.DRIFT || one.verdict() == Verdict.WATCH)
                .sorted(Comparator.comparingLong(Comparison::window).reversed())
                .limit(SLICES)
                .toList();
        if (!slices.isEmpty()) page.heading("Slices that changed").add(table(slices));
        return page.html();
    }

    private Html table(List<Comparison> comparisons) {
        List<List<Html>> rows = new ArrayList<>();
        for (Comparison one : comparisons) {
            ColumnDrift drift = one.drift();
            rows.add(List.of(
                    Html.badge(one.verdict().text()),
                    Html.value(one.column().name()),
                    Html.value(one.slice()
                            .map(slice -> slice.key() + " = " + slice.value())
                            .orElse("")),
                    Html.text(MonitorRows.instant(one.window())),
                    Html.text(one.previous().isPresent() ? "previous window" : "training"),
                    Html.text(drift.effect().measure()),
                    Html.number(drift.effect().value()),
                    Html.number(drift.effect().threshold()),
                    Html.number(one.adjusted()),
                    Html.number(drift.psi()),
                    Html.number(drift.ks().statistic()),
                    Html.number(drift.errorBound()),
                    Html.number(drift.jensenShannon()),
                    Html.count(one.reference().rows()),
                    Html.count(one.current().rows())));
        }
        return Page.table(
                List.of(
                        "verdict",
                        "column",
                        "slice",
                        "window",
                        "compared with",
                        "metric",
                        "#effect",
                        "#threshold",
                        "#adjusted p",
                        "#PSI",
                        "#KS",
                        "#error bound",
                        "#JS distance",
                        "#reference rows",
                        "#current rows"),
                rows);
    }

    private void card(Page page, Comparison comparison, List<Comparison> all) {
        List<Comparison> history = all.stream()
                .filter(one -> one.slice().isEmpty()
                        && one.column().name().equals(comparison.column().name())
                        && one.previous().isPresent() == comparison.previous().isPresent())
                .sorted(Comparator.comparingLong(Comparison::window))
                .toList();
        double[] x = new double[history.size()];
        double[] psi = new double[x.length];
        double[] distance = new double[x.length];
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < x.length; i++) {
            Comparison one = history.get(i);
            x[i] = i;
            psi[i] = one.drift().psi();
            distance[i] = one.column().bins().isNumber()
                    ? one.drift().ks().statistic()
                    : one.drift().totalVariation();
            labels.add(MonitorRows.instant(one.window()).toString().substring(0, 10));
        }
        String second = comparison.column().bins().isNumber() ? "KS" : "total variation";
        String name = comparison.column().name();
        Html over = Chart.lines(
                "PSI and " + second + " of " + name + " by window",
                List.of(new Chart.Series("PSI", x, psi), new Chart.Series(second, x, distance)),
                labels,
                comparison.drift().effect().threshold());
        ColumnBins bins = comparison.column().bins();
        MergedCells cells = MergedCells.of(bins, comparison.reference(), comparison.current());
        Html shares = Chart.bars(
                "Shares of " + name + ", reference and current",
                labels(bins, comparison.reference(), cells),
                Distances.shares(cells.reference(), 0),
                Distances.shares(cells.current(), 0));
        page.card(
                name + " – " + comparison.verdict().text().replace('_', ' '),
                new Html("<figure>" + over.markup() + "<figcaption>by window; dashed: threshold</figcaption></figure>"),
                new Html(
                        "<figure>" + shares.markup()
                                + "<figcaption>shares of the reference and of the newest window, in the bins of PSI</figcaption></figure>"));
    }

    private static List<String> labels(ColumnBins bins, Counted reference, MergedCells cells) {
        List<String> labels = new ArrayList<>();
        int count = cells.reference().length;
        for (int i = 0; i < count; i++) labels.add("bin " + (i + 1) + " of " + count);
        if (!bins.isNumber() && !bins.values().isEmpty())
            labels.set(0, bins.values().get(0));
        else if (count > 1 && !Double.isNaN(reference.min())) {
            labels.set(0, "from " + reference.min());
            labels.set(count - 1, "to " + reference.max());
        }
        return labels;
    }

    private static void quality(Page page, Map<Long, Scorecard> qualities) {
        List<List<Html>> rows = new ArrayList<>();
        List<String> names = qualities.values().iterator().next().measures().keySet().stream()
                .toList();
        List<String> headings = new ArrayList<>(List.of("window", "#labelled rows"));
        names.forEach(name -> headings.add("#" + name.replace('_', ' ')));
        headings.add("AUC, 95 % interval");
        qualities.forEach((start, quality) -> {
            List<Html> row =
                    new ArrayList<>(List.of(Html.text(MonitorRows.instant(start)), Html.count(quality.rows())));
            for (String name : names) row.add(Html.number(quality.measures().getOrDefault(name, Double.NaN)));
            row.add(
                    quality.intervals().containsKey("auc")
                            ? Html.text(quality.intervals().get("auc"))
                            : Html.text("–"));
            rows.add(row);
        });
        page.heading("Quality, with the labels known now").add(Page.table(headings, rows));
    }
}
