// What happened lately: newest runs over all experiments, models with their champions, drift that asks for attention.
import { api } from '../lib/api.js';
import { h, heading, onlyWhenChanged, section } from '../lib/dom.js';
import { verdictOf } from '../lib/drift.js';
import { hear } from '../lib/events.js';
import { plural, when, windowName } from '../lib/format.js';
import { to } from '../lib/places.js';
import { name } from '../lib/runs.js';
import { aliasBadges, statusBadge, verdictBadge } from '../parts/badges.js';
import { recentRuns } from '../parts/recent-runs.js';
import { empty, failed, loading } from '../parts/states.js';
import { table } from '../parts/table.js';

const NEWEST = 12;
const MOST_EXPERIMENTS = 12;

export async function homePage(params, { signal, reload }) {
  const changes = await hear(signal, ['runs', 'experiments', 'models', 'drift']);
  const [experiments, models] = await Promise.all([api.experiments(signal), api.models(signal)]);
  const runs = await newest(experiments, signal);
  const top = h('div', { class: 'heading page' }, h('h1', {}, 'Millrace'),
    h('p', { class: 'faint' }, 'Runs, models and drift of this lake'));
  if (runs.length === 0 && models.length === 0) {
    changes.tell(reload);
    return { title: 'Millrace', content: [top, nothingYet(await homeOf(signal))] };
  }

  const parts = {
    runs: part('Newest runs', () => newest(experiments, signal), (now) => (now.length === 0
      ? empty('No runs yet', 'Each job that runs appears here.') : recentRuns(now, experiments)), runs),
    models: part('Models', () => api.models(signal), modelTable, models),
    drift: part('Drift', () => api.driftModels(signal), driftTable),
    experiments: part('Experiments', () => withNewest(experiments, signal), experimentTable),
  };
  changes.tell(async (changed) => {
    if (changed.includes('experiments')) return reload();
    const ofRuns = changed.includes('runs');
    return Promise.all([
      ofRuns && parts.runs.look(), ofRuns && parts.experiments.look(),
      changed.includes('models') && parts.models.look(), changed.includes('drift') && parts.drift.look(),
    ]);
  });
  const content = [
    top,
    parts.runs.element,
    h('div', { class: 'columns' }, parts.models.element, parts.drift.element),
    parts.experiments.element,
  ];
  return { title: 'Millrace', content };
}

/** A part that is drawn from `known`, or from what is read now, and again from what `look` reads. */
function part(title, read, render, known) {
  const place = h('div', {}, known ? null : loading());
  const show = (found) => onlyWhenChanged(place, found, () => render(found));
  const look = async () => show(await read());
  if (known) {
    show(known);
  } else {
    place.setAttribute('aria-busy', 'true');
    look().catch((error) => error.name !== 'AbortError' && place.replaceChildren(failed(error)))
      .finally(() => place.removeAttribute('aria-busy'));
  }
  return { element: section(title, place), look };
}

/** The home of this server, where that is told and the lake is in it. */
async function homeOf(signal) {
  try {
    return /^(.+)\/lake$/.exec((await api.tables(signal)).lake)?.[1];
  } catch (notTold) {
    return undefined;
  }
}

async function newest(experiments, signal) {
  if (experiments.length === 0) return [];
  const request = {
    experiment_ids: experiments.map((experiment) => experiment.experiment_id),
    max_results: NEWEST,
    order_by: ['attributes.start_time DESC'],
  };
  return (await api.searchRuns(request, signal)).runs;
}

function nothingYet(home) {
  const here = home && ` --home ${/^[\w./-]+$/.test(home) ? home : `'${home.replaceAll("'", "'\\''")}'`}`;
  return h('section', { class: 'card welcome' },
    heading(2, 'Nothing here yet'),
    h('p', {}, 'This server remembers what your jobs do: their runs, the models they make, and how the data drifts.'),
    h('p', {}, 'To see a whole story in a few minutes (fraud detection on generated transactions), run'),
    h('pre', { class: 'command', tabindex: '0' }, `scripts/quickstart${here || ''}`),
    h('p', {}, 'or one job of your own:'),
    h('pre', { class: 'command', tabindex: '0' }, `scripts/millrace ingest --config my-ingest.yaml${here || ''}`),
    h('p', {}, 'What they do appears here by itself.'),
    h('p', { class: 'faint' }, 'MLflow clients can log here too: set ', h('code', {}, 'MLFLOW_TRACKING_URI'), ' to ',
      h('code', {}, location.origin), '.'));
}

function modelTable(models) {
  if (models.length === 0) return empty('No registered model', 'The jobs ', h('code', {}, 'train'), ' and ', h('code', {}, 'register'), ' make one.');
  return table({
    caption: 'Registered models',
    columns: [
      { label: 'Model', head: true, cell: (model) => h('a', { href: to.model(model.name) }, model.name) },
      { label: 'Champion', cell: champion },
      { label: 'Changed', cell: (model) => when(model.last_updated_timestamp) },
    ],
    rows: models,
  });
}

function champion(model) {
  const alias = (model.aliases || []).find((entry) => entry.alias === 'champion');
  if (!alias) return h('span', { class: 'faint' }, 'none yet');
  return [h('a', { href: to.version(model.name, alias.version) }, `version ${alias.version}`), ' ', aliasBadges(['champion'])];
}

function driftTable(drifts) {
  if (drifts.length === 0) {
    return empty('No drift measured', 'The job ', h('code', {}, 'monitor'), ' compares new data with what a model was trained on.');
  }
  return table({
    caption: 'Newest drift by model',
    columns: [
      { label: 'Model', head: true, cell: (entry) => h('a', { href: to.drift(entry.model) }, entry.model) },
      { label: 'Verdict', cell: (entry) => verdictBadge(verdictOf(entry)) },
      { label: 'Columns', cell: (entry) => alarms(entry) },
      { label: 'Window', cell: (entry) => (windowName(entry.latest_window)) },
    ],
    rows: drifts,
  });
}

function alarms(entry) {
  return entry.drifted ? `${plural(entry.drifted, 'column')} drifting` : h('span', { class: 'faint' }, 'all quiet');
}

async function withNewest(experiments, signal) {
  const newestOf = async (experiment) => {
    const request = { experiment_ids: [experiment.experiment_id], max_results: 1, order_by: ['attributes.start_time DESC'] };
    return { experiment, run: (await api.searchRuns(request, signal)).runs[0] };
  };
  const entries = await Promise.all(experiments.slice(0, MOST_EXPERIMENTS).map(newestOf));
  return entries.filter(({ experiment, run }) => run || experiment.experiment_id !== '0');
}

function experimentTable(entries) {
  if (entries.length === 0) return empty('No experiments');
  return table({
    caption: 'Experiments',
    columns: [
      { label: 'Experiment', head: true, cell: ({ experiment }) => h('a', { href: to.experiment(experiment.experiment_id) }, experiment.name) },
      { label: 'Newest run', cell: ({ run }) => (run ? h('a', { href: to.runOf(run) }, name(run)) : '–') },
      { label: 'Status', cell: ({ run }) => (run ? statusBadge(run.info.status) : '–') },
      { label: 'Started', cell: ({ run }) => (run ? when(run.info.start_time) : '–') },
    ],
    rows: entries,
  });
}
