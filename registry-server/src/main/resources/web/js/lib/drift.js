// Drift as the pages use it: numbers out of MLflow's text, names of slices.

/** The distances that can be shown; `read` answers NaN-safe numbers or null. */
export const MEASURES = {
  psi: { label: 'PSI', title: 'population stability index', read: (row) => finite(row.population_stability_index) },
  ks: { label: 'KS', title: 'Kolmogorov–Smirnov distance', read: (row) => finite(row.ks_test?.statistic) },
  js: { label: 'JS', title: 'Jensen–Shannon distance', read: (row) => finite(row.js_distance) },
  tv: { label: 'TV', title: 'total variation distance', read: (row) => finite(row.tv_distance) },
  effect: { label: 'effect', title: 'the effect that the verdict was made on', read: (row) => finite(row.effect) },
};

/** A number out of JSON, where infinities are texts; null for what is no number. */
export function finite(value) {
  if (value === null || value === undefined) return null;
  const number = Number(value);
  return Number.isNaN(number) ? null : number;
}

export const windowStart = (row) => row.window?.start ?? null;
export const windowEnd = (row) => row.window?.end ?? null;

const BETWEEN = ' = ';

/** Of `{key, value}`, both empty for the whole table; as it stands in addresses. */
export const sliceName = ({ key, value }) => (key ? `${key}${BETWEEN}${value}` : '');

/** What `sliceName` named. */
export function sliceNamed(name = '') {
  const at = name.indexOf(BETWEEN);
  return at < 0 ? { key: '', value: '' } : { key: name.slice(0, at), value: name.slice(at + BETWEEN.length) };
}

/** How a model of the list stands in its newest window. */
export const verdictOf = (entry) => (entry.drifted > 0 ? 'drift' : 'ok');
