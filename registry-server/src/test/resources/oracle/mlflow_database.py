"""Makes mlflow_database.sql: what MLflow 3.17.2 itself keeps of a few records, for MlflowImportTest.

    python mlflow_database.py > mlflow_database.sql
"""

import math
import os
import pathlib
import re
import sqlite3
import tempfile

import mlflow
from mlflow.entities import Dataset, DatasetInput, InputTag, LoggedModelOutput, Metric, Param, RunTag

TABLES = {
    "alembic_version", "experiments", "experiment_tags", "runs", "params", "tags", "metrics", "latest_metrics", "datasets",
    "inputs", "input_tags", "logged_models", "logged_model_params", "logged_model_tags", "logged_model_metrics",
    "registered_models", "registered_model_tags", "model_versions", "model_version_tags", "registered_model_aliases",
}  # fmt: skip

with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    file = pathlib.Path(folder, "mlflow.db")
    client = mlflow.MlflowClient(f"sqlite:///{file}", registry_uri=f"sqlite:///{file}")
    kept = client.create_experiment("kept ä", artifact_location="mlflow-artifacts:/1", tags={"team": "risk"})
    run = client.create_run(kept, start_time=1000, run_name="first").info.run_id
    client.log_batch(
        run,
        [Metric("m", v, 10 + s, s) for s, v in enumerate([0.5, math.nan, math.inf])] + [Metric("n", -1e300, 5, 7)],
        [Param("depth", "5"), Param("empty", "")],
        [RunTag("t", "v\nw")],
    )
    data = Dataset("d", "abc", "local", '{"uri": "x"}', '{"s": 1}', None)
    client.log_inputs(run, [DatasetInput(data, [InputTag("mlflow.data.context", "training")])])
    model = client.create_logged_model(kept, name="logged", source_run_id=run, params={"p": "1"}, tags={"a": "b"})
    client.log_outputs(run, [LoggedModelOutput(model.model_id, 3)])
    client.log_metric(run, "acc", 0.9, timestamp=5, step=1, model_id=model.model_id)
    client.finalize_logged_model(model.model_id, "READY")
    client.set_terminated(run, "FINISHED", 2000)
    gone = client.create_run(kept, start_time=500, run_name="gone").info.run_id
    client.delete_run(gone)
    local = client.create_experiment("local", artifact_location="ARTIFACTS/7")
    client.create_run(local, run_name="with files")
    client.delete_experiment(client.create_experiment("deleted", artifact_location="s3://bucket/x"))
    client.create_registered_model("fraud", {"owner": "ada"}, "a model")
    for _ in range(3):
        client.create_model_version("fraud", f"mlflow-artifacts:/1/{run}/artifacts/model", run, {"v": "1"}, description="one")
    client.transition_model_version_stage("fraud", "2", "Production")
    client.set_registered_model_alias("fraud", "champion", "2")
    client.delete_model_version("fraud", "3")
    with sqlite3.connect(file) as db:
        print("-- Made by mlflow_database.py with MLflow", mlflow.__version__)
        for line in db.iterdump():
            named = re.match(r'(?:CREATE TABLE|INSERT INTO) "?(\w+)"?', line)
            if named and named.group(1) in TABLES:
                print(line.replace(folder, "/srv/mlflow"))
