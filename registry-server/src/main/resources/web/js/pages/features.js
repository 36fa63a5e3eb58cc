// The feature catalog: what each column of the feature tables is, who takes it, how it drifted. Found as one types.
import { api } from '../lib/api.js';
import { breakable, h } from '../lib/dom.js';
import { number, plural, windowName } from '../lib/format.js';
import { changed, to } from '../lib/places.js';
import { badge, verdictBadge } from '../parts/badges.js';
import { noLake } from './tables.js';
import { empty } from '../parts/states.js';
import { table } from '../parts/table.js';

export async function featuresPage(params, { query, signal }) {
  const { exists, features: all = [], unreadable = {} } = await api.features(signal);
  const count = h('span', { class: 'faint', 'aria-live': 'polite' });
  const place = h('section', { class: 'card', 'aria-label': 'Features' });
  const show = (search) => {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = all.filter((feature) => words.every((word) => textOf(feature).includes(word)));
    count.textContent = words.length > 0 ? `${number(shown.length)} of ${plural(all.length, 'feature')}` : plural(all.length, 'feature');
    place.replaceChildren(list(shown, all));
  };
  const input = h('input', {
    id: 'feature-search', type: 'search', value: query.search || '', placeholder: 'name, owner, model',
    oninput: (event) => {
      show(event.target.value);
      // The address follows without a new visit: what is on the page is filtered here.
      history.replaceState(history.state, '', changed({ search: event.target.value.trim() }));
      document.getElementById('main').dataset.place = location.hash;
    },
  });
  if (exists) show(query.search || '');
  else place.append(noLake((await api.tables(signal)).lake));
  const problems = Object.entries(unreadable);
  return {
    title: 'Features',
    content: [
      h('div', { class: 'heading page' }, h('h1', {}, 'Features'), count, h('label', { class: 'field push' }, 'Find ', input)),
      problems.length > 0 && h('p', { class: 'state failed told' }, 'Not looked into: ', problems.map(([name, reason]) => `${name} (${reason})`).join('; ')),
      place,
    ],
  };
}

function textOf(feature) {
  const models = (feature.used_by || []).map((use) => use.model);
  return [feature.name, feature.table, feature.description, feature.window, feature.owner, feature.source,
    ...(feature.tags || []), ...(feature.entity || []), ...models].filter(Boolean).join(' ').toLowerCase();
}

function list(shown, all) {
  if (all.length === 0) {
    return empty('No feature is described', 'The job ', h('code', {}, 'features'), ' writes tables whose columns say what they are.');
  }
  if (shown.length === 0) return empty('No feature fits this search');
  return table({
    caption: 'Features',
    id: 'features',
    columns: [
      { label: 'Feature', head: true, class: 'name', cell: (feature) => breakable(feature.name) },
      { label: 'What it is', class: 'said', cell: (feature) => feature.description || feature.expression || '–' },
      { label: 'Window', number: true, cell: (feature) => feature.window || '–' },
      { label: 'Type', cell: (feature) => h('code', {}, feature.type) },
      { label: 'Entity', cell: (feature) => (feature.entity || []).join(', ') || '–' },
      { label: 'Table', cell: (feature) => h('a', { href: to.table(feature.table) }, feature.table) },
      { label: 'Owner', class: 'param', cell: (feature) => [feature.owner || '–', ' ', (feature.tags || []).map((tag) => [badge(tag), ' '])] },
      { label: 'Taken by', class: 'param', cell: uses },
      { label: 'Newest drift', cell: drift },
    ],
    rows: shown,
  });
}

function uses(feature) {
  const found = feature.used_by || [];
  if (found.length === 0) return h('span', { class: 'faint' }, 'no version');
  return found.map((use, index) => [index > 0 ? ', ' : '', h('a', { href: to.version(use.model, use.version) }, `${use.model}/${use.version}`),
    (use.aliases || []).includes('champion') ? ' ★' : '']);
}

function drift(feature) {
  const found = feature.drift || [];
  if (found.length === 0) return '–';
  return found.map((one) => h('div', {}, h('a', {
    class: 'plain', href: to.drift(one.model, { column: feature.name }), title: `${one.model}, window of ${windowName(one.window_start)}`,
  }, verdictBadge(one.verdict), one.psi === undefined ? '' : ` PSI ${number(one.psi)}`)));
}
