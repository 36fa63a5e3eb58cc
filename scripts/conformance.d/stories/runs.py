"""runs/*: life cycle, names, tags, params; what is refused."""

from harness import story


def fresh(s, name):
    """An experiment and a run in it."""
    experiment = s.post("experiments/create", name=name)["experiment_id"]
    run = s.post("runs/create", experiment_id=experiment, run_name="r", start_time=1)["run"]["info"]["run_id"]
    return experiment, run


@story("run-creation")
def creation(s):
    e = s.post("experiments/create", name="creation")["experiment_id"]
    s.post("runs/create", experiment_id=e)
    s.post("runs/create", experiment_id=e, user_id="anna", run_name="named", start_time=1700000000000)
    s.post("runs/create", experiment_id=e, start_time="17", run_name="")
    s.post("runs/create", experiment_id=e, run_name="n", tags=[{"key": "mlflow.runName", "value": "n"}])
    s.post("runs/create", experiment_id=e, run_name="a", tags=[{"key": "mlflow.runName", "value": "b"}])
    s.post("runs/create", experiment_id=e, tags=[{"key": "mlflow.runName", "value": "by tag"}])
    s.post("runs/create", experiment_id=e, tags=[{"key": "mlflow.user", "value": "u"}, {"key": "a/b c", "value": ""}])
    s.post("runs/create", experiment_id=e, tags=[{"key": "k", "value": "1"}, {"key": "k", "value": "2"}])
    s.post("runs/create", experiment_id=e, tags=[{"key": "", "value": "1"}])
    s.post("runs/create", experiment_id=e, tags=[{"value": "1"}])
    s.post("runs/create", experiment_id=e, tags=[{"key": "k"}])
    s.post("runs/create", experiment_id=e, tags=[{"key": "k", "value": 1}])
    s.post("runs/create", experiment_id=e, tags=["x"])
    s.post("runs/create", experiment_id=e, tags={"key": "k", "value": "v"})
    s.post("runs/create", experiment_id=e, tags=[{"key": "bad*key", "value": "1"}])
    s.post("runs/create", experiment_id=e, tags=[{"key": "k" * 251, "value": "1"}])
    cut = s.post("runs/create", experiment_id=e, tags=[{"key": "k", "value": "v" * 9000}], show=lambda _: "taken")
    lengths = lambda body: [len(t["value"]) for t in body["run"]["data"]["tags"] if t["key"] == "k"]  # noqa: E731
    s.get("runs/get", run_id=cut["run"]["info"]["run_id"], show=lengths)
    s.post("runs/create", experiment_id=e, start_time="x")
    s.post("runs/create", experiment_id=e, start_time=1.5)
    s.post("runs/create", experiment_id=e, start_time=-5)
    s.post("runs/create", experiment_id=e, user_id=5)
    s.post("runs/create", experiment_id=e, run_name=5)
    s.post("runs/create", experiment_id=5)
    s.post("runs/create", experiment_id="999")
    s.post("runs/create", experiment_id="abc")
    s.post("runs/create", show=lambda body: body["run"]["info"]["experiment_id"])
    s.post("runs/create", experiment_id=e, run_name="é 日本 " + "n" * 300, show=lambda _: "taken")
    s.get("runs/get")
    s.get("runs/get", run_id="x")
    s.get("runs/get", run_id="0" * 32)
    s.get("runs/get", run_uuid="0" * 32)
    s.get("runs/get", run_id="../x")


@story("run-life")
def life(s):
    e, run = fresh(s, "life")
    s.get("runs/get", run_id=run)
    s.get("runs/get", run_uuid=run)
    s.get("/ajax-api/2.0/mlflow/runs/get", run_id=run)
    for status in ("SCHEDULED", "RUNNING", "FINISHED", "FAILED", "KILLED", "finished", "FOO", "", None, 3):
        s.post("runs/update", run_id=run, status=status)
    s.post("runs/update", run_id=run, status="FINISHED", end_time=7)
    s.post("runs/update", run_id=run)
    s.post("runs/update", run_uuid=run, end_time="9")
    s.post("runs/update", run_id=run, end_time="x")
    s.post("runs/update", run_id=run, end_time=1.5)
    s.post("runs/update", run_id=run, end_time=0)
    s.post("runs/update", run_id=run, run_name="renamed")
    s.get("runs/get", run_id=run)
    s.post("runs/update", run_id=run, run_name="")
    s.post("runs/update", run_id=run, run_name=5)
    s.post("runs/update")
    s.post("runs/update", run_id="0" * 32, status="FINISHED")
    s.post("runs/delete", run_id=run)
    s.post("runs/delete", run_id=run)
    s.get("runs/get", run_id=run)
    s.post("runs/update", run_id=run, status="FINISHED")
    s.post("runs/set-tag", run_id=run, key="k", value="v")
    s.post("runs/delete-tag", run_id=run, key="k")
    s.post("runs/log-parameter", run_id=run, key="k", value="v")
    s.post("runs/log-metric", run_id=run, key="k", value=1, timestamp=1)
    s.post("runs/log-batch", run_id=run, tags=[{"key": "k", "value": "v"}])
    s.post("runs/log-batch", run_id=run)
    s.post("runs/log-inputs", run_id=run, datasets=[])
    s.post("runs/log-model", run_id=run, model_json="{}")
    s.get("metrics/get-history", run_id=run, metric_key="k")
    s.get("artifacts/list", run_id=run)
    s.post("runs/restore", run_id=run)
    s.post("runs/restore", run_id=run)
    s.get("runs/get", run_id=run)
    for call in ("delete", "restore"):
        s.post(f"runs/{call}")
        s.post(f"runs/{call}", run_id="0" * 32)
        s.post(f"runs/{call}", run_uuid=run)


@story("run-tags")
def tags(s):
    _, run = fresh(s, "tags")
    s.post("runs/set-tag", run_id=run, key="k", value="v")
    s.post("runs/set-tag", run_uuid=run, key="k", value="w")
    s.post("runs/set-tag", run_id=run, key="blank", value="")
    s.post("runs/set-tag", run_id=run, key="novalue")
    s.post("runs/set-tag", run_id=run, value="v")
    s.post("runs/set-tag", key="k", value="v")
    s.post("runs/set-tag", run_id=run, key="k", value=5)
    s.post("runs/set-tag", run_id=run, key=5, value="v")
    s.post("runs/set-tag", run_id=run, key=None, value="v")
    for key in ("a.b-c_d e/f:g", "../x", "/abs", "a//b", "./a", "a/..", ".", "..", "bad*key", "ключ", "k" * 250, "k" * 251):
        s.post("runs/set-tag", run_id=run, key=key, value="v")
        s.post("runs/log-parameter", run_id=run, key=key, value="v")
        s.post("runs/log-metric", run_id=run, key=key, value=1, timestamp=1)
    s.post("runs/set-tag", run_id=run, key="long", value="v" * 8001)
    s.post("runs/set-tag", run_id="0" * 32, key="k", value="v")
    s.post("runs/set-tag", run_id=run, key="mlflow.runName", value="by tag")
    keys = lambda body: [body["run"]["info"]["run_name"], sorted((t["key"], len(t["value"])) for t in body["run"]["data"]["tags"])]  # noqa: E731,E501
    s.get("runs/get", run_id=run, show=keys)
    s.post("runs/delete-tag", run_id=run, key="k")
    s.post("runs/delete-tag", run_id=run, key="k")
    s.post("runs/delete-tag", run_id=run)
    s.post("runs/delete-tag", key="k")
    s.post("runs/delete-tag", run_id="0" * 32, key="k")
    s.post("runs/delete-tag", run_id=run, key="mlflow.runName")
    s.get("runs/get", run_id=run, show=keys)
    s.post("runs/set-tag", run_id=run, key="mlflow.runName", value="")
    s.get("runs/get", run_id=run, show=keys)


@story("run-params")
def params(s):
    _, run = fresh(s, "params")
    s.post("runs/log-parameter", run_id=run, key="p", value="1")
    s.post("runs/log-parameter", run_id=run, key="p", value="1")
    s.post("runs/log-parameter", run_id=run, key="p", value="2")
    s.post("runs/log-parameter", run_uuid=run, key="q", value="")
    s.post("runs/log-parameter", run_id=run, key="novalue")
    s.post("runs/log-parameter", run_id=run, key="n", value=5)
    s.post("runs/log-parameter", run_id=run, key="n", value=None)
    s.post("runs/log-parameter", run_id=run, value="5")
    s.post("runs/log-parameter", key="k", value="5")
    s.post("runs/log-parameter", run_id=run, key="long", value="v" * 6001)
    s.post("runs/log-parameter", run_id=run, key="long", value="v" * 6001)
    s.post("runs/log-parameter", run_id="0" * 32, key="p", value="1")
    s.get("runs/get", run_id=run, show=lambda body: sorted((p["key"], len(p["value"])) for p in body["run"]["data"]["params"]))
    batch = lambda *pairs: [{"key": k, "value": v} for k, v in pairs]  # noqa: E731
    s.post("runs/log-batch", run_id=run, params=batch(("a", "1"), ("b", "2")))
    s.post("runs/log-batch", run_id=run, params=batch(("a", "1"), ("c", "3")))
    s.post("runs/log-batch", run_id=run, params=batch(("a", "9"), ("d", "3")))
    s.post("runs/log-batch", run_id=run, params=batch(("a", "9")))
    s.post("runs/log-batch", run_id=run, params=batch(("d", "1"), ("d", "2")))
    s.post("runs/log-batch", run_id=run, params=batch(("d", "1"), ("d", "1")))
    s.post("runs/log-batch", run_id=run, params=batch(("x*", "1")))
    s.post("runs/log-batch", run_id=run, params=[{"value": "1"}])
    s.post("runs/log-batch", run_id=run, params=[{"key": "e"}])
    s.post("runs/log-batch", run_id=run, params=[{"key": "e", "value": 1}])
    s.post("runs/log-batch", run_id=run, params=[5])
    s.post("runs/log-batch", run_id=run, params="x")
    s.get("runs/get", run_id=run, show=lambda body: sorted(p["key"] for p in body["run"]["data"]["params"]))


@story("run-batches")
def batches(s):
    _, run = fresh(s, "batches")
    metric = {"key": "m", "value": 1.5, "timestamp": 10, "step": 0}
    s.post("runs/log-batch", run_id=run, metrics=[metric], params=[{"key": "p", "value": "1"}], tags=[{"key": "t", "value": "x"}])
    s.post("runs/log-batch", run_id=run, metrics=[metric, metric])
    s.post("runs/log-batch", run_id=run)
    s.post("runs/log-batch")
    s.post("runs/log-batch", metrics=[metric])
    s.post("runs/log-batch", run_id="0" * 32, metrics=[metric])
    s.post("runs/log-batch", run_id=5, metrics=[metric])
    s.post("runs/log-batch", run_id=run, metrics="x")
    s.post("runs/log-batch", run_id=run, metrics=[5])
    s.post("runs/log-batch", run_id=run, metrics=[{}])
    for field in ("key", "value", "timestamp", "step"):
        s.post("runs/log-batch", run_id=run, metrics=[{k: v for k, v in metric.items() if k != field}])
        for wrong in (None, "x", True, [1], 1.5):
            s.post("runs/log-batch", run_id=run, metrics=[metric, {**metric, field: wrong}])
    s.post("runs/log-batch", run_id=run, metrics=[{**metric, "timestamp": -1}])
    s.post("runs/log-batch", run_id=run, metrics=[{**metric, "key": "bad*"}], tags=[{"key": "never", "value": "x"}])
    s.post("runs/log-batch", run_id=run, tags=[{"key": "bad*", "value": "x"}])
    s.post("runs/log-batch", run_id=run, tags=[{"key": "k" * 251, "value": "x"}])
    s.post("runs/log-batch", run_id=run, tags=[{"key": "same", "value": "1"}, {"key": "same", "value": "2"}])
    s.post("runs/log-batch", run_id=run, tags=[{"key": "t"}])
    s.post("runs/log-batch", run_id=run, tags=[{"value": "t"}])
    s.post("runs/log-batch", run_id=run, tags=[{"key": "t", "value": 1}])
    s.post("runs/log-batch", run_id=run, params=[{"key": "p", "value": "2"}], tags=[{"key": "never", "value": "x"}])
    s.get("runs/get", run_id=run)
    many = lambda kind, n: [{**metric, "key": f"{kind}{i}"} for i in range(n)]  # noqa: E731
    pairs = lambda kind, n: [{"key": f"{kind}{i}", "value": "v"} for i in range(n)]  # noqa: E731
    for label, fields in {
        "1000 metrics": {"metrics": many("m", 1000)},
        "1001 metrics": {"metrics": many("m", 1001)},
        "100 params": {"params": pairs("p_", 100)},
        "101 params": {"params": pairs("p_", 101)},
        "100 tags": {"tags": pairs("t_", 100)},
        "101 tags": {"tags": pairs("t_", 101)},
        "1001 in all": {"metrics": many("m", 951), "params": pairs("p_", 25), "tags": pairs("t_", 25)},
        "too large": {"tags": [{"key": f"t{i}", "value": "v" * 8000} for i in range(100)], "params": [
            {"key": f"l{i}", "value": "v" * 5000} for i in range(99)]},
    }.items():
        s.call("POST", "runs/log-batch", {"run_id": run, **fields}, label=f"runs/log-batch {label}")


@story("run-models")
def models(s):
    _, run = fresh(s, "model tags")
    s.post("runs/log-model", run_id=run, model_json='{"artifact_path": "model", "flavors": {}}')
    model = '{"artifact_path": "model", "flavors": {}, "utc_time_created": "2026-01-01 00:00:00", "run_id": "r"}'
    s.post("runs/log-model", run_id=run, model_json=model)
    s.post("runs/log-model", run_id=run, model_json=model)
    s.post("runs/log-model", run_id=run, model_json="{}")
    s.post("runs/log-model", run_id=run, model_json="no json")
    s.post("runs/log-model", run_id=run, model_json="[]")
    s.post("runs/log-model", run_id=run)
    s.post("runs/log-model", model_json=model)
    s.post("runs/log-model", run_id="0" * 32, model_json=model)
    s.post("runs/log-model", run_id=run, model_json=5)
    s.get("runs/get", run_id=run, show=lambda body: body["run"]["data"]["tags"])
