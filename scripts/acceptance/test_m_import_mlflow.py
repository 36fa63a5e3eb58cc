"""What a real MLflow server kept is the same after `scripts/registry import-mlflow`, read by MLflow's own client."""

import contextlib
import json
import math
import os
import signal
import subprocess
import sys
import time
import urllib.request

import mlflow
import psycopg
import pytest
from conftest import environment, free_port, script
from mlflow.entities import Dataset, DatasetInput, InputTag, LoggedModelOutput, Metric, Param, RunTag, ViewType
from postgres import postgres

pytestmark = pytest.mark.full  # MLflow's server takes half a minute to start


def wait_for(url, process):
    for _ in range(1200):
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            assert process.poll() is None, "the server ended"
        time.sleep(0.1)
    raise AssertionError(f"{url} did not answer")


@contextlib.contextmanager
def mlflow_server(folder, database):
    """A real server with everything in it; gives its URL."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "mlflow", "server", "--workers", "1", "--host", "127.0.0.1", "--port", str(port),
               "--backend-store-uri", database, "--artifacts-destination", f"{folder}/mlartifacts"]  # fmt: skip
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, env=environment(), start_new_session=True)
    try:
        wait_for(url, process)
        fill(mlflow.MlflowClient(url, registry_uri=url))
        yield url
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


@pytest.fixture(scope="module")
def peer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mlflow")
    with mlflow_server(folder, f"sqlite:///{folder}/mlflow.db") as url:
        yield url, folder


def fill(client):
    for number in range(3):
        experiment = client.create_experiment(f"experiment {number} ä", tags={"team": "risk", "number": str(number)})
        for index in range(4):
            run = client.create_run(experiment, start_time=1000 + index, run_name=f"run {index}").info.run_id
            points = [Metric(f"m{k}", v, 10 + s, s) for k in range(3) for s, v in enumerate([0.5, -1e300, math.nan, math.inf, k])]
            client.log_batch(run, points, [Param("p/x", "ü" * 300), Param("empty", "")], [RunTag("t.1", "v\nw")])
            data = Dataset(f"d{index % 2}", "abc", "local", '{"uri": "x"}', '{"s": 1}', None)
            client.log_inputs(run, [DatasetInput(data, [InputTag("mlflow.data.context", "training")])])
            client.log_text(run, f"content {index}", "notes/a b.txt")
            client.set_terminated(run, "FAILED" if index == 3 else "FINISHED", 2000 + index)
            if index == 2:
                client.delete_run(run)
    client.delete_experiment(experiment)
    run = client.create_run("0").info.run_id
    model = client.create_logged_model("0", name="logged", source_run_id=run, params={"depth": "5"}, tags={"a": "b"}, model_type="x")
    client.log_outputs(run, [LoggedModelOutput(model.model_id, 3)])
    client.log_metric(run, "acc", 0.9, timestamp=5, step=1, model_id=model.model_id)
    client.finalize_logged_model(model.model_id, "READY")
    client.log_text(run, "weights", "model/weights.txt")
    client.create_registered_model("fraud", {"owner": "ada"}, "a model")
    source = client.get_run(run).info.artifact_uri + "/model"
    for _ in range(3):
        client.create_model_version("fraud", source, run, {"v": "1"}, description="one")
    client.transition_model_version_stage("fraud", "2", "Production")
    client.set_registered_model_alias("fraud", "champion", "2")
    client.delete_model_version("fraud", "3")
    client.create_registered_model("it's ours", {"owner": "bob"})
    client.create_model_version("it's ours", source, run)
    client.create_model_version("it's ours", f"runs:/{run}/model", run)


def everything(url, runs_deleted=True):
    """All that the client shows, in an order of its own."""
    client = mlflow.MlflowClient(url, registry_uri=url)
    seen = {}
    experiments = sorted(client.search_experiments(ViewType.ALL), key=lambda e: e.experiment_id)
    seen["experiments"] = [
        (e.experiment_id, e.name, e.artifact_location, e.lifecycle_stage, e.creation_time, e.tags) for e in experiments
    ]
    for run in client.search_runs([e.experiment_id for e in experiments], run_view_type=ViewType.ALL, max_results=1000):
        info = {k: v for k, v in dict(run.info).items()}
        history = {
            key: [(m.step, m.timestamp, repr(m.value)) for m in client.get_metric_history(run.info.run_id, key)]
            for key in sorted(run.data.metrics)
        }
        latest = {k: repr(v) for k, v in sorted(run.data.metrics.items())}
        inputs = sorted(json.dumps(d.to_dictionary(), sort_keys=True) for d in run.inputs.dataset_inputs)
        outputs = [(m.model_id, m.step) for m in run.outputs.model_outputs] if run.outputs else []
        files = {}
        for folder in ("notes", "model"):
            for file in client.list_artifacts(run.info.run_id, folder):
                path = client.download_artifacts(run.info.run_id, file.path)
                files[file.path] = open(path, encoding="utf-8").read()
        seen[run.info.run_id] = (info, run.data.params, run.data.tags, latest, history, inputs, outputs, files)
    for model in client.search_logged_models(["0"]):
        seen[model.model_id] = (
            model.name, model.experiment_id, str(model.status), model.model_type, model.source_run_id, model.params,
            {k: v for k, v in model.tags.items() if k != "mlflow.modelVersions"}, model.artifact_location,
            [(m.key, m.value, m.step, m.timestamp, m.run_id) for m in model.metrics],
        )  # fmt: skip
    for registered in client.search_registered_models():
        seen[registered.name] = (registered.description, registered.tags, dict(registered.aliases), registered.creation_timestamp)
    for version in client.search_model_versions():
        seen[f"{version.name}/{version.version}"] = (
            version.source, version.run_id, version.current_stage, version.description, version.tags,
            version.creation_timestamp, version.last_updated_timestamp,
            client.get_model_version_download_uri(version.name, version.version),
        )  # fmt: skip
    return seen


@pytest.mark.parametrize("how", ["its SQLite file", "its REST API"])
def test_everything_is_the_same_after_the_import(how, peer, tmp_path):
    url, folder = peer
    home = tmp_path / "home"
    expected = everything(url)
    assert len(expected) == 1 + 13 + 1 + 2 + 4  # experiments, runs, logged model, models, versions

    done = script("registry", "import-mlflow", folder / "mlflow.db" if how == "its SQLite file" else url, "--home", home)
    assert "not at hand" not in done.stdout, done.stdout
    try:
        ours = script("registry", "start", "--home", home, "--port", free_port()).stdout.strip()
        found = everything(ours)
        for key, value in expected.items():
            assert found[key] == value, key
        assert found.keys() == expected.keys()
        with urllib.request.urlopen(f"{ours}/model-versions/get-artifact?name=it%27s%20ours&version=2&path=weights.txt") as file:
            assert file.read() == b"weights"  # of a version whose source is runs:/...
        client = mlflow.MlflowClient(ours, registry_uri=ours)
        assert int(client.create_experiment("next")) > max(int(e[0]) for e in expected["experiments"])
        if how == "its SQLite file":  # deleted versions are only in the database; their numbers are not given again
            run = client.create_run("0").info.run_id
            assert client.create_model_version("fraud", f"runs:/{run}/m", run).version == "4"
    finally:
        script("registry", "stop", "--home", home, expect=None)
    again = script("registry", "import-mlflow", folder / "mlflow.db", "--home", home, expect=2)
    assert "import into an empty home" in again.stderr


def test_from_postgresql_into_postgresql(tmp_path):
    home = tmp_path / "home"
    (tmp_path / "server").mkdir()
    with postgres(tmp_path / "server") as databases:
        for name in ("theirs", "ours"):
            with psycopg.connect(f"{databases}/postgres", autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
        theirs = f"{databases}/theirs".replace("postgresql:", "postgresql+psycopg:")  # as SQLAlchemy wants it
        with mlflow_server(tmp_path, theirs) as url:
            expected = everything(url)
        here = ("--home", home, "--database", f"{databases}/ours")
        script("registry", "import-mlflow", theirs, "--artifacts", tmp_path / "mlartifacts", *here)
        try:
            ours = script("registry", "start", *here, "--port", free_port()).stdout.strip()
            found = everything(ours)
            for key, value in expected.items():
                assert found[key] == value, key
            assert found.keys() == expected.keys()
            client = mlflow.MlflowClient(ours, registry_uri=ours)
            run = client.create_run("0").info.run_id
            assert client.create_model_version("fraud", f"runs:/{run}/m", run).version == "4"
        finally:
            script("registry", "stop", "--home", home, expect=None)
