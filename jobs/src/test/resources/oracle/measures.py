"""Oracle numbers of engine.measure, by scikit-learn and SciPy. Writes measures.json beside itself."""
import json
import pathlib

import numpy as np
from scipy import stats
from sklearn import calibration, metrics

rng = np.random.default_rng(7)
n = 400
truth = rng.random(n) < 0.2
first = np.round(np.clip(rng.normal(0.3 + 0.25 * truth, 0.2), 0, 1), 2)
second = np.round(np.clip(rng.normal(0.3 + 0.35 * truth, 0.2), 0, 1), 2)


def placements(scores):
    positive, negative = scores[truth], scores[~truth]
    psi = (positive[:, None] > negative[None, :]) + 0.5 * (positive[:, None] == negative[None, :])
    return psi.mean(axis=1), psi.mean(axis=0)


v10 = np.array([placements(first)[0], placements(second)[0]])
v01 = np.array([placements(first)[1], placements(second)[1]])
covariance = np.cov(v10) / v10.shape[1] + np.cov(v01) / v01.shape[1]
gain = v10[1].mean() - v10[0].mean()
deviation = np.sqrt(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])

predicted = first > 0.5
amount = rng.normal(10, 3, n)
guess = amount + rng.normal(0, 1, n)
raw = rng.random((n, 3))
probabilities = raw / raw.sum(axis=1, keepdims=True)
classes = rng.integers(0, 3, n)

fpr, tpr, _ = metrics.roc_curve(truth, first, drop_intermediate=False)
precision, recall, _ = metrics.precision_recall_curve(truth, first)
actual, mean = calibration.calibration_curve(truth, first, n_bins=10, strategy="uniform")
high = first >= 0.4
low = metrics.confusion_matrix(truth, high)
wilson = stats.binomtest(17, 60).proportion_ci(method="wilson")

out = {
    "curves": {
        "roc_x": fpr.tolist(), "roc_y": tpr.tolist(),
        "recall": recall[::-1][1:].tolist(), "precision": precision[::-1][1:].tolist(),
        "predicted": mean.tolist(), "actual": actual.tolist(),
        "cells_at_04": [int(low[1, 1]), int(low[0, 1]), int(low[1, 0]), int(low[0, 0])],
        "f1_at_04": metrics.f1_score(truth, high), "specificity_at_04": metrics.recall_score(~truth, ~high),
        "wilson_17_of_60": [float(wilson.low), float(wilson.high)],
    },
    "truth": truth.tolist(),
    "first": first.tolist(),
    "second": second.tolist(),
    "binary": {
        "average_precision": metrics.average_precision_score(truth, first),
        "auc": metrics.roc_auc_score(truth, first),
        "log_loss": metrics.log_loss(truth, first),
        "brier": metrics.brier_score_loss(truth, first),
        "accuracy": metrics.accuracy_score(truth, predicted),
        "precision": metrics.precision_score(truth, predicted),
        "recall": metrics.recall_score(truth, predicted),
        "f1": metrics.f1_score(truth, predicted),
    },
    "delong": {
        "variance": covariance[0, 0],
        "gain": gain,
        "deviation": deviation,
        "p": 2 * stats.norm.sf(abs(gain) / deviation),
    },
    "amount": amount.tolist(),
    "guess": guess.tolist(),
    "regression": {
        "rmse": float(np.sqrt(metrics.mean_squared_error(amount, guess))),
        "mae": metrics.mean_absolute_error(amount, guess),
        "r2": metrics.r2_score(amount, guess),
    },
    "probabilities": probabilities.tolist(),
    "classes": classes.tolist(),
    "multiclass": {
        "accuracy": metrics.accuracy_score(classes, probabilities.argmax(axis=1)),
        "f1_macro": metrics.f1_score(classes, probabilities.argmax(axis=1), average="macro"),
        "log_loss": metrics.log_loss(classes, probabilities),
    },
}
pathlib.Path(__file__).with_name("measures.json").write_text(json.dumps(out) + "\n")
