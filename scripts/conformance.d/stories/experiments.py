"""experiments/*: life cycle, tags, limits, search."""

from harness import story


@story("experiments")
def experiments(s):
    s.get("experiments/get", experiment_id="0")
    s.get("experiments/get-by-name", experiment_name="Default")
    one = s.post("experiments/create", name="one", tags=[{"key": "team", "value": "a"}, {"key": "empty", "value": ""}])
    one = one["experiment_id"]
    s.get("experiments/get", experiment_id=one)
    s.get("/ajax-api/2.0/mlflow/experiments/get", experiment_id=one)
    s.get("experiments/get-by-name", experiment_name="one")
    s.post("experiments/create", name="one")
    s.post("experiments/create", name="")
    s.post("experiments/create")
    s.post("experiments/create", name=None)
    s.post("experiments/create", name=5)
    s.post("experiments/create", name=["x"])
    s.post("experiments/create", name="é 日本 / : ?")
    s.post("experiments/create", name="n" * 500, show=lambda _: "taken")
    s.post("experiments/create", name="n" * 501)
    s.post("experiments/create", name="tags as text", tags="x")
    s.post("experiments/create", name="tag without key", tags=[{"value": "v"}])
    s.post("experiments/create", name="tag key long", tags=[{"key": "k" * 251, "value": "v"}])
    s.post("experiments/create", name="tag value long", tags=[{"key": "k", "value": "v" * 5001}], show=lambda _: "taken")
    s.post("experiments/create", name="tag value longer", tags=[{"key": "k", "value": "v" * 20001}])
    s.post("experiments/create", name="unknown field", nonsense=1, show=lambda _: "taken")
    for call in ("get", "get-by-name"):
        s.get(f"experiments/{call}")
    s.get("experiments/get", experiment_id="")
    s.get("experiments/get", experiment_id="999")
    s.get("experiments/get", experiment_id="abc")
    s.get("experiments/get", experiment_id="-1")
    s.get("experiments/get-by-name", experiment_name="none")


@story("experiment-locations")
def locations(s):
    given = [
        "s3://bucket/path",
        "s3://bucket/path/",
        "gs://bucket/path",
        "dbfs:/path",
        "wasbs://c@a.blob.core.windows.net/path",
        "mlflow-artifacts:/custom",
        "s3://bucket/p?x=1",
        "s3://bucket/p#x",
        "s3://bucket/../x",
        "s3://bucket/%2e%2e/x",
        "mlflow-artifacts:/../x",
        "http://host/path",
        "ftp://host/path",
        "hdfs://host/path",
        "",
    ]
    for i, location in enumerate(given):
        s.post("experiments/create", name=f"at {i}", artifact_location=location, show=lambda _: "taken")
        s.get("experiments/get-by-name", experiment_name=f"at {i}")


@story("experiment-life")
def life(s):
    one = s.post("experiments/create", name="mortal")["experiment_id"]
    run = s.post("runs/create", experiment_id=one, run_name="first", start_time=5)["run"]["info"]["run_id"]
    s.post("experiments/update", experiment_id=one, new_name="renamed")
    s.get("experiments/get", experiment_id=one)
    s.post("experiments/create", name="other")
    s.post("experiments/update", experiment_id=one, new_name="other")
    s.post("experiments/update", experiment_id=one, new_name="renamed")
    s.post("experiments/update", experiment_id=one, new_name="")
    s.post("experiments/update", experiment_id=one)
    s.post("experiments/update", experiment_id=one, new_name=7)
    s.post("experiments/update", experiment_id=one, new_name="n" * 501)
    s.post("experiments/update", new_name="x")
    s.post("experiments/update", experiment_id="999", new_name="x")
    s.post("experiments/set-experiment-tag", experiment_id=one, key="k", value="v")
    s.post("experiments/set-experiment-tag", experiment_id=one, key="k", value="w")
    s.post("experiments/set-experiment-tag", experiment_id=one, key="blank", value="")
    s.post("experiments/set-experiment-tag", experiment_id=one, key="k")
    s.post("experiments/set-experiment-tag", experiment_id=one, value="v")
    s.post("experiments/set-experiment-tag", key="k", value="v")
    s.post("experiments/set-experiment-tag", experiment_id=one, key="k", value=5)
    s.post("experiments/set-experiment-tag", experiment_id=one, key="bad*key", value="v")
    s.post("experiments/set-experiment-tag", experiment_id=one, key="k" * 251, value="v")
    s.post("experiments/set-experiment-tag", experiment_id=one, key="long", value="v" * 20000)
    s.post("experiments/set-experiment-tag", experiment_id=one, key="long", value="v" * 20001)
    s.post("experiments/set-experiment-tag", experiment_id="999", key="k", value="v")
    s.post("experiments/delete-experiment-tag", experiment_id=one, key="long")
    s.post("experiments/delete-experiment-tag", experiment_id=one, key="none")
    s.post("experiments/delete-experiment-tag", experiment_id=one)
    s.post("experiments/delete-experiment-tag", experiment_id="999", key="k")
    s.get("experiments/get", experiment_id=one)
    s.post("experiments/delete", experiment_id=one)
    s.post("experiments/delete", experiment_id=one)
    s.post("experiments/delete", experiment_id="999")
    s.post("experiments/delete")
    s.get("experiments/get", experiment_id=one)
    s.get("experiments/get-by-name", experiment_name="renamed")
    s.get("runs/get", run_id=run)
    s.post("runs/create", experiment_id=one)
    s.post("experiments/create", name="renamed")
    s.post("experiments/update", experiment_id=one, new_name="again")
    s.post("experiments/set-experiment-tag", experiment_id=one, key="k", value="v")
    s.post("experiments/delete-experiment-tag", experiment_id=one, key="k")
    s.post("experiments/restore", experiment_id=one)
    s.post("experiments/restore", experiment_id=one)
    s.post("experiments/restore", experiment_id="999")
    s.get("experiments/get", experiment_id=one)
    s.get("runs/get", run_id=run)
    s.post("experiments/update", experiment_id="0", new_name="Not default")
    s.post("experiments/update", experiment_id="0", new_name="Default")
    s.post("experiments/delete", experiment_id="0")
    s.post("experiments/restore", experiment_id="0")


def names(body):
    """What a search found, in its order, and whether there is more."""
    return [e["name"] for e in body.get("experiments", [])] + (["..."] if "next_page_token" in body else [])


FILTERS = [
    "name = 'z alpha'",
    "name != 'z alpha' AND name LIKE 'z%'",
    "name LIKE 'z a%'",
    "name LIKE 'Z A%'",
    "name ILIKE 'Z A%'",
    "name LIKE 'z _lpha'",
    "attribute.name = 'z alpha'",
    "attributes.name = 'z alpha'",
    "attr.name = 'z alpha'",
    "`name` = 'z alpha'",
    '"name" = "z alpha"',
    "name='z alpha'",
    "name = 'z alpha' AND",
    "name = 'z alpha' and name LIKE 'z%'",
    "name = 'z alpha' AND name = 'z beta'",
    "name IN ('z alpha', 'z beta')",
    "tags.kind = 'a'",
    "tag.kind = 'a'",
    "tags.kind != 'a'",
    "tags.kind LIKE '_'",
    "tags.kind ILIKE 'A'",
    "tags.`spaced key` = 'x'",
    "tags.kind IS NULL AND name LIKE 'z%'",
    "tags.kind IS NOT NULL",
    "tags.kind IN ('a', 'b')",
    "tags.kind > 'a'",
    "creation_time > 0 AND name LIKE 'z%'",
    "creation_time = 0",
    "creation_time > '0'",
    "last_update_time >= 1 AND name LIKE 'z%'",
    "last_update_time LIKE '1%'",
    "name > 'a'",
    "name = 5",
    "name = z",
    "name == 'x'",
    "name <> 'x'",
    "name = 'a' OR name = 'b'",
    "NOT name = 'a'",
    "(name = 'z alpha')",
    "name BETWEEN 'a' AND 'b'",
    "name RLIKE 'x'",
    "foo = 'x'",
    "params.x = 'y'",
    "metrics.x = 1",
    "lifecycle_stage = 'active'",
    "artifact_location = 'x'",
    "name = 'x",
    "name =",
    "name",
    "= 'x'",
    "'name' = 'x'",
    "name = 'z alpha';",
    "  ",
    "experiment_id = '0'",
    "experiment_id != '0' AND name = 'z alpha'",
    "experiment_id IN ('0')",
    "experiment_id NOT IN ('0') AND name = 'z alpha'",
    "experiment_id IN ()",
    "experiment_id IN (0)",
    "experiment_id = 0",
    "experiment_id LIKE '0'",
]
ORDERS = [
    ["name"],
    ["name ASC"],
    ["name DESC"],
    ["name desc"],
    ["attribute.name DESC"],
    ["creation_time ASC", "name"],
    ["last_update_time DESC", "experiment_id ASC"],
    ["experiment_id"],
    ["experiment_id DESC"],
    ["foo"],
    ["name FOO"],
    ["name ASC DESC"],
    ["tags.kind"],
    ["metrics.x"],
    [""],
    ["name", "name DESC"],
    ["lifecycle_stage"],
]


@story("experiment-search")
def search(s):
    made = {}
    for name, tags in [("z alpha", {"kind": "a", "spaced key": "x"}), ("z beta", {"kind": "b"}), ("z gamma", {})]:
        tags = [{"key": k, "value": v} for k, v in tags.items()]
        made[name] = s.post("experiments/create", name=name, tags=tags)["experiment_id"]
    gone = s.post("experiments/create", name="z gone")["experiment_id"]
    s.post("experiments/delete", experiment_id=gone)
    for text in FILTERS:
        s.post("experiments/search", filter=text, max_results=50, order_by=["name"], show=names)
    for order in ORDERS:
        s.post("experiments/search", filter="name LIKE 'z%'", max_results=50, order_by=order, show=names)
    s.post("experiments/search", filter="name LIKE 'z%'", max_results=50, show=lambda body: len(body["experiments"]))
    for view in ("ACTIVE_ONLY", "DELETED_ONLY", "ALL", "FOO", "", 3, None):
        asked = {"filter": "name LIKE 'z%'", "max_results": 50, "view_type": view, "order_by": ["name"]}
        s.post("experiments/search", show=names, **asked)
    s.post("experiments/search")
    for most in (0, -1, 1, 50000, 50001, "2", "x", 1.5, None, True):
        s.post("experiments/search", max_results=most, filter="name LIKE 'z%'", order_by=["name"], show=names)
    s.get("experiments/search", max_results=2, filter="name LIKE 'z%'", order_by=["name"], show=names)
    s.get("experiments/search", max_results="x")
    s.get("experiments/search", max_results=5, filter="name LIKE 'z%'", view_type="DELETED_ONLY", show=names)
    first = s.post("experiments/search", max_results=2, filter="name LIKE 'z%'", order_by=["name"], show=names)
    token = first["next_page_token"]
    asked = {"max_results": 2, "filter": "name LIKE 'z%'", "order_by": ["name"]}
    s.call("POST", "experiments/search", {**asked, "page_token": token}, show=names, label="experiments/search next page")
    s.post("experiments/search", max_results=2, page_token="!!")
    s.post("experiments/search", max_results=2, page_token="e30=")
    s.post("experiments/search", max_results=2, page_token=5)
    s.post("experiments/search", max_results=2, page_token="", show=lambda _: "taken")
    s.post("experiments/search", max_results=2, filter=5)
    s.post("experiments/search", max_results=2, order_by="name", filter="name LIKE 'z%'", show=names)
