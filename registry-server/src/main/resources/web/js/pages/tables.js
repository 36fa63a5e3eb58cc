// The tables of the lake: how large they are, and which job wrote them last; filtered by name as one types.
import { api } from '../lib/api.js';
import { h } from '../lib/dom.js';
import { bytes, number, plural, when } from '../lib/format.js';
import { to } from '../lib/places.js';
import { jobBadge } from '../parts/badges.js';
import { nameFilter } from '../parts/name-filter.js';
import { runById } from '../parts/run-by-id.js';
import { empty } from '../parts/states.js';
import { table } from '../parts/table.js';

export async function tablesPage(params, { query, signal }) {
  const { lake, exists, tables: all = [] } = await api.tables(signal);
  const named = all.map((entry) => ({ ...entry, name: entry.table }));
  const filter = exists && nameFilter('table-search', query, named, signal, (shown) => list(shown, named, signal));
  const top = h('div', { class: 'heading page' },
    h('h1', {}, 'Tables'), h('span', { class: 'faint' }, plural(all.length, 'table')), filter && filter.field);
  return { title: 'Tables', content: [top, filter ? filter.list : h('section', { class: 'card' }, noLake(lake))] };
}

export function noLake(lake) {
  return empty('No lake here', 'This server looks for tables in ', h('code', {}, lake), ', which is no folder yet. The first job with this home makes it; ',
    'for a lake elsewhere start the server with ', h('code', {}, '--lake DIR'), ' (or ', h('code', {}, 'MILLRACE_LAKE'), ').');
}

function list(shown, all, signal) {
  if (all.length === 0) return empty('No tables yet', 'The jobs ', h('code', {}, 'ingest'), ' and ', h('code', {}, 'generate'), ' make some.');
  if (shown.length === 0) return empty('No table has this in its name');
  return table({
    caption: 'Tables',
    id: 'tables',
    columns: [
      { label: 'Table', head: true, cell: (entry) => h('a', { href: to.table(entry.table) }, entry.table) },
      { label: 'Version', number: true, cell: (entry) => number(entry.version) },
      { label: 'Versions', number: true, cell: (entry) => number(entry.versions) },
      { label: 'Rows', number: true, cell: (entry) => number(entry.rows) },
      { label: 'Files', number: true, cell: (entry) => number(entry.files) },
      { label: 'Size', number: true, cell: (entry) => bytes(entry.bytes) },
      { label: 'Written', cell: (entry) => when(entry.written_at) },
      { label: 'By', class: 'param', cell: (entry) => (entry.problem ? `⚠ ${entry.problem}` : entry.job ? jobBadge(entry.job) : '–') },
      { label: 'Run', cell: (entry) => (entry.run_id ? runById(entry.run_id, signal) : '–') },
    ],
    rows: shown,
  });
}
