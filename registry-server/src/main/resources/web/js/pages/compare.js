// Several runs side by side: what was set differently, what came out, how the two belong together, one metric as curves.
import { api } from '../lib/api.js';
import { MOST_POINTS } from '../lib/curve.js';
import { breadcrumbs, breakable, h, section } from '../lib/dom.js';
import { duration, number, plural, when } from '../lib/format.js';
import { change, changed, to } from '../lib/places.js';
import { durationOf, interval, job, mainMetrics, metric, name, outcome, param, qualityMetrics } from '../lib/runs.js';
import { jobBadge, outcomeText, statusBadge } from '../parts/badges.js';
import { compareChart } from '../parts/compare-chart.js';
import { runPictures } from '../parts/run-pictures.js';
import { empty, later } from '../parts/states.js';
import { table } from '../parts/table.js';

const MOST = 200;
const IN_TABLES = 30;

export async function comparePage({ experiment: id }, { query, signal }) {
  const ids = (query.runs || '').split(',').filter(Boolean).slice(0, MOST);
  const experiment = await api.experiment(id, signal);
  const top = [
    breadcrumbs([['Experiments', to.experiments()], [experiment.name, to.experiment(id)], ['Compare']]),
    h('div', { class: 'heading page' }, h('h1', {}, `Compare ${plural(ids.length, 'run')}`)),
  ];
  if (ids.length === 0) {
    return { title: 'Compare', content: [...top, empty('No runs chosen', 'Tick two or more runs in the ', h('a', { href: to.experiment(id) }, 'table of the experiment'), ', then Compare.')] };
  }
  const runs = await allOf(id, ids, signal);
  const few = runs.slice(0, IN_TABLES);
  const left = runs.length > few.length && h('p', { class: 'faint' }, `The tables show the first ${IN_TABLES} of ${runs.length} runs, the pictures all.`);
  const content = [...top, left, about(few), params(few, query), metrics(few), runPictures(runs, query), picture(few, query, signal)];
  return { title: 'Compare', content };
}

/** In the order of the address; runs of this experiment at once, others one by one. */
async function allOf(experiment, ids, signal) {
  const request = {
    experiment_ids: [experiment], run_view_type: 'ALL', max_results: MOST,
    filter: `attributes.run_id IN (${ids.map((run) => `'${run.replaceAll("'", '')}'`).join(', ')})`,
  };
  const found = new Map((await api.searchRuns(request, signal)).runs.map((run) => [run.info.run_id, run]));
  return Promise.all(ids.map((run) => found.get(run) || api.run(run, signal)));
}

function runColumns(runs, cell, isNumber = false) {
  return runs.map((run) => ({
    label: h('a', { href: to.runOf(run) }, breakable(name(run))), number: isNumber, class: isNumber ? null : 'param', cell: (row) => cell(run, row),
  }));
}

function about(runs) {
  const rows = [
    ['Job', (run) => jobBadge(job(run))],
    ['Status', (run) => statusBadge(run.info.status)],
    ['Outcome', (run) => outcomeText(outcome(run))],
    ['Started', (run) => when(run.info.start_time)],
    ['Duration', (run) => duration(durationOf(run))],
  ];
  const columns = [{ label: 'About', head: true, cell: ([label]) => label }, ...runColumns(runs, (run, [, read]) => read(run))];
  return section('Runs', table({ caption: 'The runs', columns, rows }));
}

function params(runs, query) {
  const keys = [...new Set(runs.flatMap((run) => (run.data?.params || []).map((entry) => entry.key)))].sort();
  const differs = (key) => new Set(runs.map((run) => param(run, key))).size > 1;
  const rows = query.all ? keys : keys.filter(differs);
  const link = h('a', { href: changed({ all: query.all ? '' : '1' }), class: 'push' },
    query.all ? 'Only what differs' : `All ${keys.length} params`);
  const columns = [
    { label: 'Param', head: true, cell: (key) => [key, query.all && differs(key) ? h('span', { class: 'sign', title: 'differs' }, ' ≠') : null] },
    ...runColumns(runs, (run, key) => param(run, key) ?? '–'),
  ];
  const body = rows.length === 0
    ? empty('The params are the same in all of these runs')
    : table({ caption: 'Params', columns, rows, rowClass: (key) => (query.all && differs(key) ? 'differs' : null) });
  return h('section', { class: 'card', 'aria-label': 'Params' }, h('div', { class: 'heading' }, h('h2', {}, 'Params'), link), body);
}

function metrics(runs) {
  const keys = [...new Set(runs.flatMap((run) => mainMetrics(run).map((entry) => entry.key)))].sort();
  if (keys.length === 0) return section('Metrics', empty('These runs have no metrics'));
  const columns = [
    { label: 'Metric', head: true, cell: (key) => key },
    ...runColumns(runs, (run, key) => withInterval(run, key), true),
  ];
  return section('Metrics', table({ caption: 'Metrics', columns, rows: keys }));
}

function withInterval(run, key) {
  const ends = interval(run, key);
  const value = number(metric(run, key));
  return ends ? [value, h('span', { class: 'interval' }, ` [${number(ends[0])}, ${number(ends[1])}]`)] : value;
}

function picture(runs, query, signal) {
  const keys = [...new Set(runs.flatMap((run) => mainMetrics(run).map((entry) => entry.key)))].sort();
  if (keys.length === 0) return null;
  const chosen = keys.includes(query.metric) ? query.metric : qualityMetrics(runs, 1)[0] || keys[0];
  const select = h('select', { id: 'compare-metric', onchange: (event) => change({ metric: event.target.value }) },
    keys.map((key) => h('option', { value: key, selected: key === chosen }, key)));
  const histories = api.curves(runs.map((run) => run.info.run_id), chosen, { most: MOST_POINTS }, signal);
  return section('One metric',
    h('label', { class: 'field' }, 'Metric ', select),
    later(histories, (points) => compareChart(runs, chosen, points, query), 'Reading histories'));
}
