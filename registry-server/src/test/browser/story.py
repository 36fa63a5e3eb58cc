"""Puts a small made-up story into a registry server over its REST API, so that every page has something to show.

Names and values hold markup and non-ASCII letters on purpose: the pages must show them as they are.
"""

import json
import math
import time
import urllib.error
import urllib.parse
import urllib.request

HOSTILE = "<img src=x onerror=alert(1)> & “naïve” 日本"
DAY = 86_400_000
COLUMNS = ["amount", "hour", "customer_mean_7d", "terminal_fraud_7d", "merchant_kind", "prediction"]
REPORT = """<!doctype html><html lang="en"><head><style>h1 {color: rgb(11, 98, 128)}</style>
<script>parent.document.title = 'a report ran its script'</script></head>
<body><h1>Profile of raw.transactions</h1><p style="font-weight: bold" onclick="alert(1)">500,000 rows</p></body></html>"""
CARD = "# fraud\n\nTrained by **gbt**.\n\n| metric | value |\n|---|---|\n| average precision | 0.71 |\n\n" + HOSTILE + "\n"
MLMODEL = """flavors:
  onnx: {data: model.onnx}
signature:
  inputs: '[{"type": "double", "name": "amount", "required": false}, {"type": "string", "name": "merchant''s kind", "required": true}]'
  outputs: '[{"type": "long", "name": "prediction"}]'
  params: null
"""


class Server:
    """MLflow's REST and Millrace's own; every call raises with the server's words when it is refused."""

    def __init__(self, base):
        self.base = base.rstrip("/")

    def call(self, method, path, body=None, content_type="application/json"):
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
        headers = {"Content-Type": content_type} if data is not None else {}
        request = urllib.request.Request(self.base + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                text = answer.read()
        except urllib.error.HTTPError as refused:
            raise RuntimeError(f"{method} {path}: {refused.code} {refused.read().decode(errors='replace')[:500]}") from None
        return json.loads(text) if text.strip().startswith(b"{") else {}

    def post(self, path, body):
        return self.call("POST", "/api/2.0/mlflow" + path, body)

    def get(self, where, **query):
        return self.call("GET", f"/api/2.0/mlflow{where}?{urllib.parse.urlencode(query)}")

    def put_artifact(self, run, path, text):
        root = run["info"]["artifact_uri"].removeprefix("mlflow-artifacts:/").lstrip("/")
        where = urllib.parse.quote(f"{root}/{path}")
        self.call("PUT", "/api/2.0/mlflow-artifacts/artifacts/" + where, text.encode(), "application/octet-stream")


def tell(server):
    """Two experiments, a pipeline with children, a failed and a running run, a model with a champion, two weeks of drift."""
    fraud = server.post("/experiments/create", {"name": f"fraud {time.time_ns()}"})["experiment_id"]
    now = int(time.time() * 1000)
    pipeline = make_run(server, fraud, "pipeline", now - 900_000)
    trained = [make_run(server, fraud, "train", now - 800_000 + n * 60_000, parent=pipeline, quality=0.64 + n / 40) for n in range(3)]
    make_run(server, fraud, "ingest", now - 850_000, parent=pipeline, failed=True)
    make_run(server, fraud, HOSTILE, now - 300_000)
    for run in trained:
        write_artifacts(server, run)
    model = f"fraud-{time.time_ns()}"
    server.post("/registered-models/create", {"name": model, "description": HOSTILE})
    for run in trained:
        server.post("/model-versions/create", {
            "name": model, "source": f"runs:/{run['info']['run_id']}/model", "run_id": run["info"]["run_id"],
            "tags": [{"key": "millrace.promotion", "value": HOSTILE}]})
    server.post("/registered-models/alias", {"name": model, "alias": "champion", "version": "2"})
    measure_drift(server, model, trained[1]["info"]["run_id"], now // DAY * DAY)
    return {"experiment": fraud, "model": model, "runs": trained}


def make_run(server, experiment, job, start, parent=None, quality=None, failed=False):
    tags = {"millrace.job": job, "mlflow.user": "ada", "mlflow.source.name": "millrace-jobs.jar"}
    tags["millrace.outcome"] = "INPUT_UNREADABLE" if failed else "done"
    if failed:
        tags["millrace.error"] = "Cannot read `raw.transactions`: " + HOSTILE
    if parent:
        tags["mlflow.parentRunId"] = parent["info"]["run_id"]
    run = server.post("/runs/create", {
        "experiment_id": experiment, "start_time": start, "run_name": f"{job} {start % 1000}", "user_id": "ada",
        "tags": [{"key": key, "value": value} for key, value in tags.items()]})["run"]
    run_id = run["info"]["run_id"]
    metrics = [metric("rows_in", 500_000, start), metric("rows_out", 499_000, start)]
    if quality is not None:
        for name, value in (("test_average_precision", quality), ("test_auc", quality + 0.25)):
            metrics += [metric(name, value, start), metric(name + "_low", value - 0.02, start), metric(name + "_high", value + 0.02, start)]
        metrics += [metric("train_loss", math.exp(-step / 8) / (1 + quality), start + step, step) for step in range(30)]
    params = {"seed": "42", f"{job[:40].strip('<')}".replace("<", "").split(" ")[0] + ".max-depth": str(int(start / 60_000) % 7), "note": HOSTILE}
    server.post("/runs/log-batch", {
        "run_id": run_id, "metrics": metrics, "params": [{"key": key, "value": value} for key, value in params.items()]})
    server.post("/runs/log-inputs", {"run_id": run_id, "datasets": [dataset("raw.transactions", 12, "input"), dataset("predictions.fraud", 3, "output")]})
    server.post("/runs/update", {"run_id": run_id, "status": "FAILED" if failed else "FINISHED", "end_time": start + 42_000})
    return run


def metric(key, value, at, step=0):
    return {"key": key, "value": value, "timestamp": at, "step": step}


def dataset(name, version, context):
    return {"tags": [{"key": "mlflow.data.context", "value": context}], "dataset": {
        "name": name, "digest": f"8a1c2f0e-v{version}", "source_type": "delta_table",
        "source": json.dumps({"path": "/lake/" + name, "delta_table_version": version}),
        "schema": json.dumps({"mlflow_colspec": [{"name": "amount", "type": "double"}]})}}


def write_artifacts(server, run):
    for path, text in {
        "report.html": REPORT, "notes.txt": HOSTILE, "rows.csv": 'a,b,"c, d"\n1,2,"x ""y"""\n',
        "trials.json": json.dumps([{"trial": 1, "score": 0.7, "note": HOSTILE}]),
        "plot.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></svg>',
        "model/MLmodel": MLMODEL, "model/model_card.md": CARD, "model/model.onnx": "not really",
    }.items():
        server.put_artifact(run, path, text)


def measure_drift(server, model, run_id, today):
    for back in range(14, 0, -1):
        start = today - back * DAY
        rows = [drift_row(model, run_id, column, index, start, 14 - back) for index, column in enumerate(COLUMNS)]
        body = {"run_id": run_id, "granularity": "1 day", "rows": rows}
        server.call("PUT", f"/api/v1/drift/{model}/2/{start}", body)


def drift_row(model, run_id, column, index, start, day):
    psi = 0.01 + abs(math.sin(index * 3 + day)) * 0.05 + (0.05 * (day - 6) if index == 0 and day > 6 else 0)
    psi += 0.13 if index == 3 and day > 9 else 0
    verdict = "drift" if psi > 0.2 else "watch" if psi > 0.1 else "ok"
    return {
        "table_name": "predictions.fraud", "table_id": "8a1c2f0e", "table_version": 12,
        "window": {"start": start, "end": start + DAY}, "granularity": "1 day", "monitor_version": 0,
        "slice_key": None, "slice_value": None, "column_name": column, "data_type": "double", "window_cmp": None,
        "drift_type": "BASELINE", "count_delta": -182, "avg_delta": psi * 10, "percent_null_delta": 0.001,
        "js_distance": psi * 0.6, "ks_test": {"statistic": psi * 0.8, "pvalue": 1e-9}, "wasserstein_distance": psi * 30,
        "population_stability_index": psi, "tv_distance": psi * 0.7, "l_infinity_distance": psi * 0.3,
        "n_reference": 65536, "n_current": 9411, "adjusted_pvalue": 3e-8, "effect": psi, "error_bound": 0.004,
        "threshold": 0.2, "verdict": verdict, "binning": "baseline quantiles, 10 of 256", "run_id": run_id,
        "model_name": model, "model_version": 2}
