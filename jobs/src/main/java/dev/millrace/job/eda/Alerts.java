package dev.millrace.job.eda;

import dev.millrace.engine.profile.MetricRows;
import dev.millrace.engine.scan.ColumnKind;
import dev.millrace.engine.scan.ColumnProfile;
import dev.millrace.engine.scan.TableProfile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Finds what is odd in a profile. Thresholds are named here and described in docs/jobs/eda.md. */
final class Alerts {
    private static final double MISSING_NOTE = 0.01;
    private static final double MISSING_WARNING = 0.2;
    private static final double SKEWED = 10;
    private static final double MANY_ZEROS = 0.5;
    private static final long MANY_CATEGORIES = 50;
    /** Standard error of the distinct count is 1.6 %; three of them. */
    private static final double DISTINCT_ERROR = 0.05;

    private static final double IMBALANCED = 0.7;
    private static final double CORRELATED = 0.95;
    private static final int FREQUENT = 200;

    private Alerts() {}

    static List<Alert> of(TableProfile profile) {
        List<Alert> alerts = new ArrayList<>();
        table(profile, alerts);
        for (int i = 0; i < profile.columns().size(); i++) {
            column(profile.columns().get(i), profile.whole().columns().get(i), alerts);
        }
        correlations(profile, alerts);
        alerts.sort(Comparator.comparing(Alert::level));
        return alerts;
    }

    private static void table(TableProfile profile, List<Alert> alerts) {
        if (profile.whole().rows() == 0) {
            alerts.add(new Alert(Alert.Level.ERROR, "empty", MetricRows.TABLE, "the table has no rows"));
            return;
        }
        double duplicates = duplicateShare(profile.whole());
        if (duplicates > 0) {
            alerts.add(new Alert(
                    Alert.Level.WARNING,
                    "duplicates",
                    MetricRows.TABLE,
                    percent(duplicates) + " of the sampled rows repeat another row in every column"));
        }
    }

    /** Equal rows have equal hashes, so either all or none of them are in the sample (but for its last hash). */
    static double duplicateShare(TableProfile.Part part) {
        long[] hashes = part.sample().hashes();
        Set<Long> distinct = new HashSet<>();
        for (long hash : hashes) distinct.add(hash);
        return hashes.length == 0 ? 0 : 1 - (double) distinct.size() / hashes.length;
    }

    private static void column(String name, ColumnProfile column, List<Alert> alerts) {
        long rows = column.rows();
        if (rows == 0) return;
        double missing = (double) column.nulls() / rows;
        if (column.values() == 0) {
            alerts.add(new Alert(Alert.Level.ERROR, "all_missing", name, "has no value in any row"));
            return;
        }
        if (missing >= MISSING_WARNING) add(alerts, Alert.Level.WARNING, "high_missing", name, missing, "missing");
        else if (missing >= MISSING_NOTE) add(alerts, Alert.Level.NOTE, "missing", name, missing, "missing");
        if (column.nan() > 0) add(alerts, Alert.Level.WARNING, "nan", name, share(column.nan(), rows), "NaN");
        long infinite = column.positiveInfinite() + column.negativeInfinite();
        if (infinite > 0) add(alerts, Alert.Level.WARNING, "infinite", name, share(infinite, rows), "infinite");
        if (column.kind() == ColumnKind.OTHER) return;
        long distinct = column.distinct();
        if (distinct <= 1 && column.values() > 1) {
            alerts.add(new Alert(Alert.Level.WARNING, "constant", name, "has the same value in every row"));
            return;
        }
        boolean unique = distinct >= (1 - DISTINCT_ERROR) * column.values() && column.values() > MANY_CATEGORIES;
        if (unique && (column.kind() == ColumnKind.TEXT || column.kind() == ColumnKind.INTEGER)) {
            alerts.add(new Alert(Alert.Level.NOTE, "unique", name, "has nearly as many values as rows, as a key does"));
        }
        if (column.kind().isNumber()) number(name, column, alerts);
        if (column.kind() == ColumnKind.TEXT) text(name, column, unique, alerts);
        if (column.kind() == ColumnKind.TEXT || column.kind() == ColumnKind.BOOLEAN) imbalance(name, column, alerts);
    }

    private static void number(String name, ColumnProfile column, List<Alert> alerts) {
        double zeros = share(column.zeros(), column.values());
        if (zeros >= MANY_ZEROS && column.distinct() > 2) {
            add(alerts, Alert.Level.NOTE, "zeros", name, zeros, "zero");
        }
        double skewness = column.moments().skewness().orElse(0);
        if (Math.abs(skewness) >= SKEWED) {
            alerts.add(
                    new Alert(Alert.Level.NOTE, "skewed", name, String.format(Locale.ROOT, "skewness %.1f", skewness)));
        }
    }

    private static void text(String name, ColumnProfile column, boolean unique, List<Alert> alerts) {
        if (!unique && column.distinct() > MANY_CATEGORIES) {
            alerts.add(new Alert(
                    Alert.Level.NOTE, "high_cardinality", name, "about " + column.distinct() + " different values"));
        }
        double blank = share(column.empty() + column.blank(), column.values());
        if (blank >= MISSING_NOTE) add(alerts, Alert.Level.WARNING, "blank", name, blank, "empty or blank");
        List<ColumnProfile.Item> items = column.frequent(FREQUENT);
        if (!items.isEmpty() && items.stream().allMatch(item -> isNumber(item.text()))) {
            alerts.add(new Alert(
                    Alert.Level.WARNING, "numbers_as_text", name, "holds numbers as text; cast it at ingest"));
        }
    }

    private static boolean isNumber(String text) {
        String trimmed = text.strip();
        if (trimmed.isEmpty() || !trimmed.matches("[-+]?[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?")) return false;
        // 007 is a code, not a number.
        return !trimmed.matches("[-+]?0[0-9]+.*");
    }

    /** 1 − H / log₂ k, as ydata-profiling: 0 when all k values are equally frequent. Exact counts only. */
    private static void imbalance(String name, ColumnProfile column, List<Alert> alerts) {
        List<ColumnProfile.Item> items = column.frequent((int) MANY_CATEGORIES + 1);
        if (items.size() < 2 || items.size() > MANY_CATEGORIES || !items.get(0).exact()) return;
        double entropy = 0;
        for (ColumnProfile.Item item : items) {
            double share = share(item.count(), column.values());
            entropy -= share * Math.log(share) / Math.log(2);
        }
        double imbalance = 1 - entropy / (Math.log(items.size()) / Math.log(2));
        if (imbalance >= IMBALANCED) {
            alerts.add(new Alert(
                    Alert.Level.NOTE,
                    "imbalance",
                    name,
                    percent(share(items.get(0).count(), column.values())) + " of the values are the same"));
        }
    }

    private static void correlations(TableProfile profile, List<Alert> alerts) {
        List<String> numbers = profile.numbers();
        for (int i = 0; i < numbers.size(); i++) {
            for (int k = 0; k < i; k++) {
                double correlation = profile.comoments().correlation(i, k);
                if (!(Math.abs(correlation) >= CORRELATED)) continue;
                alerts.add(new Alert(
                        Alert.Level.NOTE,
                        "high_correlation",
                        numbers.get(i),
                        String.format(Locale.ROOT, "correlation %.3f with ", correlation) + numbers.get(k)));
            }
        }
    }

    private static void add(
            List<Alert> alerts, Alert.Level level, String kind, String column, double share, String what) {
        alerts.add(new Alert(level, kind, column, percent(share) + " of the rows are " + what));
    }

    private static double share(long part, long whole) {
        return (double) part / whole;
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", share * 100);
    }
}
