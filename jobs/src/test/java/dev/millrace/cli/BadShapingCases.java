package dev.millrace.cli;

import static dev.millrace.cli.BadInput.file;

import java.util.stream.Stream;

/** Jobs of {@link BadTablesTest} that clean, join and profile tables which do not fit. */
final class BadShapingCases {
    private BadShapingCases() {}

    static Stream<BadInput> shaping() {
        String features =
                "job: features\nfeatures: {source: raw.people, entity: %s, time-column: %s, output: features.p,"
                        + " windows: %s, features: [{name: f, aggregate: %s}]}\n";
        return Stream.of(
                file(
                        "keys there are not",
                        3,
                        "no column `idd`",
                        "did you mean `id`?",
                        "job: dedup\ndedup: {input: raw.people, output: clean.people, keys: idd}\n"),
                file(
                        "an order by a column there is not",
                        3,
                        "no column `received`",
                        "It has: ",
                        "job: dedup\ndedup: {input: raw.people, output: clean.people, keys: id, latest-by: received}\n"),
                file(
                        "partitions there are not",
                        3,
                        "no column `day`",
                        "It has: ",
                        "job: dedup\ndedup: {input: raw.people, output: {table: clean.people, partition-by: day},"
                                + " keys: id}\n"),
                file(
                        "an entity there is not",
                        3,
                        "no column `who`",
                        "It has: ",
                        String.format(features, "who", "at", "1d", "count")),
                file(
                        "a time there is not",
                        3,
                        "no column `att`",
                        "did you mean `at`?",
                        String.format(features, "id", "att", "1d", "count")),
                file(
                        "a time that is text",
                        3,
                        "`at_text` is STRING",
                        "Cast it in ingest",
                        String.format(features, "id", "at_text", "1d", "count")),
                file(
                        "the mean of a text",
                        3,
                        "`colour`",
                        "number",
                        String.format(features, "id", "at", "1d", "mean, column: colour")),
                file(
                        "a window longer than time",
                        2,
                        "9999999999d",
                        "a duration such as",
                        String.format(features, "id", "at", "9999999999d", "count")),
                file(
                        "a feature by SQL that is none",
                        2,
                        "x +* 2",
                        "f",
                        String.format(features, "id", "at", "1d", "mean, expression: x +* 2")),
                file(
                        "a training set without its label",
                        3,
                        "no column `fraud`",
                        "It has: ",
                        "job: training-set\ntraining-set: {spine: raw.people, key: id, time-column: at,"
                                + " label: {column: fraud}, output: training_sets.p}\n"),
                file(
                        "a label that the spine's columns leave out",
                        2,
                        "requires `y` of `raw.people`, which `columns` of the table reference does not list",
                        "columns: [id, at, y]",
                        "job: training-set\ntraining-set: {spine: {table: raw.people, columns: [id, at]}, key: id,"
                                + " time-column: at, label: {column: y}, output: training_sets.p}\n"),
                file(
                        "a feature table that is none",
                        3,
                        "no table `features.p`",
                        "Existing tables: ",
                        "job: training-set\ntraining-set: {spine: {table: raw.people, columns: [id, at, y]}, key: id,"
                                + " time-column: at, label: {column: y}, features: features.p, output: training_sets.p}\n"),
                file(
                        "slices there are not",
                        3,
                        "no column `country`",
                        "It has: ",
                        "job: eda\neda: {table: raw.people, slices: country}\n"));
    }
}
