"""What a user of MLflow's Python client does, against the server at argv[1]. Needs mlflow (whole), scikit-learn, pandas.

Ends with "all well"; any other end is a failure.
"""

import math
import os
import sys
import tempfile

os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "1"

import mlflow
import numpy as np
import pandas as pd
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from sklearn.linear_model import LogisticRegression

OWN_ID = "0123456789abcdef0123456789abcdef"

mlflow.set_tracking_uri(sys.argv[1])
client = MlflowClient()


def refused(call, words):
    try:
        call()
    except MlflowException as refusal:
        assert words in str(refusal), refusal
    else:
        raise AssertionError(f"not refused: {words}")


def runs():
    mlflow.set_experiment("python")
    with mlflow.start_run(run_name="first") as run:
        mlflow.log_params({"depth": 5, "b c": "x"})
        mlflow.log_metrics({"auc": 0.91, "nothing": float("nan"), "much": float("inf")})
        for step in range(5):
            mlflow.log_metric("history", step / 10, step=step)
        mlflow.set_tags({"team": "risk"})
        mlflow.log_input(mlflow.data.from_pandas(pd.DataFrame({"x": [1, 2]}), name="train"), context="training")
        mlflow.log_text("hello", "notes/a.txt")
        mlflow.log_text("", "notes/empty.txt")
        mlflow.log_dict({"a": 1}, "d/ä b.json")

    found = client.get_run(run.info.run_id)
    assert found.data.params == {"depth": "5", "b c": "x"}
    assert found.data.metrics["auc"] == 0.91 and math.isnan(found.data.metrics["nothing"])
    assert found.data.metrics["much"] == sys.float_info.max
    assert found.info.status == "FINISHED"
    assert found.inputs.dataset_inputs[0].dataset.name == "train"
    assert found.inputs.dataset_inputs[0].tags[0].value == "training"
    assert [point.value for point in client.get_metric_history(run.info.run_id, "history")] == [0, 0.1, 0.2, 0.3, 0.4]
    folder = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="")
    assert open(folder + "/notes/a.txt").read() == "hello"
    assert os.path.exists(folder + "/d/ä b.json") and os.path.exists(folder + "/notes/empty.txt")
    refused(lambda: client.log_param(run.info.run_id, "depth", 6), "Changing param values is not allowed")
    return found.info.experiment_id


def searches(experiment_id):
    for i in range(5):
        with mlflow.start_run():
            mlflow.log_metric("auc", i / 10)
    filter_string = "metrics.auc > 0.9 and params.depth = '5' and tags.team ILIKE 'RI%' and dataset.name = 'train'"
    assert len(mlflow.search_runs(experiment_names=["python"], filter_string=filter_string)) == 1
    seen, token = [], None
    while True:
        page = client.search_runs([experiment_id], order_by=["metrics.auc DESC"], max_results=2, page_token=token)
        seen += [run.data.metrics["auc"] for run in page]
        token = page.token
        if not token:
            break
    assert seen == [0.91, 0.4, 0.3, 0.2, 0.1, 0.0]
    assert [e.name for e in client.search_experiments(filter_string="name LIKE 'pyth%'")] == ["python"]


def models(experiment_id):
    model = LogisticRegression().fit(np.array([[0.0], [1.0]]), [0, 1])
    rows = np.array([[2.0]])
    with mlflow.start_run() as run:
        info = mlflow.sklearn.log_model(model, name="model", registered_model_name="fraud",
                                        serialization_format="cloudpickle")
    client.set_registered_model_alias("fraud", "champion", 1)
    assert client.get_model_version_by_alias("fraud", "champion").run_id == run.info.run_id
    for uri in ("models:/fraud@champion", "models:/fraud/1", "models:/fraud/latest", info.model_uri,
                f"runs:/{run.info.run_id}/model"):
        assert mlflow.pyfunc.load_model(uri).predict(rows).tolist() == [1], uri
    assert [found.name for found in client.search_registered_models()] == ["fraud"]
    client.transition_model_version_stage("fraud", "1", "Production")
    assert client.get_latest_versions("fraud", ["Production"])[0].version == "1"
    assert client.copy_model_version("models:/fraud/1", "copy").run_id == run.info.run_id
    mlflow.log_metric("accuracy", 0.5, model_id=info.model_id, run_id=run.info.run_id)
    assert mlflow.get_logged_model(info.model_id).metrics[0].value == 0.5
    client.delete_registered_model_alias("fraud", "champion")
    refused(lambda: client.get_model_version_by_alias("fraud", "champion"), "alias champion not found")

    # As jobs do: their own run id, files below the run, a version of `runs:/…`.
    for _ in range(2):
        own = client.create_run(experiment_id, tags={"millrace.run_id": OWN_ID})
        assert own.info.run_id == OWN_ID
    folder = tempfile.mkdtemp()
    mlflow.sklearn.save_model(model, folder + "/model", serialization_format="cloudpickle")
    client.log_artifacts(OWN_ID, folder + "/model", "model")
    version = client.create_model_version("fraud", f"runs:/{OWN_ID}/model", OWN_ID).version
    client.set_registered_model_alias("fraud", "champion", version)
    assert mlflow.pyfunc.load_model("models:/fraud@champion").predict(rows).tolist() == [1]


def ends(experiment_id):
    client.delete_run(OWN_ID)
    client.restore_run(OWN_ID)
    client.delete_experiment(experiment_id)
    refused(lambda: client.create_run(experiment_id), "must be in the 'active' state")
    client.restore_experiment(experiment_id)
    client.delete_model_version("copy", "1")
    client.delete_registered_model("fraud")
    refused(lambda: client.get_registered_model("fraud"), "not found")


experiment = runs()
searches(experiment)
models(experiment)
ends(experiment)
print("all well")
