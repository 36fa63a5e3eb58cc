"""The handbook's 1.75 million payments: features equal the golden file, the forest is as good as it should be."""

import gzip
import json
import time

import duckdb
import mlflow
import pandas
import pytest
from conftest import ROOT, commits, free_port, home_in, script, shared, tables
from duckdb_extensions import import_extension

pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    port = free_port()
    for home in home_in(tmp_path_factory.mktemp("card-fraud")):
        command = [
            "quickstart", "--data", shared("card-fraud/transactions"),
            "--config", ROOT / "conf/card-fraud/pipeline.yaml", "--home", home, "--port", port,
        ]  # fmt: skip
        begun = time.monotonic()
        script(*command, timeout=3600)
        print(f"card-fraud: {time.monotonic() - begun:.0f} s")
        steps = {s["step"]: s for s in json.loads((home / "logs/quickstart.json").read_text())["steps"]}
        yield home, steps, f"http://127.0.0.1:{port}", command


def test_windowed_features_equal_the_golden_file(story):
    home = story[0]
    with gzip.open(shared("card-fraud/expected-features.csv.gz"), "rt") as text:
        golden = pandas.read_csv(text)
    import_extension("delta")
    duck = duckdb.connect()
    duck.execute("LOAD delta")
    customer, terminal = (tables(home)[f"features.card_fraud_{entity}"] for entity in ("customer", "terminal"))
    features = (
        duck.execute(
            f"SELECT * FROM delta_scan('{customer}') c JOIN delta_scan('{terminal}') t USING (transaction_id) "
            "SEMI JOIN golden USING (transaction_id) ORDER BY transaction_id"
        )
        .df()
        .set_index("transaction_id")
    )
    golden = golden.set_index("transaction_id").sort_index()
    names = [n for n in golden if n.startswith(("cust_", "term_")) or n in ("weekend", "night")]

    assert len(names) == 14
    assert len(features) == len(golden) > 5000
    for name in names:
        exact = "_n_" in name or name in ("weekend", "night")
        pandas.testing.assert_series_equal(
            features[name].astype("float64"), golden[name].astype("float64"), rtol=0 if exact else 1e-12, atol=0
        )


def test_the_forest_reaches_what_it_should(story):
    _, steps, url, _ = story
    client = mlflow.MlflowClient(url, registry_uri=url)

    best = client.get_run(steps["train"]["run_id"]).data.metrics
    little = client.get_run(steps["train-baseline"]["run_id"]).data.metrics

    print({name: best[name] for name in best if "average_precision" in name})
    assert best["test_average_precision"] >= 0.70
    assert best["test_average_precision_low"] < best["test_average_precision"] < best["test_average_precision_high"]
    assert little["test_average_precision"] == pytest.approx(0.1883, abs=0.002)


def test_every_row_is_scored_and_a_second_run_does_nothing(story):
    home, steps, _, command = story
    before = commits(home)

    done = script(*command)

    assert steps["ingest"]["rows_out"] == steps["score"]["rows_out"] == 1_754_155
    assert "Nothing changed" in done.stdout
    assert commits(home) == before
