// All experiments, filtered by name as one types.
import { api } from '../lib/api.js';
import { h } from '../lib/dom.js';
import { plural, when } from '../lib/format.js';
import { change, to } from '../lib/places.js';
import { valueOf } from '../lib/runs.js';
import { empty } from '../parts/states.js';
import { table } from '../parts/table.js';

export async function experimentsPage(params, { query, signal }) {
  const all = await api.experiments(signal);
  const wanted = (query.name || '').toLowerCase();
  const shown = all.filter((experiment) => experiment.name.toLowerCase().includes(wanted));
  const search = h('input', {
    id: 'experiment-search', type: 'search', value: query.name || '', placeholder: 'part of a name',
    onchange: (event) => change({ name: event.target.value.trim() }),
  });
  const top = h('div', { class: 'heading page' },
    h('h1', {}, 'Experiments'), h('span', { class: 'faint' }, plural(all.length, 'experiment')),
    h('label', { class: 'field push' }, 'Find ', search));
  return { title: 'Experiments', content: [top, h('section', { class: 'card' }, list(shown, all))] };
}

function list(shown, all) {
  if (all.length === 0) return empty('No experiments', 'Run ', h('code', {}, 'scripts/quickstart'), ', or log a run with an MLflow client.');
  if (shown.length === 0) return empty('No experiment has this in its name');
  return table({
    caption: 'Experiments',
    columns: [
      { label: 'Experiment', head: true, cell: (experiment) => h('a', { href: to.experiment(experiment.experiment_id) }, experiment.name) },
      { label: 'Note', cell: (experiment) => valueOf(experiment.tags, 'mlflow.note.content') || '' },
      { label: 'Changed', cell: (experiment) => when(experiment.last_update_time) },
      { label: 'Created', cell: (experiment) => when(experiment.creation_time) },
      { label: 'Id', number: true, cell: (experiment) => experiment.experiment_id },
    ],
    rows: shown,
  });
}
