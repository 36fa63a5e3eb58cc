// Drift rows as the pages use them: numbers out of MLflow's text, windows in order, the worst first.

const RANK = { drift: 3, watch: 2, ok: 1, not_enough_data: 0 };

/** The distances that can be shown; `read` answers NaN-safe numbers or null. */
export const MEASURES = {
  psi: { label: 'PSI', title: 'population stability index', read: (row) => finite(row.population_stability_index) },
  ks: { label: 'KS', title: 'Kolmogorov–Smirnov distance', read: (row) => finite(row.ks_test?.statistic) },
  js: { label: 'JS', title: 'Jensen–Shannon distance', read: (row) => finite(row.js_distance) },
  tv: { label: 'TV', title: 'total variation distance', read: (row) => finite(row.tv_distance) },
  effect: { label: 'effect', title: 'the effect that the verdict was made on', read: (row) => finite(row.effect) },
};

function finite(value) {
  if (value === null || value === undefined) return null;
  const number = Number(value);
  return Number.isNaN(number) ? null : number;
}

export const windowStart = (row) => row.window?.start ?? null;
export const windowEnd = (row) => row.window?.end ?? null;
export const rank = (verdict) => RANK[verdict] ?? 0;
export const sliceName = (row) => (row.slice_key ? `${row.slice_key} = ${row.slice_value}` : '');

const SHOWN_WINDOWS = 60;

/** How a model of the list stands in its newest window. */
export const verdictOf = (entry) => (entry.drifted > 0 ? 'drift' : 'ok');

/**
 * The part of a model's windows to show, `[from, to)`: the last ones, or as many from `query.from` on; and where the
 * earlier and the later ones begin. Windows are taken to be as long as they are on average.
 */
export function spanOf(entry, query) {
  const step = entry.windows > 1 ? (entry.latest_window - entry.first_window) / (entry.windows - 1) : 1;
  const length = Math.ceil(step * SHOWN_WINDOWS);
  const end = entry.latest_window + 1;
  const from = query.from === undefined ? end - length : Number(query.from);
  const earlier = from > entry.first_window ? from - length : null;
  const later = from + length < end ? from + length : null;
  return { from, to: from + length, earlier, later };
}

export function windowsOf(rows) {
  return [...new Set(rows.map(windowStart))].sort((left, right) => left - right);
}

/** Columns with their rows by window, the worst first: drift in the newest windows weighs most. */
export function byColumn(rows) {
  const windows = windowsOf(rows);
  const columns = new Map();
  for (const row of rows) {
    if (!columns.has(row.column_name)) columns.set(row.column_name, new Map());
    columns.get(row.column_name).set(windowStart(row), row);
  }
  const badness = (cells) => windows.reduce((sum, window, index) => sum + rank(cells.get(window)?.verdict) ** 2 * (index + 1), 0);
  return [...columns]
    .map(([column, cells]) => ({ column, cells, badness: badness(cells) }))
    .sort((left, right) => right.badness - left.badness || (left.column < right.column ? -1 : 1));
}
