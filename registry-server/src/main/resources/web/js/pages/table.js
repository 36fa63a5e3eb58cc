// One table at one version: what it holds, its columns, some rows, and the commits with the runs that made them.
import { api } from '../lib/api.js';
import { breadcrumbs, breakable, h, section } from '../lib/dom.js';
import { bytes, number, when } from '../lib/format.js';
import { change, changed, to } from '../lib/places.js';
import { badge, jobBadge } from '../parts/badges.js';
import { rowsOf } from '../parts/rows.js';
import { runById } from '../parts/run-by-id.js';
import { later } from '../parts/states.js';
import { facts, table } from '../parts/table.js';

const PAGE = 20;
const ROWS = 20;

export async function tablePage({ table: name }, { query, signal }) {
  const answer = await api.table(name, { version: query.version }, signal);
  const { state, versions, commit } = answer;
  const reading = api.rows(name, { version: state.version, limit: query.limit || ROWS, columns: query.columns }, signal);
  const history = api.tableHistory(name, { max_results: PAGE, page_token: query.before }, signal);
  const content = [
    breadcrumbs([['Tables', to.tables()], [name]]),
    h('div', { class: 'heading page' }, h('h1', {}, name), badge(`version ${state.version}`, state.version === versions.newest ? 'good' : 'warn'),
      h('a', { class: 'push', href: to.lineage(`${name}@${state.version}`) }, 'Lineage →')),
    chooser(state, versions),
    state.description && h('p', { class: 'wrapped' }, state.description),
    about(state, versions, commit, signal),
    section('Rows', later(reading, (preview) => rowsOf(preview, query), 'Reading rows')),
    section('Columns', columns(state)),
    section('History', later(history, (found) => commits(found, name, state, query, signal), 'Reading the log')),
    Object.keys(state.properties || {}).length > 0 && section('Properties', properties(state)),
  ];
  return { title: `${name}@${state.version}`, content };
}

function chooser(state, versions) {
  const go = (version) => change({ version: version === versions.newest ? '' : version, limit: '' });
  const step = (version, text) => h('a', {
    class: 'button quiet', href: version < 0 || version > versions.newest ? null : changed({ version }),
    role: 'link', 'aria-disabled': version < 0 || version > versions.newest ? 'true' : null,
  }, text);
  return h('div', { class: 'toolbar' },
    h('label', { class: 'field' }, 'Version ', h('input', {
      id: 'version', type: 'number', min: 0, max: versions.newest, value: state.version,
      onchange: (event) => event.target.value !== '' && go(Number(event.target.value)),
    })),
    step(state.version - 1, '⇤ Older'),
    step(state.version + 1, 'Newer ⇥'),
    state.version !== versions.newest && h('a', { class: 'button quiet', href: changed({ version: '' }) }, `Newest, ${versions.newest}`));
}

function about(state, versions, commit, signal) {
  const features = state.table_features || [];
  return facts('About the table', [
    ['Rows', number(state.rows)],
    ['Size', `${bytes(state.bytes)} in ${number(state.files)} ${state.files === 1 ? 'file' : 'files'}`],
    ['Columns', number((state.columns || []).length)],
    ['Partitioned by', (state.partition_columns || []).join(', ') || 'nothing'],
    ['Versions in the log', versions.oldest === versions.newest ? String(versions.newest) : `${versions.oldest} to ${versions.newest}`],
    commit && ['Committed', when(commit.at)],
    commit && ['By', commit.maker ? [jobBadge(commit.maker.job), ' ', runById(commit.maker.run_id, signal)] : commit.engine || '–'],
    commit?.maker?.interval ? ['Interval', commit.maker.interval] : null,
    ['Protocol', `reader ${state.reader_version}, writer ${state.writer_version}${features.length ? `: ${features.join(', ')}` : ''}`],
    ['Table id', h('code', { class: 'id' }, state.table_id)],
  ]);
}

function columns(state) {
  const partitions = new Set(state.partition_columns || []);
  return table({
    caption: 'Columns',
    id: 'columns-of-table',
    columns: [
      { label: 'Column', head: true, class: 'name', cell: (column) => breakable(column.name) },
      { label: 'Type', class: 'param', cell: (column) => h('code', {}, column.type) },
      { label: 'Null', cell: (column) => (column.nullable ? 'may be' : 'never') },
      { label: 'What it is', class: 'said', cell: (column) => [column.comment || (partitions.has(column.name) ? null : '–'), ' ', partitions.has(column.name) && badge('partition')] },
      { label: 'Role', cell: (column) => role(column, state) },
    ],
    rows: state.columns || [],
  });
}

function role(column, state) {
  try {
    const said = JSON.parse(column.metadata?.millrace || '{}').role;
    if (said === 'feature') return h('a', { href: to.features({ search: `${column.name} ${state.table}` }) }, 'feature');
    return said || '–';
  } catch (foreign) {
    return '–';
  }
}

function commits({ commits: rows = [], versions, next_page_token: next }, name, state, query, signal) {
  return [
    versions.oldest > 0 && h('p', { class: 'faint' }, `Log files of versions before ${number(versions.oldest)} were cleaned up.`),
    table({
      caption: 'History',
      id: 'history',
      rowClass: (commit) => (commit.version === state.version ? 'chosen' : null),
      columns: [
        { label: 'Version', head: true, number: true, cell: (commit) => h('a', { href: changed({ version: commit.version }) }, number(commit.version)) },
        { label: 'Time', cell: (commit) => when(commit.at) },
        { label: 'Operation', cell: (commit) => [commit.operation || '–', commit.replaces_all ? [' ', badge('replaced all')] : null,
          commit.data_change ? null : [' ', badge('no row changed')]] },
        { label: 'Rows written', number: true, cell: (commit) => number(commit.rows) },
        { label: 'Job', cell: (commit) => (commit.maker ? jobBadge(commit.maker.job) : h('span', { class: 'faint' }, 'not Millrace')) },
        { label: 'Run', cell: (commit) => (commit.maker ? runById(commit.maker.run_id, signal) : '–') },
        { label: 'Interval', cell: (commit) => commit.maker?.interval || '–' },
        { label: 'Read', class: 'param', cell: (commit) => (commit.maker?.inputs || []).join(', ') || '–' },
        { label: 'Engine', cell: (commit) => commit.engine || '–' },
        { label: '', cell: (commit) => h('a', { href: to.lineage(`${name}@${commit.version}`), 'aria-label': `Lineage of version ${commit.version}` }, 'lineage') },
      ],
      rows,
    }),
    (next || query.before) && h('nav', { class: 'toolbar', 'aria-label': 'Pages of history' },
      query.before && h('a', { class: 'button quiet', href: changed({ before: '' }) }, '⇤ Newest'),
      next && h('a', { class: 'button', href: changed({ before: next }) }, `Older ${PAGE} ⇥`)),
  ];
}

function properties(state) {
  return table({
    caption: 'Properties',
    columns: [
      { label: 'Name', head: true, class: 'name', cell: ([key]) => breakable(key) },
      { label: 'Value', class: 'value', cell: ([, value]) => value },
    ],
    rows: Object.entries(state.properties).sort(),
  });
}
