// All registered models: how many versions, which aliases point where, what changed last.
import { api } from '../lib/api.js';
import { h } from '../lib/dom.js';
import { hear } from '../lib/events.js';
import { plural, when } from '../lib/format.js';
import { to } from '../lib/places.js';
import { badge } from '../parts/badges.js';
import { nameFilter } from '../parts/name-filter.js';
import { empty } from '../parts/states.js';
import { table } from '../parts/table.js';

export async function modelsPage(params, { query, signal }) {
  const changes = await hear(signal, ['models']);
  const all = await api.models(signal);
  const filter = nameFilter('model-search', query, all, signal, list);
  const count = h('span', { class: 'faint' }, plural(all.length, 'model'));
  changes.tell(async () => {
    const now = await api.models(signal);
    count.textContent = plural(now.length, 'model');
    filter.update(now);
  });
  const top = h('div', { class: 'heading page' },
    h('h1', {}, 'Models'), count, filter.field);
  return { title: 'Models', content: [top, filter.list] };
}

function list(shown, all) {
  if (all.length === 0) {
    return empty('No registered models', 'Train one and give it a name: the jobs ', h('code', {}, 'train'), ' and ',
      h('code', {}, 'register'), ', or all at once with ', h('code', {}, 'scripts/quickstart'), '.');
  }
  if (shown.length === 0) return empty('No model has this in its name');
  return table({
    caption: 'Registered models',
    columns: [
      { label: 'Model', head: true, cell: (model) => h('a', { href: to.model(model.name) }, model.name) },
      { label: 'Latest version', number: true, cell: latest },
      { label: 'Aliases', cell: aliases },
      { label: 'Description', cell: (model) => model.description || '' },
      { label: 'Changed', cell: (model) => when(model.last_updated_timestamp) },
    ],
    rows: shown,
  });
}

function latest(model) {
  const versions = (model.latest_versions || []).map((version) => Number(version.version));
  if (versions.length === 0) return '–';
  const newest = String(Math.max(...versions));
  return h('a', { href: to.version(model.name, newest) }, newest);
}

function aliases(model) {
  const entries = model.aliases || [];
  if (entries.length === 0) return h('span', { class: 'faint' }, 'none');
  return entries.map(({ alias, version }) => [
    h('a', { href: to.version(model.name, version), class: 'plain' },
      badge(`@${alias} → ${version}`, alias === 'champion' ? 'champion' : 'info', alias === 'champion' ? '★' : null)),
    ' ',
  ]);
}
