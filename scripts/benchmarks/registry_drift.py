"""`scripts/bench registry --drift DAYS`: drift of 50 models, 200 columns and 20 slices by day; what lists and pages request."""

import json
import os
import pathlib
import random
import subprocess
import sys
import time
import urllib.parse
import urllib.request

MODELS, COLUMNS, SLICES = 50, 200, 20
DAY, FIRST = 86_400_000, 1_735_689_600_000
SEED = 20261130


def fill(home, jar, classes, days):
    java = os.environ.get("JAVA", "java")
    done = subprocess.run(
        [java, "-Xmx1g", "-XX:+UseSerialGC", "-cp", f"{classes}:{jar}", "dev.millrace.registry.resource.drift.DriftFill",
         str(home), *map(str, (MODELS, COLUMNS, SLICES, days))], check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit("the drift could not be generated")


def call(url, verb, path, body=None):
    request = urllib.request.Request(url + path, method=verb, data=None if body is None else body.encode())
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=120) as answer:
        text = answer.read()
        return json.loads(text) if text else None


def add_features(url, home):
    """A table with a feature for each column, and a version of each model that takes all of them."""
    fields = [{"name": "id", "type": "long", "nullable": True, "metadata": {"millrace": '{"role":"entity"}'}}]
    fields += [{"name": f"feature_{i}", "type": "double", "nullable": True,
                "metadata": {"comment": f"feature {i}", "millrace": '{"role":"feature"}'}} for i in range(COLUMNS)]  # fmt: skip
    log = home / "lake" / "features" / "daily" / "_delta_log"
    log.mkdir(parents=True)
    lines = [
        {"commitInfo": {"timestamp": FIRST, "operation": "WRITE", "operationParameters": {"mode": "Overwrite"}}},
        {"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}},
        {"metaData": {"id": "5f0b8a1c-0000-4a53-9a55-0d7f0f3b8f11", "format": {"provider": "parquet", "options": {}}, "configuration": {},
                      "schemaString": json.dumps({"type": "struct", "fields": fields}), "partitionColumns": []}},
    ]  # fmt: skip
    (log / f"{0:020d}.json").write_text("".join(json.dumps(line) + "\n" for line in lines))
    columns = json.dumps([{"name": f"feature_{i}", "type": "double"} for i in range(COLUMNS)])
    mlmodel = f"flavors: {{}}\nsignature:\n  inputs: '{columns}'\n  outputs: '[]'\n"
    api = "/api/2.0/mlflow/"
    for model in range(MODELS):
        run = call(url, "POST", api + "runs/create", json.dumps({"experiment_id": "0", "start_time": FIRST + model}))["run"]["info"]
        place = run["artifact_uri"].removeprefix("mlflow-artifacts:/")
        call(url, "PUT", f"/api/2.0/mlflow-artifacts/artifacts/{place}/model/MLmodel", mlmodel)
        name = f"model-{model}"
        call(url, "POST", api + "registered-models/create", json.dumps({"name": name}))
        version = {"name": name, "source": f"runs:/{run['run_id']}/model", "run_id": run["run_id"]}
        call(url, "POST", api + "model-versions/create", json.dumps(version))


def of_day(day):
    return FIRST + day * DAY


def requests(days):
    """Paths by name; each is sent in turn, so that no page is always in a cache."""
    source = random.Random(SEED)

    def place():
        slice_ = source.randrange(SLICES)
        chosen = {"version": 1, "drift_type": "BASELINE", "slice_key": "channel" if slice_ else "", "slice_value": f"value-{slice_}" if slice_ else ""}
        return f"/api/v1/drift/model-{source.randrange(MODELS)}", urllib.parse.urlencode(chosen)

    def many(form):
        return "\n".join(form(*place()) for _ in range(300))

    def column():
        return f"column=feature_{source.randrange(COLUMNS)}"

    past = of_day(max(0, days // 2))
    return {
        "drift list": "/api/v1/drift",
        "features": "/api/v1/features",
        "home: experiments": "experiments/search?max_results=1000",
        "home: models": "registered-models/search?max_results=100",
        "drift page: newest windows": many(lambda path, chosen: f"{path}/windows?{chosen}"),
        "drift page: earlier windows": many(lambda path, chosen: f"{path}/windows?{chosen}&from={past}"),
        "drift page: all columns": many(lambda path, chosen: f"{path}/windows?{chosen}&max_columns=1000"),
        "drift page: one column": many(lambda path, chosen: f"{path}?{chosen}&{column()}&points=60&from={of_day(days - 60)}"),
        "one column, all days": many(lambda path, chosen: f"{path}?{chosen}&{column()}&points=365"),
        "rows, one column": many(lambda path, chosen: f"{path}?{column()}&max_results=100"),
        "rows, first page": many(lambda path, chosen: f"{path}?max_results=1000"),
    }


def put(url, home_days):
    """Milliseconds of a window's PUT, the rows of another day moved to a new one; then of the same again."""
    taken = []
    for model in range(10):
        path = f"/api/v1/drift/model-{model}"
        rows = call(url, "GET", f"{path}?max_results=10000&from={of_day(home_days - 1)}")["rows"]
        for row in rows:
            row["window"] = {"start": of_day(home_days), "end": of_day(home_days + 1)}
        body = json.dumps({"run_id": "r", "granularity": "1 day", "rows": rows})
        for _ in range(2):
            begun = time.monotonic()
            call(url, "PUT", f"{path}/1/{of_day(home_days)}", body)
            taken.append(round((time.monotonic() - begun) * 1000, 1))
    return taken


def measure(server, load, classes, days, seconds):
    server.start()
    server.stop()
    begun = time.monotonic()
    fill(server.home, server.jar, classes, days)
    found = {"rows": MODELS * COLUMNS * SLICES * days, "fill_s": round(time.monotonic() - begun)}
    database = pathlib.Path(server.home) / server.database
    found["database_mib"] = round(database.stat().st_size / 2**20)
    found["bytes_per_row"] = round(database.stat().st_size / found["rows"])
    try:
        server.start()
        url = f"http://127.0.0.1:{server.port}"
        add_features(url, server.home)
        for name, paths in requests(days).items():
            found[name] = load.run("ask", url, seconds, 1000, paths)
        taken = sorted(put(url, days))
        found["put_of_4000_rows_p50_ms"] = round(taken[len(taken) // 2])
        found["loaded_mib"] = round(server.memory_mib())
        return found
    finally:
        server.stop()
