"""Every call of the server's own description, with values nobody would send: no error of the server's own, and answers as described."""

import json
import os
import re
import subprocess
import sys
import urllib.request

import pytest
from conftest import ROOT, environment, free_port, script

GENERATOR = ROOT / "registry-server/src/test/python/openapi_of_mlflow.py"
WRITTEN = ROOT / "registry-server/src/main/resources/openapi-mlflow.json"
CHECKS = "not_a_server_error,content_type_conformance,response_schema_conformance"
# A stream has no end; the other answers 501, which is what MLflow's clients wait for.
LEFT_OUT = ["/api/v1/events", "/api/2.0/mlflow-artifacts/presigned/{path}"]


@pytest.fixture
def server(home):
    """A server with the heap of a small machine."""
    port = free_port()
    script("registry", "start", "--home", home, "--port", port, JAVA_TOOL_OPTIONS="-Xmx256m")
    return f"http://127.0.0.1:{port}"


def fuzzed(server, home, *how):
    """Runs schemathesis to its end; gives how many requests it made."""
    left_out = [word for path in LEFT_OUT for word in ("--exclude-path", path)]
    command = [
        sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()",
        "run", f"{server}/openapi.json", "--checks", CHECKS, "--no-shrink", "--continue-on-failure",
        "--suppress-health-check", "all", "--warnings", "off", *left_out, *how,
    ]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=3600, cwd=home,
        env=environment(MLFLOW_TRACKING_URI=""),
    )  # fmt: skip
    log = (home / "logs/registry.log").read_text()
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert not re.search(r"\bERROR\b|\tat |OutOfMemory", log), log[-6000:]
    with urllib.request.urlopen(f"{server}/api/2.0/mlflow/experiments/get?experiment_id=0", timeout=60) as answer:
        assert json.load(answer)["experiment"]["name"]
    return int(re.search(r"(\d+) generated", done.stdout).group(1))


def test_short(server, home):
    assert fuzzed(server, home, "--phases", "fuzzing", "-n", "6", "--seed", "7", "--workers", "2") > 400


@pytest.mark.full
def test_thousands(server, home):
    assert fuzzed(server, home, "--phases", "coverage,fuzzing,stateful", "-n", "60") > 8_000


def test_the_description_of_mlflows_calls_is_that_of_mlflow():
    made = subprocess.run([os.environ["MILLRACE_PYTHON"], str(GENERATOR)], capture_output=True, text=True, check=True)
    assert made.stdout == WRITTEN.read_text(), f"run {GENERATOR.relative_to(ROOT)} again"
