"""Jobs also work with MLflow's own server, which gives runs ids of its own and knows nothing of drift."""

import os
import subprocess
import time
import urllib.request

import mlflow
import pytest
from conftest import ROOT, environment, free_port, millrace

FRAUD = ROOT / "conf/fraud"


@pytest.fixture
def plain(tmp_path):
    port = free_port()
    command = [
        os.environ["MILLRACE_PYTHON"], "-m", "mlflow", "server", "--port", str(port), "--workers", "1",
        "--backend-store-uri", f"sqlite:///{tmp_path}/mlflow.db", "--artifacts-destination", str(tmp_path / "artifacts"),
    ]  # fmt: skip
    with open(tmp_path / "mlflow.log", "w") as log, subprocess.Popen(
        command, cwd=tmp_path, env=environment(), stdout=log, stderr=log
    ) as server:
        url = f"http://127.0.0.1:{port}"
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{url}/health", timeout=1)
                break
            except OSError:
                time.sleep(0.5)
        yield url
        server.terminate()


@pytest.mark.full
def test_the_whole_story_on_a_plain_mlflow_server(plain, home):
    where = {"MLFLOW_TRACKING_URI": plain}
    example = ["--home", home, "--set", "rows=30000", "--set", f"landing={home}/landing"]

    millrace("pipeline", "--config", FRAUD / "pipeline.yaml", *example, **where)
    millrace("tune", "--config", FRAUD / "tune.yaml", *example, "--set", "tune.search.trials=2", **where)

    client = mlflow.MlflowClient(plain, registry_uri=plain)
    champion = client.get_model_version_by_alias("fraud", "champion")
    assert client.list_artifacts(champion.run_id, "model")
    runs = client.search_runs([client.get_experiment_by_name("fraud").experiment_id], max_results=200)
    assert {run.info.status for run in runs} == {"FINISHED"}
    ids = {run.info.run_id for run in runs}
    parents = {run.data.tags["mlflow.parentRunId"] for run in runs if "mlflow.parentRunId" in run.data.tags}
    assert parents and parents <= ids
    assert {"tune", "retrain"} <= {run.data.tags["millrace.job"] for run in runs if run.info.run_id in parents}
