"""What docs/your-own-data.md promises: two real sets go from file to scored table by one short file each."""

import gzip
import json
import re

import mlflow
import pytest
from conftest import ROOT, free_port, home_in, millrace, script, shared

# Baselines: scikit-learn's histogram gradient boosting on the same split (BASELINES.md of the shared data).
SETS = {
    "census": {
        "file": "adult/adult.csv.gz",
        "predictions": "predictions.census",
        "key": "row_id",
        "near": {"test_auc": (0.9271, 0.01), "test_average_precision": (0.8249, 0.015)},
        "answers": {"<=50K", ">50K"},
    },
    "bike-sharing": {
        "file": "bike-sharing/hour.csv.gz",
        "predictions": "predictions.bike_hours",
        "key": "instant",
        "near": {"test_r2": (0.8859, 0.03), "test_rmse": (73.54, 8)},
        "answers": None,
    },
}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    yield from home_in(tmp_path_factory.mktemp("own-data"))


@pytest.fixture(scope="module")
def port():
    return free_port()


def pipeline(name):
    return ROOT / "conf" / name / "pipeline.yaml"


@pytest.mark.parametrize("name", SETS)
def test_a_pipeline_is_forty_lines_at_most(name):
    lines = pipeline(name).read_text().splitlines()

    assert len(lines) <= 40
    assert max(map(len, lines)) <= 120
    assert not re.search(r"config: *[^ {]+\.yaml", pipeline(name).read_text()), "needs no further file"


def test_the_guide_shows_the_pipeline_that_runs():
    guide = (ROOT / "docs/your-own-data.md").read_text()
    shown = re.search(r"## 2\. .*?```yaml\n(.*?)```", guide, re.DOTALL).group(1)

    assert without_remarks(shown) == without_remarks(pipeline("bike-sharing").read_text())


def without_remarks(text):
    stripped = (re.sub(r"(^|\s+)# .*", "", line).rstrip() for line in text.splitlines())
    return [line for line in stripped if line]


@pytest.mark.full
@pytest.mark.parametrize("name", SETS)
def test_from_file_to_scored_table(name, home, port):
    about = SETS[name]
    data = shared(about["file"])
    with gzip.open(data, "rt", encoding="utf-8") as text:
        rows = sum(1 for _ in text) - 1

    script("quickstart", "--data", data, "--config", pipeline(name), "--home", home, "--port", port)

    steps = {s["step"]: s for s in json.loads((home / "logs/quickstart.json").read_text())["steps"]}
    assert {s["status"] for s in steps.values()} == {"done"}
    assert steps["ingest"]["rows_out"] == rows
    query = f"SELECT count(*) n, count(DISTINCT {about['key']}) k, collect_set(prediction) a FROM {about['predictions']}"
    (scored,) = millrace("sql", query, "--home", home)
    assert (scored["n"], scored["k"]) == (rows, rows)
    if about["answers"]:
        assert set(scored["a"]) == about["answers"]

    url = f"http://127.0.0.1:{port}"
    client = mlflow.MlflowClient(url, registry_uri=url)
    champion = client.get_model_version_by_alias(name, "champion")
    assert champion.run_id == steps["train"]["run_id"]
    metrics = client.get_run(champion.run_id).data.metrics
    for metric, (baseline, within) in about["near"].items():
        assert metrics[metric] == pytest.approx(baseline, abs=within), metric
