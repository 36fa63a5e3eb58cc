"""A model directory of ours, read by others: onnx, onnxruntime and mlflow.pyfunc.

MILLRACE_MODEL names the directory, MILLRACE_SCORED a JSON file of rows scored by the job `score`:
{"columns": [...], "rows": [[...]], "prediction": [...], "probability": [...]}. PythonReadsModelsTest makes both.
"""
import json
import os
import pathlib

import numpy as np
import onnx
import onnxruntime
import pandas as pd
import pytest

mlflow = pytest.importorskip("mlflow")

MODEL = os.environ.get("MILLRACE_MODEL")
pytestmark = pytest.mark.skipif(not MODEL, reason="MILLRACE_MODEL names no model directory")


@pytest.fixture(scope="module")
def scored():
    return json.loads(pathlib.Path(os.environ["MILLRACE_SCORED"]).read_text())


def typed(rows):
    """Numbers as float64, texts as object: pandas 3 has a text type that mlflow.onnx 3.17.2 does not convert."""
    for column in mlflow.models.get_model_info(MODEL).signature.inputs.inputs:
        rows[column.name] = rows[column.name].astype("float64" if column.type.name == "double" else object)
    return rows


@pytest.fixture(scope="module")
def frame(scored):
    return typed(pd.DataFrame(scored["rows"], columns=scored["columns"]))


def test_the_graph_is_valid_onnx():
    onnx.checker.check_model(os.path.join(MODEL, "model.onnx"), full_check=True)


def test_onnxruntime_gives_what_score_wrote(scored, frame):
    session = onnxruntime.InferenceSession(os.path.join(MODEL, "model.onnx"))
    feed = {}
    for argument in session.get_inputs():
        values = frame[argument.name]
        if argument.type == "tensor(string)":
            feed[argument.name] = values.fillna("__millrace_null__").to_numpy(dtype=object)
        else:
            feed[argument.name] = values.to_numpy()
    prediction, probability = session.run(["prediction", "probability"], feed)
    assert prediction.tolist() == scored["prediction"]
    np.testing.assert_allclose(probability, scored["probability"], atol=1e-5)


def test_pyfunc_gives_what_score_wrote(scored, frame):
    result = mlflow.pyfunc.load_model(MODEL).predict(frame)
    assert result["prediction"].tolist() == scored["prediction"]
    np.testing.assert_allclose(result["probability"], scored["probability"], atol=1e-5)


def test_pyfunc_takes_the_input_example():
    model = mlflow.pyfunc.load_model(MODEL)
    example = json.loads(pathlib.Path(MODEL, "input_example.json").read_text())
    rows = typed(pd.DataFrame(example["data"], columns=example["columns"]))
    assert len(model.predict(rows)) == len(rows)
