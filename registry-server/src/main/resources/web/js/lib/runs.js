// Reading MLflow's runs: key-value lists become lookups, and Millrace's tags get names.

export function valueOf(list, key) {
  return (list || []).find((entry) => entry.key === key)?.value;
}

export const tag = (run, key) => valueOf(run.data?.tags, key);
export const metric = (run, key) => valueOf(run.data?.metrics, key);
export const param = (run, key) => valueOf(run.data?.params, key);
export const job = (run) => tag(run, 'millrace.job');
export const parent = (run) => tag(run, 'mlflow.parentRunId');
export const name = (run) => run.info.run_name || run.info.run_id.slice(0, 8);

/** Names of runs as labels of a picture: equal names get the start of their id. */
export function distinctNames(runs) {
  const names = runs.map(name);
  const times = new Map();
  names.forEach((text) => times.set(text, (times.get(text) || 0) + 1));
  return names.map((text, index) => (times.get(text) === 1 ? text : `${text} (${runs[index].info.run_id.slice(0, 6)})`));
}

/** What the job said at its end; `done` for success, otherwise the kind of error. */
export const outcome = (run) => tag(run, 'millrace.outcome');

export function durationOf(run) {
  const end = run.info.status === 'RUNNING' ? Date.now() : run.info.end_time;
  return end && run.info.start_time ? end - run.info.start_time : null;
}

/** The ends of a metric's 95 % interval, where the job wrote `<metric>_low` and `<metric>_high`. */
export function interval(run, key) {
  const low = metric(run, `${key}_low`);
  const high = metric(run, `${key}_high`);
  return low === undefined || high === undefined ? null : [low, high];
}

/** Metrics without the ends of intervals, which are shown beside their metric. */
export function mainMetrics(run) {
  const keys = new Set((run.data?.metrics || []).map((entry) => entry.key));
  return (run.data?.metrics || []).filter(({ key }) => !keys.has(key.replace(/_(low|high)$/, '')) || !/_(low|high)$/.test(key));
}

/** The few metrics that say how good a model is: those of the test rows first, then validation, then training. */
export function qualityMetrics(runs, most) {
  const seen = new Map();
  for (const run of runs) {
    for (const { key } of mainMetrics(run)) seen.set(key, (seen.get(key) || 0) + 1);
  }
  const rank = ['test_average_precision', 'test_auc', 'test_f1', 'test_rmse', 'test_r2', 'test_mae', 'test_accuracy'];
  const stages = [/^test_(?!rows)/, /^(validation|val|eval)_/, /^(training|train)_(?!rows)/];
  const stage = (key) => stages.findIndex((pattern) => pattern.test(key));
  const place = (key) => (rank.includes(key) ? rank.indexOf(key) : 50 + stage(key));
  return [...seen.keys()]
    .filter((key) => stage(key) >= 0)
    .sort((left, right) => place(left) - place(right) || seen.get(right) - seen.get(left) || (left < right ? -1 : 1))
    .slice(0, most);
}

/** `{table, version}` of a dataset whose digest is `<table id>-v<version>`; other digests stand as they are. */
export function datasetVersion(dataset) {
  const source = parsed(dataset.source);
  if (source?.delta_table_version !== undefined) return source.delta_table_version;
  const match = /-v(\d+)$/.exec(dataset.digest || '');
  return match ? Number(match[1]) : null;
}

export function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (notJson) {
    return null;
  }
}

/** Those of `runs` that do not stand under another of them. */
export function uppermost(runs) {
  const ids = new Set(runs.map((run) => run.info.run_id));
  return runs.filter((run) => !ids.has(parent(run)));
}

/** Parents followed by their children, each with its depth; children of absent parents stand on their own. */
export function nested(runs, open) {
  const byId = new Map(runs.map((run) => [run.info.run_id, run]));
  const children = new Map();
  for (const run of runs) {
    const above = parent(run);
    if (!above || !byId.has(above)) continue;
    children.set(above, [...(children.get(above) || []), run]);
  }
  const rows = [];
  const add = (run, depth) => {
    const below = children.get(run.info.run_id) || [];
    rows.push({ run, depth, children: below.length });
    if (open.has(run.info.run_id)) below.forEach((child) => add(child, depth + 1));
  };
  uppermost(runs).forEach((run) => add(run, 0));
  return rows;
}
