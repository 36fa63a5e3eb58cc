"""Scripts of MLflow's users, unmodified: only the environment says where the server is."""

import json
import os
import re
import subprocess
import urllib.request

from conftest import ROOT, environment, free_port, script

CHURN = ROOT / "scripts/acceptance/clients/churn.py"
PARTS = ROOT / "scripts/acceptance/clients/parts.py"


def test_autolog_search_models_and_aliases(home):
    port = free_port()
    script("registry", "start", "--home", home, "--port", port)
    done = subprocess.run(
        [os.environ["MILLRACE_PYTHON"], str(CHURN)], capture_output=True, text=True, check=False, timeout=600, cwd=home,
        env=environment(MLFLOW_TRACKING_URI=f"http://127.0.0.1:{port}", MLFLOW_HTTP_REQUEST_MAX_RETRIES="1"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-6000:]
    seen = json.loads(done.stdout.strip().splitlines()[-1])

    assert seen["children"] == 3 and seen["child_scores"] == 3  # max_tuning_runs of the four are kept
    assert set(seen["child_c"]) < {0.01, 0.1, 1.0, 10.0}
    assert abs(seen["best_score"] - seen["expected_best"]) < 1e-12
    assert float(seen["best_c"]) in seen["child_c"]
    assert "dataset" in seen["datasets"]
    assert "cv_results.csv" in seen["artifacts"]
    assert seen["same_by_alias"] and seen["same_by_run"] and seen["same_as_sklearn"] and seen["strict_is_stricter"]
    assert seen["signature"] == ["age", "tenure", "calls"]
    assert seen["versions"] == ["1", "2"] or seen["versions"] == [1, 2]
    assert seen["statuses"] == ["FINISHED"]
    assert seen["models"] >= 3 and seen["model_id"].startswith("m-")


def test_large_files_go_up_in_parts_when_the_client_is_told_to(home):
    port = free_port()
    script("registry", "start", "--home", home, "--port", port, "--auth")
    token = (home / "registry/admin-token").read_text().strip()
    file = home / "weights.bin"
    file.write_bytes(os.urandom(1_000_000))
    done = subprocess.run(
        [os.environ["MILLRACE_PYTHON"], str(PARTS), str(file)], capture_output=True, text=True, check=False, timeout=600, cwd=home,
        env=environment(
            MLFLOW_TRACKING_URI=f"http://127.0.0.1:{port}", MLFLOW_TRACKING_TOKEN=token, MLFLOW_HTTP_REQUEST_MAX_RETRIES="1",
            MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD="true", MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE="1",
            MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE="65536",
        ),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-6000:]

    asked = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        counted = re.findall(r"^millrace_http_requests_total{(.*)} (\d+)$", answer.read().decode(), re.MULTILINE)
    files = {labels: int(count) for labels, count in counted if "mlflow-artifacts" in labels and "GET" not in labels}
    assert sorted(files.values()) == [2, 2, 2 * 16], files  # begun, completed, parts: no file was sent whole
    assert all('status="200"' in labels for labels in files), files
