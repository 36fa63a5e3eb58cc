"""What MLflow's tests of its stores ask and the other stories do not."""

from harness import story
from runs import fresh


def run_of(s, experiment, **fields):
    return s.post("runs/create", experiment_id=experiment, **fields)["run"]["info"]["run_id"]


def versions(body):
    return [f"{v['name']} {v['version']}" for v in body.get("model_versions", [])]


def models(body):
    return [m["name"] for m in body.get("registered_models", [])]


def steps(body):
    return [(m["step"], m["value"]) for m in body.get("metrics", [])]


@story("names-of-runs")
def names(s):
    e, run = fresh(s, "names")
    told = lambda body: (body["run"]["info"].get("run_name"), [t for t in body["run"]["data"].get("tags", [])  # noqa: E731
                                                              if t["key"] == "mlflow.runName"])
    see = lambda: s.get("runs/get", run_id=run, show=told)  # noqa: E731
    s.post("runs/update", run_id=run, run_name="new name", status="FINISHED", end_time=1000)
    see()
    s.post("runs/update", run_id=run, status="FINISHED", end_time=1000)
    s.post("runs/update", run_id=run, run_name="", status="FINISHED", end_time=1000)
    see()
    s.post("runs/delete-tag", run_id=run, key="mlflow.runName")
    see()
    s.post("runs/update", run_id=run, run_name="newer name")
    see()
    s.post("runs/set-tag", run_id=run, key="mlflow.runName", value="newest name")
    see()
    s.post("runs/log-batch", run_id=run, tags=[{"key": "mlflow.runName", "value": "batch name"}])
    see()
    s.post("runs/create", experiment_id=e, run_name="a", tags=[{"key": "mlflow.runName", "value": "b"}])
    named = s.post("runs/create", experiment_id=e, tags=[{"key": "mlflow.runName", "value": "b"}], show=told)
    s.call("GET", "runs/get", query={"run_id": named["run"]["info"]["run_id"]}, show=told, label="named by its tag")


@story("orders-of-models-search")
def orders(s):
    for name in ("MR2", "MR1", "MR3"):
        s.post("registered-models/create", name=name)
    for clause in ("name\tDESC", "name\r\rDESC", "name\nDESC", "name   DESC", "name  dESC", " name DESC ", "name DESC blah"):
        s.get("registered-models/search", filter="name LIKE 'MR%'", order_by=[clause], show=models)
    for clauses in (["timestamp", "timestamp"], ["timestamp", "last_updated_timestamp"],
                    ["last_updated_timestamp ASC", "last_updated_timestamp DESC"], ["name ASC", "last_updated_timestamp DESC blah"]):
        s.get("registered-models/search", filter="name LIKE 'MR%'", order_by=clauses, show=models)
    for _ in range(30):
        s.call("POST", "model-versions/create", {"name": "MR1", "source": "s3://bucket/a"}, label="a version", show=lambda _: 0)
    s.get("model-versions/search", filter="name = 'MR1'", max_results=7, show=versions)
    for clauses in (["name ASC", "run_id DESC"], ["name ASC", "last_updated_timestamp DESC blah"], ["version_number", "version_number"]):
        s.get("model-versions/search", order_by=clauses, show=versions)
    for text in ("run_id IN (,)", "run_id IN ('a',,'b')", "run_id IN ('a',)", "run_id IN (", "run_id IN", "run_id LIKE 'z%'",
                 "run_id ILIKE 'Z%'", "name LIKE", "source_path = ''", "version_number<=3 AND version_number!=2 AND name = 'MR1'",
                 "name!=something", "evilhax = true", "name lIkE '%R1'"):
        s.call("GET", "model-versions/search", query={"filter": text, "order_by": ["version_number"], "max_results": 4}, show=versions,
               label=f"versions {text}")
        s.call("GET", "registered-models/search", query={"filter": text}, show=models, label=f"models {text}")
    s.get("model-versions/search", page_token="evilhax")
    s.get("registered-models/search", page_token="evilhax")
    for name in ("MR2", "MR1", "MR3"):
        s.delete("registered-models/delete", name=name)
    aliases = (["start_time", "created"], ["created", "Created"], ["attributes.start_time", "start_time DESC"])
    for clauses in aliases:
        s.post("runs/search", experiment_ids=["0"], order_by=clauses)


@story("latest-versions")
def latest(s):
    s.post("registered-models/create", name="l")
    for _ in range(4):
        s.post("model-versions/create", name="l", source="s3://bucket/a")
    for version, stage in (("2", "Production"), ("3", "Production"), ("4", "Staging")):
        s.post("model-versions/transition-stage", name="l", version=version, stage=stage, archive_existing_versions=False)
    told = lambda body: sorted((v["version"], v["current_stage"]) for v in body.get("model_versions", []))  # noqa: E731
    s.get("registered-models/get-latest-versions", name="l", show=told)
    s.get("registered-models/get-latest-versions", name="l", stages=["pROduction", "None"], show=told)
    s.delete("model-versions/delete", name="l", version="3")
    s.get("registered-models/get-latest-versions", name="l", show=told)
    s.get("registered-models/get", name="l", show=lambda body: sorted(
        (v["version"], v["current_stage"]) for v in body["registered_model"]["latest_versions"]))
    s.patch("model-versions/update", name="l", version="3", description="x")
    s.get("model-versions/get-download-uri", name="l", version="3")
    s.post("model-versions/set-tag", name="l", version="3", key="k", value="v")
    s.post("model-versions/set-tag", name="l", version="I am not a version", key="k", value="v")
    s.delete("model-versions/delete-tag", name="l", version="I am not a version", key="k")
    s.post("registered-models/create", name="copied")
    s.post("model-versions/create", name="copied", source="models:/l/1", description="d", tags=[{"key": "k", "value": "v"}])
    s.post("model-versions/create", name="copied", source="models:/copied/1")
    for version in ("1", "2"):
        s.get("model-versions/get-download-uri", name="copied", version=version)


@story("versions-of-logged-models")
def of_logged_models(s):
    e = s.post("experiments/create", name="versions of logged models")["experiment_id"]
    s.post("registered-models/create", name="of logged")
    told = lambda body: [body["model"]["info"].get("source_run_id"), [t for t in body["model"]["info"].get("tags", [])]]  # noqa: E731
    model = s.post("logged-models", experiment_id=e, name="lm", source_run_id="123")["model"]["info"]
    see = lambda label: s.call("GET", f"logged-models/{model['model_id']}", label=label, show=told)  # noqa: E731
    see("before")
    for source in (model["artifact_uri"], f"models:/{model['model_id']}"):
        s.post("model-versions/create", name="of logged", source=source, model_id=model["model_id"])
        see("after a version")
    s.post("registered-models/create", name="it's \"quoted\"")
    s.post("model-versions/create", name="it's \"quoted\"", source=model["artifact_uri"], model_id=model["model_id"])
    see("after a version of a quoted name")


@story("prompts-among-models")
def prompts(s):
    asked = [{"key": "mlflow.prompt.is_prompt", "value": "true"}]
    fruit = [{"key": "fruit", "value": "apple"}]
    s.post("registered-models/create", name="pr model", tags=fruit)
    s.post("registered-models/create", name="pr prompt", tags=asked)
    s.post("registered-models/create", name="pr prompt 2", tags=asked + fruit)
    s.post("registered-models/create", name="pr model")
    s.post("registered-models/create", name="pr prompt", tags=asked)
    s.post("registered-models/create", name="pr model", tags=asked)
    s.post("registered-models/create", name="pr prompt")
    s.post("model-versions/create", name="pr model", source="s3://bucket/a", tags=fruit)
    s.post("model-versions/create", name="pr prompt", source="dummy-source", tags=asked + fruit)
    s.post("model-versions/create", name="pr prompt", source="dummy-source", tags=asked)
    flag = "tags.`mlflow.prompt.is_prompt`"
    for text in ("name LIKE 'pr %'", "tags.fruit = 'apple'", "name = 'pr prompt'", f"{flag} = 'false' AND name LIKE 'pr %'",
                 f"{flag} != 'true' AND name LIKE 'pr %'", f"{flag} = 'true' AND name LIKE 'pr %'",
                 f"name = 'pr prompt' and {flag} = 'true'", f"{flag} = 'true' and tags.fruit = 'apple'"):
        s.call("GET", "registered-models/search", query={"filter": text}, show=models, label=f"models {text}")
        s.call("GET", "model-versions/search", query={"filter": text, "order_by": ["name", "version_number"]}, show=versions,
               label=f"versions {text}")
    for name in ("pr model", "pr prompt", "pr prompt 2"):
        s.delete("registered-models/delete", name=name)


@story("many-values-of-a-step")
def crowded(s):
    _, run = fresh(s, "crowded")
    for begin in range(0, 3000, 1000):
        points = [{"key": "loss", "value": float(i), "timestamp": 1000 + i, "step": 0} for i in range(begin, begin + 1000)]
        s.call("POST", "runs/log-batch", {"run_id": run, "metrics": points}, label=f"log from {begin}")
    whole = "/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval"
    told = lambda body: (len(steps(body)), steps(body)[:1], steps(body)[-1:])  # noqa: E731
    s.get(whole, run_ids=[run], metric_key="loss", max_results=100, show=told)
    for key in ("a", "b"):
        many = [{"key": f"{key}{i}", "value": float(i), "timestamp": 1, "step": 0} for i in range(150)]
        for time in (1, 2):
            s.call("POST", "runs/log-batch", {"run_id": run, "metrics": many}, label=f"log {key} again and again")
    s.get("metrics/get-history", run_id=run, metric_key="a149", show=steps)
    both = [{"key": "p", "value": "1"}, {"key": "p", "value": "2"}]
    metric = [{"key": "m", "value": 1, "timestamp": 1, "step": 0}]
    s.post("runs/log-batch", run_id=run, params=both, metrics=metric)
    s.post("runs/log-batch", run_id=run, params=both[:1] * 2, metrics=metric)
    s.get("metrics/get-history", run_id=run, metric_key="m", show=steps)


@story("datasets-again")
def datasets(s):
    e, run = fresh(s, "datasets again")
    tag = lambda k, v: {"key": k, "value": v}  # noqa: E731
    cards = {"name": "n", "digest": "d", "source_type": "st", "source": "s", "schema": "sc", "profile": "p"}
    told = lambda body: [(d["dataset"]["name"], d["dataset"]["digest"], d["dataset"]["source"],  # noqa: E731
                          sorted((t["key"], t["value"]) for t in d.get("tags", []))) for d in body["run"]["inputs"].get("dataset_inputs", [])]
    log = lambda of, *given: s.post("runs/log-inputs", run_id=of, datasets=list(given))  # noqa: E731
    see = lambda of, label: s.call("GET", "runs/get", query={"run_id": of}, label=label,  # noqa: E731
                                   show=lambda body: sorted(told(body)))
    log(run, {"dataset": cards, "tags": [tag("k1", "v1"), tag("k2", "v2")]})
    log(run, {"dataset": {**cards, "source": "other", "schema": "other"}, "tags": [tag("k1", "w"), tag("k3", "v3")]})
    see(run, "logged again, otherwise")
    log(run, {"dataset": {**cards, "name": "n2"}, "tags": [tag("a", "1")]}, {"dataset": {**cards, "digest": "d2"}, "tags": [tag("b", "1")]})
    see(run, "two more")
    for number in (1, 2):
        other = run_of(s, e, run_name=f"r{number}", start_time=number)
        log(other, {"dataset": cards, "tags": [tag(f"k{number}", "x")]}, {"dataset": cards, "tags": [tag(f"k{number}", "x")]})
        see(other, f"the same of another run, {number}")
    many = [{"dataset": {"name": f"n{i}", "digest": f"d{i}", "source_type": "st", "source": "s"},
             "tags": [tag("mlflow.data.context", str(i))]} for i in range(1010)]
    s.call("POST", "runs/log-inputs", {"run_id": run, "datasets": many}, label="log 1010 datasets")
    s.call("POST", "/ajax-api/2.0/mlflow/experiments/search-datasets", {"experiment_ids": [e]}, label="search 1014 datasets",
           show=lambda body: len(body["dataset_summaries"]))
    s.post("runs/search", experiment_ids=[e], order_by=["run_name"], filter="params.none IS NULL AND dataset.name = 'n2'",
           show=lambda body: [r["info"]["run_name"] for r in body.get("runs", [])])


@story("nulls-search")
def nulls(s):
    s.post("experiments/create", name="e1", tags=[{"key": "k1", "value": "v"}, {"key": "k2", "value": "v"}])
    s.post("experiments/create", name="e2", tags=[{"key": "k1", "value": "v"}])
    s.post("experiments/create", name="e3", tags=[{"key": "k e y", "value": "v"}])
    told = lambda body: [e["name"] for e in body.get("experiments", [])]  # noqa: E731
    ours = " AND name LIKE 'e_'"
    for text in ("tag.k1 IS NOT NULL", "tag.k2 IS NULL", "tag.k1 IS NOT NULL AND tag.k2 IS NULL", "tag.k1 = 'v' AND tag.k2 IS NULL",
                 "name IS NULL", "tag.\"k e y\" = 'v'", "tag.`k e y` = 'v'", "creation_time IS NOT NULL",
                 "tag.K1 = 'v'", "attribute.`name` != 'e1'"):
        asked = {"filter": text + ours, "order_by": ["name"], "max_results": 50}
        s.call("POST", "experiments/search", asked, show=told, label=f"filter {text}")
    s.post("experiments/search", max_results=2, show=told)
    for text in ("status IS NULL", "run_name IS NOT NULL", "dataset.name IS NULL"):
        s.call("POST", "runs/search", {"experiment_ids": ["1"], "filter": text}, label=f"runs {text}")
