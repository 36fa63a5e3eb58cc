"""model-versions/*: creation and its sources, stages, tags, search."""

from harness import story
from runs import fresh


@story("model-versions")
def versions(s):
    _, run = fresh(s, "versions")
    s.post("registered-models/create", name="v")
    create = lambda **f: s.post("model-versions/create", **f)  # noqa: E731
    create(name="v", source="s3://bucket/a", run_id=run, run_link="http://link", description="first",
           tags=[{"key": "k", "value": "v"}])
    create(name="v", source=f"runs:/{run}/model", run_id=run)
    create(name="v", source="s3://bucket/c")
    s.get("model-versions/get", name="v", version="1")
    s.get("/ajax-api/2.0/mlflow/model-versions/get", name="v", version="2")
    s.get("registered-models/get", name="v")
    create(name="none", source="s3://bucket/a")
    create(name="v")
    create(source="s3://bucket/a")
    create(name="v", source="")
    create(name="v", source=5)
    create(name="v", source="s3://bucket/a", run_id=5)
    create(name="v", source="s3://bucket/a", tags="x")
    create(name="v", source="s3://bucket/a", tags=[{"value": "v"}])
    create(name="v", source="s3://bucket/a", description=5)
    create(name="a/b", source="s3://bucket/a")
    for name, version in (("v", "9"), ("v", "x"), ("v", ""), ("v", "-1"), ("v", "1.0"), ("none", "1")):
        s.get("model-versions/get", name=name, version=version)
    s.get("model-versions/get", name="v")
    s.get("model-versions/get", version="1")
    s.get("model-versions/get-download-uri", name="v", version="1")
    s.get("model-versions/get-download-uri", name="v", version="2")
    s.get("model-versions/get-download-uri", name="v", version="9")
    s.get("model-versions/get-download-uri", name="v")
    s.patch("model-versions/update", name="v", version="1", description="second")
    s.patch("model-versions/update", name="v", version="1")
    s.get("model-versions/get", name="v", version="1")
    s.patch("model-versions/update", name="v", version="1", description="")
    s.patch("model-versions/update", name="v", version="9", description="x")
    s.patch("model-versions/update", name="v", version="x", description="x")
    s.patch("model-versions/update", name="v", description="x")
    s.patch("model-versions/update", name="v", version="1", description=5)
    tag = lambda **f: s.post("model-versions/set-tag", **f)  # noqa: E731
    tag(name="v", version="1", key="k", value="w")
    tag(name="v", version="1", key="blank", value="")
    tag(name="v", version="1", key="novalue")
    tag(name="v", version="1", value="v")
    tag(name="v", key="k", value="v")
    tag(name="v", version="9", key="k", value="v")
    tag(name="v", version="x", key="k", value="v")
    tag(name="none", version="1", key="k", value="v")
    tag(name="v", version="1", key="bad*key", value="v")
    tag(name="v", version="1", key="k" * 251, value="v")
    tag(name="v", version="1", key="long", value="v" * 100_001)
    s.get("model-versions/get", name="v", version="1")
    s.delete("model-versions/delete-tag", name="v", version="1", key="k")
    s.delete("model-versions/delete-tag", name="v", version="1", key="none")
    s.delete("model-versions/delete-tag", name="v", version="9", key="k")
    s.delete("model-versions/delete-tag", name="v", version="x", key="k")
    s.delete("model-versions/delete-tag", name="v", version="1")
    s.delete("model-versions/delete", name="v", version="3")
    s.delete("model-versions/delete", name="v", version="3")
    s.delete("model-versions/delete", name="v", version="x")
    s.delete("model-versions/delete", name="v")
    s.get("model-versions/get", name="v", version="3")
    create(name="v", source="s3://bucket/d")
    s.delete("registered-models/delete", name="v")
    s.get("model-versions/get", name="v", version="1")
    s.post("registered-models/create", name="v")
    create(name="v", source="s3://bucket/e")


@story("version-sources")
def sources(s):
    e, run = fresh(s, "sources")
    other = s.post("runs/create", experiment_id=e, run_name="other")["run"]["info"]["run_id"]
    model = s.post("logged-models", experiment_id=e, name="lm", source_run_id=run)["model"]["info"]["model_id"]
    s.post("registered-models/create", name="s")
    root = f"mlflow-artifacts:/{e}/{run}/artifacts"
    # without the number: what one server refuses and the other takes would shift all that follow
    shown = lambda body: {k: v for k, v in body["model_version"].items() if k != "version"}  # noqa: E731
    create = lambda source, **f: s.post("model-versions/create", show=shown, name="s", source=source, **f)  # noqa: E731
    create(f"{root}/model", run_id=run)
    s.get("model-versions/get-download-uri", name="s", version="1")
    create("models:/s/1")
    s.post("registered-models/alias", name="s", alias="c", version="1")
    create("models:/s@c")
    create(f"models:/{model}", model_id=model)
    create(f"models:/{model}", model_id=model, run_id=run)
    create(f"models:/{model}/sub", model_id=model)
    create(f"models:/{model}")
    create(f"models:/{model}", model_id="m-" + "0" * 32)
    create("models:/m-" + "0" * 32, model_id="m-" + "0" * 32)
    create(root, run_id=run)
    create(f"{root}/a/b", run_id=run)
    create(f"{root}/model")
    create(f"{root}/model", run_id=other)
    create(f"{root}/../../x", run_id=run)
    create(f"{root}/%2e%2e/x", run_id=run)
    create(f"{root}/%252e%252e/x", run_id=run)
    create(f"{root}x/model", run_id=run)
    create(f"mlflow-artifacts://host/{e}/{run}/artifacts/model", run_id=run)
    create(f"{s.url}/api/2.0/mlflow-artifacts/artifacts/{e}/{run}/artifacts/model", run_id=run)
    create(f"runs:/{run}/model", run_id=run)
    create(f"runs:/{run}", run_id=run)
    create(f"runs:/{run}/model")
    create(f"runs:/{run}/model", run_id=other)
    create(f"runs:/{run}/../x", run_id=run)
    create("runs:/" + "0" * 32 + "/model", run_id="0" * 32)
    create("models:/s/99")
    create("models:/s@none")
    create("models:/none/1")
    create("models:/s/latest")
    create("models:/s")
    create("models:/s/Production")
    for source in (
        "/etc/passwd", "etc/passwd", "./model", "file:///etc/passwd", "file://host/etc", "file:/etc", "//proc/self/root",
        "http://host/model", "https://host/model", "ftp://host/x", "sftp://host/x", "hdfs://host/x", "viewfs://host/x",
        "r2://host/x", "abfss://c@host/x", "s3://bucket/../x", "s3://bucket/%2e%2e/x", "s3://bucket/x?y=1", "s3://bucket/x#y",
        "gs://bucket/x", "dbfs:/x", "dbfs:/../x", "wasbs://c@a/x", "weird://x/y", "s3:/x", "C:\\x", "..", "mlflow-artifacts:/",
        "s3://bucket/a b", "s3://bucket/é", "s3://" + "b" * 600,
    ):
        create(source)
        create(source, run_id=run)


@story("stages")
def stages(s):
    s.post("registered-models/create", name="st")
    for _ in range(4):
        s.post("model-versions/create", name="st", source="s3://bucket/a")
    move = lambda version, stage, **f: s.post("model-versions/transition-stage", name="st", version=version, stage=stage, **f)  # noqa: E731,E501
    move("1", "Staging", archive_existing_versions=False)
    move("2", "production", archive_existing_versions=False)
    move("3", "STAGING", archive_existing_versions=False)
    move("1", "Staging")
    latest = lambda body: sorted((v["version"], v["current_stage"]) for v in body.get("model_versions", []))  # noqa: E731
    s.get("registered-models/get-latest-versions", name="st", show=latest)
    s.post("registered-models/get-latest-versions", name="st", show=latest)
    s.post("registered-models/get-latest-versions", name="st", stages=["Staging"])
    s.get("registered-models/get-latest-versions", name="st", stages=["Staging", "None"], show=latest)
    s.get("registered-models/get-latest-versions", name="st", stages="production", show=latest)
    s.post("registered-models/get-latest-versions", name="st", stages=["Archived"])
    s.post("registered-models/get-latest-versions", name="st", stages=["Foo"])
    s.post("registered-models/get-latest-versions", name="st", stages=[], show=latest)
    s.post("registered-models/get-latest-versions", name="none")
    s.post("registered-models/get-latest-versions")
    move("4", "Staging", archive_existing_versions=True)
    s.get("registered-models/get-latest-versions", name="st", show=latest)
    s.get("registered-models/get", name="st", show=lambda body: sorted(
        (v["version"], v["current_stage"]) for v in body["registered_model"]["latest_versions"]))
    for stage in ("None", "Archived"):
        move("4", stage, archive_existing_versions=True)
        move("4", stage, archive_existing_versions=False)
    for stage in ("Foo", "", None, 5):
        move("4", stage, archive_existing_versions=False)
    move("4", "Staging", archive_existing_versions="true")
    move("4", "Staging", archive_existing_versions="x")
    move("9", "Staging", archive_existing_versions=False)
    move("x", "Staging", archive_existing_versions=False)
    s.post("model-versions/transition-stage", name="none", version="1", stage="Staging", archive_existing_versions=False)
    s.post("model-versions/transition-stage", version="1", stage="Staging", archive_existing_versions=False)
    s.delete("model-versions/delete", name="st", version="2")


def found(body):
    return [f"{v['name']} {v['version']}" for v in body.get("model_versions", [])] + (["..."] if "next_page_token" in body else [])


FILTERS = """
name = 'one'
name != 'one'
name LIKE 'o%'
name ILIKE 'O%'
name IN ('one', 'two')
name NOT IN ('one')
name > 'a'
name = 5
run_id = 'RUN'
run_id IN ('RUN', 'x')
run_id IN ('RUN')
run_id NOT IN ('RUN')
run_id != 'RUN'
run_id LIKE 'RUN'
run_id = ''
run_id IN ()
run_id IN (1)
source_path = 's3://bucket/a'
source_path LIKE 's3://%'
source_path ILIKE 'S3://%'
source_path != 's3://bucket/a'
source_path IN ('s3://bucket/a')
source = 's3://bucket/a'
version_number = 1
version_number > 1
version_number >= 1 AND version_number < 2
version_number != 1
version_number = '1'
version_number LIKE '1'
version = 1
stage = 'None'
current_stage = 'None'
creation_timestamp > 0
last_updated_timestamp > 0
tags.k = 'v'
tags.k != 'v'
tags.k LIKE 'v%'
tags.k ILIKE 'V%'
tags.k IS NULL
tags.k IS NOT NULL
tags.k IN ('v')
tag.k = 'v'
tags.`a b` = 'x'
tags.k = 'v' AND tags.j = 'w'
name = 'one' AND version_number = 1
name = 'one' AND tags.k = 'v'
attributes.name = 'one'
attribute.name = 'one'
name='one'
`name` = 'one'
foo = 'x'
params.x = 'x'
name = 'one' OR name = 'two'
name = 'one' AND
(name = 'one')
name
status = 'READY'
aliases = 'c'
name = 'one' AND tag.`mlflow.prompt.is_prompt` != 'true'
""".strip("\n").split("\n")


@story("model-version-search", settings="empty")
def search(s):
    s.get("model-versions/search")
    _, run = fresh(s, "version search")
    for name in ("one", "two"):
        s.post("registered-models/create", name=name)
    for name, source, of, tags in [
        ("one", "s3://bucket/a", run, {"k": "v", "a b": "x"}), ("one", "s3://bucket/b", "", {"k": "v2", "j": "w"}),
        ("two", "s3://bucket/a", "", {"k": "v", "j": "w"}), ("two", "gs://bucket/c", run, {}), ("two", "s3://bucket/gone", "", {}),
    ]:
        tags = [{"key": k, "value": v} for k, v in tags.items()]
        s.post("model-versions/create", name=name, source=source, run_id=of, tags=tags)
    s.delete("model-versions/delete", name="two", version="3")
    s.post("registered-models/alias", name="one", alias="c", version="1")
    order = ["name", "version_number"]
    s.get("model-versions/search", filter="name = 'one'", order_by=order)
    s.get("model-versions/search", filter=" ", show=found)
    for text in FILTERS:
        query = {"filter": text.replace("RUN", run), "order_by": order}
        s.call("GET", "model-versions/search", query=query, show=found, label=f"filter {text}")
    for order in (["name"], ["name DESC", "version_number"], ["version_number DESC", "name"], ["version_number", "name DESC"],
                  ["creation_timestamp", "name", "version_number"], ["last_updated_timestamp ASC", "name", "version_number"],
                  ["foo"], ["name foo"], ["tags.k"], ["name", "name"], [""], ["run_id"], ["source_path"]):
        s.get("model-versions/search", order_by=order, filter="version_number < 3", show=lambda body: [
            x.split()[0] if order == ["name"] else x for x in found(body)])
    order = ["name", "version_number"]
    for most in (1, 4, 5, 0, -1, 200_000, 200_001, "x"):
        s.get("model-versions/search", max_results=most, order_by=order, show=found)
    token = s.get("model-versions/search", max_results=3, order_by=order, show=found)["next_page_token"]
    query = {"max_results": 3, "page_token": token, "order_by": order}
    s.call("GET", "model-versions/search", query=query, show=found, label="page 2")
    s.get("model-versions/search", page_token="!!")
