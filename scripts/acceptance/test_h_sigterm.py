"""A job that is asked to end (SIGTERM, an orchestrator's timeout) says what it did and leaves no run alive."""

import json
import random
import shutil
import signal
import subprocess
import threading
import time

import mlflow
import pytest
from conftest import ROOT, content, environment, millrace, script, tables
from hadoop import yarn  # noqa: F401: a fixture

PIPELINE = """
job: pipeline
steps:
  - name: simulate
    job: generate
    config: {rows: 4000, start: 2026-01-01, days: 20, tables: {transactions: raw.transactions, labels: raw.labels}}
  - name: search
    job: tune
    config:
      train:
        table: raw.transactions
        label: amount
        task: regression
        features: {numeric: [customer_id, terminal_id], categorical: [channel]}
        algorithm: gbt
        split: {by: hash, columns: transaction_id}
        log-model: off
      metric: rmse
      search: {by: random, trials: 40, space: {max-depth: {from: 2, to: 6, whole: true}, max-iter: {from: 30, to: 90, whole: true}}}
"""


def ends(home):
    """The last entry of every run's journal."""
    return {
        journal.parent.name: json.loads(journal.read_text().splitlines()[-1])
        for journal in (home / "spool").glob("*/journal.jsonl")
    }


@pytest.mark.full
def test_a_pipeline_that_is_terminated_reports_its_steps_and_ends_its_runs(tmp_path):
    file, home = tmp_path / "pipeline.yaml", tmp_path / "home"
    file.write_text(PIPELINE)
    command = [ROOT / "scripts/millrace", "pipeline", "--config", file, "--home", home, "--json"]
    with subprocess.Popen(
        list(map(str, command)),
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as job:
        lines = []
        trial = threading.Event()

        def read():
            for line in job.stderr:
                lines.append(line)
                if "search" in line and len(list((home / "spool").glob("*"))) >= 3:
                    trial.set()

        reader = threading.Thread(target=read)
        reader.start()
        assert trial.wait(180), "".join(lines)
        before = len(lines)
        job.send_signal(signal.SIGTERM)
        out = job.stdout.read()
        job.wait(60)
        reader.join(10)

    assert job.returncode == 143, "".join(lines)
    said = "".join(lines[before:])
    assert "interrupted: `pipeline` was stopped" in said
    assert "\tat " not in said and "bug" not in said, said
    assert len(lines) - before <= 12, said
    document = json.loads(out)
    assert document["status"] == "interrupted"
    assert [(step["step"], step["status"]) for step in document["steps"]] == [("simulate", "done")]
    last = ends(home)
    assert set(document["killed_runs"]) == {run for run, entry in last.items() if entry.get("status") == "KILLED"}
    assert all(entry["op"] == "end" for entry in last.values()), last
    assert len(document["killed_runs"]) >= 3  # the pipeline, the search, a trial

    again = millrace("pipeline", "--config", file, "--home", home, "--set", "steps.1.config.search.trials=2")
    assert [step["status"] for step in again["steps"]] == ["up-to-date", "done"]


class Terminated:
    """A job that got a SIGTERM some seconds after its start."""

    def __init__(self, command, seconds, variables):
        with subprocess.Popen(
            command, cwd=ROOT, env=environment(**variables), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as job:
            lines = []
            reader = threading.Thread(target=lambda: lines.extend(job.stderr))
            reader.start()
            time.sleep(seconds)
            before = len(lines)
            job.send_signal(signal.SIGTERM)
            self.out = job.stdout.read()
            self.code = job.wait(60)
            reader.join(10)
        self.after = lines[before:]

    def assert_orderly(self):
        said = "".join(self.after)
        assert self.code in (0, 143), said  # 0: it was done already
        assert len(self.after) <= 10, said
        assert "bug" not in said and "\tat " not in said, said
        if self.out.strip():  # nothing yet, when Java has only just begun
            document = json.loads(self.out)
            assert document["status"] == ("done" if self.code == 0 else "interrupted"), document
            assert self.code == 0 or "killed_runs" in document


def running(url):
    """Runs that the registry believes to be at work."""
    client = mlflow.MlflowClient(url, registry_uri=url)
    experiment = client.get_experiment_by_name("terminated")
    found = client.search_runs([experiment.experiment_id]) if experiment else []
    return [run.info.run_id for run in found if run.info.status == "RUNNING"], [run.info.status for run in found]


JOBS = {
    "ingest": ("ingest-transactions.yaml", "raw.transactions"),
    "train": ("train.yaml", None),
    "score": ("score.yaml", "predictions.fraud"),
}


@pytest.mark.full
@pytest.mark.parametrize("job", JOBS)
@pytest.mark.parametrize("place", ["local", "yarn"])
def test_a_job_that_is_terminated_at_any_moment(place, job, quickstart, tmp_path, request):
    file, output = JOBS[job]
    lake = tmp_path / "lake"
    shutil.copytree(quickstart.home / "lake", lake)
    home, options, variables = str(tmp_path), [], {}
    if place == "yarn":
        cluster = request.getfixturevalue("yarn")
        home = f"hdfs:///terminated-{job}"
        cluster.put(lake, f"/terminated-{job}/lake")
        options, variables = cluster.command("client"), cluster.variables
    arguments = [
        job, "--config", ROOT / "conf/fraud" / file, "--home", home, "--set", f"landing={quickstart.home}/landing",
        "--set", f"tracking.uri={quickstart.url}", "--set", "tracking.experiment=terminated", "--force", "--json", *options,
    ]  # fmt: skip
    if place == "yarn":
        arguments[6] = f"landing=file://{quickstart.home}/landing"
    begun = time.monotonic()
    script("millrace", *arguments, **variables)
    whole = time.monotonic() - begun
    moments = random.Random(job + place)

    for _ in range(5):
        seconds = moments.uniform(0.5, whole)
        print(f"SIGTERM after {seconds:.1f} of {whole:.1f} s")
        Terminated([str(ROOT / "scripts/millrace"), *map(str, arguments)], seconds, variables).assert_orderly()

    alive, all_of_them = running(quickstart.url)
    assert not alive, all_of_them
    script("millrace", *arguments, **variables)
    if place == "yarn":
        shutil.rmtree(lake)
        cluster.get(f"/terminated-{job}/lake", lake)
    if output:
        ours, theirs = tables(tmp_path)[output], tables(quickstart.home)[output]
        assert len(content(ours)) == len(content(theirs))
