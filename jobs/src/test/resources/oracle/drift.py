"""Oracle numbers of engine.drift, by NumPy and SciPy. Writes drift.json beside itself."""
import json
import pathlib

import numpy as np
from scipy import special, stats
from scipy.spatial import distance

rng = np.random.default_rng(11)


def case(reference, current, add):
    e, a = np.asarray(reference, float) + add, np.asarray(current, float) + add
    es, as_ = e / e.sum(), a / a.sum()
    chi = stats.chi2_contingency(np.array([e, a]), correction=False)
    positions = np.arange(len(e), dtype=float) ** 1.5
    ks = np.abs(np.cumsum(reference) / np.sum(reference) - np.cumsum(current) / np.sum(current)).max()
    ne = np.sum(reference) * np.sum(current) / (np.sum(reference) + np.sum(current))
    lam = (np.sqrt(ne) + 0.12 + 0.11 / np.sqrt(ne)) * ks
    return {
        "reference": [int(x) for x in reference], "current": [int(x) for x in current], "add": add,
        "psi": float(np.sum((as_ - es) * np.log(as_ / es))),
        "js": float(distance.jensenshannon(es, as_, base=2)),
        "tv": float(np.abs(as_ - es).sum() / 2),
        "linf": float(np.abs(as_ - es).max()),
        "hellinger": float(np.linalg.norm(np.sqrt(es) - np.sqrt(as_)) / np.sqrt(2)),
        "chi2": float(chi.statistic), "chi2_p": float(chi.pvalue),
        "ks": float(ks), "ks_p": float(special.kolmogorov(lam)),
        "wasserstein": float(stats.wasserstein_distance(positions, positions, reference, current)),
    }


cases = [case([500, 300, 200], [400, 300, 300], 0)]
for bins in (2, 3, 10, 12, 40, 250):
    for scale in (30, 1000, 100000):
        shares = rng.dirichlet(np.ones(bins))
        other = shares * rng.lognormal(0, rng.choice([0.02, 0.3]), bins)
        reference = rng.multinomial(scale * 2, shares)
        current = rng.multinomial(scale, other / other.sum())
        cases.append(case(reference, current, 0.5))
lower = np.round(rng.lognormal(0, 1.5, 2000), 4)
raw = []
for factor, size in ((1.0, 1500), (1.5, 1500), (0.2, 500)):
    current = np.round(rng.lognormal(0, 1.5, size) * factor, 4)
    raw.append({"current": current.tolist(), "ks": float(stats.ks_2samp(lower, current).statistic)})
ages = rng.integers(0, 40, 2000)
older = rng.integers(3, 44, 1500)
pvalues = [.001, .008, .039, .041, .042, .06, .074, .205, .212, .216]
# What MergedCells must give for these columns; without 0.5 for tv and linf.
moved = {}
for name, reference, current in (
        ("a constant that moved up", [1000, 0], [0, 800]),
        ("a constant that moved both ways", [1000, 0, 0], [300, 200, 300]),
        ("two categories and nothing else", [600, 400], [500, 500]),
        ("one of two values moved", [600, 400, 0], [500, 0, 500])):
    moved[name] = case(reference, current, 0.5)
    e, a = np.asarray(reference) / np.sum(reference), np.asarray(current) / np.sum(current)
    moved[name] |= {"tv": float(np.abs(a - e).sum() / 2), "linf": float(np.abs(a - e).max())}
out = {
    "moved": moved,
    "cases": cases,
    "reference": lower.tolist(), "raw": raw,
    "ages": ages.tolist(), "older": older.tolist(), "ages_ks": float(stats.ks_2samp(ages, older).statistic),
    "pvalues": pvalues, "adjusted": stats.false_discovery_control(pvalues).tolist(),
    "tails": [[float(x), int(k), float(stats.chi2.sf(x, k))]
              for k in (1, 2, 5, 9, 50, 300) for x in (0.01, 0.5 * k, k, 1.5 * k, 3 * k + 20)],
    "kolmogorov": [[float(x), float(special.kolmogorov(x))] for x in np.arange(0.05, 3, 0.05)],
    "critical": [[int(k), float(stats.chi2.ppf(0.95, k))] for k in (2, 5, 9, 30, 100)],
}
pathlib.Path(__file__).with_name("drift.json").write_text(json.dumps(out) + "\n")
