"""runs/search: every case of the grammar, orders, pages, views."""

from harness import story

RUNS = [
    # name, start, status, metrics, params, tags
    ("one", 10, "FINISHED", {"auc": 0.5, "neg": -1, "odd key/x": 1}, {"depth": "5", "p.q": "a"}, {"team": "a", "a b": "x"}),
    ("two", 20, "FAILED", {"auc": 0.75, "neg": 1}, {"depth": "10", "algo": "GBT"}, {"team": "b"}),
    ("three", 30, None, {"auc": "NaN"}, {"algo": "gbt_x"}, {"team": "A"}),
    ("four", 40, "KILLED", {"auc": "Infinity"}, {"depth": ""}, {}),
    ("five", 40, "FINISHED", {"auc": "-Infinity"}, {"algo": "100%"}, {"quote": "it's"}),
    ("six", 60, "FINISHED", {}, {}, {}),
]


def filled(s, experiment):
    """An experiment with six runs, two of them with datasets; one run more is deleted."""
    e = s.post("experiments/create", name=experiment)["experiment_id"]
    ids = {}
    for name, start, status, metrics, params, tags in RUNS:
        run = s.post("runs/create", experiment_id=e, run_name=name, start_time=start, user_id="u-" + name)
        ids[name] = run = run["run"]["info"]["run_id"]
        s.post(
            "runs/log-batch",
            run_id=run,
            metrics=[{"key": k, "value": v, "timestamp": 1, "step": 0} for k, v in metrics.items()],
            params=[{"key": k, "value": v} for k, v in params.items()],
            tags=[{"key": k, "value": v} for k, v in tags.items()],
        )
        if status:
            s.post("runs/update", run_id=run, status=status, end_time=start + 5)
    for name, digest, context in (("one", "d1", "train"), ("two", "d2", "eval")):
        dataset = {"name": "cards", "digest": digest, "source_type": "local", "source": "{}"}
        tag = {"key": "mlflow.data.context", "value": context}
        s.post("runs/log-inputs", run_id=ids[name], datasets=[{"dataset": dataset, "tags": [tag]}])
    gone = s.post("runs/create", experiment_id=e, run_name="gone", start_time=70)["run"]["info"]["run_id"]
    s.post("runs/delete", run_id=gone)
    return e, ids


def names(body):
    """Names of what was found, in order."""
    return [r["info"]["run_name"] for r in body.get("runs", [])] + (["..."] if "next_page_token" in body else [])


FILTERS = """
metrics.auc > 0.5
metrics.auc >= 0.5
metrics.auc = 0.5
metrics.auc != 0.5
metrics.auc < 0.75
metrics.auc <= 0.75
metric.auc > 0.5
metrics.auc>0.5
metrics.auc > .5
metrics.auc > 5e-1
metrics.auc > 1e400
metrics.auc > -1
metrics.neg = -1
metrics.neg = - 1
metrics.`odd key/x` = 1
metrics."odd key/x" = 1
metrics.odd = 1
metrics.auc > '0.5'
metrics.auc = 'NaN'
metrics.auc = NaN
metrics.auc LIKE '0.5'
metrics.auc IS NULL
metrics.auc IS NOT NULL
metrics.auc IN (1)
metrics.auc IN ('1')
Metrics.auc > 0
METRICS.auc > 0
metrics. auc > 0
metrics.auc == 0.5
metrics.auc <> 0.5
metrics.auc =! 0.5
metrics.auc => 0.5
metrics.auc > 0 AND metrics.neg > 0
metrics.auc > 0 and metrics.neg > 0
metrics.auc > 0 AND metrics.neg > 0 AND
AND metrics.auc > 0
metrics.auc > 0 AND AND metrics.neg > 0
metrics.auc > 0 OR metrics.neg > 0
metrics.auc > 0 metrics.neg > 0
metrics.auc > 0, metrics.neg > 0
metrics.auc BETWEEN 0 AND 1
NOT metrics.auc > 0
(metrics.auc > 0)
metrics.auc > 0;
metrics.auc
metrics.auc >
> 0.5
0.5 < metrics.auc
metrics > 0.5
metrics. > 0.5
.auc > 0.5
metrics.auc > metrics.neg
params.depth = '5'
params.depth = "5"
param.depth = '5'
parameter.depth = '5'
parameters.depth = '5'
params.depth != '5'
params.depth = ''
params.depth = 5
params.depth = five
params.depth > '4'
params.algo LIKE 'GBT'
params.algo LIKE 'gbt%'
params.algo ILIKE 'gbt%'
params.algo LIKE 'gbt_x'
params.algo LIKE 'gbt\\_x'
params.algo LIKE '%\\%%'
params.algo LIKE '100%'
params.algo like 'GBT'
params.algo iLike 'GBT'
params.algo RLIKE 'x'
params.algo IS NULL
params.algo IS NOT NULL
params.algo is not null
params.algo IS 'x'
params.algo IN ('GBT', 'gbt_x')
params.p.q = 'a'
params.`p.q` = 'a'
params."p.q" = 'a'
params.'p.q' = 'a'
params.none = 'x'
params.none != 'x'
params.none IS NULL
params.depth = `5`
params.depth = '5
params.depth = 5'
params.depth = '5"
tags.team = 'a'
tag.team = 'a'
tags.team != 'a'
tags.team LIKE '_'
tags.team ILIKE 'A'
tags.team IS NULL
tags.team IS NOT NULL
tags.team IS NULL AND status = 'FINISHED'
tags.team IN ('a', 'b')
tags.team > 'a'
tags.`a b` = 'x'
tags."a b" = 'x'
tags.a b = 'x'
tags.quote = "it's"
tags.quote = 'it''s'
tags.quote = 'it\\'s'
tags.mlflow.runName = 'one'
tags.`mlflow.runName` = 'one'
Tags.team = 'a'
run_name = 'one'
`run_name` = 'one'
"run_name" = 'one'
run_name = "one"
attributes.run_name = 'one'
attribute.run_name = 'one'
attr.run_name = 'one'
run.run_name = 'one'
attributes.`run name` = 'one'
attributes.`Run name` = 'one'
attributes."Run Name" = 'one'
`run name` = 'one'
run_name LIKE 't%'
run_name ILIKE 'T%'
run_name != 'one'
run_name > 'one'
run_name IN ('one', 'two')
run_name NOT IN ('one', 'two')
status = 'FINISHED'
attributes.status = 'RUNNING'
status != 'FINISHED'
status = 'finished'
status = 'FOO'
status LIKE 'F%'
status IN ('FINISHED', 'FAILED')
status = FINISHED
user_id = 'u-one'
user_id LIKE 'u-t%'
artifact_uri LIKE '%artifacts'
artifact_uri = 'x'
start_time > 20
start_time >= 20 AND start_time < 40
start_time = 40
start_time != 40
start_time = '40'
start_time > 20.5
start_time LIKE '4%'
start_time IN ('40')
end_time > 30
end_time < 100
created > 30
Created > 30
attributes.created = 40
attributes.Created = 40
run_id = 'x'
run_id IN ('x', 'y')
run_id IN ('x',)
run_id NOT IN ('x')
run_id not in ('x')
run_id IN ()
run_id IN (1)
run_id IN ('x', 1)
run_id IN 'x'
run_id IN (x)
run_id IN ('x'
run_id = 5
duration > 5
attributes.duration > 5
lifecycle_stage = 'active'
experiment_id = '1'
foo.bar = 'x'
foo = 'x'
dataset.name = 'cards'
datasets.name = 'cards'
dataset.digest = 'd1'
dataset.context = 'train'
dataset.name = 'cards' AND dataset.context = 'eval'
dataset.name LIKE 'c%'
dataset.name ILIKE 'C%'
dataset.name != 'cards'
dataset.digest IN ('d1', 'd2')
dataset.digest NOT IN ('d1')
dataset.context IN ('train')
dataset.name > 'a'
dataset.name = cards
dataset.name = 5
dataset.foo = 'x'
dataset.name IS NULL
'run_name' = 'one'
run_name = 'one' AND tags.team = 'a' AND params.depth = '5' AND metrics.auc = 0.5
run_name = 'one' -- x
run_name = 'one' # x
run_name = 'one' AND (status = 'FINISHED')
SELECT * FROM runs
metrics.auc > 1 UNION SELECT 1
run_name = 'one'  AND	status = 'FINISHED'
""".strip("\n").split("\n")

ORDERS = [
    [],
    ["metrics.auc"],
    ["metrics.auc ASC"],
    ["metrics.auc DESC"],
    ["metrics.auc desc"],
    ["metric.auc DESC"],
    ["metrics.`odd key/x` DESC"],
    ['metrics."odd key/x" DESC'],
    ["metrics.none"],
    ["params.depth"],
    ["params.depth DESC"],
    ["params.algo ASC"],
    ["tags.team"],
    ["tags.team DESC", "metrics.neg"],
    ["tags.`a b`"],
    ["tags.mlflow.runName"],
    ["run_name"],
    ["run_name DESC"],
    ["attributes.run_name"],
    ["attribute.run_name ASC"],
    ["attributes.`Run Name`"],
    ["`run name`"],
    ["status", "run_name"],
    ["user_id"],
    ["start_time"],
    ["start_time DESC", "run_name DESC"],
    ["attributes.start_time ASC", "run_name"],
    ["created ASC", "run_name"],
    ["Created DESC", "run_name"],
    ["end_time ASC", "run_name"],
    ["end_time DESC", "run_name"],
    ["run_name", "run_name"],
    ["metrics.auc", "metrics.auc DESC"],
    ["foo"],
    ["foo.bar"],
    ["attributes.duration"],
    ["lifecycle_stage"],
    ["dataset.name"],
    ["run_name FOO"],
    ["run_name ASC DESC"],
    ["run_name,status"],
    ["run_name ASC, status DESC"],
    [""],
    ["  "],
    ["metrics."],
    ["metrics.auc > 1"],
    ["'run_name'"],
    [5],
    "run_name",
]


@story("run-search")
def search(s):
    e, ids = filled(s, "searched")
    ask = {"experiment_ids": [e]}
    s.post("runs/search", order_by=["run_name"], **ask)
    s.post("runs/search", filter="start_time != 40", show=names, **ask)
    s.post("runs/search", filter="   ", show=names, **ask)
    for text in FILTERS:
        label = f"filter {text}"
        s.call("POST", "runs/search", {**ask, "filter": text, "order_by": ["run_name"]}, show=names, label=label)
    one = ids["one"]
    for text in (f"run_id = '{one}'", f"run_id IN ('{one}', 'x')", f"run_id != '{one}'", f"run_id LIKE '{one[:8]}%'"):
        body = {**ask, "filter": text, "order_by": ["run_name"]}
        s.call("POST", "runs/search", body, show=names, label=f"filter {text.replace(one[:8] + '%', 'prefix%')}")
    for order in ORDERS:
        # the last word to the name: ties by id would be another order on each server
        s.call("POST", "runs/search", {**ask, "order_by": order, "filter": "start_time != 40"}, show=names, label=f"order {order}")
    s.call("POST", "runs/search", {**ask, "order_by": ["metrics.auc", "run_name"]}, show=names, label="order auc, name")
    s.call("POST", "runs/search", {**ask, "order_by": ["metrics.auc DESC", "run_name"]}, show=names, label="order auc desc, name")


@story("run-search-pages")
def pages(s):
    e, _ = filled(s, "paged")
    ask = {"experiment_ids": [e], "order_by": ["start_time", "run_name"]}
    for most in (1, 6, 7, 0, -1, 50000, 50001, "2", "x", 1.5, None, True, []):
        s.post("runs/search", max_results=most, show=names, **ask)
    token = None
    for page in (1, 2, 3):
        body = {**ask, "max_results": 2, **({"page_token": token} if token else {})}
        answer = s.call("POST", "runs/search", body, show=names, label=f"page {page} of two")
        token = answer.json().get("next_page_token")
    for wrong in ("!!", "e30=", "abc", "", 5, None):
        s.post("runs/search", max_results=2, page_token=wrong, show=names, **ask)
    for view in ("ACTIVE_ONLY", "DELETED_ONLY", "ALL", "FOO", "active_only", "", 2, None):
        s.post("runs/search", run_view_type=view, show=names, **ask)
    s.post("runs/search")
    s.post("runs/search", experiment_ids=[])
    s.post("runs/search", experiment_ids=["0"], filter="run_name = 'none'", show=names)
    s.post("runs/search", experiment_ids=["999"])
    s.post("runs/search", experiment_ids=["abc"])
    s.post("runs/search", experiment_ids=[5])
    s.post("runs/search", experiment_ids=e, order_by=["run_name"], show=names)
    s.post("runs/search", experiment_ids=[e, e, "0"], order_by=["run_name"], show=names)
    s.post("runs/search", experiment_ids=[e], filter=5)
    s.post("runs/search", experiment_ids=[e], filter=None, order_by=["run_name"], show=names)
    s.get("runs/search")
