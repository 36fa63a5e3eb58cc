package dev.millrace.engine.eda;

import dev.millrace.engine.scan.ColumnFacts;
import dev.millrace.engine.scan.ColumnKind;
import dev.millrace.engine.scan.TableProfile;
import dev.millrace.platform.table.ProfileMetrics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds what is odd in a profile. Thresholds are named here and described in docs/jobs/eda.md. */
public final class Alerts {
    private static final double MISSING_NOTE = 0.01;
    private static final double MISSING_WARNING = 0.2;
    private static final double SKEWED = 10;
    private static final double MANY_ZEROS = 0.5;
    private static final long MANY_CATEGORIES = 50;
    /** Standard error of the distinct count is 1.6 %; three of them. */
    private static final double DISTINCT_ERROR = 0.05;

    private static final double IMBALANCED = 0.7;
    private static final double CORRELATED = 0.95;

    private Alerts() {}

    /** The alerts of a profile, the gravest first. */
    public static List<Alert> of(TableProfile profile) {
        List<Alert> alerts = new ArrayList<>();
        table(profile, alerts);
        for (int i = 0; i < profile.columns().size(); i++) {
            column(profile.columns().get(i), profile.facts().get(i), alerts);
        }
        correlations(profile, alerts);
        alerts.sort(Comparator.comparing(Alert::level));
        return alerts;
    }

    private static void table(TableProfile profile, List<Alert> alerts) {
        if (profile.rows() == 0) {
            alerts.add(new Alert(Alert.Level.ERROR, "empty", ProfileMetrics.TABLE, "the table has no rows"));
            return;
        }
        double duplicates = profile.duplicateShare();
        if (duplicates > 0) {
            alerts.add(new Alert(
                    Alert.Level.WARNING,
                    "duplicates",
                    ProfileMetrics.TABLE,
                    percent(duplicates) + " of the sampled rows are equal to another row in every column"));
        }
    }

    private static void column(String name, ColumnFacts column, List<Alert> alerts) {
        long rows = column.rows();
        if (rows == 0) return;
        if (column.values() == 0) {
            alerts.add(new Alert(Alert.Level.ERROR, "all_missing", name, "has no value in any row"));
            return;
        }
        double missing = share(column.nulls(), rows);
        if (missing >= MISSING_WARNING) add(alerts, Alert.Level.WARNING, "high_missing", name, missing, "missing");
        else if (missing >= MISSING_NOTE) add(alerts, Alert.Level.NOTE, "missing", name, missing, "missing");
        if (column.nan() > 0) add(alerts, Alert.Level.WARNING, "nan", name, share(column.nan(), rows), "NaN");
        if (column.infinite() > 0) {
            add(alerts, Alert.Level.WARNING, "infinite", name, share(column.infinite(), rows), "infinite");
        }
        if (column.kind() == ColumnKind.OTHER) return;
        long distinct = column.distinct();
        if (distinct <= 1 && column.values() > 1) {
            alerts.add(new Alert(Alert.Level.WARNING, "constant", name, "has the same value in every row"));
            return;
        }
        boolean unique = distinct >= (1 - DISTINCT_ERROR) * column.values() && column.values() > MANY_CATEGORIES;
        if (unique && (column.kind() == ColumnKind.TEXT || isWhole(column))) {
            alerts.add(new Alert(Alert.Level.NOTE, "unique", name, "has nearly as many values as rows, like a key"));
        }
        if (column.kind().isNumber()) number(name, column, alerts);
        if (column.kind() == ColumnKind.TEXT) text(name, column, unique, alerts);
        if (column.imbalance() >= IMBALANCED) {
            double most = share(column.frequent().get(0).count(), column.values());
            alerts.add(new Alert(Alert.Level.NOTE, "imbalance", name, percent(most) + " of the values are the same"));
        }
    }

    private static boolean isWhole(ColumnFacts column) {
        return column.exactMin().filter(digits -> !digits.contains(".")).isPresent();
    }

    private static void number(String name, ColumnFacts column, List<Alert> alerts) {
        double zeros = share(column.zeros(), column.values());
        if (zeros >= MANY_ZEROS && column.distinct() > 2) {
            add(alerts, Alert.Level.NOTE, "zeros", name, zeros, "zero");
        }
        if (Math.abs(column.skewness()) >= SKEWED) {
            String skewness = String.format(Locale.ROOT, "skewness %.1f", column.skewness());
            alerts.add(new Alert(Alert.Level.NOTE, "skewed", name, skewness));
        }
    }

    private static void text(String name, ColumnFacts column, boolean unique, List<Alert> alerts) {
        if (!unique && column.distinct() > MANY_CATEGORIES) {
            alerts.add(new Alert(
                    Alert.Level.NOTE, "high_cardinality", name, "about " + column.distinct() + " different values"));
        }
        double blank = share(column.empty() + column.blank(), column.values());
        if (blank >= MISSING_NOTE) add(alerts, Alert.Level.WARNING, "blank", name, blank, "empty or blank");
        if (column.numbersAsText()) {
            alerts.add(new Alert(
                    Alert.Level.WARNING, "numbers_as_text", name, "contains numbers as text; cast it in ingest"));
        }
        if (column.cut() > 0) {
            alerts.add(new Alert(
                    Alert.Level.NOTE,
                    "long_text",
                    name,
                    String.format(Locale.ROOT, "%,d strings are longer than 128 characters", column.cut())
                            + "; frequent values count them by their first 128 characters"));
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
