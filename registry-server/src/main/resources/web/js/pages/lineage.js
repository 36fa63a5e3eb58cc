// Where something comes from and what used it: tables at their versions, runs, model versions, as a drawing and as a list.
import { api } from '../lib/api.js';
import { h, section } from '../lib/dom.js';
import { number, plural, when } from '../lib/format.js';
import { labelOf, pageOf } from '../lib/lineage.js';
import { changed, here, to } from '../lib/places.js';
import { badge } from '../parts/badges.js';
import { lineageChart } from '../parts/lineage-chart.js';
import { empty, failed } from '../parts/states.js';
import { table } from '../parts/table.js';

const DIRECTIONS = [['', 'both ways'], ['up', 'what it was made from'], ['down', 'what used it']];
const MOST_NODES = 1000;

export async function lineagePage(params, { query, signal }) {
  const top = h('div', { class: 'heading page' }, h('h1', {}, query.ref ? `Lineage of ${query.ref}` : 'Lineage'));
  if (!query.ref) return { title: 'Lineage', content: [top, ask(''), await starts(signal)] };
  let graph;
  try {
    graph = await api.lineage({ ref: query.ref, direction: query.direction, max_nodes: query.max_nodes }, signal);
  } catch (error) {
    if (error.name === 'AbortError' || error.status === 401) throw error;
    return { title: 'Lineage', content: [top, ask(query.ref), h('section', { class: 'card' }, failed(error))] };
  }
  return { title: `Lineage of ${graph.ref}`, content: [top, ask(query.ref, query), drawing(graph), list(graph)] };
}

function ask(ref, query = {}) {
  const input = h('input', { id: 'lineage-ref', value: ref, placeholder: 'raw.transactions, run:3f2a…, model:fraud/2', required: true });
  const submit = (event) => {
    event.preventDefault();
    location.hash = to.lineage(input.value.trim(), { direction: query.direction }).slice(1);
  };
  return h('form', { class: 'toolbar', onsubmit: submit },
    h('label', { class: 'field grow' }, 'Of ', input),
    h('button', { type: 'submit' }, 'Show'),
    ref && DIRECTIONS.map(([direction, text]) => h('a', {
      class: 'button quiet', href: changed({ direction }), 'aria-current': (query.direction || '') === direction ? 'true' : null,
    }, text)));
}

/** Without a start: what one could begin with. */
async function starts(signal) {
  const [{ tables = [], exists }, models] = await Promise.all([api.tables(signal), api.models(signal)]);
  if (!exists || tables.length === 0) {
    return h('section', { class: 'card' }, empty('Choose a start', 'Give a run as ', h('code', {}, 'run:ID'), ' or a model version as ',
      h('code', {}, 'model:NAME/VERSION'), '. Pages of runs and versions lead here, too.'));
  }
  return [begin('Begin with a table', tables.filter((entry) => !entry.problem).map((entry) =>
    `${entry.table}@${entry.version}`)), models.length > 0 && begin('Or with a model version', models.flatMap(newest))];
}

function newest(model) {
  const versions = (model.latest_versions || []).map((one) => Number(one.version));
  return versions.length === 0 ? [] : [`model:${model.name}/${Math.max(...versions)}`];
}

function begin(title, refs) {
  return section(title, h('ul', {}, refs.map((ref) => h('li', {}, h('a', { href: to.lineage(ref) }, ref)))));
}

function drawing(graph) {
  const cut = graph.cut || [];
  const unreadable = Object.entries(graph.unreadable || {});
  return h('section', { class: 'card', 'aria-label': 'Drawing' },
    cut.length > 0 && h('p', { class: 'state failed told' }, `Not all is shown. ${cut.join(' ')} `,
      here().query.max_nodes ? null : h('a', { href: changed({ max_nodes: MOST_NODES }) }, `Show up to ${number(MOST_NODES)}`)),
    unreadable.length > 0 && h('p', { class: 'state failed told' }, 'Not looked into: ',
      unreadable.map(([name, reason]) => `${name} (${reason})`).join('; ')),
    graph.nodes.length === 1
      ? empty('Nothing is recorded', graph.nodes[0].note || 'No run of this lake made it or used it.')
      : lineageChart(graph, null));
}

function list(graph) {
  const edges = graph.edges || [];
  const byRef = new Map(graph.nodes.map((node) => [node.ref, node]));
  const links = (node, side, other) => {
    const refs = edges.filter((edge) => edge[side] === node.ref).map((edge) => byRef.get(edge[other]));
    return refs.length === 0 ? h('span', { class: 'faint' }, 'nothing')
      : [refs.map((one, index) => [index > 0 ? ', ' : '', named(one, labelOf(one))]), node.more > 0 ? ` and ${plural(node.more, 'other')}` : ''];
  };
  return section('As a list', table({
    caption: `Lineage of ${graph.ref}`,
    id: 'lineage-list',
    rowClass: (node) => (node.ref === graph.ref ? 'chosen' : null),
    columns: [
      { label: 'What', head: true, class: 'name', cell: (node) => named(node, labelOf(node)) },
      { label: 'Kind', cell: (node) => badge(node.kind) },
      { label: 'Seen from the start', cell: (node) => seen(node, graph) },
      { label: 'Job', cell: (node) => node.job || '–' },
      { label: 'Ended', cell: (node) => when(node.at) },
      { label: 'Made from', class: 'param', cell: (node) => links(node, 'to', 'from') },
      { label: 'Went into', class: 'param', cell: (node) => links(node, 'from', 'to') },
      { label: 'Note', cell: (node) => (node.finished === false ? 'did not finish' : node.note) },
      { label: '', cell: (node) => (['table', 'run', 'model'].includes(node.kind) && node.ref !== graph.ref
        ? h('a', { href: to.lineage(node.ref), 'aria-label': `Lineage of ${node.ref}` }, 'from here') : '') },
    ],
    rows: graph.nodes,
  }));
}

function named(node, text) {
  const page = pageOf(node);
  return page ? h('a', { href: page }, text) : text;
}

function seen(node, graph) {
  if (node.ref === graph.ref) return 'the start';
  return [node.made && 'made from', node.used && 'used by'].filter(Boolean).join(', ');
}
