"""Without a registry, jobs that only record finish, those that must ask it refuse, and sync makes up for it, once."""

import json
import os
import signal
import subprocess
import time

import mlflow
from conftest import ROOT, commits, environment, free_port, script
from test_f_cluster import story

FRAUD = ROOT / "conf/fraud"


def job(home, name, *more, **how):
    return script("millrace", *name, "--home", home, *more, **how)


def kill(home):
    server = json.loads((home / "registry/server.json").read_text())
    os.kill(server["pid"], signal.SIGKILL)


def client(port):
    url = f"http://127.0.0.1:{port}"
    return mlflow.MlflowClient(url, registry_uri=url)


def runs(port):
    here = client(port)
    experiments = [e.experiment_id for e in here.search_experiments()]
    return here.search_runs(experiments, max_results=1000)


def test_what_was_recorded_without_a_registry_reaches_it_exactly_once(home, tmp_path):
    port = free_port()
    dead = {"MLFLOW_TRACKING_URI": f"http://127.0.0.1:{port}"}
    file = story("generate", "dedup", home, tmp_path, rows=10_000)
    job(home, ["pipeline", "--config", file], **dead)
    before = commits(home)

    for name in ("register", "score"):
        refused = job(home, [name, "--config", FRAUD / f"{name}.yaml"], expect=6, **dead)
        assert "registry" in refused.stderr.lower()
    assert commits(home) == before

    # A server that dies in the middle of a job, too.
    script("registry", "start", "--home", home, "--port", port)
    with subprocess.Popen(
        [ROOT / "scripts/millrace", "features", "--config", FRAUD / "features-customer.yaml", "--home", home],
        cwd=ROOT, env=environment(), stderr=subprocess.PIPE, text=True,
    ) as features:  # fmt: skip
        while not runs(port) and features.poll() is None:
            time.sleep(0.05)
        assert features.poll() is None, "the job ended before its run was seen"
        kill(home)
        _, told = features.communicate(timeout=300)
        assert features.returncode == 0, told

    # sync, killed again and again: each time as soon as one more run has arrived.
    script("registry", "start", "--home", home, "--port", port)
    kills = 0
    for _ in range(4):
        there = len(runs(port))
        with subprocess.Popen(
            [ROOT / "scripts/millrace", "sync", "--home", home], cwd=ROOT, env=environment(),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ) as sync:  # fmt: skip
            while sync.poll() is None and len(runs(port)) <= there:
                time.sleep(0.02)
            if sync.poll() is None:
                sync.send_signal(signal.SIGKILL)
                kills += 1
    script("millrace", "sync", "--home", home)

    assert kills >= 2
    found = runs(port)
    jobs = sorted(run.data.tags["millrace.job"] for run in found)
    assert jobs == ["dedup", "eda", "features", "generate", "ingest", "ingest", "pipeline"]
    assert {run.info.status for run in found} == {"FINISHED"}
    for run in found:
        if run.data.tags["millrace.job"] == "pipeline":
            continue
        assert run.data.tags["millrace.outcome"] == "done"
        assert len(client(port).get_metric_history(run.info.run_id, "rows_out")) == 1
        names = [d.dataset.name for d in run.inputs.dataset_inputs]
        assert len(names) == len(set(names))
    profile = next(run for run in found if run.data.tags["millrace.job"] == "eda")
    assert client(port).list_artifacts(profile.info.run_id)
    done = json.loads(script("millrace", "sync", "--home", home, "--json").stdout)
    assert (done["sent"], done["waiting"]) == ([], 0)
