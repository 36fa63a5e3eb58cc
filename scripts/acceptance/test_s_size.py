"""Size without size: the same rows in a handful of files and in very many, on a driver that may take little.

Each job must give on the second what it gives on the first, whatever the order of rows, the number of partitions,
columns and commits. `spark.driver.maxResultSize` holds all that tasks send to the driver in one job together.
"""

import os

import numpy
import pyarrow
import pyarrow.csv
import pytest
import synthetic
from conftest import content, millrace, tables

# Not in the short form until it has been timed on a free machine.
pytestmark = pytest.mark.full

FULL = os.environ.get("MILLRACE_SIZE_FULL") == "1"
FILES, ROWS, LIMIT = (2_000, 400_000, "64m") if FULL else (200, 60_000, "16m")
NUMBERS = 24
MANY = [
    *("--conf", f"spark.driver.maxResultSize={LIMIT}"),
    *("--conf", "spark.sql.files.openCostInBytes=134217728"),  # every file is a partition
    *("--conf", "spark.sql.shuffle.partitions=7"),
]
OF_THE_HOME = ["model_name", "score_owner"]  # hold the path of the model
COLUMNS = "[" + ", ".join(f"x{i}" for i in range(NUMBERS)) + "]"

STORY = f"""
job: pipeline
steps:
  - {{name: eda, job: eda, config: {{table: raw.pay, slices: channel, report: "off"}}}}
  - name: train
    job: train
    config:
      table: raw.pay
      label: y
      positive-class: 1
      features: {{numeric: {COLUMNS}, categorical: [channel]}}
      algorithm: logistic-regression
      params: {{max-iter: 20}}
      split: {{by: hash, columns: id}}
      slices: [channel]
"""
AFTER = """
job: pipeline
steps:
  - {name: score, job: score, config: {model: MODEL, input: raw.pay, output: predictions.pay, keys: id, time-column: at}}
  - {name: evaluate, job: evaluate, config: {model: MODEL, table: raw.pay, slices: channel}}
  - name: monitor
    job: monitor
    config:
      model: MODEL
      inputs: raw.pay
      predictions: predictions.pay
      time-column: at
      granularity: 7d
      slices: channel
      labels: {table: raw.pay, keys: id, column: y}
"""


def run(home, text, *spark):
    file = home / "pipeline.yaml"
    file.write_text(text)
    return millrace("pipeline", "--config", file, "--home", home, *spark)["steps"]


def story(home, *spark):
    """Runs both halves and gives the measures of training and evaluation."""
    first = run(home, STORY, *spark)
    run_id = first[1]["run_id"]
    model = next((home / "spool" / run_id / "artifacts").glob("**/MLmodel")).parent
    second = run(home, AFTER.replace("MODEL", str(model)), *spark)
    return [
        (step["step"], step["rows_in"], step["rows_out"], {k: v for k, v in step["details"].items() if k != "model"})
        for step in [*first, *second]
    ]


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    """One home with few large files in order, one with very many small ones shuffled; both with all tables made."""
    rows = synthetic.payments(ROWS, NUMBERS)
    calm, busy = tmp_path_factory.mktemp("calm"), tmp_path_factory.mktemp("busy")
    synthetic.write(calm / "lake/raw/pay", rows, files=4)
    synthetic.write(busy / "lake/raw/pay", synthetic.shuffled(rows), files=FILES)
    return calm, busy, story(calm), story(busy, *MANY)


def test_measures_are_those_of_the_small_table(homes):
    _, _, calm, busy = homes

    assert calm == busy


@pytest.mark.parametrize("table", ["predictions.pay", "monitoring.profile_metrics", "monitoring.drift_metrics"])
def test_tables_are_those_of_the_small_table(homes, table):
    calm, busy = (content(tables(home)[table]).drop(columns=OF_THE_HOME, errors="ignore") for home in homes[:2])

    assert len(calm) > 0
    differing = []
    for name in calm.columns:
        a, b = calm[name], busy[name]
        if a.dtype.kind == "f":
            if not numpy.allclose(a, b, rtol=1e-9, atol=1e-9, equal_nan=True):
                differing.append(name)
        elif not a.astype(str).equals(b.astype(str)):
            differing.append(name)
    assert not differing


PREPARATION = """
job: pipeline
steps:
  - name: ingest
    job: ingest
    config:
      path: LANDING
      output: raw.events
      schema: {id: long, at: timestamp, customer: long, channel: string, x0: double, x1: double, y: int}
      not-null: [id, at]
  - {name: dedup, job: dedup, config: {input: raw.events, output: clean.events, keys: id}}
  - name: transform
    job: transform
    config:
      inputs: {events: clean.events}
      expressions: {twice: x0 * 2, place: upper(channel)}
      output: derived.events
  - name: labels
    job: transform
    config: {inputs: {events: clean.events}, sql: "SELECT id, y FROM events", output: derived.labels}
  - name: examples
    job: training-set
    config:
      spine: {table: derived.events, columns: [id, at, customer, twice, place, x1]}
      key: id
      time-column: at
      labels: {table: derived.labels, column: y}
      windows:
        - source: derived.events
          entity: customer
          time-column: at
          key: id
          windows: [1d]
          features: [{name: n, aggregate: count}, {name: s, aggregate: sum, column: x0}]
      split: {by: hash, columns: id}
      output: training_sets.events
  - name: tune
    job: tune
    config:
      train:
        table: training_sets.events
        label: y
        positive-class: 1
        features: {numeric: [twice, x1, n, s], categorical: [place]}
        algorithm: logistic-regression
        split: {by: column}
      metric: log_loss
      search: {by: grid, space: {reg-param: {values: [0.0, 0.01]}}}
"""


def prepare(folder, rows, files, *spark):
    """Files of CSV up to the winner of a search; what each step says of itself."""
    landing = folder / "landing"
    landing.mkdir(parents=True)
    for number, part in enumerate(numpy.array_split(numpy.arange(len(rows)), files)):
        pyarrow.csv.write_csv(rows.slice(part[0], len(part)), landing / f"{number:05d}.csv")
    steps = run(folder, PREPARATION.replace("LANDING", str(landing)), *spark)
    measured = {k: v for k, v in steps[-1]["details"].items() if k.startswith(("validation", "test", "best"))}
    return [(step["step"], step["rows_in"], step["rows_out"]) for step in steps], measured


def test_preparation_and_a_search_do_not_depend_on_the_order_of_rows_and_the_number_of_files(tmp_path):
    rows = synthetic.payments(ROWS, 2)
    rows = pyarrow.concat_tables([rows, rows.slice(0, ROWS // 100)])  # duplicates
    calm = prepare(tmp_path / "calm", rows, 4)
    busy = prepare(tmp_path / "busy", synthetic.shuffled(rows), FILES, *MANY)

    assert calm == busy
    assert calm[1]
    for name in ("raw.events", "clean.events", "derived.events", "training_sets.events"):
        one, other = (content(tables(tmp_path / home)[name]) for home in ("calm", "busy"))
        assert len(one) >= ROWS
        assert one.equals(other), name


FEATURES = """
job: features
features:
  source: raw.pay
  entity: customer
  time-column: at
  output: features.customer
  windows: [1d, 7d]
  features:
    - {name: n, aggregate: count}
    - {name: s, aggregate: sum, column: x0}
    - {name: last, aggregate: last, column: channel}
  keep: [id]
"""


def test_features_of_an_entity_with_half_of_the_events_do_not_depend_on_the_order_of_rows(tmp_path):
    rows = synthetic.payments(20_000 if not FULL else 400_000, 2, hot=0.5, days=3)
    found = []
    for name, files, order in (("calm", 1, rows), ("busy", 60, synthetic.shuffled(rows))):
        home = tmp_path / name
        synthetic.write(home / "lake/raw/pay", order, files=files)
        (home / "job.yaml").write_text(FEATURES)
        spark = [] if name == "calm" else MANY
        millrace("features", "--config", home / "job.yaml", "--home", home, *spark)
        found.append(content(tables(home)["features.customer"]))

    assert found[0].equals(found[1])


def test_five_thousand_columns_are_profiled_on_a_small_driver(tmp_path):
    width, rows = (5_000, 400) if FULL else (1_500, 200)
    synthetic.write(tmp_path / "lake/raw/wide", synthetic.payments(rows, width), files=20)
    (tmp_path / "job.yaml").write_text('job: eda\neda: {table: raw.wide, correlations: "off", report: "off"}\n')

    millrace("eda", "--config", tmp_path / "job.yaml", "--home", tmp_path, *MANY)

    metrics = content(tables(tmp_path)["monitoring.profile_metrics"])
    assert set(metrics.column_name) >= {f"x{i}" for i in range(width)}


@pytest.mark.full
def test_twenty_thousand_commits_are_not_read_again(tmp_path):
    rows = synthetic.payments(2_000, 2)
    synthetic.write(tmp_path / "lake/raw/pay", rows, files=2_000, commits=20_000)
    (tmp_path / "job.yaml").write_text("job: dedup\ndedup: {input: raw.pay, output: clean.pay, keys: id}\n")
    command = ["dedup", "--config", tmp_path / "job.yaml", "--home", tmp_path]

    first = millrace(*command, "--as-of", "2026-01-01T01:00:00Z")
    again = millrace(*command, "--as-of", "2026-01-01T01:00:00Z")

    assert (first["status"], first["rows_in"], again["status"]) == ("done", 361, "up-to-date")
