// The runs of one experiment: search, columns, order, groups, pages. Everything but the ticks is in the URL.
import { api, quoted } from '../lib/api.js';
import { breadcrumbs, h, onlyWhenChanged } from '../lib/dom.js';
import { hear } from '../lib/events.js';
import { plural } from '../lib/format.js';
import { knownOf, learn, valuesWith } from '../lib/known.js';
import { changed, here, noted, to } from '../lib/places.js';
import { remembered } from '../lib/remembered.js';
import { uppermost } from '../lib/runs.js';
import { named, plainWords, readSearch } from '../lib/search.js';
import { selectionOf } from '../lib/selection.js';
import { bulk } from '../parts/bulk.js';
import { peopleHere } from '../parts/people.js';
import { columnChooser, columnIds, columnsOf } from '../parts/run-columns.js';
import { groupChoice, groupedBy, groupTable } from '../parts/run-groups.js';
import { runKeys } from '../parts/run-keys.js';
import { pageSize, runPages } from '../parts/run-pages.js';
import { EXAMPLES, runSearch } from '../parts/run-search.js';
import { runTable } from '../parts/run-table.js';
import { empty, failed } from '../parts/states.js';

const FEW = 3; // so few runs beside their children stand open from the start
const COUNT_AGAIN = 5000; // ms between counts of a search that goes on changing

export async function experimentPage({ experiment: id }, { signal, reload }) {
  if (!signal.aborted) writeKept(id, here().query);
  const { query } = here();
  const state = {
    id, query, signal, selected: selectionOf(id), open: new Set(), known: knownOf(id), place: h('div', { class: 'runs' }),
    count: h('span', { class: 'faint', role: 'status', id: 'run-count' }), counted: {}, pages: h('div', {}),
    done: h('span', { class: 'faint', role: 'status' }), // what came of the last work on ticked runs; outlives the table
  };
  state.search = runSearch(query, (text, again) => {
    noted({ search: text, token: '', page: '' }, again);
    state.query = here().query;
    refresh(state).catch((error) => (error.status === 401 ? reload() : state.search.tell({ problem: error.message })));
  });
  const changes = await hear(signal, [`experiment:${id}`]);
  const [experiment] = await Promise.all([api.experiment(id, signal), refresh(state)]);
  const people = peopleHere();
  changes.tell(() => !state.found?.error && refresh(state), people.show);
  runKeys(state);
  const content = [
    breadcrumbs([['Experiments', to.experiments()], [experiment.name]]),
    h('div', { class: 'heading page' }, h('h1', {}, experiment.name), state.count, state.done, people.element),
    state.search.element,
    state.place,
  ];
  return { title: experiment.name, content };
}

/** What this browser keeps goes into the address where that says nothing else, so that a link shows a colleague the same. */
function writeKept(id, query) {
  const columns = query.columns === undefined && remembered(`columns.${id}`);
  const size = query.size === undefined && remembered('page-size');
  if (columns || size) noted({ ...(columns && { columns }), ...(size && { size }) }, true);
}

/** Looks for what the address asks and shows it; a later call makes an earlier one, still waiting, void. */
async function refresh(state) {
  state.asking?.abort();
  const asking = new AbortController();
  state.asking = asking;
  state.signal.addEventListener('abort', () => asking.abort(), { once: true });
  state.place.setAttribute('aria-busy', 'true');
  try {
    const found = await look(state, asking.signal);
    if (asking.signal.aborted) return;
    state.search.tell({ filter: found.filter, problem: found.error?.message });
    if (found.unreadable && state.found?.runs.length > 0) return; // half a word: what was found before stays
    openFew(state, found.runs);
    state.found = found;
    show(state);
    countAll(state, asking.signal);
  } catch (error) {
    if (!asking.signal.aborted) throw error;
  } finally {
    if (state.asking === asking) state.place.removeAttribute('aria-busy');
  }
}

/** `{runs, next, groups?, filter}`, or the `error` of a search that means nothing or is refused. */
async function look({ id, query, known }, signal) {
  const read = readSearch(query.search || '', known);
  if (read.problem) return { error: new Error(read.problem), unreadable: true, runs: [] };
  const view = query.deleted ? 'DELETED_ONLY' : 'ACTIVE_ONLY';
  const request = {
    experiment_ids: [id], filter: read.filter, run_view_type: view, max_results: pageSize(query),
    order_by: query.sort ? [query.sort] : ['attributes.start_time DESC'], page_token: query.token || undefined,
  };
  try {
    const found = await api.searchRuns(request, signal);
    learn(id, found.runs);
    const by = groupedBy(query.group);
    if (!by) return { ...found, filter: read.filter };
    const metrics = columnsOf(columnIds(found.runs, query.columns)).filter(({ kind }) => kind === 'm').map(({ key }) => key).slice(0, 20);
    const groups = await api.runGroups({ experiment_ids: [id], filter: read.filter, run_view_type: view, by, metrics, max_groups: 200 }, signal);
    return { ...found, filter: read.filter, groups, by, metrics };
  } catch (error) {
    if (error.name === 'AbortError' || error.status === 0 || error.status === 401 || error.status === 403) throw error;
    return { error, runs: [], filter: read.filter };
  }
}

/** When a page is first shown: a pipeline that is nearly all there is would hide what one came to see. */
function openFew(state, runs) {
  if (state.found) return;
  const few = uppermost(runs);
  if (few.length <= FEW) few.forEach((run) => state.open.add(run.info.run_id));
}

/** How many runs the search finds; not asked for again with each of many changes. */
async function countAll(state, signal) {
  const { found, query } = state;
  const what = `${found.filter} ${query.deleted}`;
  const first = what !== state.counted.what;
  if (found.error || first) state.count.textContent = '';
  if (found.error || (!first && Date.now() - state.counted.at < COUNT_AGAIN)) return;
  state.counted = { what, at: Date.now(), total: first ? undefined : state.counted.total };
  const request = { experiment_ids: [state.id], filter: found.filter, run_view_type: query.deleted ? 'DELETED_ONLY' : 'ACTIVE_ONLY' };
  try {
    state.counted.total = (await api.runGroups(request, signal)).runs;
  } catch (error) {
    if (error.name !== 'AbortError') console.warn(error.message);
    state.counted.at = 0;
    return;
  }
  state.count.textContent = plural(state.counted.total, query.deleted ? 'deleted run' : 'run');
  showPages(state);
}

/** Apart from the table, so that a count that comes late does not take a row from under the pointer. */
function showPages(state) {
  const { query, found } = state;
  const trail = `${state.id} ${found.filter} ${query.sort} ${query.deleted} ${pageSize(query)}`;
  state.pages.replaceChildren(runPages({ query, trail, shown: found.runs.length, next: found.next, total: state.counted.total }));
}

function show(state) {
  const { found, place } = state;
  const seen = [found.runs, found.groups, found.error?.message, found.next, state.query.search];
  onlyWhenChanged(place, seen, () => {
    if (found.error) return h('section', { class: 'card' }, state.query.search ? examples() : failed(found.error));
    if (found.runs.length === 0 && !state.query.token) return h('section', { class: 'card' }, nothing(state));
    return runsAndTools(state, found);
  });
}

function runsAndTools(state, found) {
  const { query, selected } = state;
  state.columns ??= columnIds(found.runs, query.columns);
  const columns = columnsOf(state.columns);
  const again = () => {
    state.place.shown = null;
    show(state);
  };
  state.bulk = bulk({
    experiment: state.id, selected, deleted: Boolean(query.deleted), shownIds: () => found.runs.map((run) => run.info.run_id),
    clear: () => { selected.clear(); again(); },
    say: (text) => { state.done.textContent = text; },
    done: async () => {
      state.counted = {};
      await refresh(state);
    },
  });
  const tools = h('div', { class: 'toolbar' }, found.groups ? null : state.bulk.element,
    h('span', { class: 'push' }), groupChoice(state.known, query.group), columnChooser(state.id, state.known, columns));
  const body = found.groups
    ? groupTable({ answer: found.groups, by: found.by, metrics: found.metrics, query })
    : runTable({ ...found, columns, state, again, ticked: state.bulk.update });
  showPages(state);
  return [
    tools,
    h('section', { class: 'card', 'aria-label': found.groups ? 'Groups of runs' : 'Runs' }, body),
    found.groups ? null : state.pages,
  ];
}

function nothing(state) {
  const { query, known } = state;
  if (query.search) {
    const hints = plainWords(query.search).flatMap((word) => valuesWith(known, word, 6))
      .map(([entity, key, value]) => `${named(entity, key)} = ${quoted(value)}`);
    return [
      empty('No run fits this search', 'Words are looked for in the names of runs. ',
        h('a', { href: changed({ search: '', token: '', page: '' }) }, 'Clear the search'), ' to see all runs.'),
      hints.length > 0 && searches('Or is it one of these?', hints),
    ];
  }
  if (query.deleted) return empty('No deleted runs', 'Tick runs and choose Delete; they wait here until they are restored or removed.');
  return empty('No runs yet', 'Jobs whose file says ', h('code', {}, 'tracking: {experiment: …}'),
    ' appear here as they start, and so do runs of MLflow clients with ', h('code', {}, `MLFLOW_TRACKING_URI=${location.origin}`), '.');
}

function examples() {
  return searches('Searches that work; several are joined by AND:', EXAMPLES);
}

function searches(title, texts) {
  return h('div', { class: 'state' }, h('p', {}, title),
    h('ul', {}, texts.map((text) => h('li', {}, h('a', { href: changed({ search: text, token: '', page: '' }) }, h('code', {}, text))))));
}
