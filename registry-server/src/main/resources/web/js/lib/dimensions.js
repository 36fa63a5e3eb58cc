// What runs are compared along: metrics and params as axes, numbers where they are, otherwise words. Pure.
import { mainMetrics, metric, param } from './runs.js';

/**
 * Every metric and param of the runs as `{id, key, kind, numeric, values, words}`: `id` is `m:auc` or `p:depth`; `values`
 * stand by run, null where a run has none; those of a param that is not a number everywhere are places in `words`.
 */
export function dimensionsOf(runs) {
  const metrics = keysOf(runs, (run) => mainMetrics(run)).map((key) => dimension('m', key, runs.map((run) => metric(run, key))));
  const params = keysOf(runs, (run) => run.data?.params || []).map((key) => dimension('p', key, runs.map((run) => param(run, key))));
  return [...params, ...metrics];
}

function keysOf(runs, list) {
  return [...new Set(runs.flatMap((run) => list(run).map((entry) => entry.key)))].sort();
}

function dimension(kind, key, given) {
  const there = given.filter((value) => value !== undefined && value !== '');
  const numeric = kind === 'm' || there.every((value) => Number.isFinite(Number(value)));
  const words = numeric ? [] : [...new Set(there)].sort();
  const values = given.map((value) => {
    if (value === undefined || value === '') return null;
    if (!numeric) return words.indexOf(value);
    return Number.isFinite(Number(value)) && Math.abs(Number(value)) < Number.MAX_VALUE ? Number(value) : null;
  });
  return { id: `${kind}:${key}`, key, kind, numeric, values, words };
}

export function varies({ values }) {
  return new Set(values.filter((value) => value !== null)).size > 1;
}

export function range({ values }) {
  const there = values.filter((value) => value !== null);
  return [Math.min(...there), Math.max(...there)];
}

/** The value as it is written: a number, or its word. */
export function written({ words, values, numeric }, index) {
  return numeric || values[index] === null ? values[index] : words[values[index]];
}

/** The dimension along a logarithmic axis, where all that is there is above 0. */
export function logarithmic(dimension, wanted) {
  const possible = dimension.numeric && range(dimension)[0] > 0;
  return { ...dimension, log: possible && wanted, possible };
}
