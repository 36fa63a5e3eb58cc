"""The pipeline on a real cluster (a master and two workers in processes of their own) gives what the local run gives,
even when its executors are killed on the way (CONTRACT: what is the same, and how nearly)."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import threading

import mlflow
import pandas
import pytest
from conftest import ROWS, content, free_port, script, tables

# By fits, promised within 1e-6; everything else is equal but for the order in which sums are added up, 1e-9.
OF_A_FIT = {"predictions.fraud", "monitoring.drift_metrics", "monitoring.profile_metrics"}


def executors(state):
    """Process ids of the executors that the cluster's workers started."""
    found = []
    for file in pathlib.Path(state).glob("worker*.pid"):
        listed = subprocess.run(["pgrep", "-P", file.read_text().strip()], capture_output=True, text=True, check=False)
        found += [int(pid) for pid in listed.stdout.split()]
    return found


class Killer(threading.Thread):
    """Kills one executor every few seconds."""

    def __init__(self, state, every):
        super().__init__(daemon=True)
        self.state, self.every = state, every
        self.kills = 0
        self.done = threading.Event()

    def run(self):
        while not self.done.wait(self.every):
            for pid in executors(self.state)[:1]:
                os.kill(pid, signal.SIGKILL)
                self.kills += 1


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    state = tmp_path_factory.mktemp("cluster")
    variables = {"MILLRACE_CLUSTER_DIR": str(state), "MILLRACE_CLUSTER_PORT": "17177"}
    url = script("cluster", "start", "--workers", 2, **variables).stdout.strip()
    yield url, state
    script("cluster", "stop", **variables)


@pytest.fixture
def home(tmp_path):
    home = tmp_path / "home"
    yield home
    script("registry", "stop", "--home", home, expect=None)
    shutil.rmtree(home, ignore_errors=True)


def assert_same_tables(one, other):
    ours, theirs = tables(one), tables(other)
    assert list(ours) == list(theirs)
    for name, folder in ours.items():
        within = 1e-6 if name in OF_A_FIT else 1e-9
        expected, seen = content(folder), content(theirs[name])
        pandas.testing.assert_frame_equal(seen, expected, rtol=within, atol=within, obj=name)


def metrics(url, run):
    values = mlflow.MlflowClient(url, registry_uri=url).get_run(run).data.metrics
    return {name: value for name, value in values.items() if "second" not in name and "rows_per" not in name}


def rows(steps):
    return {name: (step.get("rows_in"), step.get("rows_out")) for name, step in steps.items()}


def run_on(cluster, home, port, every):
    master, state = cluster
    killer = Killer(state, every) if every else None
    if killer:
        killer.start()
    try:
        script("quickstart", "--home", home, "--rows", ROWS, "--port", port, "--master", master, timeout=1800)
    finally:
        if killer:
            killer.done.set()
            killer.join()
    return killer.kills if killer else 0


@pytest.mark.parametrize("every", [pytest.param(None, marks=pytest.mark.full), 12], ids=["whole", "executors-killed"])
def test_a_cluster_gives_what_one_machine_gives(every, cluster, quickstart, home):
    port = free_port()

    kills = run_on(cluster, home, port, every)

    assert kills >= 3 or not every
    document = json.loads((home / "logs/quickstart.json").read_text())
    steps = {step["step"]: step for step in document["steps"]}
    local = quickstart.steps()
    assert rows(steps) == rows(local)
    assert_same_tables(quickstart.home, home)
    for step in ("train", "evaluate"):
        ours = metrics(quickstart.url, local[step]["run_id"])
        theirs = metrics(f"http://127.0.0.1:{port}", steps[step]["run_id"])
        assert theirs == pytest.approx(ours, rel=1e-6), step
