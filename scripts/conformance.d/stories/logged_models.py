"""logged-models*: life cycle, params, tags, metrics, search."""

from harness import story
from runs import fresh


@story("logged-models")
def life(s):
    e, run = fresh(s, "logged")
    create = lambda **f: s.post("logged-models", **f)  # noqa: E731
    one = create(experiment_id=e, name="one", model_type="agent", source_run_id=run, params=[{"key": "p", "value": "1"}],
                 tags=[{"key": "t", "value": "x"}])["model"]["info"]["model_id"]
    create(experiment_id=e)
    create(experiment_id=e, name="one")
    create(name="x")
    create(experiment_id="999", name="x")
    create(experiment_id="abc", name="x")
    for name in ("a/b", "a:b", "a.b", "a%b", 'a"b', "a'b", "", "é", 5, " ", "n" * 300):
        create(experiment_id=e, name=name)
    create(experiment_id=e, name="x", params=[{"value": "1"}])
    create(experiment_id=e, name="x", params="x")
    create(experiment_id=e, name="x", params=[{"key": "k" * 251, "value": "1"}])
    create(experiment_id=e, name="x", params=[{"key": "k", "value": "v" * 6001}], show=lambda b: len(b["model"]["data"]["params"][0]["value"]))
    create(experiment_id=e, name="x", tags=[{"key": "k", "value": "v" * 8001}], show=lambda _: "taken")
    create(experiment_id=e, name="x", source_run_id="none")
    s.get(f"logged-models/{one}")
    s.get(f"/ajax-api/2.0/mlflow/logged-models/{one}")
    s.get("logged-models/m-" + "0" * 32)
    s.get("logged-models/x")
    for status in ("LOGGED_MODEL_READY", "LOGGED_MODEL_UPLOAD_FAILED", "LOGGED_MODEL_PENDING", "LOGGED_MODEL_STATUS_UNSPECIFIED",
                   "READY", "FOO", "", None, 2):
        s.patch(f"logged-models/{one}", model_id=one, status=status)
    s.patch(f"logged-models/{one}", model_id=one)
    s.patch(f"logged-models/{one}", status="LOGGED_MODEL_READY")
    s.patch("logged-models/m-" + "0" * 32, model_id="m-" + "0" * 32, status="LOGGED_MODEL_READY")
    tags = f"logged-models/{one}/tags"
    s.patch(tags, tags=[{"key": "t", "value": "y"}, {"key": "u", "value": ""}])
    s.patch(tags, model_id=one, tags=[{"key": "t", "value": "z"}])
    s.patch(tags)
    s.patch(tags, tags=[{"value": "y"}])
    s.patch(tags, tags=[{"key": "k" * 251, "value": "y"}])
    s.patch(tags, tags=[{"key": "bad*", "value": "y"}])
    s.patch("logged-models/m-" + "0" * 32 + "/tags", tags=[{"key": "t", "value": "y"}])
    s.delete(f"{tags}/u")
    s.delete(f"{tags}/u")
    s.delete("logged-models/m-" + "0" * 32 + "/tags/t")
    params = f"logged-models/{one}/params"
    s.post(params, model_id=one, params=[{"key": "q", "value": "2"}])
    s.post(params, model_id=one, params=[{"key": "q", "value": "2"}])
    s.post(params, model_id=one, params=[{"key": "q", "value": "3"}])
    s.post(params, params=[{"key": "r", "value": "3"}])
    s.post(params, model_id=one)
    s.post(params, model_id=one, params=[{"value": "3"}])
    s.post("logged-models/m-" + "0" * 32 + "/params", model_id="m-" + "0" * 32, params=[{"key": "r", "value": "3"}])
    metric = {"key": "auc", "value": 0.5, "timestamp": 5, "step": 1, "model_id": one}
    s.post("runs/log-metric", run_id=run, **metric)
    s.post("runs/log-batch", run_id=run, metrics=[{**metric, "value": 0.6, "step": 2, "dataset_name": "d", "dataset_digest": "1"}])
    s.post("runs/log-metric", run_id=run, **{**metric, "model_id": "m-" + "0" * 32})
    s.get(f"logged-models/{one}")
    s.get("runs/get", run_id=run, show=lambda body: body["run"]["data"])
    s.get("metrics/get-history", run_id=run, metric_key="auc")
    s.get(f"logged-models/{one}/artifacts/directories")
    s.get(f"logged-models/{one}/artifacts/directories", artifact_directory_path="../x")
    s.get("logged-models/m-" + "0" * 32 + "/artifacts/directories")
    s.delete(f"logged-models/{one}")
    s.delete(f"logged-models/{one}")
    s.get(f"logged-models/{one}")
    s.patch(f"logged-models/{one}", model_id=one, status="LOGGED_MODEL_READY")
    s.patch(tags, tags=[{"key": "t", "value": "y"}])


def found(body):
    return [m["info"]["name"] for m in body.get("models", [])] + (["..."] if "next_page_token" in body else [])


FILTERS = """
name = 'alpha'
name != 'alpha'
name LIKE 'a%'
name ILIKE 'A%'
name IN ('alpha', 'beta')
name NOT IN ('alpha')
name > 'a'
name = 5
attributes.name = 'alpha'
attribute.name = 'alpha'
model_id = 'x'
model_type = 'agent'
model_type != 'agent'
status = 'READY'
status = 'PENDING'
status = 'FAILED'
status = 'LOGGED_MODEL_READY'
status = 'ready'
status != 'READY'
source_run_id = 'RUN'
source_run_id = ''
experiment_id = 'x'
creation_timestamp > 0
creation_time > 0
creation_timestamp = 'x'
last_updated_timestamp > 0
last_updated_timestamp_ms > 0
creation_timestamp_ms > 0
artifact_uri LIKE 'x'
params.depth = '5'
params.depth != '5'
params.depth LIKE '5%'
params.depth ILIKE '5%'
params.depth IN ('5')
params.depth > '5'
params.depth = 5
param.depth = '5'
tags.team = 'a'
tags.team != 'a'
tags.team LIKE 'A'
tags.team IS NULL
tags.team IN ('a')
tag.team = 'a'
metrics.auc > 0.5
metrics.auc = 0.5
metrics.auc != 0.5
metrics.auc <= 0.9
metric.auc > 0.5
metrics.auc = 'x'
metrics.auc LIKE '1'
metrics.auc > 0.5 AND params.depth = '5'
metrics.none > 0
name = 'alpha' OR name = 'beta'
name = 'alpha' AND
name
foo = 'x'
dataset.name = 'x'
lifecycle_stage = 'active'
""".strip("\n").split("\n")


@story("logged-model-search")
def search(s):
    e, run = fresh(s, "logged search")
    for name, kind, params, tags, auc in [
        ("alpha", "agent", {"depth": "5"}, {"team": "a"}, [("d1", 0.5), ("d2", 0.9)]),
        ("beta", "tree", {"depth": "10"}, {"team": "b"}, [("d1", 0.7)]),
        ("gamma", "tree", {}, {}, []),
    ]:
        model = s.post("logged-models", experiment_id=e, name=name, model_type=kind, source_run_id=run if name == "beta" else "",
                       params=[{"key": k, "value": v} for k, v in params.items()],
                       tags=[{"key": k, "value": v} for k, v in tags.items()])["model"]["info"]["model_id"]
        metrics = [{"key": "auc", "value": v, "timestamp": 1, "step": i, "model_id": model, "dataset_name": d,
                    "dataset_digest": "x"} for i, (d, v) in enumerate(auc)]
        if metrics:
            s.post("runs/log-batch", run_id=run, metrics=metrics)
        if name == "alpha":
            s.patch(f"logged-models/{model}", model_id=model, status="LOGGED_MODEL_READY")
    ask = {"experiment_ids": [e]}
    by_name = [{"field_name": "name", "ascending": True}]
    s.post("logged-models/search", **ask, order_by=by_name, filter="name = 'alpha'")
    s.post("logged-models/search", **ask, filter="", order_by=by_name, show=found)
    for text in FILTERS:
        body = {**ask, "filter": text.replace("RUN", run), "order_by": by_name}
        s.call("POST", "logged-models/search", body, show=found, label=f"filter {text}")
    for datasets in ([{"dataset_name": "d1"}], [{"dataset_name": "d2", "dataset_digest": "x"}], [{"dataset_name": "none"}],
                     [{"dataset_name": "d1"}, {"dataset_name": "d2"}], [{"dataset_digest": "x"}], [], "x", [{}]):
        for text in ("metrics.auc > 0.6", "metrics.auc < 0.6", "name LIKE '%a'"):
            s.post("logged-models/search", **ask, filter=text, datasets=datasets, order_by=by_name, show=found)
    key = lambda field, **more: [{"field_name": field, **more}]  # noqa: E731
    for order in (
        key("name"), key("name", ascending=False), key("creation_timestamp"), key("creation_timestamp", ascending=True),
        key("last_updated_timestamp") + key("name"), key("creation_time"), key("metrics.auc", ascending=True),
        key("metrics.auc", ascending=False), key("metrics.auc", dataset_name="d1"), key("metrics.auc", dataset_name="d2"),
        key("metrics.auc", dataset_name="d1", ascending=False), key("metrics.auc", dataset_name="d1", dataset_digest="x"),
        key("metrics.auc", dataset_digest="x"), key("metrics.none") + key("name"), key("params.depth"), key("tags.team"),
        key("foo"), key(""), [{}], ["name"], "name", key("model_type") + key("name"), key("status") + key("name"),
        key("name", ascending="x"), key("model_id"), key("experiment_id") + key("name"), key("source_run_id") + key("name"),
    ):
        shown = (lambda body: sorted(found(body))) if order in (key("model_id"), key("creation_timestamp")) else found
        s.post("logged-models/search", **ask, order_by=order, show=shown)
    for most in (1, 2, 3, 0, -1, 1000, 1001, 100_000, "2", "x"):
        s.post("logged-models/search", **ask, max_results=most, order_by=by_name, show=found)
    token = s.post("logged-models/search", **ask, max_results=2, order_by=by_name, show=found)["next_page_token"]
    page = {**ask, "max_results": 2, "order_by": by_name, "page_token": token}
    s.call("POST", "logged-models/search", page, show=found, label="page 2")
    s.call("POST", "logged-models/search", {**page, "filter": "name = 'alpha'"}, show=found, label="page 2 of another filter")
    s.call("POST", "logged-models/search", {**page, "experiment_ids": ["0"]}, show=found, label="page 2 of other experiments")
    s.post("logged-models/search", **ask, page_token="!!")
    s.post("logged-models/search")
    s.post("logged-models/search", experiment_ids=[])
    s.post("logged-models/search", experiment_ids=["999"])
    s.post("logged-models/search", experiment_ids=["abc"])
    s.post("logged-models/search", experiment_ids="x")
    s.post("logged-models/search", experiment_ids=[e, "0"], order_by=by_name, show=found)
