"""A job killed in the middle of its write and run again leaves what an undisturbed job leaves."""

import os
import pathlib
import random
import shutil
import signal
import subprocess
import time

import deltalake
import mlflow
import pandas
import pytest
from conftest import ROOT, content, environment, script, tables

KILLS = 10
SEED = int(os.environ.get("MILLRACE_KILL_SEED", "20261124"))


@pytest.fixture(scope="module")
def model(quickstart, tmp_path_factory):
    """The champion as a folder, so that scoring needs no registry."""
    client = mlflow.MlflowClient(quickstart.url, registry_uri=quickstart.url)
    version = client.get_model_version_by_alias("fraud", "champion")
    return client.download_artifacts(version.run_id, "model", str(tmp_path_factory.mktemp("champion")))


def arguments(job, home, story, model):
    fraud = ROOT / "conf/fraud"
    return {
        "ingest": ["ingest", "--config", fraud / "ingest-transactions.yaml", "--set", f"landing={story.home}/landing"],
        "features": ["features", "--config", fraud / "features-customer.yaml"],
        "score": ["score", "--config", fraud / "score.yaml", "--set", f"score.model={model}"],
    }[job] + ["--home", home]


OUTPUTS = {"ingest": "raw.transactions", "features": "features.customer_daily", "score": "predictions.fraud"}


def prepare(home, story, output):
    """A home with the quickstart's lake as it was before the job: without its output."""
    shutil.copytree(story.home / "lake", home / "lake", ignore=shutil.ignore_patterns("_runs", "quarantine"))
    shutil.rmtree(home / "lake" / pathlib.Path(*output.split(".")))


def size(folder):
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) if folder.exists() else 0


def kill_while_writing(command, folder, wait):
    """Starts a job, lets it write for `wait` seconds after its first byte, kills it; False if it was faster."""
    before = size(folder)
    with subprocess.Popen(
        list(map(str, command)), cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as job:
        while job.poll() is None and size(folder) == before:
            time.sleep(0.005)
        time.sleep(wait)
        if job.poll() is not None:
            assert job.returncode == 0
            return False
        job.send_signal(signal.SIGKILL)
        return True


@pytest.mark.parametrize(
    ("job", "kills"),
    [
        ("ingest", 2),
        pytest.param("ingest", KILLS, marks=pytest.mark.full),
        pytest.param("features", KILLS, marks=pytest.mark.full),
        pytest.param("score", KILLS, marks=pytest.mark.full),
    ],
)
def test_killed_and_run_again_is_as_never_killed(job, kills, quickstart, model, tmp_path):
    moments = random.Random(SEED)
    output = OUTPUTS[job]
    troubled = tmp_path / "home"
    prepare(troubled, quickstart, output)
    calm = quickstart.home
    if job == "score":  # the quickstart has scored by two models; this is by one
        calm = tmp_path / "calm"
        prepare(calm, quickstart, output)
        script("millrace", *arguments(job, calm, quickstart, model))
    expected = content(tables(calm)[output])
    folder = troubled / "lake" / pathlib.Path(*output.split("."))
    command = [ROOT / "scripts/millrace", *arguments(job, troubled, quickstart, model)]

    killed = 0
    while killed < kills:
        killed += kill_while_writing(command, folder, moments.uniform(0, 1.5))
        if (folder / "_delta_log").exists() and list((folder / "_delta_log").glob("*.json")):
            # All of the job or nothing of it: a reader never sees a part.
            assert len(deltalake.DeltaTable(str(folder)).to_pyarrow_table()) in (0, len(expected))
            if killed < kills:  # the write was over: take it back, so that the next kill hits one as well
                shutil.rmtree(folder)
    script("millrace", *command[1:])

    pandas.testing.assert_frame_equal(content(folder), expected, obj=f"{output} (seed {SEED})")
    shutil.rmtree(tmp_path, ignore_errors=True)
