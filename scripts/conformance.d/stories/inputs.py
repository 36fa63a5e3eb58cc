"""Datasets and models of runs; search for datasets."""

from harness import story
from runs import fresh

CARDS = {"name": "cards", "digest": "d1", "source_type": "local", "source": "{}"}


def context(value):
    return [{"key": "mlflow.data.context", "value": value}]


@story("inputs")
def inputs(s):
    e, run = fresh(s, "inputs")
    log = lambda *datasets, **more: s.post("runs/log-inputs", run_id=run, datasets=list(datasets), **more)  # noqa: E731
    log({"dataset": CARDS, "tags": context("train")})
    log({"dataset": CARDS, "tags": context("eval")})
    log({"dataset": CARDS})
    log({"dataset": {**CARDS, "digest": "d2", "schema": '{"a": 1}', "profile": '{"rows": 3}'}, "tags": context("test")})
    log({"dataset": {**CARDS, "name": "é / ü", "digest": "d3"}})
    for field in ("name", "digest", "source_type", "source"):
        log({"dataset": {k: v for k, v in CARDS.items() if k != field}})
    log({"dataset": {**CARDS, "name": ""}})
    log({"dataset": {**CARDS, "name": "n" * 501}})
    log({"dataset": {**CARDS, "digest": "d" * 37}})
    log({"dataset": {**CARDS, "name": 5}})
    log({"tags": []})
    log({"dataset": "x"})
    log({})
    log("x")
    log({"dataset": {**CARDS, "digest": "d5"}, "tags": [{"key": "k"}]})
    log({"dataset": {**CARDS, "digest": "d6"}, "tags": [{"value": "k"}]})
    log({"dataset": {**CARDS, "digest": "d7"}, "tags": [{"key": "k" * 256, "value": "v"}]})
    log({"dataset": {**CARDS, "digest": "d8"}, "tags": [{"key": "k", "value": "v" * 501}]})
    for field, length in (("schema", 65536), ("source", 65536)):
        s.call("POST", "runs/log-inputs", {"run_id": run, "datasets": [{"dataset": {**CARDS, "digest": field, field: "x" * length}}]},
               label=f"log-inputs {field} of {length}")
    s.post("runs/log-inputs", run_id=run)
    s.post("runs/log-inputs", run_id=run, datasets="x")
    s.post("runs/log-inputs", datasets=[])
    s.post("runs/log-inputs", run_id="0" * 32, datasets=[])
    s.post("runs/log-inputs", run_id="0" * 32, datasets=[{"dataset": CARDS}])
    s.get("runs/get", run_id=run, show=lambda body: [
        (d["dataset"]["name"], d["dataset"]["digest"], d.get("tags")) for d in body["run"]["inputs"]["dataset_inputs"]])
    model = s.post("logged-models", experiment_id=e, name="m", source_run_id=run)["model"]["info"]["model_id"]
    s.post("runs/log-inputs", run_id=run, models=[{"model_id": model}])
    s.post("runs/log-inputs", run_id=run, models=[{}])
    s.post("runs/log-inputs", run_id=run, models=[{"model_id": "m-" + "0" * 32}])
    s.post("runs/outputs", run_id=run, models=[{"model_id": model, "step": 3}])
    s.post("runs/outputs", run_id=run, models=[{"model_id": model, "step": 3}])
    s.post("runs/outputs", run_id=run, models=[{"model_id": model}])
    s.post("runs/outputs", run_id=run, models=[{"step": 1}])
    s.post("runs/outputs", run_id=run, models=[{"model_id": "m-" + "1" * 32, "step": 1}])
    s.post("runs/outputs", run_id=run, models="x")
    s.post("runs/outputs", run_id=run)
    s.post("runs/outputs", models=[])
    s.post("runs/outputs", run_id="0" * 32, models=[])
    s.post("runs/outputs", run_id="0" * 32, models=[{"model_id": model, "step": 1}])
    s.get("runs/get", run_id=run, show=lambda body: [body["run"]["inputs"].get("model_inputs"), body["run"]["outputs"]])


@story("dataset-search")
def datasets(s):
    e, run = fresh(s, "datasets")
    other = s.post("experiments/create", name="more datasets")["experiment_id"]
    far = s.post("runs/create", experiment_id=other, run_name="far")["run"]["info"]["run_id"]
    for of, name, digest, tags in [(run, "a", "1", context("train")), (run, "a", "2", []), (far, "b", "1", context("x"))]:
        s.post("runs/log-inputs", run_id=of, datasets=[{"dataset": {**CARDS, "name": name, "digest": digest}, "tags": tags}])
    found = lambda body: sorted((d["name"], d["digest"], d.get("context")) for d in body.get("dataset_summaries", []))  # noqa: E731,E501
    for path in ("experiments/search-datasets", "/ajax-api/2.0/mlflow/experiments/search-datasets"):
        s.post(path, experiment_ids=[e], show=found)
        s.post(path, experiment_ids=[e, other], show=found)
    path = "/ajax-api/2.0/mlflow/experiments/search-datasets"
    s.post(path, experiment_ids=[other])
    s.post(path, experiment_ids=["999"])
    s.post(path, experiment_ids=["abc"])
    s.post(path, experiment_ids=[])
    s.post(path)
    s.post(path, experiment_ids="x")
    s.post(path, experiment_ids=[str(i) for i in range(1000, 1020)])
    s.post(path, experiment_ids=[str(i) for i in range(1000, 1021)])
    s.post("runs/delete", run_id=far)
    s.post(path, experiment_ids=[other], show=found)
