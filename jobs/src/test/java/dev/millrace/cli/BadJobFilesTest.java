package dev.millrace.cli;

import static dev.millrace.cli.BadInput.command;
import static dev.millrace.cli.BadInput.file;
import static dev.millrace.cli.BadInput.invalid;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Job files and command lines that cannot be meant: told before any Spark session, and not even a home is made. */
class BadJobFilesTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource({"files", "values", "steps", "commands"})
    void isRefused(BadInput bad) {
        new BadInputs(folder, folder.resolve("kept")).refused(bad);

        assertThat(folder.resolve("kept")).doesNotExist();
    }

    static Stream<BadInput> files() {
        return Stream.of(
                invalid("an empty file", "the file is empty", "begins with `job: NAME`", "# nothing\n"),
                invalid(
                        "no YAML",
                        "begun at line 2",
                        "expected ',' or ']'",
                        "job: train\ntrain: {table: [raw.people\n"),
                invalid("a list", "expects keys and values", "found a list", "- job: train\n"),
                invalid("no job", "`job` is missing", "for example `job: train`", "train: {table: raw.people}\n"),
                invalid(
                        "a job there is not",
                        "`job` is `trian`, which is not a command",
                        "Did you mean `train`?",
                        "job: trian\ntrian: {}\n"),
                invalid(
                        "another job's section",
                        "`score` is not a key of a `train` file",
                        "Known keys: home, job",
                        "job: train\nscore: {input: raw.people}\n"),
                invalid(
                        "no section",
                        "`register` is missing",
                        "add the section with the keys of the job",
                        "job: register\n"),
                invalid(
                        "an anchor",
                        "uses the anchor `&m`",
                        "replace it with the value",
                        "job: register\nregister: {model: &m fraud, description: *m}\n"),
                invalid(
                        "a tag",
                        "uses the tag `!file`",
                        "not supported; remove it",
                        "job: register\nregister: {model: !file /etc/passwd}\n"),
                invalid(
                        "two documents",
                        "is not valid YAML",
                        "expected a single document",
                        "job: register\nregister: {model: a}\n---\njob: register\nregister: {model: b}\n"),
                invalid(
                        "a key twice",
                        "`register.model` occurs twice",
                        "the first is at line 3",
                        "job: register\nregister:\n  model: a\n  model: b\n"),
                invalid(
                        "an unknown key",
                        "`register.modle` is not a key here",
                        "Did you mean `model`?",
                        "job: register\nregister: {modle: fraud}\n"),
                invalid(
                        "a variable nobody set",
                        "needs the value of `MODEL`",
                        "add `--set MODEL=…`",
                        "job: register\nregister: {model: \"${MODEL}\"}\n"),
                invalid(
                        "no text in UTF-8",
                        "is not valid YAML",
                        "special characters",
                        "job: register\nregister: {model: \"a\u0000b\"}\n"));
    }

    static Stream<BadInput> values() {
        return Stream.of(
                file(
                        "a mapping where a text is due",
                        2,
                        "`register.model` expects text",
                        "found a mapping",
                        "job: register\nregister: {model: {name: fraud}}\n"),
                file(
                        "a key without a value",
                        2,
                        "`register.model` has no value",
                        "set one or remove the key",
                        "job: register\nregister:\n  model:\n"),
                file(
                        "a quoted number",
                        2,
                        "`eda.sample` expects an integer",
                        "Remove the quotes",
                        "job: eda\neda: {table: raw.people, sample: \"10\"}\n"),
                file(
                        "no whole number",
                        2,
                        "`eda.sample` expects an integer",
                        "found a number (1.5)",
                        "job: eda\neda: {table: raw.people, sample: 1.5}\n"),
                file(
                        "a number beyond its range",
                        2,
                        "`evaluate.threshold` is 1.5",
                        "the maximum is 1",
                        "job: evaluate\nevaluate: {model: m, table: raw.people, threshold: 1.5}\n"),
                file(
                        "NaN for a number",
                        2,
                        "`promote.min.auc` expects a number",
                        "found text (NaN)",
                        "job: promote\npromote: {model: fraud, min: {auc: NaN}}\n"),
                file(
                        "a duration nobody knows",
                        2,
                        "`monitor.granularity` is `2 fortnights`",
                        "such as 30s, 15m, 12h or 7d",
                        "job: monitor\nmonitor: {model: m, predictions: p.x, granularity: 2 fortnights}\n"),
                file(
                        "a day there is not",
                        2,
                        "`generate.start` is `2026-02-30`",
                        "such as 2026-01-31",
                        "job: generate\ngenerate: {start: 2026-02-30}\n"),
                file(
                        "a time zone there is not",
                        2,
                        "`ingest.time-zone` is `Mars/Olympus`",
                        "such as UTC or Europe/Berlin",
                        "job: ingest\ningest: {path: in, output: raw.x, time-zone: Mars/Olympus}\n"),
                file(
                        "a word that is no choice",
                        2,
                        "`train.task` is `clasification`",
                        "classification",
                        "job: train\ntrain: {table: raw.people, label: y, task: clasification,"
                                + " algorithm: gbt, split: {by: hash, columns: id}}\n"),
                file(
                        "an algorithm nobody has",
                        2,
                        "`train.algorithm` is `catboost`",
                        "gbt",
                        "job: train\ntrain: {table: raw.people, label: y,"
                                + " algorithm: catboost, split: {by: hash, columns: id}}\n"),
                file(
                        "a parameter of another algorithm",
                        2,
                        "`params.num-trees` is not a parameter of logistic-regression",
                        "reg-param",
                        "job: train\ntrain: {table: raw.people, label: y, algorithm: logistic-regression,"
                                + " params: {num-trees: 9}, split: {by: hash, columns: id}}\n"),
                file(
                        "a split nobody knows",
                        2,
                        "`train.split.by`",
                        "stratified",
                        "job: train\ntrain: {table: raw.people, label: y, algorithm: gbt, split: {by: luck}}\n"),
                file(
                        "regression by a classifier",
                        2,
                        "`algorithm: logistic-regression` does not support regression",
                        "use `linear-regression`",
                        "job: train\ntrain: {table: raw.people, label: y, task: regression,"
                                + " algorithm: logistic-regression, split: {by: hash, columns: id}}\n"),
                file(
                        "the label as a feature",
                        2,
                        "`label` (y) is also a feature",
                        "job.yaml:2",
                        "job: train\ntrain: {table: raw.people, label: y, features: {numeric: [x, y]},"
                                + " algorithm: gbt, split: {by: hash, columns: id}}\n"),
                file(
                        "a blank label",
                        2,
                        "`train.label` is blank",
                        "set a value",
                        "job: train\ntrain: {table: raw.people, label: \"\","
                                + " algorithm: gbt, split: {by: hash, columns: id}}\n"),
                file(
                        "a search beyond a parameter's range",
                        2,
                        "`params.max-depth` is 99",
                        "expected 0 to 30",
                        "job: tune\ntune: {metric: auc, train: {table: raw.people, label: y, algorithm: gbt,"
                                + " split: {by: hash, columns: id}},"
                                + " search: {by: grid, space: {max-depth: {values: [3, 99]}}}}\n"),
                file(
                        "a table without its schema",
                        2,
                        "`people`",
                        "for example raw.people",
                        "job: eda\neda: {table: people}\n"),
                file(
                        "a version within the name",
                        2,
                        "a version is not part of the name",
                        "{table: raw.people, version: 3}",
                        "job: eda\neda: {table: raw.people@3}\n"),
                file(
                        "version and timestamp",
                        2,
                        "sets both `version` and `timestamp`",
                        "remove one of them",
                        "job: eda\neda: {table: {table: raw.people, version: 1, timestamp: 2026-01-01}}\n"),
                file(
                        "one table for two things",
                        2,
                        "`output` and `metrics` are the same table",
                        "monitoring.x",
                        "job: eda\neda: {table: raw.people, output: monitoring.x, metrics: monitoring.x}\n"),
                file(
                        "keys that name a column twice",
                        2,
                        "`keys` lists `id` twice",
                        "job.yaml:2",
                        "job: dedup\ndedup: {input: raw.people, output: clean.people, keys: [id, id]}\n"),
                file(
                        "a column of the predictions as a key",
                        2,
                        "`prediction` is a column of all prediction tables",
                        "rename the input column",
                        "job: score\nscore: {model: m, input: raw.people, output: predictions.p, keys: prediction}\n"),
                file(
                        "merging without keys",
                        2,
                        "`write: merge` requires `keys`",
                        "set `write: replace`",
                        "job: score\nscore: {model: m, input: raw.people, output: predictions.p}\n"),
                file(
                        "predictions without keys",
                        2,
                        "`predictions` requires `keys`",
                        "join it with `table`",
                        "job: evaluate\nevaluate: {model: m, table: raw.people, predictions: predictions.p}\n"),
                file(
                        "monitoring of nothing",
                        2,
                        "has neither `inputs` nor `predictions`",
                        "set at least one of them",
                        "job: monitor\nmonitor: {model: m}\n"),
                file(
                        "a feature of nothing",
                        2,
                        "feature `s` requires `column` or `expression`",
                        "the values to aggregate",
                        "job: features\nfeatures: {source: raw.people, entity: id, time-column: t, output: features.p,"
                                + " windows: 1d, features: [{name: s, aggregate: sum}]}\n"),
                file(
                        "a training set that writes a column twice",
                        2,
                        "writes `id` twice",
                        "job.yaml:2",
                        "job: training-set\ntraining-set: {spine: raw.people, key: id, time-column: t,"
                                + " label: {column: id}, output: training_sets.p}\n"),
                file(
                        "an encoding nobody knows",
                        2,
                        "`encoding` is `EBCDIC-9`",
                        "e.g. UTF-8",
                        "job: ingest\ningest: {path: in, output: raw.x, encoding: EBCDIC-9}\n"),
                file(
                        "two characters as a separator",
                        2,
                        "`separator` is `||`",
                        "expected one character",
                        "job: ingest\ningest: {path: in, output: raw.x, separator: \"||\"}\n"),
                file(
                        "neither header nor schema",
                        2,
                        "`header: false` requires `schema`",
                        "the columns in file order",
                        "job: ingest\ningest: {path: in, output: raw.x, header: false}\n"),
                file(
                        "a drift before the beginning",
                        2,
                        "is not after `start`",
                        "set a later day",
                        "job: generate\ngenerate: {start: 2026-01-01, drift: {at: 2025-01-01}}\n"),
                file(
                        "a measure nothing is compared by",
                        2,
                        "`metric` is `accuracy`",
                        "average_precision or auc",
                        "job: retrain\nretrain: {model: fraud, metric: accuracy, train: {table: raw.people, label: y,"
                                + " algorithm: gbt, split: {by: hash, columns: id}}}\n"),
                file(
                        "an alias that is taken",
                        2,
                        "`alias: previous` is reserved",
                        "use a different alias",
                        "job: promote\npromote: {model: fraud, alias: previous}\n"),
                file(
                        "a model's name with a slash",
                        2,
                        "`register.model` is `team/fraud`",
                        "must not contain /",
                        "job: register\nregister: {model: team/fraud}\n"));
    }

    static Stream<BadInput> steps() {
        return Stream.of(
                file(
                        "a step of no job",
                        2,
                        "`job` is `lern`, which is not a valid job for a step",
                        "train",
                        "job: pipeline\nsteps:\n  - {name: a, job: lern, config: {}}\n"),
                file(
                        "a step that needs a later one",
                        2,
                        "`steps[0].needs` names `b`, which is not an earlier step",
                        "job.yaml:",
                        "job: pipeline\nsteps: [{name: a, job: eda, config: {table: raw.people}, needs: [b]},"
                                + " {name: b, job: eda, config: {table: raw.people}}]\n"),
                file(
                        "two steps of one name",
                        2,
                        "is `a`, the name of an earlier step",
                        "job.yaml:",
                        "job: pipeline\nsteps: [{name: a, job: eda, config: {table: raw.people}},"
                                + " {name: a, job: eda, config: {table: raw.people}}]\n"),
                file(
                        "a step whose file is not there",
                        2,
                        "Cannot read the job file `nowhere.yaml`",
                        "step `a`",
                        "job: pipeline\nsteps: [{name: a, job: eda, config: nowhere.yaml}]\n"),
                file(
                        "a step whose section is wrong, after one that is right",
                        2,
                        "`eda.tabel` is not a key here",
                        "Did you mean `table`?",
                        "job: pipeline\nsteps: [{name: a, job: eda, config: {table: raw.people}},"
                                + " {name: b, job: eda, config: {tabel: raw.people}}]\n"),
                file(
                        "no steps",
                        2,
                        "`steps` is empty; list at least one step",
                        "job.yaml",
                        "job: pipeline\nsteps: []\n"));
    }

    static Stream<BadInput> commands() {
        String eda = "job: eda\neda: {table: raw.people}\n";
        return Stream.of(
                command(
                        "a job file there is not",
                        2,
                        "`nowhere.yaml`",
                        "there is no such file",
                        "eda",
                        "--config",
                        "nowhere.yaml"),
                command(
                        "a folder as a job file",
                        2,
                        "The job file `.` is a folder",
                        "Use a file",
                        "eda",
                        "--config",
                        "."),
                command("no job file", 2, "requires a job file", "set `--config FILE`", "eda"),
                command("an unknown option", 2, "--confg", "--config", "eda", "--confg", "x.yaml"),
                file("half an interval", 2, "The interval has only one end", "`--interval-end`", eda)
                        .with("--interval-start", "2026-01-01"),
                file("an interval that ends before it begins", 2, "2026-02-01", "before", eda)
                        .with("--interval-start", "2026-02-01", "--interval-end", "2026-01-01"),
                file("an empty interval", 2, "2026-02-01", "before", eda)
                        .with("--interval-start", "2026-02-01", "--interval-end", "2026-02-01"),
                file("a moment nobody can read", 2, "`--as-of yesterday`", "such as 2026-01-31", eda)
                        .with("--as-of", "yesterday"),
                file("a setting without its value", 2, "`--set eda.sample` has no value", "`--set key.path=value`", eda)
                        .with("--set", "eda.sample"),
                file("a setting of no key", 2, "`eda.smaple` is not a key here", "Did you mean `sample`?", eda)
                        .with("--set", "eda.smaple=10"),
                file("a setting into a text", 2, "--set eda.table.x", "which has no `x`", eda)
                        .with("--set", "eda.table.x=10"),
                command(
                        "a table's name that is none",
                        2,
                        "`people` is not a valid table name",
                        "for example raw.people",
                        "tables",
                        "people"),
                command("no query", 2, "SQL", "--help", "sql"));
    }
}
