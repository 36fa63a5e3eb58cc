// The table of an experiment's runs: children under their parents, chosen columns, boxes to select.
import { h } from '../lib/dom.js';
import { duration, number, unit, when } from '../lib/format.js';
import { changed, to } from '../lib/places.js';
import { durationOf, interval, job, name, nested, outcome, parent } from '../lib/runs.js';
import { jobBadge, outcomeText, statusBadge } from './badges.js';
import { table } from './table.js';

/** `state.selected` and `state.open` are sets of run ids; `again` shows the table anew. */
export function runTable({ runs, columns, state, again, showSelection }) {
  const sort = state.query.sort || 'attributes.start_time DESC';
  return table({
    caption: 'Runs',
    id: 'runs',
    columns: [
      { label: h('span', { class: 'visually-hidden' }, 'Select'), class: 'narrow', cell: ({ run }) => box(run, state, showSelection) },
      { label: 'Run', head: true, cell: (row) => runCell(row, state, again), ...order('attributes.run_name', sort) },
      { label: 'Job', cell: ({ run }) => jobBadge(job(run)) },
      { label: 'Status', cell: ({ run }) => statusAndWhy(run), ...order('attributes.status', sort) },
      ...columns.map((column) => valueColumn(column, sort)),
      { label: 'Duration', number: true, cell: ({ run }) => duration(durationOf(run)) },
      { label: 'Started', cell: ({ run }) => when(run.info.start_time), ...order('attributes.start_time', sort) },
    ],
    rows: nested(runs, state.open),
    rowClass: ({ depth }) => (depth > 0 ? 'child' : null),
  });
}

/** A run that did what it should needs no second word. */
function statusAndWhy(run) {
  const why = outcome(run);
  return [statusBadge(run.info.status), why && why !== 'done' ? ` ${outcomeText(why)}` : null];
}

function order(key, sort) {
  const [, sortedKey, direction] = /^(.*) (ASC|DESC)$/.exec(sort) || [];
  const sorted = sortedKey === key ? { ASC: 'ascending', DESC: 'descending' }[direction] : null;
  return { sorted, sort: changed({ sort: `${key} ${sorted === 'descending' ? 'ASC' : 'DESC'}`, token: '' }) };
}

function valueColumn(column, sort) {
  const isNumber = column.kind === 'm';
  return {
    label: column.key.replace(/^millrace\./, ''),
    number: isNumber,
    unit: isNumber ? unit(column.key).replace('rows', '') : '',
    cell: ({ run }) => (isNumber ? metricCell(run, column) : column.read(run) ?? '–'),
    ...order(column.order, sort),
  };
}

function metricCell(run, column) {
  const value = column.read(run);
  const ends = interval(run, column.key);
  return ends ? h('span', { title: `95 % interval ${number(ends[0])} to ${number(ends[1])}` }, number(value)) : number(value);
}

function box(run, state, showSelection) {
  const id = run.info.run_id;
  return h('input', {
    type: 'checkbox', id: `select-${id}`, checked: state.selected.has(id), 'aria-label': `Select ${name(run)}`,
    onchange: (event) => {
      if (event.target.checked) state.selected.add(id);
      else state.selected.delete(id);
      showSelection();
    },
  });
}

function runCell({ run, depth, children }, state, again) {
  const id = run.info.run_id;
  const open = state.open.has(id);
  const flip = () => {
    if (open) state.open.delete(id);
    else state.open.add(id);
    again();
    document.getElementById(`open-${id}`)?.focus();
  };
  const orphan = depth === 0 && parent(run);
  return h('span', { class: `tree depth-${Math.min(depth, 3)}` },
    children > 0 && h('button', {
      type: 'button', class: 'fold', id: `open-${id}`, 'aria-expanded': String(open), onclick: flip,
      'aria-label': `${open ? 'Hide' : 'Show'} ${children} child runs of ${name(run)}`,
    }, `${open ? '▾' : '▸'} ${children}`),
    h('a', { href: to.runOf(run), title: name(run) }, name(run)),
    orphan && h('a', { class: 'faint small', href: to.run(run.info.experiment_id, orphan), title: 'Its parent run is on another page' }, ' ↥ parent'));
}
