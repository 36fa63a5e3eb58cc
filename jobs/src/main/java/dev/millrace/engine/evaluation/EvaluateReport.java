package dev.millrace.engine.evaluation;

import dev.millrace.engine.measure.Curves;
import dev.millrace.engine.measure.Judged;
import dev.millrace.engine.measure.Scorecard;
import dev.millrace.engine.onnx.Target;
import dev.millrace.engine.report.Chart;
import dev.millrace.engine.report.Html;
import dev.millrace.engine.report.Page;
import dev.millrace.engine.truth.JudgedRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The evaluation as one page: figures, curves, the confusion matrix, slices. */
public record EvaluateReport(String title, Target target, double threshold) {
    private static final int POINTS = 300;
    private static final int BINS = 10;

    /** The page; {@code slices} by column and value. */
    public String html(Judged judged, Scorecard whole, Map<String, Map<String, Scorecard>> slices) {
        Page page = new Page(title, String.format(Locale.ROOT, "%,d rows with a label", judged.rows()));
        page.heading("Metrics").add(measures(whole));
        if (target instanceof Target.Classes classes) {
            if (judged instanceof Judged.Binary binary) binary(page, binary, classes);
            if (judged instanceof Judged.Several several) several(page, several, classes);
        }
        if (judged instanceof Judged.Amounts amounts) amounts(page, amounts);
        slices.forEach((key, values) -> page.heading("By " + key).add(slice(key, values)));
        page.note("95 % confidence intervals: bootstrap for average precision, RMSE and MAE, DeLong for AUC, Wilson"
                + " for shares. At most " + JudgedRows.limit(target)
                + " rows are evaluated, those with the smallest hashes.");
        return page.html();
    }

    private static Html measures(Scorecard card) {
        List<List<Html>> rows = new ArrayList<>();
        card.measures().forEach((name, value) -> {
            boolean known = card.intervals().containsKey(name);
            rows.add(List.of(
                    Html.text(name.replace('_', ' ')),
                    Html.number(value),
                    known ? Html.number(card.intervals().get(name).low()) : Html.text(""),
                    known ? Html.number(card.intervals().get(name).high()) : Html.text("")));
        });
        return Page.table(List.of("metric", "#value", "#low", "#high"), rows);
    }

    private void binary(Page page, Judged.Binary judged, Target.Classes classes) {
        double[] scores = judged.scores();
        boolean[] positive = judged.positive();
        List<Curves.CalibrationBin> bins = Curves.calibration(scores, positive, BINS);
        page.heading("Curves")
                .card(
                        "Precision and recall",
                        curve("Precision–recall curve", "precision", Curves.precisionRecall(scores, positive)),
                        Html.NOTHING)
                .card("ROC", curve("ROC curve", "ROC", Curves.roc(scores, positive)), Html.NOTHING)
                .card("Calibration", calibration(bins), calibrationTable(bins));
        Curves.Confusion cells = Curves.confusion(scores, positive, threshold);
        page.heading("Confusion matrix at " + threshold)
                .add(Page.table(
                        List.of(
                                "truth",
                                "#predicted " + classes.values().get(0),
                                "#predicted " + classes.values().get(1)),
                        List.of(
                                List.of(
                                        Html.value(classes.values().get(0)),
                                        Html.count(cells.trueNegatives()),
                                        Html.count(cells.falsePositives())),
                                List.of(
                                        Html.value(classes.values().get(1)),
                                        Html.count(cells.falseNegatives()),
                                        Html.count(cells.truePositives())))));
    }

    private static Html curve(String name, String series, List<Curves.Point> points) {
        if (points.isEmpty()) return Html.text("Requires rows of both classes.");
        List<Curves.Point> few = Curves.thinned(points, POINTS);
        double[] x = few.stream().mapToDouble(Curves.Point::x).toArray();
        double[] y = few.stream().mapToDouble(Curves.Point::y).toArray();
        return Chart.lines(name, List.of(new Chart.Series(series, x, y)), List.of("0", "1"), 1.0);
    }

    private static Html calibration(List<Curves.CalibrationBin> bins) {
        double[] x = bins.stream().mapToDouble(Curves.CalibrationBin::predicted).toArray();
        double[] y = bins.stream().mapToDouble(Curves.CalibrationBin::actual).toArray();
        return Chart.lines(
                "Share of positives by predicted probability",
                List.of(new Chart.Series("observed", x, y), new Chart.Series("ideal", x, x)),
                List.of());
    }

    private static Html calibrationTable(List<Curves.CalibrationBin> bins) {
        List<List<Html>> rows = new ArrayList<>();
        for (Curves.CalibrationBin bin : bins) {
            rows.add(List.of(Html.count(bin.rows()), Html.number(bin.predicted()), Html.number(bin.actual())));
        }
        return Page.table(List.of("#rows", "#predicted", "#observed"), rows);
    }

    private static void several(Page page, Judged.Several judged, Target.Classes classes) {
        int count = classes.values().size();
        long[][] cells = new long[count][count];
        int[] truth = judged.truth();
        for (int i = 0; i < truth.length; i++) {
            double[] probabilities = judged.probabilities()[i];
            int best = 0;
            for (int k = 1; k < count; k++) if (probabilities[k] > probabilities[best]) best = k;
            cells[truth[i]][best]++;
        }
        List<String> headings = new ArrayList<>(List.of("truth"));
        classes.values().forEach(value -> headings.add("#" + value));
        List<List<Html>> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<Html> row = new ArrayList<>(List.of(Html.value(classes.values().get(i))));
            for (long cell : cells[i]) row.add(Html.count(cell));
            rows.add(row);
        }
        page.heading("Confusion matrix").add(Page.table(headings, rows));
    }

    /** Residuals by size of the prediction, in tenths of the rows. */
    private static void amounts(Page page, Judged.Amounts judged) {
        Integer[] order = new Integer[judged.rows()];
        for (int i = 0; i < order.length; i++) order[i] = i;
        double[] predicted = judged.predicted();
        java.util.Arrays.sort(order, (one, other) -> {
            int byScore = Double.compare(predicted[one], predicted[other]);
            return byScore != 0 ? byScore : Integer.compare(one, other);
        });
        List<List<Html>> rows = new ArrayList<>();
        int tenths = Math.min(10, order.length);
        double[] x = new double[tenths];
        double[] y = new double[tenths];
        for (int tenth = 0; tenth < tenths; tenth++) {
            int from = (int) ((long) tenth * order.length / tenths);
            int to = (int) ((long) (tenth + 1) * order.length / tenths);
            double meanPredicted = 0;
            double meanTruth = 0;
            double absolute = 0;
            for (int i = from; i < to; i++) {
                meanPredicted += predicted[order[i]] / (to - from);
                meanTruth += judged.truth()[order[i]] / (to - from);
                absolute += Math.abs(predicted[order[i]] - judged.truth()[order[i]]) / (to - from);
            }
            x[tenth] = meanPredicted;
            y[tenth] = meanTruth;
            rows.add(List.of(
                    Html.count(to - from), Html.number(meanPredicted), Html.number(meanTruth), Html.number(absolute)));
        }
        page.heading("Label by prediction, in deciles")
                .add(Chart.lines(
                        "Mean label by mean prediction",
                        List.of(new Chart.Series("truth", x, y), new Chart.Series("ideal", x, x)),
                        List.of()))
                .add(Page.table(List.of("#rows", "#mean prediction", "#mean label", "#mean absolute error"), rows));
    }

    private static Html slice(String key, Map<String, Scorecard> values) {
        List<String> names = values.values().stream()
                .flatMap(card -> card.measures().keySet().stream())
                .distinct()
                .toList();
        List<String> headings = new ArrayList<>(List.of(key, "#rows"));
        names.forEach(name -> headings.add("#" + name.replace('_', ' ')));
        List<List<Html>> rows = new ArrayList<>();
        values.forEach((value, card) -> {
            List<Html> row = new ArrayList<>(List.of(Html.value(value), Html.count(card.rows())));
            for (String name : names) row.add(Html.number(card.measures().getOrDefault(name, Double.NaN)));
            rows.add(row);
        });
        return Page.table(headings, rows);
    }
}
