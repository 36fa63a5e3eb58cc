"""A registry that asks who you are, with MLflow's own client and one of our jobs."""

import json
import os
import subprocess
import urllib.error
import urllib.request

import pytest
from conftest import ROOT, environment, free_port, script

CLIENT = """
import mlflow, sys
mlflow.set_experiment(sys.argv[1])
with mlflow.start_run() as run:
    mlflow.log_metric("m", 1.5)
    mlflow.log_text("hello", "note.txt")
assert mlflow.artifacts.load_text(f"{run.info.artifact_uri}/note.txt") == "hello"
print(run.info.run_id)
"""


@pytest.fixture
def server(home):
    port = free_port()
    script("registry", "start", "--home", home, "--port", port, "--auth")
    return f"http://127.0.0.1:{port}"


def client(server, experiment, **secrets):
    """Runs MLflow's client in a process of its own, without retries."""
    done = subprocess.run(
        [os.environ["MILLRACE_PYTHON"], "-c", CLIENT, experiment],
        env=environment(MLFLOW_TRACKING_URI=server, MLFLOW_HTTP_REQUEST_MAX_RETRIES="0", **secrets),
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout.strip(), done.stderr


def test_a_token_opens_what_its_user_may(server, home):
    script("registry", "user", "ada", "--grant", "editor=experiment:fraud*", "--home", home)
    token = script("registry", "token", "--user", "ada", "--home", home).stdout.strip()
    assert token.startswith("mr_")

    failed, _, told = client(server, "fraud")
    assert failed and "You are not authenticated" in told
    failed, _, told = client(server, "fraud", MLFLOW_TRACKING_USERNAME="admin", MLFLOW_TRACKING_PASSWORD="password1234")
    assert failed and "unknown, expired or revoked" in told
    failed, by_token, told = client(server, "fraud", MLFLOW_TRACKING_TOKEN=token)
    assert not failed, told
    failed, by_name, told = client(server, "fraud-two", MLFLOW_TRACKING_USERNAME="ada", MLFLOW_TRACKING_PASSWORD=token)
    assert not failed, told
    failed, _, told = client(server, "other", MLFLOW_TRACKING_TOKEN=token)
    assert failed and "Permission denied: `ada` is not viewer of the experiment `other`" in told
    assert len({by_token, by_name}) == 2

    landing = f"landing={home}/landing"
    generate = ["generate", "--config", ROOT / "conf/fraud/generate.yaml", "--set", "rows=10000", "--set", landing]
    job = script("millrace", *generate, "--home", home, MLFLOW_TRACKING_URI=server, MLFLOW_TRACKING_TOKEN=token)
    assert f"{server}/#/experiments/" in job.stdout + job.stderr

    admin = (home / "registry/admin-token").read_text().strip()
    audit = asked(f"{server}/api/v1/audit?max_results=1000", admin)["entries"]
    assert {(e["user"], e["status"]) for e in audit if e["action"] == "POST experiments/create"} == {("ada", 200)}
    with pytest.raises(urllib.error.HTTPError, match="403"):
        asked(f"{server}/api/v1/audit", token)


def test_a_token_with_scopes_opens_less_and_the_audit_log_holds(server, home):
    script("registry", "user", "ada", "--grant", "editor=experiment:*", "--home", home)
    scopes = ["--scope", "write:experiment:ci", "--scope", "read:models"]
    token = script("registry", "token", "--user", "ada", "--days", "1", *scopes, "--home", home).stdout.strip()

    failed, _, told = client(server, "ci", MLFLOW_TRACKING_TOKEN=token)
    assert not failed, told
    failed, _, told = client(server, "other", MLFLOW_TRACKING_TOKEN=token)
    assert failed and "has only the scopes [write:experiment:ci, read:models]" in told
    assert asked(f"{server}/api/v1/me", token)["scopes"] == ["write:experiment:ci", "read:models"]

    verified = script("registry", "audit", "verify", "--home", home).stdout
    assert "rows of the audit log are unchanged and complete" in verified
    head = verified.split("\nhead ")[1].split()[0]
    assert "the noted head among them" in script("registry", "audit", "verify", "--head", head, "--home", home).stdout


def asked(address, token):
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)
