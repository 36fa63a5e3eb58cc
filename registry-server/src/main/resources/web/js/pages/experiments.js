// All experiments, filtered by name as one types.
import { api } from '../lib/api.js';
import { h } from '../lib/dom.js';
import { hear } from '../lib/events.js';
import { plural, when } from '../lib/format.js';
import { to } from '../lib/places.js';
import { valueOf } from '../lib/runs.js';
import { nameFilter } from '../parts/name-filter.js';
import { empty } from '../parts/states.js';
import { table } from '../parts/table.js';

export async function experimentsPage(params, { query, signal }) {
  const changes = await hear(signal, ['experiments']);
  const all = await api.experiments(signal);
  const filter = nameFilter('experiment-search', query, all, signal, list);
  const count = h('span', { class: 'faint' }, plural(all.length, 'experiment'));
  changes.tell(async () => {
    const now = await api.experiments(signal);
    count.textContent = plural(now.length, 'experiment');
    filter.update(now);
  });
  const top = h('div', { class: 'heading page' },
    h('h1', {}, 'Experiments'), count, filter.field);
  return { title: 'Experiments', content: [top, filter.list] };
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
