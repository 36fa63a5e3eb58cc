"""scripts/quickstart tells the whole story once, and a second run has nothing to tell."""

import mlflow
from conftest import commits, script


def run_ids(url):
    client = mlflow.MlflowClient(url)
    experiments = [e.experiment_id for e in client.search_experiments()]
    return {run.info.run_id for run in client.search_runs(experiments, max_results=1000)}


def test_every_stage_did_something(quickstart):
    steps = quickstart.document["steps"]

    assert quickstart.document["status"] == "done"
    assert {s["status"] for s in steps} <= {"done", "up-to-date"}
    assert {s["job"] for s in steps} >= {
        "generate", "ingest", "eda", "dedup", "features", "training-set", "train", "evaluate", "register", "promote",
        "score", "monitor", "retrain",
    }  # fmt: skip


def test_a_second_run_writes_no_row_and_says_so(quickstart):
    before, runs = commits(quickstart.home), run_ids(quickstart.url)

    done = quickstart.run()

    assert [s["step"] for s in quickstart.document["steps"] if s["status"] != "up-to-date"] == []
    assert "Nothing changed" in done.stdout
    assert commits(quickstart.home) == before
    assert run_ids(quickstart.url) == runs


def test_a_taken_port_is_named(quickstart, tmp_path):
    done = script("registry", "start", "--home", tmp_path / "other", "--port", quickstart.port, expect=2)

    assert str(quickstart.port) in done.stderr
    assert not (tmp_path / "other/registry/server.json").exists()
