"""registered-models/*: life cycle, tags, aliases, search."""

from harness import story


@story("registered-models")
def models(s):
    s.post("registered-models/create", name="m", description="d", tags=[{"key": "k", "value": "v"}])
    s.post("registered-models/create", name="m")
    s.post("registered-models/create", name="bare")
    s.get("registered-models/get", name="m")
    s.get("/ajax-api/2.0/mlflow/registered-models/get", name="bare")
    for name in ("", None, 5, "a/b", "a:b", "..", ".", " ", "é 日本", "a b", "x" * 256, "x" * 257, "%2e%2e", "a\\b", "a\tb"):
        s.post("registered-models/create", name=name)
    s.post("registered-models/create")
    s.post("registered-models/create", name="t1", tags=[{"value": "v"}])
    s.post("registered-models/create", name="t2", tags=[{"key": "k"}])
    s.post("registered-models/create", name="t3", tags=[{"key": "k" * 251, "value": "v"}])
    s.post("registered-models/create", name="t4", tags=[{"key": "bad*", "value": "v"}])
    s.post("registered-models/create", name="t5", tags="x")
    s.post("registered-models/create", name="t6", tags=[{"key": "k", "value": 5}])
    s.post("registered-models/create", name="d1", description=5)
    s.post("registered-models/create", name="d2", deployment_job_id="job-7")
    s.get("registered-models/get", name="none")
    s.get("registered-models/get")
    s.get("registered-models/get", name="")
    s.patch("registered-models/update", name="m", description="e")
    s.patch("registered-models/update", name="m")
    s.get("registered-models/get", name="m")
    s.patch("registered-models/update", name="m", description="")
    s.patch("registered-models/update", name="m", description=5)
    s.patch("registered-models/update", name="none", description="x")
    s.patch("registered-models/update", description="x")
    s.post("registered-models/rename", name="m", new_name="n")
    s.get("registered-models/get", name="m")
    s.get("registered-models/get", name="n")
    s.post("registered-models/rename", name="n", new_name="bare")
    s.post("registered-models/rename", name="n", new_name="n")
    s.post("registered-models/rename", name="n", new_name="a/b")
    s.post("registered-models/rename", name="n", new_name="")
    s.post("registered-models/rename", name="n")
    s.post("registered-models/rename", name="none", new_name="x")
    s.post("registered-models/rename", new_name="x")
    tag = lambda **f: s.post("registered-models/set-tag", **f)  # noqa: E731
    tag(name="n", key="k", value="w")
    tag(name="n", key="blank", value="")
    tag(name="n", key="novalue")
    tag(name="n", value="v")
    tag(key="k", value="v")
    tag(name="none", key="k", value="v")
    tag(name="n", key="bad*key", value="v")
    tag(name="n", key="../x", value="v")
    tag(name="n", key="k" * 250, value="v")
    tag(name="n", key="k" * 251, value="v")
    tag(name="n", key="long", value="v" * 100_000)
    tag(name="n", key="long", value="v" * 100_001)
    tag(name="n", key="k", value=5)
    s.delete("registered-models/delete-tag", name="n", key="long")
    s.delete("registered-models/delete-tag", name="n", key="none")
    s.delete("registered-models/delete-tag", name="none", key="k")
    s.delete("registered-models/delete-tag", name="n")
    s.get("registered-models/get", name="n")
    s.delete("registered-models/delete", name="n")
    s.delete("registered-models/delete", name="n")
    s.delete("registered-models/delete")
    s.get("registered-models/get", name="n")
    s.post("registered-models/create", name="n")


@story("aliases")
def aliases(s):
    s.post("registered-models/create", name="a")
    for _ in range(3):
        s.post("model-versions/create", name="a", source="s3://bucket/model")
    put = lambda **f: s.post("registered-models/alias", **f)  # noqa: E731
    put(name="a", alias="champion", version="1")
    put(name="a", alias="other-one_2", version="1")
    s.get("registered-models/alias", name="a", alias="champion")
    s.get("registered-models/get", name="a")
    s.get("model-versions/get", name="a", version="1")
    put(name="a", alias="champion", version="2")
    s.get("registered-models/alias", name="a", alias="champion")
    put(name="a", alias="champion", version=3)
    for alias in ("latest", "LATEST", "v1", "V12", "v", "1", "a b", "a/b", "é", "", None, 5, "x" * 255, "x" * 256, "-", "a.b"):
        put(name="a", alias=alias, version="2")
    put(name="a", alias="c", version="9")
    put(name="a", alias="c", version="x")
    put(name="a", alias="c", version="")
    put(name="a", alias="c", version="-1")
    put(name="a", alias="c")
    put(name="a", version="1")
    put(alias="c", version="1")
    put(name="none", alias="c", version="1")
    for query in ({"name": "a"}, {"alias": "x"}, {"name": "a", "alias": "none"}, {"name": "none", "alias": "x"}):
        s.get("registered-models/alias", **query)
    s.get("registered-models/alias", name="a", alias="latest")
    s.get("registered-models/alias", name="a", alias="a b")
    s.delete("registered-models/alias", name="a", alias="other-one_2")
    s.delete("registered-models/alias", name="a", alias="other-one_2")
    s.delete("registered-models/alias", name="none", alias="x")
    s.delete("registered-models/alias", name="a", alias="a b")
    s.delete("registered-models/alias", name="a")
    s.delete("registered-models/alias", alias="x")
    s.delete("model-versions/delete", name="a", version="2")
    s.get("registered-models/alias", name="a", alias="champion")
    s.get("registered-models/get", name="a", show=lambda body: body["registered_model"].get("aliases"))
    s.post("registered-models/rename", name="a", new_name="b")
    s.get("registered-models/get", name="b", show=lambda body: body["registered_model"].get("aliases"))


def names(body):
    return [m["name"] for m in body.get("registered_models", [])] + (["..."] if "next_page_token" in body else [])


FILTERS = """
name = 'beta'
name != 'beta'
name LIKE 'b%'
name LIKE 'B%'
name ILIKE 'B%'
name LIKE '_eta'
name IN ('alpha', 'beta')
name NOT IN ('alpha')
name > 'a'
name = 5
name = beta
name == 'beta'
name='beta'
`name` = 'beta'
"name" = 'beta'
attribute.name = 'beta'
attributes.name = 'beta'
model.name = 'beta'
foo = 'x'
description = 'x'
timestamp > 5
last_updated_timestamp > 5
creation_timestamp > 5
tags.stage = 'x'
tags.stage != 'x'
tags.stage LIKE 'x%'
tags.stage ILIKE 'X%'
tags.stage IS NULL
tags.stage IS NOT NULL
tags.stage IN ('x')
tags.stage > 'a'
tag.stage = 'x'
tags.`a b` = 'y'
tags."a b" = 'y'
tags.stage = 5
tag.`mlflow.prompt.is_prompt` != 'true'
tag.`mlflow.prompt.is_prompt` = 'true'
tags.`mlflow.prompt.is_prompt` = 'false'
name LIKE 'b%' AND tag.`mlflow.prompt.is_prompt` != 'true'
name LIKE '%a' AND tags.stage = 'x'
name = 'alpha' AND name = 'beta'
name = 'alpha' OR name = 'beta'
name = 'alpha' AND
params.x = 'y'
metrics.x > 1
(name = 'x')
name = 'x
name
'name' = 'x'
run_id = 'x'
""".strip("\n").split("\n")


@story("registered-model-search", settings="empty")
def search(s):
    for name, tags in [("alpha", {"stage": "x"}), ("beta", {"stage": "xy", "a b": "y"}), ("Gamma", {}), ("eta", {}),
                       ("asked", {"mlflow.prompt.is_prompt": "true"})]:
        s.post("registered-models/create", name=name, tags=[{"key": k, "value": v} for k, v in tags.items()])
    s.get("registered-models/search", show=names)
    s.get("registered-models/search", filter="", show=names)
    s.get("registered-models/search", filter=" ", show=names)
    for text in FILTERS:
        s.call("GET", "registered-models/search", query={"filter": text}, show=names, label=f"filter {text}")
    for order in (["name"], ["name DESC"], ["name ASC"], ["timestamp ASC"], ["last_updated_timestamp", "name DESC"],
                  ["creation_timestamp"], ["foo"], ["name foo"], ["tags.stage"], ["name", "name"], [""], ["name ASC, name DESC"]):
        s.get("registered-models/search", order_by=order, show=names)
    for most in (1, 2, 5, 0, -1, 1000, 1001, "x", "1.5"):
        s.get("registered-models/search", max_results=most, show=names)
    token = s.get("registered-models/search", max_results=2, show=names)["next_page_token"]
    s.call("GET", "registered-models/search", query={"max_results": 2, "page_token": token}, show=names, label="page 2")
    s.get("registered-models/search", page_token="!!")
    s.post("registered-models/search", max_results=5)
