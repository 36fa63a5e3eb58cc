package dev.millrace.cli;

import static dev.millrace.cli.BadInput.file;

import java.util.stream.Stream;

/** Jobs of {@link BadTablesTest} that learn from tables which cannot be learned from. */
final class BadTrainingCases {
    private BadTrainingCases() {}

    private static BadInput training(String name, String cause, String cure, String... of) {
        return file(
                name,
                3,
                cause,
                cure,
                String.format(
                        "job: train\ntrain: {table: %s, label: %s, features: %s, algorithm: %s, split: {by: hash, columns: id}}\n",
                        (Object[]) of));
    }

    static Stream<BadInput> training() {
        String x = "{numeric: x}";
        String linear = "linear-regression, task: regression";
        String logistic = "logistic-regression";
        return Stream.of(
                training(
                        "a label there is not", "no column `yy`", "did you mean `y`?", "raw.people", "yy", x, logistic),
                training(
                        "features there are not",
                        "no column `xx`",
                        "did you mean `x`?",
                        "raw.people",
                        "y",
                        "{numeric: [x, xx]}",
                        logistic),
                training(
                        "text as a number",
                        "`colour` is STRING, not a number",
                        "Change `features`",
                        "raw.people",
                        "y",
                        "{numeric: colour}",
                        logistic),
                training(
                        "fractions as categories",
                        "`x` is DOUBLE; categories must be STRING or integers",
                        "Change `features`",
                        "raw.people",
                        "y",
                        "{categorical: x}",
                        logistic),
                training(
                        "a feature named as an output",
                        "`prediction` is the name of a model output",
                        "rename the column",
                        "raw.people",
                        "y",
                        "{numeric: prediction}",
                        logistic),
                training(
                        "one feature, always missing",
                        "`nothing` has no values",
                        "Exclude the columns",
                        "raw.people",
                        "y",
                        "{numeric: nothing}",
                        logistic),
                training(
                        "one category, always missing",
                        "`no_text` has no values",
                        "Exclude the columns",
                        "raw.people",
                        "y",
                        "{categorical: no_text}",
                        logistic),
                training(
                        "an infinite feature",
                        "`infinite` is infinite in",
                        "which MLlib does not support",
                        "raw.people",
                        "y",
                        "{numeric: infinite}",
                        logistic),
                training(
                        "no rows",
                        "is known in 0 training rows",
                        "Check `split`, `where` and the table",
                        "raw.empty",
                        "y",
                        x,
                        logistic),
                training(
                        "no rows after a filter",
                        "is known in 0 training rows",
                        "Check `split`, `where`",
                        "{table: raw.people, where: x > 99}",
                        "y",
                        x,
                        logistic),
                training(
                        "one row",
                        "is `0` in all training rows",
                        "Check `split` and `where`",
                        "raw.single",
                        "y",
                        x,
                        logistic),
                training(
                        "one class",
                        "`same`",
                        "a classifier requires at least two classes",
                        "raw.people",
                        "same",
                        x,
                        logistic),
                training(
                        "a label that is never known",
                        "is known in 0 training rows",
                        "both must have at least one",
                        "raw.people",
                        "unknown",
                        x,
                        logistic),
                training(
                        "two classes without the positive one",
                        "is bad or good",
                        "`positive-class: \"good\"`",
                        "raw.people",
                        "verdict",
                        x,
                        logistic),
                training(
                        "a positive class there is not",
                        "never is `god`",
                        "Did you mean `good`?",
                        "raw.people",
                        "verdict, positive-class: god",
                        x,
                        logistic),
                training("an amount in words", "`verdict`", "is STRING", "raw.people", "verdict", x, linear),
                training(
                        "an infinite amount",
                        "is NaN or infinite in 4 rows",
                        "where:",
                        "raw.people",
                        "amount",
                        x,
                        linear),
                training(
                        "a label that is NaN",
                        "is NaN or infinite in",
                        "NOT isnan(some_nan)",
                        "raw.people",
                        "some_nan",
                        x,
                        linear),
                training(
                        "a list as a label",
                        "is ARRAY<BIGINT>, which cannot be used as a class",
                        "cast it",
                        "raw.people",
                        "list",
                        x,
                        logistic),
                training(
                        "more classes than boosting knows",
                        "has 3 classes (c0, c1, c2)",
                        "Use `logistic-regression` or `random-forest`",
                        "raw.people",
                        "colour",
                        x,
                        "gbt"),
                file(
                        "a split by a column there is not",
                        3,
                        "no column `splt`",
                        "It has: ",
                        "job: train\ntrain: {table: raw.people, label: y, features: {numeric: x},"
                                + " algorithm: gbt, split: {by: column, column: splt}}\n"),
                file(
                        "a split that leaves no test rows",
                        3,
                        "and 0 test rows",
                        "Check `split`",
                        "job: train\ntrain: {table: raw.people, label: y, features: {numeric: x},"
                                + " algorithm: gbt, split: {by: time, column: at, test-from: 2030-01-01}}\n"),
                file(
                        "a split by a time that is text",
                        3,
                        "`at_text` is STRING",
                        "Cast it in ingest",
                        "job: train\ntrain: {table: raw.people, label: y, features: {numeric: x},"
                                + " algorithm: gbt, split: {by: time, column: at_text, test-from: 2026-01-05}}\n"),
                file(
                        "a search over one class",
                        3,
                        "`same`",
                        "a classifier requires at least two classes",
                        "job: tune\ntune: {metric: auc, train: {table: raw.people, label: same, features: {numeric: x},"
                                + " algorithm: gbt, split: {by: hash, columns: id}},"
                                + " search: {by: grid, space: {max-depth: {values: [2, 3]}}}}\n"),
                file(
                        "a search for a measure there is not",
                        2,
                        "`metric` is `acu`",
                        "Did you mean `auc`?",
                        "job: tune\ntune: {metric: acu, train: {table: raw.people, label: y, features: {numeric: x},"
                                + " algorithm: gbt, split: {by: hash, columns: id}},"
                                + " search: {by: grid, space: {max-depth: {values: [2]}}}}\n"));
    }
}
