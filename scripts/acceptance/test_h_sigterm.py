"""A pipeline that is asked to end (SIGTERM, an orchestrator's timeout) says what it did and leaves no run alive."""

import json
import signal
import subprocess
import threading

import pytest
from conftest import ROOT, environment, millrace

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
