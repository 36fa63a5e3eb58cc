"""Logs a file and a folder, and downloads them again: `parts.py FILE`. Prints the run's id."""

import hashlib
import os
import sys
import tempfile

import mlflow


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


path = sys.argv[1]
with mlflow.start_run() as run:
    mlflow.log_artifact(path)
    mlflow.log_artifact(path, "in/a folder")
with tempfile.TemporaryDirectory() as folder:
    name = os.path.basename(path)
    for artifact in (name, f"in/a folder/{name}"):
        got = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path=artifact, dst_path=folder)
        assert digest(got) == digest(path), artifact
print(run.info.run_id)
