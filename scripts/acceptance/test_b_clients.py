"""MLflow's own Python client finds everything that the jobs recorded."""

import json

import deltalake
import mlflow
import numpy as np
import pytest
from conftest import tables


@pytest.fixture
def client(quickstart, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", quickstart.url)
    mlflow.set_tracking_uri(quickstart.url)
    mlflow.set_registry_uri(quickstart.url)
    return mlflow.MlflowClient(quickstart.url)


def runs_of(client, job):
    experiment = client.get_experiment_by_name("fraud")
    return client.search_runs(
        [experiment.experiment_id], f"tags.`millrace.job` = '{job}'", order_by=["attributes.start_time ASC"]
    )


def test_runs_params_metrics_and_datasets_are_there(client):
    train = runs_of(client, "train")[0]

    assert train.info.status == "FINISHED"
    assert train.data.params["algorithm"] == "random-forest"
    assert 0 < train.data.metrics["test_average_precision"] <= 1
    inputs = {(d.dataset.name, d.dataset.source_type) for d in train.inputs.dataset_inputs}
    assert ("training_sets.fraud", "delta_table") in inputs


def test_every_step_is_a_child_of_the_pipeline(client):
    (pipeline,) = runs_of(client, "pipeline")
    train = runs_of(client, "train")[0]

    assert train.data.tags["mlflow.parentRunId"] == pipeline.info.run_id
    assert pipeline.info.status == "FINISHED"


def test_an_artifact_can_be_downloaded(client, tmp_path):
    train = runs_of(client, "train")[0]

    path = client.download_artifacts(train.info.run_id, "model/MLmodel", str(tmp_path))

    assert "onnx" in open(path, encoding="utf-8").read()


def test_the_champion_is_found_by_its_alias(client):
    version = client.get_model_version_by_alias("fraud", "champion")

    assert version.source.startswith("runs:/")
    assert client.get_run(version.run_id).data.metrics["test_average_precision"] > 0


def test_pyfunc_predicts_what_score_wrote(client, quickstart):
    version = client.get_model_version_by_alias("fraud", "champion")
    scored = (
        deltalake.DeltaTable(str(tables(quickstart.home)["predictions.fraud"])).to_pandas().sort_values("transaction_id")
    )
    scored = scored[scored.model_version == int(version.version)].head(2000)
    assert len(scored) == 2000
    origin = tables(quickstart.home)[scored.input_table.iloc[0]]
    rows = deltalake.DeltaTable(str(origin), version=int(scored.input_version.iloc[0])).to_pandas()
    rows = rows.set_index("transaction_id").loc[scored.transaction_id]

    model = mlflow.pyfunc.load_model("models:/fraud@champion")
    inputs = rows[model.metadata.get_input_schema().input_names()]
    inputs = inputs.astype({c: "float64" for c in inputs.select_dtypes("number").columns})
    predicted = model.predict(inputs)

    np.testing.assert_allclose(predicted["probability"], scored.probability, atol=1e-5)
    assert (np.asarray(predicted["prediction"]).astype(str) == scored.prediction.astype(str).to_numpy()).all()


def test_drift_is_on_the_server(client, quickstart):
    import urllib.request

    with urllib.request.urlopen(f"{quickstart.url}/api/v1/drift/fraud") as answer:
        page = json.load(answer)

    assert any(row["drift_type"] == "BASELINE" for row in page["rows"])
