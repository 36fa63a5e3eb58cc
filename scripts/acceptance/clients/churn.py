"""What somebody who knows MLflow writes on a Monday. Nothing here knows Millrace: only MLFLOW_TRACKING_URI does.

Trains with autologging, searches parameters, logs a model by hand, registers it, moves an alias, loads it back in three
ways. Prints one JSON document of what it saw.
"""

import json

import mlflow
import mlflow.pyfunc
import mlflow.sklearn
import numpy as np
import pandas as pd
from mlflow.models import infer_signature
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

rng = np.random.default_rng(7)
customers = pd.DataFrame({"age": rng.normal(45, 12, 400), "tenure": rng.exponential(3, 400), "calls": rng.poisson(2, 400)})
churned = (customers.calls - customers.tenure + rng.normal(0, 1, 400) > 0).astype(int)
train_x, test_x, train_y, test_y = train_test_split(customers, churned, random_state=7)

mlflow.set_experiment("churn")
mlflow.sklearn.autolog(max_tuning_runs=3)

with mlflow.start_run(run_name="search") as search_run:
    search = GridSearchCV(
        make_pipeline(StandardScaler(), LogisticRegression()), {"logisticregression__C": [0.01, 0.1, 1.0, 10.0]}, cv=3
    )
    search.fit(train_x, train_y)

mlflow.sklearn.autolog(disable=True)
forest = RandomForestClassifier(n_estimators=20, random_state=7).fit(train_x, train_y)
with mlflow.start_run(run_name="forest") as forest_run:
    mlflow.log_param("n_estimators", 20)
    mlflow.log_metric("accuracy", forest.score(test_x, test_y))
    info = mlflow.sklearn.log_model(
        forest,
        name="forest",
        signature=infer_signature(train_x, forest.predict(train_x)),
        input_example=train_x.head(3),
        registered_model_name="churn",
        serialization_format="cloudpickle",
    )


class Threshold(mlflow.pyfunc.PythonModel):
    def __init__(self, inner, threshold):
        self.inner, self.threshold = inner, threshold

    def predict(self, context, model_input, params=None):
        return (self.inner.predict_proba(model_input)[:, 1] > self.threshold).astype(int)


with mlflow.start_run(run_name="threshold") as threshold_run:
    mlflow.pyfunc.log_model(name="threshold", python_model=Threshold(forest, 0.9), registered_model_name="churn")

client = mlflow.MlflowClient()
client.set_registered_model_alias("churn", "champion", "1")
client.set_registered_model_alias("churn", "strict", "2")
by_alias = mlflow.pyfunc.load_model("models:/churn@champion").predict(test_x)
by_run = mlflow.pyfunc.load_model(f"runs:/{forest_run.info.run_id}/forest").predict(test_x)
as_sklearn = mlflow.sklearn.load_model("models:/churn/1")
strict = mlflow.pyfunc.load_model("models:/churn@strict").predict(test_x)

children = mlflow.search_runs(filter_string=f"tags.`mlflow.parentRunId` = '{search_run.info.run_id}'")
parent = mlflow.get_run(search_run.info.run_id)
print(
    json.dumps(
        {
            "children": len(children),
            "child_c": sorted(float(c) for c in children["params.logisticregression__C"]),
            "child_scores": int(children["metrics.mean_test_score"].notna().sum()),
            "best_c": parent.data.params["best_logisticregression__C"],
            "best_score": parent.data.metrics["best_cv_score"],
            "expected_best": search.best_score_,
            "datasets": [d.dataset.name for d in parent.inputs.dataset_inputs],
            "artifacts": sorted(f.path for f in client.list_artifacts(search_run.info.run_id)),
            "models": len(mlflow.search_logged_models(output_format="list")),
            "same_by_alias": by_alias.tolist() == forest.predict(test_x).tolist(),
            "same_by_run": by_run.tolist() == forest.predict(test_x).tolist(),
            "same_as_sklearn": as_sklearn.predict(test_x).tolist() == forest.predict(test_x).tolist(),
            "strict_is_stricter": int(strict.sum()) < int(by_alias.sum()),
            "signature": [c.name for c in mlflow.models.get_model_info("models:/churn/1").signature.inputs],
            "versions": sorted(v.version for v in client.search_model_versions("name = 'churn'")),
            "statuses": sorted(set(mlflow.search_runs().status)),
            "model_id": info.model_id,
        }
    )
)
