// One run: how it ended, what it measured, what it read and wrote, what people say; new points appear as they come.
import { api } from '../lib/api.js';
import { announce, breadcrumbs, breakable, h, keepInView, onlyWhenChanged, section } from '../lib/dom.js';
import { hear } from '../lib/events.js';
import { duration, number, shortId, when } from '../lib/format.js';
import { to } from '../lib/places.js';
import { durationOf, job, metric, name, outcome, parent, tag } from '../lib/runs.js';
import { artifactBrowser } from '../parts/artifacts.js';
import { jobBadge, outcomeText, statusBadge, versionLink } from '../parts/badges.js';
import { comments, saidOf } from '../parts/comments.js';
import { datasetTable } from '../parts/datasets.js';
import { metricsView } from '../parts/metrics.js';
import { peopleHere } from '../parts/people.js';
import { recentRuns } from '../parts/recent-runs.js';
import { empty, later } from '../parts/states.js';
import { facts, table } from '../parts/table.js';

const MADE_OF_RUNS = ['pipeline', 'tune']; // whose child runs are what one comes for

export async function runPage({ experiment: experimentId, run: id }, { query, signal, reload }) {
  const ofRun = `run:${id}`;
  const changes = await hear(signal, [ofRun, saidOf(ofRun)]);
  const [run, experiment, versions] = await Promise.all([
    api.run(id, signal),
    api.experiment(experimentId, signal),
    api.versions(`run_id = '${id.replaceAll("'", '')}'`, signal).catch(() => []),
  ]);
  const metrics = metricsView(query, signal);
  const parts = {
    head: h('div', {}), metrics: section('Metrics', metrics.element), showMetrics: metrics.show, params: section('Params'),
    datasets: section('Datasets'), tags: section('Tags'),
  };
  fill(parts, run, versions);
  const people = peopleHere();
  const said = comments(ofRun, signal);
  const ticking = run.info.status === 'RUNNING' ? setInterval(() => fill(parts, parts.run, versions), 1000) : null;
  signal.addEventListener('abort', () => clearInterval(ticking));
  changes.tell(async (changed) => {
    if (changed.includes(saidOf(ofRun))) await said.look();
    if (!changed.includes(ofRun)) return;
    const now = await api.run(id, signal);
    if (ticking && now.info.status !== 'RUNNING') {
      announce(`The run is ${now.info.status.toLowerCase()}.`);
      reload();
      return;
    }
    fill(parts, now, versions);
  }, people.show);
  const artifacts = section('Artifacts',
    later(api.artifacts(id, '', signal), (files) => artifactBrowser(id, files, query.artifact, signal), 'Reading artifacts'));
  if (query.artifact) requestAnimationFrame(() => scrollY === 0 && keepInView(artifacts, signal));
  const below = later(children(run, signal), (found) => childRuns(found, experiment), 'Looking for child runs');
  const content = [
    breadcrumbs([['Experiments', to.experiments()], [experiment.name, to.experiment(experimentId)], [name(run)]]),
    people.element,
    parts.head,
    MADE_OF_RUNS.includes(job(run)) && below,
    h('div', { class: 'columns wide-left' },
      h('div', {}, parts.metrics, parts.datasets),
      h('div', {}, parts.params, parts.tags)),
    artifacts,
    said.element,
    !MADE_OF_RUNS.includes(job(run)) && below,
  ];
  return { title: name(run), content };
}

function fill(parts, run, versions) {
  parts.run = run;
  const data = run.data || {};
  onlyWhenChanged(parts.head, [run.info, data.tags, durationOf(run)], () => head(run, versions));
  parts.showMetrics(run);
  fillSection(parts.params, 'Params', data.params, () => keyValues('Params', data.params,
    'No params', 'MLflow clients log them with log_params.'));
  fillSection(parts.datasets, 'Datasets', [run.inputs, run.outputs], () => datasetTable(run));
  fillSection(parts.tags, 'Tags', data.tags, () => keyValues('Tags', ownTags(data.tags), 'No other tags'));
}

function fillSection(element, title, value, render) {
  onlyWhenChanged(element, value || [], () => [h('h2', {}, title), render()]);
}

/** Tags that are not already said in the head of the page. */
function ownTags(tags) {
  const said = ['mlflow.runName', 'millrace.job', 'millrace.outcome', 'millrace.error', 'mlflow.parentRunId', 'mlflow.user'];
  return (tags || []).filter((entry) => !said.includes(entry.key));
}

function head(run, versions) {
  const error = tag(run, 'millrace.error');
  return [
    h('div', { class: 'heading page' }, h('h1', {}, name(run)), job(run) && jobBadge(job(run)), statusBadge(run.info.status),
      run.info.lifecycle_stage === 'deleted' ? h('span', { class: 'badge warn' }, 'deleted') : null),
    error ? h('div', { class: 'state failed told' },
      h('p', { class: 'state-title' }, `✕ ${outcomeText(outcome(run))}`), h('p', { class: 'wrapped' }, error)) : null,
    facts('About the run', [
      outcome(run) && ['Outcome', outcomeText(outcome(run))],
      ...['rows_in', 'rows_out'].map((key) => metric(run, key) !== undefined && [key.replace('rows_', 'Rows '), number(metric(run, key))]),
      ['Duration', h('span', run.info.status === 'RUNNING' ? { class: 'ticking' } : {}, duration(durationOf(run)))],
      ['Started', when(run.info.start_time)],
      ['By', tag(run, 'mlflow.user') || run.info.user_id || '–'],
      tag(run, 'millrace.interval') ? ['Interval', tag(run, 'millrace.interval')] : null,
      parent(run) ? ['Parent run', h('a', { href: to.run(run.info.experiment_id, parent(run)) }, shortId(parent(run)))] : null,
      versions.length > 0 ? ['Registered as', versions.map((version, index) => [index > 0 ? ', ' : '', versionLink(version)])] : null,
      ['Lineage', h('a', { href: to.lineage(`run:${run.info.run_id}`) }, 'what it read and made')],
      ['Run id', h('code', { class: 'id' }, run.info.run_id)],
    ]),
  ];
}

function keyValues(caption, entries, ...whenEmpty) {
  if (!entries || entries.length === 0) return empty(...whenEmpty);
  const rows = [...entries].sort((left, right) => (left.key < right.key ? -1 : 1));
  return table({
    caption,
    columns: [
      { label: 'Name', head: true, class: 'name', cell: (entry) => breakable(entry.key) },
      { label: 'Value', class: 'value', cell: (entry) => entry.value },
    ],
    rows,
  });
}

async function children(run, signal) {
  const request = {
    experiment_ids: [run.info.experiment_id],
    filter: `tags.\`mlflow.parentRunId\` = '${run.info.run_id}'`,
    max_results: 200,
    order_by: ['attributes.start_time ASC'],
  };
  return (await api.searchRuns(request, signal)).runs;
}

function childRuns(runs, experiment) {
  if (runs.length === 0) return null;
  const compare = h('a', { class: 'push', href: to.compare(experiment.experiment_id, runs.slice(0, 30).map((run) => run.info.run_id)) }, 'Compare them');
  return h('section', { class: 'card', 'aria-label': 'Child runs' },
    h('div', { class: 'heading' }, h('h2', {}, 'Child runs'), h('span', { class: 'faint' }, number(runs.length)), compare),
    recentRuns(runs));
}
