// Which models are watched for drift, and how they stand in their newest window.
import { api } from '../lib/api.js';
import { h, onlyWhenChanged } from '../lib/dom.js';
import { verdictOf } from '../lib/drift.js';
import { hear } from '../lib/events.js';
import { number, windowName } from '../lib/format.js';
import { to } from '../lib/places.js';
import { verdictBadge } from '../parts/badges.js';
import { empty } from '../parts/states.js';
import { table } from '../parts/table.js';

export async function driftListPage(params, { signal }) {
  const changes = await hear(signal, ['drift']);
  const place = h('section', { class: 'card', 'aria-label': 'Models' });
  const look = async () => {
    const drifts = await api.driftModels(signal);
    onlyWhenChanged(place, drifts, () => (drifts.length === 0 ? nothing() : list(drifts)));
  };
  await look();
  changes.tell(look);
  const content = [
    h('div', { class: 'heading page' }, h('h1', {}, 'Drift'), h('p', { class: 'faint' }, 'New data against what each model was trained on')),
    place,
  ];
  return { title: 'Drift', content };
}

function nothing() {
  return empty('No drift measured yet', 'The job ', h('code', {}, 'monitor'), ' writes its figures here and to the table ',
    h('code', {}, 'monitoring.drift_metrics'), '.');
}

function list(drifts) {
  return table({
    caption: 'Drift by model',
    columns: [
      { label: 'Model', head: true, cell: (entry) => h('a', { href: to.drift(entry.model) }, entry.model) },
      { label: 'Verdict', cell: (entry) => verdictBadge(verdictOf(entry)) },
      { label: 'Drifting', number: true, unit: 'columns', cell: (entry) => number(entry.drifted) },
      { label: 'Measured', number: true, unit: 'windows', cell: (entry) => number(entry.windows) },
      { label: 'Model version', number: true, cell: (entry) => h('a', { href: to.version(entry.model, entry.latest_version) }, entry.latest_version) },
      { label: 'Newest window', cell: (entry) => (windowName(entry.latest_window)) },
    ],
    rows: drifts,
  });
}
