"""MLflow's Python client, doing what users do."""

import os
import pathlib
import tempfile

from harness import story
from wire import Client

SOURCES = ("mlflow.source.name", "mlflow.source.type", "mlflow.source.git.commit", "mlflow.user")


def own_tags(tags):
    """Tags but those that tell of the machine."""
    return {k: v for k, v in tags.items() if k not in SOURCES and not k.startswith("mlflow.source.git")}


def run_shown(run):
    data = run.data
    return {
        "name": run.info.run_name,
        "status": run.info.status,
        "stage": run.info.lifecycle_stage,
        "uri": run.info.artifact_uri,
        "metrics": {k: str(v) if v != v else v for k, v in sorted(data.metrics.items())},
        "params": dict(sorted(data.params.items())),
        "tags": sorted(own_tags(data.tags)),
    }


def files_shown(files):
    return sorted([f.path, f.is_dir] for f in files)


@story("client-tracking", settings="clients")
def tracking(s):
    client = Client(s)
    mlflow, own, do = client.mlflow, client.own, client.do
    with client.working(), tempfile.TemporaryDirectory() as folder:
        do("set_experiment, new", lambda: mlflow.set_experiment("client"), lambda e: [e.name, e.lifecycle_stage])
        do("set_experiment, known", lambda: mlflow.set_experiment("client"), lambda e: e.name)
        run = do("start_run", lambda: mlflow.start_run(run_name="a", description="told"), run_shown)
        do("log_param", lambda: mlflow.log_param("p", 1))
        do("log_param, changed", lambda: mlflow.log_param("p", 2))
        do("log_params", lambda: mlflow.log_params({"q": 1.5, "r": None, "s": "x" * 7000}))
        do("log_metric", lambda: mlflow.log_metric("m", 0.5))
        do("log_metric, steps", lambda: [mlflow.log_metric("m", i, step=i) for i in range(3)])
        do("log_metric, nan", lambda: mlflow.log_metric("nan", float("nan")))
        do("log_metric, inf", lambda: mlflow.log_metric("inf", float("inf")))
        do("log_metrics", lambda: mlflow.log_metrics({"a": 1, "b/c": 2.0}, step=3))
        do("log_metric, later", lambda: mlflow.log_metric("async", 1.0, synchronous=False).wait())
        do("set_tag", lambda: mlflow.set_tag("t", "x"))
        do("set_tags", lambda: mlflow.set_tags({"u": 1, "v": True}))
        do("delete_tag", lambda: mlflow.delete_tag("t"))
        do("delete_tag, absent", lambda: mlflow.delete_tag("t"))
        do("log_text", lambda: mlflow.log_text("hello", "notes/a.txt"))
        do("log_dict", lambda: mlflow.log_dict({"a": [1, 2]}, "data.json"))
        pathlib.Path(folder, "sub").mkdir()
        pathlib.Path(folder, "one.txt").write_text("one")
        pathlib.Path(folder, "sub", "two.txt").write_text("two")
        do("log_artifact", lambda: mlflow.log_artifact(os.path.join(folder, "one.txt")))
        do("log_artifacts", lambda: mlflow.log_artifacts(folder, "all"))
        do("load_text", lambda: mlflow.artifacts.load_text(run.info.artifact_uri + "/notes/a.txt"), lambda text: text)
        do("load_dict", lambda: mlflow.artifacts.load_dict(run.info.artifact_uri + "/data.json"), lambda told: told)
        do("list_artifacts", lambda: own.list_artifacts(run.info.run_id), files_shown)
        do("list_artifacts, folder", lambda: own.list_artifacts(run.info.run_id, "all"), files_shown)
        do("download_artifacts", lambda: own.download_artifacts(run.info.run_id, "all", folder),
           lambda path: sorted(str(p.relative_to(path)) for p in pathlib.Path(path).rglob("*")))
        do("download_artifacts, absent", lambda: own.download_artifacts(run.info.run_id, "none", folder))
        with_data(do, mlflow)
        child = do("start_run, nested", lambda: mlflow.start_run(run_name="child", nested=True), run_shown)
        do("end_run, failed", lambda: mlflow.end_run("FAILED"))
        do("get_parent_run", lambda: mlflow.get_parent_run(child.info.run_id), lambda r: r.info.run_name)
        do("end_run", mlflow.end_run)
        do("get_run", lambda: mlflow.get_run(run.info.run_id), run_shown)
        do("get_run, absent", lambda: mlflow.get_run("0" * 32))
        do("get_metric_history", lambda: own.get_metric_history(run.info.run_id, "m"), lambda points: [p.value for p in points])
        searches(do, client, run)


def with_data(do, mlflow):
    import pandas

    frame = pandas.DataFrame({"x": [1.0, 2.0], "y": ["a", "b"]})
    data = mlflow.data.from_pandas(frame, name="frame")
    do("log_input", lambda: mlflow.log_input(data, context="training"))
    do("log_table", lambda: mlflow.log_table(frame, "table.json"))
    shown = lambda run: [[d.dataset.name, [t.value for t in d.tags]] for d in run.inputs.dataset_inputs]  # noqa: E731
    do("inputs", lambda: mlflow.get_run(mlflow.active_run().info.run_id), shown)


def searches(do, client, run):
    mlflow, own = client.mlflow, client.own
    do("resume", lambda: mlflow.start_run(run_id=run.info.run_id), lambda r: r.info.run_name)
    do("end_run, resumed", mlflow.end_run)
    names = lambda runs: sorted(r.info.run_name for r in runs)  # noqa: E731
    do("search_runs", lambda: mlflow.search_runs(experiment_names=["client"], filter_string="metrics.a = 1", output_format="list"), names)
    do("search_runs, frame", lambda: mlflow.search_runs(experiment_names=["client"], order_by=["start_time ASC"]),
       lambda frame: [len(frame), sorted(c for c in frame.columns if c.startswith(("metrics", "params")))])
    do("search_runs, bad", lambda: mlflow.search_runs(experiment_names=["client"], filter_string="foo > 1"))
    do("search_experiments", lambda: mlflow.search_experiments(filter_string="name = 'client'"), lambda found: [e.name for e in found])
    do("set_experiment_tag", lambda: mlflow.set_experiment_tag("k", "v"))
    do("delete_run", lambda: own.delete_run(run.info.run_id))
    do("get_run, deleted", lambda: own.get_run(run.info.run_id), lambda r: r.info.lifecycle_stage)
    do("log to a deleted run", lambda: own.log_metric(run.info.run_id, "m", 1))
    do("restore_run", lambda: own.restore_run(run.info.run_id))
    do("rename_run", lambda: own.update_run(run.info.run_id, name="renamed"))
    do("get_run, renamed", lambda: own.get_run(run.info.run_id), lambda r: [r.info.run_name, r.data.tags["mlflow.runName"]])
    made = do("create_experiment", lambda: own.create_experiment("second", tags={"a": "b"}), lambda _: None)
    do("create_experiment, taken", lambda: own.create_experiment("second"))
    do("rename_experiment", lambda: own.rename_experiment(made, "third"))
    do("delete_experiment", lambda: own.delete_experiment(made))
    do("set_experiment, deleted", lambda: mlflow.set_experiment("third"))
    do("restore_experiment", lambda: own.restore_experiment(made))
    do("get_experiment_by_name, absent", lambda: own.get_experiment_by_name("none"), lambda found: found)


@story("client-models", settings="clients")
def models(s):
    client = Client(s)
    mlflow, own, do = client.mlflow, client.own, client.do
    with client.working():
        from mlflow.pyfunc import PythonModel

        class Twice(PythonModel):
            def predict(self, context, model_input: list[float]) -> list[float]:
                return [2 * x for x in model_input]

        do("set_experiment", lambda: mlflow.set_experiment("client models"))
        run = do("start_run", lambda: mlflow.start_run(run_name="trains"))
        info = do("log_model", lambda: mlflow.pyfunc.log_model(name="model", python_model=Twice(), pip_requirements=["mlflow"]),
                  lambda i: [i.model_uri, i.artifact_path])
        predicted = lambda model: model.predict([1.0, 2.0])  # noqa: E731
        do("load models:/m-", lambda: mlflow.pyfunc.load_model(info.model_uri), predicted)
        do("load runs:/", lambda: mlflow.pyfunc.load_model(f"runs:/{run.info.run_id}/model"), predicted)
        version_shown = lambda v: [v.name, v.version, v.current_stage, v.status, v.source, v.run_id, v.aliases, v.tags]  # noqa: E731
        do("register_model", lambda: mlflow.register_model(info.model_uri, "twice", tags={"k": "v"}), version_shown)
        do("register_model, again", lambda: mlflow.register_model(f"runs:/{run.info.run_id}/model", "twice"), version_shown)
        do("logged model tags", lambda: mlflow.get_logged_model(info.model_id), lambda m: [own_tags(m.tags), str(m.status)])
        do("set alias", lambda: own.set_registered_model_alias("twice", "champion", "1"))
        do("load @champion", lambda: mlflow.pyfunc.load_model("models:/twice@champion"), predicted)
        do("load /latest", lambda: mlflow.pyfunc.load_model("models:/twice/latest"), predicted)
        do("load /1", lambda: mlflow.pyfunc.load_model("models:/twice/1"), predicted)
        do("load absent version", lambda: mlflow.pyfunc.load_model("models:/twice/9"))
        do("load absent alias", lambda: mlflow.pyfunc.load_model("models:/twice@none"))
        do("load absent model", lambda: mlflow.pyfunc.load_model("models:/none/1"))
        do("by alias", lambda: own.get_model_version_by_alias("twice", "champion"), lambda v: [v.version, v.aliases])
        do("stage", lambda: own.transition_model_version_stage("twice", "1", "Production"), lambda v: v.current_stage)
        do("load /Production", lambda: mlflow.pyfunc.load_model("models:/twice/Production"), predicted)
        do("copy_model_version", lambda: own.copy_model_version("models:/twice/1", "copied"), version_shown)
        do("load the copy", lambda: mlflow.pyfunc.load_model("models:/copied/1"), predicted)
        do("version tag", lambda: own.set_model_version_tag("twice", "1", "t", "x"))
        do("delete version tag", lambda: own.delete_model_version_tag("twice", "1", "t"))
        do("model tag", lambda: own.set_registered_model_tag("twice", "t", "x"))
        do("delete model tag", lambda: own.delete_registered_model_tag("twice", "t"))
        do("describe version", lambda: own.update_model_version("twice", "1", "told"), lambda v: v.description)
        do("describe model", lambda: own.update_registered_model("twice", "told"), lambda m: m.description)
        do("get_model_version", lambda: own.get_model_version("twice", "1"), version_shown)
        do("get_registered_model", lambda: own.get_registered_model("twice"),
           lambda m: [m.description, m.aliases, sorted(v.version for v in m.latest_versions)])
        found = lambda versions: sorted([v.name, v.version] for v in versions)  # noqa: E731
        do("search_model_versions", lambda: own.search_model_versions("name = 'twice'"), found)
        do("search_registered_models", lambda: own.search_registered_models(), lambda ms: sorted(m.name for m in ms))
        do("search_registered_models, filter", lambda: own.search_registered_models("name LIKE 'tw%'"), lambda ms: [m.name for m in ms])
        do("search_logged_models", lambda: mlflow.search_logged_models(output_format="list"), lambda ms: [m.name for m in ms])
        do("get_latest_versions", lambda: own.get_latest_versions("twice"), found)
        do("get_model_info", lambda: mlflow.models.get_model_info("models:/twice/1"), lambda i: [i.model_id, sorted(i.flavors)])
        do("delete alias", lambda: own.delete_registered_model_alias("twice", "champion"))
        do("delete version", lambda: own.delete_model_version("twice", "2"))
        do("rename model", lambda: own.rename_registered_model("twice", "double"))
        do("delete model", lambda: own.delete_registered_model("double"))
        do("get_registered_model, deleted", lambda: own.get_registered_model("double"))
        external(do, mlflow, own)
        do("end_run", mlflow.end_run)


def external(do, mlflow, own):
    model = do("create_external_model", lambda: mlflow.create_external_model(name="ext", params={"a": "1"}, tags={"b": "2"}),
               lambda m: [m.name, m.params, str(m.status)])
    do("log_model_params", lambda: mlflow.log_model_params({"c": "3"}, model_id=model.model_id))
    do("set_logged_model_tags", lambda: mlflow.set_logged_model_tags(model.model_id, {"d": "4"}))
    do("log_metric on a model", lambda: mlflow.log_metric("auc", 0.5, model_id=model.model_id))
    do("finalize", lambda: mlflow.finalize_logged_model(model.model_id, "READY"), lambda m: str(m.status))
    do("get_logged_model", lambda: mlflow.get_logged_model(model.model_id), lambda m: [m.params, own_tags(m.tags), [x.value for x in m.metrics]])
    do("delete_logged_model_tag", lambda: mlflow.delete_logged_model_tag(model.model_id, "d"))
    do("delete_logged_model", lambda: own.delete_logged_model(model.model_id))
    do("prompt", lambda: mlflow.genai.register_prompt("greet", "Hello {{name}}"), lambda p: [p.name, p.version, p.template])
    do("load_prompt", lambda: mlflow.genai.load_prompt("prompts:/greet/1"), lambda p: p.template, wire=False)
    do("set_prompt_alias", lambda: mlflow.genai.set_prompt_alias("greet", "now", 1), wire=False)
    do("load_prompt @now", lambda: mlflow.genai.load_prompt("prompts:/greet@now"), lambda p: p.version, wire=False)
    do("search_prompts", mlflow.genai.search_prompts, lambda ps: [p.name for p in ps])
    do("search_registered_models, no prompts", lambda: own.search_registered_models(), lambda ms: sorted(m.name for m in ms))


@story("client-sklearn", settings="clients")
def sklearn(s):
    client = Client(s)
    mlflow, do = client.mlflow, client.do
    with client.working():
        import mlflow.sklearn
        from sklearn.datasets import make_classification
        from sklearn.linear_model import LogisticRegression

        # Inferring requirements starts a process that loads the model again: ten seconds that concern no server.
        mlflow.models.infer_pip_requirements = lambda *_, fallback=None, **__: fallback or []
        x, y = make_classification(n_samples=60, n_features=4, random_state=7)
        do("set_experiment", lambda: mlflow.set_experiment("client sklearn"))
        mlflow.sklearn.autolog(silent=True)
        try:
            model = do("fit", lambda: LogisticRegression(random_state=7).fit(x, y), wire="sorted")
            run = do("last run", mlflow.last_active_run, lambda r: [
                r.info.status, sorted(r.data.metrics), sorted(r.data.params), sorted(own_tags(r.data.tags)),
                [d.dataset.source_type for d in r.inputs.dataset_inputs], len(r.outputs.model_outputs)])
            do("score", lambda: model.score(x, y), lambda score: 0.5 < score <= 1)
        finally:
            mlflow.sklearn.autolog(disable=True)
        do("artifacts", lambda: client.own.list_artifacts(run.info.run_id), files_shown)
        model_id = run.outputs.model_outputs[0].model_id
        do("load", lambda: mlflow.sklearn.load_model(f"models:/{model_id}"), lambda loaded: loaded.predict(x[:5]).tolist())
        do("model", lambda: mlflow.get_logged_model(model_id), lambda m: [
            m.name, str(m.status), sorted(m.params), sorted(x.key for x in m.metrics)])
