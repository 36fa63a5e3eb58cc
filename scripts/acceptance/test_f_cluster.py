"""The pipeline on a real cluster (a master and two workers in processes of their own) gives what the local run gives,
even when its executors are killed on the way (CONTRACT: what is the same, and how nearly)."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import threading

import mlflow
import pandas
import pytest
from conftest import ROOT, ROWS, content, free_port, script, tables

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
    variables = {"MILLRACE_CLUSTER_DIR": str(state), "MILLRACE_CLUSTER_PORT": str(free_port())}
    url = script("cluster", "start", "--workers", 2, **variables).stdout.strip()
    yield url, state
    script("cluster", "stop", **variables)


def assert_same_tables(one, other, but=()):
    """The tables of `other` are those of `one`, except for those named, to which later steps of `one` have added."""
    ours, theirs = tables(one), tables(other)
    assert set(theirs) <= set(ours)
    for name, folder in theirs.items():
        if name in but:
            continue
        within = 1e-6 if name in OF_A_FIT else 1e-9
        pandas.testing.assert_frame_equal(content(folder), content(ours[name]), rtol=within, atol=within, obj=name)


def metrics(url, run):
    values = mlflow.MlflowClient(url, registry_uri=url).get_run(run).data.metrics
    return {name: value for name, value in values.items() if "second" not in name and "rows_per" not in name}


def rows(steps):
    return {name: (step.get("rows_in"), step.get("rows_out")) for name, step in steps.items()}


def run_on(cluster, home, story, port, every):
    """Runs a pipeline on the cluster, killing an executor every so many seconds; how many were killed."""
    master, state = cluster
    killer = Killer(state, every) if every else None
    if killer:
        killer.start()
    try:
        script(
            "quickstart", "--home", home, "--config", story, "--master", master, "--port", port, timeout=1800
        )  # fmt: skip
    finally:
        if killer:
            killer.done.set()
            killer.join()
    return killer.kills if killer else 0


def story(first, last, home, folder, rows=ROWS, days=116):
    """The example's pipeline from one step to another, for a home of its own."""
    for file in (ROOT / "conf/fraud").glob("*.yaml"):
        job = file.read_text().replace("${rows:500000}", str(rows))
        if days < 116:
            job = re.sub(r"days: 116\n *drift: .*", f"days: {days}", job)
        (folder / file.name).write_text(job.replace("${landing:.millrace/landing}", f"{home}/landing"))
    lines = (ROOT / "conf/fraud/pipeline.yaml").read_text().splitlines(keepends=True)
    begin = lines.index("steps:\n") + 1
    start, stop = (next(i for i, line in enumerate(lines) if f"{{name: {step}," in line) for step in (first, last))
    # Spark's own numbers of partitions are for clusters of many cores; with them this takes three times as long.
    settings = 'spark: {conf: {spark.sql.shuffle.partitions: "8", spark.databricks.delta.snapshotPartitions: "2"}}\n'
    (folder / "pipeline.yaml").write_text(settings + "".join(lines[:begin] + lines[start : stop + 1]))
    return folder / "pipeline.yaml"


@pytest.mark.full  # the short form is test_f_yarn's
@pytest.mark.parametrize(
    ("begin", "end", "every"),
    [("training-set", "train", 20), ("generate", "evaluate", None), ("generate", "evaluate", 12)],
)
def test_a_cluster_gives_what_one_machine_gives(begin, end, every, cluster, quickstart, home, tmp_path):
    port = free_port()
    whole = begin == "generate"
    if not whole:
        for schema in ("raw", "clean", "features"):
            shutil.copytree(quickstart.home / "lake" / schema, home / "lake" / schema)

    kills = run_on(cluster, home, story(begin, end, home, tmp_path), port, every)

    print(f"{kills} executors were killed")
    assert kills >= (3 if whole else 1) or not every
    steps = {step["step"]: step for step in json.loads((home / "logs/quickstart.json").read_text())["steps"]}
    local = {name: step for name, step in quickstart.steps().items() if name in steps}
    assert len(steps) == (18 if whole else 2)
    assert rows(steps) == rows(local)
    assert_same_tables(quickstart.home, home)
    for step in {"train", "evaluate"} & set(steps):
        ours = metrics(quickstart.url, local[step]["run_id"])
        theirs = metrics(f"http://127.0.0.1:{port}", steps[step]["run_id"])
        assert theirs == pytest.approx(ours, rel=1e-6), step
