// The runs of one experiment: search, columns, order, pages and selection. Everything but the selection is in the URL.
import { api, quoted } from '../lib/api.js';
import { breadcrumbs, h, onlyWhenChanged } from '../lib/dom.js';
import { listen } from '../lib/events.js';
import { change, changed, to } from '../lib/places.js';
import { peopleHere } from '../parts/people.js';
import { columnChooser, columnsOf } from '../parts/run-columns.js';
import { runTable } from '../parts/run-table.js';
import { empty, failed } from '../parts/states.js';

const PAGE = 100;
const EXAMPLES = ["tags.`millrace.job` = 'train'", 'metrics.test_auc > 0.8', "attributes.status = 'FAILED'", "params.algorithm LIKE 'g%'"];

export async function experimentPage({ experiment: id }, { query, signal }) {
  const experiment = await api.experiment(id, signal);
  const state = { id, query, selected: new Set(), open: new Set() };
  const place = h('div', { class: 'runs' });
  const first = await look(state, signal);
  show(place, state, first);
  const people = peopleHere();
  listen(signal, [`experiment:${id}`], async () => !first.error && show(place, state, await look(state, signal)), people.show);
  const content = [
    breadcrumbs([['Experiments', to.experiments()], [experiment.name]]),
    h('div', { class: 'heading page' }, h('h1', {}, experiment.name), people.element),
    searchForm(query),
    place,
  ];
  return { title: experiment.name, content };
}

/** A search that the server refuses is shown as such, beside the words that were searched for. */
async function look({ id, query }, signal) {
  const request = {
    experiment_ids: [id],
    filter: asFilter(query.search || ''),
    run_view_type: query.deleted ? 'DELETED_ONLY' : 'ACTIVE_ONLY',
    max_results: PAGE,
    order_by: query.sort ? [query.sort] : ['attributes.start_time DESC'],
    page_token: query.token || undefined,
  };
  try {
    return await api.searchRuns(request, signal);
  } catch (error) {
    if (error.name === 'AbortError' || error.status === 0) throw error;
    return { error, runs: [] };
  }
}

/** Words without a comparison are looked for in the names of runs. */
function asFilter(text) {
  const grammar = /[=<>]|\b(i?like|in|is)\b/i;
  return text === '' || grammar.test(text) ? text : `attributes.run_name ILIKE ${quoted(`%${text}%`)}`;
}

function searchForm(query) {
  const input = h('input', {
    id: 'run-search', name: 'search', type: 'search', value: query.search || '', list: 'search-examples', autocomplete: 'off',
    placeholder: "part of a name, or metrics.test_auc > 0.8 AND tags.`millrace.job` = 'train'",
  });
  const submit = (event) => {
    event.preventDefault();
    change({ search: input.value.trim(), token: '' });
  };
  return h('form', { class: 'toolbar', role: 'search', onsubmit: submit },
    h('label', { class: 'field grow' }, 'Search runs ', input),
    h('datalist', { id: 'search-examples' }, EXAMPLES.map((value) => h('option', { value }))),
    h('button', { type: 'submit' }, 'Search'),
    query.search && h('a', { class: 'button quiet', href: changed({ search: '', token: '' }) }, 'Clear'),
    h('a', { class: 'button quiet', href: changed({ deleted: query.deleted ? '' : '1', token: '' }) },
      query.deleted ? 'Show active runs' : 'Show deleted runs'));
}

function show(place, state, found) {
  const running = found.runs.some((run) => run.info.status === 'RUNNING');
  onlyWhenChanged(place, [found.runs, found.error?.message, found.next, running && Date.now()], () => {
    if (found.error) return h('section', { class: 'card' }, failed(found.error), examples());
    if (found.runs.length === 0) return h('section', { class: 'card' }, nothing(state.query));
    return runsAndTools(place, state, found);
  });
}

function runsAndTools(place, state, found) {
  const columns = columnsOf(found.runs, state.query.columns);
  const again = () => {
    place.shown = null;
    show(place, state, found);
  };
  const compare = h('a', { class: 'button', id: 'compare', role: 'link' });
  const showSelection = () => {
    const chosen = [...state.selected];
    compare.textContent = chosen.length < 2 ? 'Compare: select two or more' : `Compare ${chosen.length} runs`;
    if (chosen.length < 2) {
      compare.removeAttribute('href');
      compare.setAttribute('aria-disabled', 'true');
    } else {
      compare.href = to.compare(state.id, chosen);
      compare.removeAttribute('aria-disabled');
    }
  };
  showSelection();
  return [
    h('div', { class: 'toolbar' }, compare, columnChooser(found.runs, columns)),
    h('section', { class: 'card', 'aria-label': 'Runs' }, runTable({ ...found, columns, state, again, showSelection })),
    pages(state.query, found.next),
  ];
}

function nothing(query) {
  if (query.search) return empty('No run fits this search', 'Clear it to see all runs.');
  if (query.deleted) return empty('No deleted runs');
  return empty('No runs yet', 'Jobs whose file says ', h('code', {}, 'tracking: {experiment: …}'), ' appear here as they start.');
}

function examples() {
  return h('div', { class: 'state' }, h('p', {}, 'Searches that work, joined by ', h('code', {}, 'AND'), ':'),
    h('ul', {}, EXAMPLES.map((text) => h('li', {}, h('a', { href: changed({ search: text, token: '' }) }, h('code', {}, text))))));
}

function pages(query, next) {
  if (!next && !query.token) return null;
  return h('nav', { class: 'toolbar', 'aria-label': 'Pages of runs' },
    query.token && h('a', { class: 'button quiet', href: changed({ token: '' }) }, '⇤ First page'),
    next && h('a', { class: 'button', href: changed({ token: next }) }, `Next ${PAGE} ⇥`));
}
