"""Jobs on YARN with HDFS, in both deploy modes: the tables of the local run, and an application that ends as its job did."""

import json
import os
import pathlib
import random
import signal
import subprocess
import threading
import time

import deltalake
import pandas
import pytest
from conftest import ROOT, environment, free_port, script
from hadoop import APPLICATION, yarn  # noqa: F401: a fixture
from test_f_cluster import assert_same_tables, cluster, metrics, rows, story  # noqa: F401: a fixture

MASTER = "org.apache.spark.deploy.yarn.ApplicationMaster"  # of cluster mode; in client mode its name is ExecutorLauncher
EXECUTOR = "YarnCoarseGrainedExecutorBackend"


@pytest.fixture
def registry(tmp_path_factory):
    home, port = tmp_path_factory.mktemp("registry"), free_port()
    script("registry", "start", "--home", home, "--port", port)
    yield f"http://127.0.0.1:{port}"
    script("registry", "stop", "--home", home)


class Story:
    """The example's pipeline on HDFS: its job files, its home, its landing files."""

    def __init__(self, yarn, registry, name, first, last, folder, **how):
        self.yarn, self.registry, self.folder = yarn, registry, folder
        self.home = f"hdfs:///{name}/home"
        files = folder / name
        files.mkdir()
        story(first, last, self.home, files, **how)
        yarn.put(files, f"/{name}/conf")
        self.file = f"hdfs:///{name}/conf/pipeline.yaml"
        self.name = name

    def arguments(self):
        return (
            "pipeline", "--config", self.file, "--home", self.home, "--set", f"tracking.uri={self.registry}",
            "--result", f"hdfs:///{self.name}/result.json",
        )  # fmt: skip

    def run(self, mode, **how):
        application, _ = self.yarn.run(mode, *self.arguments(), timeout=3000, **how)
        return application

    def fetched(self):
        """A copy of its home here."""
        folder = pathlib.Path(self.folder) / f"fetched-{self.name}"
        self.yarn.get(f"/{self.name}/home/lake", folder / "lake")
        return folder

    def steps(self):
        document = self.yarn.document(f"/{self.name}/result.json", self.folder)
        return {step["step"]: step for step in document["steps"]}

    def assert_equals(self, quickstart):
        """Tables, row counts and metrics are those of the local run."""
        fetched = self.fetched()
        steps = self.steps()
        local = {name: step for name, step in quickstart.steps().items() if name in steps}
        assert rows(steps) == rows(local)
        assert_same_tables(quickstart.home, fetched)
        for step in {"train", "evaluate"} & set(steps):
            ours = metrics(quickstart.url, local[step]["run_id"])
            theirs = metrics(self.registry, steps[step]["run_id"])
            assert theirs == pytest.approx(ours, rel=1e-6), step
        return steps


FEW = {"rows": 3_000, "days": 10}


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """A home in which the first steps ran on this machine's cores."""
    folder = tmp_path_factory.mktemp("local")
    run_here(folder, "local[*]")
    return folder / "home"


def run_here(folder, master):
    file = story("generate", "ingest", folder / "home", folder, **FEW)
    script("millrace", "pipeline", "--config", file, "--home", folder / "home", "--master", master)


def test_standalone_gives_what_the_same_job_files_give_here(local, cluster, tmp_path):  # noqa: F811
    run_here(tmp_path, cluster[0])

    assert_same_tables(local, tmp_path / "home")


@pytest.mark.parametrize("mode", ["client", "cluster"])
def test_yarn_gives_what_the_same_job_files_give_here(mode, local, yarn, registry, tmp_path):  # noqa: F811
    told = Story(yarn, registry, f"short-{mode}", "generate", "ingest", tmp_path, **FEW)

    application = told.run(mode)

    assert yarn.status(application) == ("FINISHED", "SUCCEEDED", 1)
    assert [step["status"] for step in told.steps().values()] == ["done"] * 2
    assert_same_tables(local, told.fetched())


@pytest.mark.full
@pytest.mark.parametrize("mode", ["client", "cluster"])
def test_the_whole_story(mode, yarn, registry, quickstart, tmp_path):  # noqa: F811
    told = Story(yarn, registry, f"whole-{mode}", "generate", "evaluate", tmp_path)

    application = told.run(mode)

    assert yarn.status(application) == ("FINISHED", "SUCCEEDED", 1)
    assert len(told.assert_equals(quickstart)) == 18


def test_a_refused_job_fails_once_with_its_code_and_its_result(yarn, tmp_path):  # noqa: F811
    refused(yarn, tmp_path, 2, "generate", {"generate": {"rowz": 10}})


@pytest.mark.full
@pytest.mark.parametrize(
    ("code", "job", "section", "more"),
    [
        (3, "eda", {"table": "raw.missing"}, {}),
        (4, "ingest", {
            "path": "hdfs:///refused/few.csv", "output": "raw.many", "schema": {"id": "long"},
            "rules": [{"name": "positive", "column": "id", "where": "id > 0"}], "max-quarantined": 0.1,
        }, {}),
        (6, "promote", {"model": "fraud", "version": 1}, {"tracking": {"uri": "http://127.0.0.1:1"}}),
        (7, "score", {
            "model": "hdfs:///refused/no-model", "input": "raw.few", "output": "predictions.few", "keys": ["id"],
        }, {}),
    ],
)  # fmt: skip
def test_every_refusal(code, job, section, more, yarn, tmp_path):  # noqa: F811
    few = tmp_path / "few.csv"
    few.write_text("id\n1\n-2\n")
    yarn.put(few, "/refused/few.csv")
    deltalake.write_deltalake(tmp_path / "few", pandas.DataFrame({"id": [1, 2]}))
    yarn.put(tmp_path / "few", f"/refused-{code}/home/lake/raw/few")
    refused(yarn, tmp_path, code, job, {job: section, **more})


@pytest.mark.full
def test_a_promotion_that_its_gate_refuses(yarn, quickstart, tmp_path):  # noqa: F811
    """Exit code 5."""
    refused(
        yarn, tmp_path, 5, "promote",
        {"promote": {"model": "fraud", "version": 1, "min": {"test_average_precision": 1.1}}},
        "--set", f"tracking.uri={quickstart.url}",
    )  # fmt: skip


def refused(yarn, folder, code, job, section, *options):  # noqa: F811
    file = folder / "job.yaml"
    file.write_text(json.dumps({"job": job, **section}))
    name = f"refused-{code}"
    yarn.put(file, f"/{name}/job.yaml")
    application, _ = yarn.run(
        "cluster", job, "--config", f"hdfs:///{name}/job.yaml", "--home", f"hdfs:///{name}/home", "--result",
        f"hdfs:///{name}/result.json", *options, expect=1,
    )  # fmt: skip
    document = yarn.document(f"/{name}/result.json", folder)
    assert (document["status"], document["exit"]) == ("failed", code), document
    assert yarn.status(application)[1:] == ("FAILED", 1), yarn.logs(application)[-4000:]
    assert "bug" not in document["message"]


def submitted(yarn, told, mode, lines):  # noqa: F811
    """Starts a story and gives its process; what it prints goes to `lines`."""
    command = [str(ROOT / "scripts/millrace"), *map(str, yarn.command(mode, *told.arguments()))]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment(**yarn.variables), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    threading.Thread(target=lambda: lines.extend(process.stderr), daemon=True).start()
    return process


@pytest.mark.full
def test_application_masters_and_executors_are_killed_at_random(yarn, registry, quickstart, tmp_path):  # noqa: F811
    told = Story(yarn, registry, "killed", "generate", "train", tmp_path)
    moments = random.Random(2026)
    kills = []
    while len(kills) < 5:
        lines = []
        process = submitted(yarn, told, "cluster", lines)
        while not yarn.containers(MASTER) and process.poll() is None:
            time.sleep(0.2)
        wait = moments.uniform(5, 45)
        time.sleep(wait / 2)
        for pid in yarn.containers(EXECUTOR)[:1]:
            os.kill(pid, signal.SIGKILL)
        time.sleep(wait / 2)
        masters = yarn.containers(MASTER)
        for pid in masters:
            os.kill(pid, signal.SIGKILL)
        process.wait(600)
        if not masters:
            break  # it was faster
        kills.append(wait)
        application = APPLICATION.findall("".join(lines))[-1]
        assert yarn.status(application)[1:] == ("FAILED", 1)

    told.run("cluster")

    print(f"killed after {kills} s")
    assert len(kills) >= 3
    assert_same_tables(quickstart.home, told.fetched(), but={"monitoring.profile_metrics"})


@pytest.mark.full
@pytest.mark.parametrize("mode", ["client", "cluster"])
def test_yarn_kills_the_application(mode, yarn, registry, quickstart, tmp_path):  # noqa: F811
    """The client's side ends as interrupted, and the next run completes."""
    told = Story(yarn, registry, f"stopped-{mode}", "generate", "dedup", tmp_path)
    lines = []
    deadline = time.monotonic() + 180
    while yarn.containers(EXECUTOR) and time.monotonic() < deadline:
        time.sleep(0.2)  # of the application before
    process = submitted(yarn, told, mode, lines)
    while not yarn.containers(EXECUTOR) and time.monotonic() < deadline:
        time.sleep(0.2)
    wait = random.uniform(0, 4)  # also while Spark's session is being made
    print(f"killed after {wait} s")
    time.sleep(wait)
    application = APPLICATION.findall("".join(lines))[-1]
    before = len(lines)
    yarn.yarn("application", "-kill", application)
    process.wait(120)

    said = "".join(lines[before:])
    assert yarn.status(application)[:2] == ("KILLED", "KILLED")
    assert "bug" not in said, said
    if mode == "client":
        assert process.returncode == 143, said
        assert "interrupted: `pipeline` was stopped" in said
    told.run(mode)
    assert_same_tables(quickstart.home, told.fetched(), but={"monitoring.profile_metrics"})
