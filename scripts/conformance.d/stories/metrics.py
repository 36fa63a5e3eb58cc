"""Metrics: values, order, histories, sampling."""

from harness import story
from runs import fresh


def log(s, run, key, value, timestamp, step=0):
    return s.post("runs/log-metric", run_id=run, key=key, value=value, timestamp=timestamp, step=step)


@story("metrics")
def metrics(s):
    _, run = fresh(s, "metrics")
    for value in (1, 1.5, -0.0, 1e308, 1e-320, "2.5", "NaN", "Infinity", "-Infinity", "nan", "x", None, True, [1], ""):
        log(s, run, "v", value, 1)
    s.post("runs/log-metric", run_id=run, key="v", timestamp=1)
    s.post("runs/log-metric", run_id=run, key="v", value=1)
    s.post("runs/log-metric", run_id=run, value=1, timestamp=1)
    s.post("runs/log-metric", key="v", value=1, timestamp=1)
    s.post("runs/log-metric", run_uuid=run, key="u", value=1, timestamp=1)
    for timestamp in (0, -1, "5", "x", 1.5, None, True):
        log(s, run, "t", 1, timestamp)
    for step in (-3, "4", "x", 1.5, None, True):
        log(s, run, "s", 1, 1, step)
    log(s, "0" * 32, "m", 1, 1)
    s.get("runs/get", run_id=run)
    s.get("metrics/get-history", run_id=run, metric_key="v")
    s.get("metrics/get-history", run_uuid=run, metric_key="s")
    # the latest: greatest step, then time, then value
    for value, timestamp, step in [(1, 10, 0), (2, 5, 0), (3, 10, 0), (0, 1, 1), (-1, 1, 1), (9, 99, 0)]:
        log(s, run, "latest", value, timestamp, step)
    for value in (1, "NaN", "Infinity"):
        log(s, run, "nan last", value, 1)
    log(s, run, "nan", "NaN", 1)
    log(s, run, "inf", "Infinity", 1)
    log(s, run, "-inf", "-Infinity", 1)
    s.get("runs/get", run_id=run, show=lambda body: sorted((m["key"], m["value"]) for m in body["run"]["data"]["metrics"]
                                                           if m["key"] in ("latest", "nan", "inf", "-inf")))
    s.get("metrics/get-history", run_id=run, metric_key="latest")
    s.get("metrics/get-history", run_id=run, metric_key="inf")


@story("histories")
def histories(s):
    _, run = fresh(s, "histories")
    points = [{"key": "h", "value": i * 0.5, "timestamp": 100 + i, "step": i} for i in range(30)]
    s.call("POST", "runs/log-batch", {"run_id": run, "metrics": points}, label="log 30 points")
    values = lambda body: [m["value"] for m in body.get("metrics", [])] + (["..."] if "next_page_token" in body else [])  # noqa: E731,E501
    s.get("metrics/get-history", run_id=run, metric_key="h", show=values)
    first = s.get("metrics/get-history", run_id=run, metric_key="h", max_results=12, show=values)
    asked = {"run_id": run, "metric_key": "h", "max_results": 12, "page_token": first["next_page_token"]}
    second = s.call("GET", "metrics/get-history", query=asked, show=values, label="get-history page 2")
    asked["page_token"] = second["next_page_token"]
    s.call("GET", "metrics/get-history", query=asked, show=values, label="get-history page 3")
    for most in (30, 31, 1, 0, -1, "x", 25000, 25001):
        s.get("metrics/get-history", run_id=run, metric_key="h", max_results=most, show=values)
    s.get("metrics/get-history", run_id=run, metric_key="h", page_token="!!")
    s.get("metrics/get-history", run_id=run, metric_key="h", page_token="!!", max_results=5)
    s.get("metrics/get-history", run_id=run, metric_key="none")
    s.get("metrics/get-history", run_id="0" * 32, metric_key="h")
    s.get("metrics/get-history", run_id=run)
    s.get("metrics/get-history", metric_key="h")
    s.get("metrics/get-history", run_id=run, metric_key="")


BULK = "/ajax-api/2.0/mlflow/metrics/get-history-bulk"


@story("histories-of-many")
def bulk(s):
    e, one = fresh(s, "bulk")
    two = s.post("runs/create", experiment_id=e, run_name="two", start_time=2)["run"]["info"]["run_id"]
    for run, steps in ((one, range(0, 40)), (two, range(20, 25))):
        points = [{"key": "h", "value": float(i), "timestamp": 100 + i, "step": i} for i in steps]
        s.call("POST", "runs/log-batch", {"run_id": run, "metrics": points}, label="log points")
    own = {"one": one, "two": two}
    by_run = lambda body: {n: [m["step"] for m in body.get("metrics", []) if m["run_id"] == r] for n, r in own.items()}  # noqa: E731,E501
    s.get(BULK, run_id=one, metric_key="h", show=lambda body: body["metrics"][:2])
    s.get(BULK, run_id=[one, two], metric_key="h", show=by_run)
    s.get(BULK, run_id=[one], metric_key="h", max_results=5, show=by_run)
    s.get(BULK, run_id=one, metric_key="none")
    s.get(BULK, run_id="0" * 32, metric_key="h")
    s.get(BULK, run_id=one)
    s.get(BULK, metric_key="h")
    s.get(BULK, run_id=one, metric_key="h", max_results=0)
    s.get(BULK, run_id=one, metric_key="h", max_results="x")
    s.get(BULK, run_id=[f"{i:032x}" for i in range(101)], metric_key="h")
    s.get("metrics/get-history-bulk", run_id=one, metric_key="h")
    for prefix in ("/api/2.0", "/ajax-api/2.0"):
        path = f"{prefix}/mlflow/metrics/get-history-bulk-interval"
        s.get(path, run_ids=[one, two], metric_key="h", show=by_run)
        s.get(path, run_ids=[one, two], metric_key="h", max_results=5, show=by_run)
    path = "metrics/get-history-bulk-interval"
    s.get(path, run_ids=one, metric_key="h", max_results=1, show=lambda body: body)
    for asked in (
        {"max_results": 3},
        {"max_results": 10},
        {"start_step": 0, "end_step": 10},
        {"start_step": 5, "end_step": 30, "max_results": 4},
        {"start_step": 21, "end_step": 23},
        {"start_step": 50, "end_step": 60},
        {"start_step": 5, "end_step": 5},
        {"start_step": 9, "end_step": 5},
        {"start_step": 9},
        {"end_step": 9},
        {"max_results": 0},
        {"max_results": -1},
        {"max_results": 2500},
        {"max_results": 2501},
        {"max_results": "x"},
        {"start_step": "x", "end_step": "y"},
    ):
        s.get(path, run_ids=[one, two], metric_key="h", show=by_run, **asked)
    s.get(path, run_ids=one)
    s.get(path, metric_key="h")
    s.get(path, run_ids=one, metric_key="")
    s.get(path, run_ids=one, metric_key="none")
    s.get(path, run_ids="0" * 32, metric_key="h")
    s.get(path, run_ids=[f"{i:032x}" for i in range(101)], metric_key="h")
