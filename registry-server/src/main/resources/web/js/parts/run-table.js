// The table of an experiment's runs: children under their parents, chosen columns, boxes to select.
import { h } from '../lib/dom.js';
import { number, unit, when } from '../lib/format.js';
import { changed, to } from '../lib/places.js';
import { interval, job, name, nested, parent } from '../lib/runs.js';
import { durationText, jobBadge, statusAndWhy } from './badges.js';
import { table } from './table.js';

/** `state.selected` and `state.open` are sets of run ids; `again` shows the table anew, `ticked` hears of each tick. */
export function runTable({ runs, columns, state, again, ticked }) {
  const sort = state.query.sort || 'attributes.start_time DESC';
  const rows = nested(runs, state.open);
  return table({
    caption: 'Runs',
    id: 'runs',
    columns: [
      { label: boxForAll(rows, state, again), class: 'narrow', cell: ({ run }) => box(run, state, ticked) },
      { label: 'Run', head: true, cell: (row) => runCell(row, state, again), ...order('attributes.run_name', sort) },
      { label: 'Status', cell: ({ run }) => statusAndWhy(run), ...order('attributes.status', sort) },
      { label: 'Job', cell: ({ run }) => jobBadge(job(run)), ...order('tags.`millrace.job`', sort) },
      ...columns.map((column) => valueColumn(column, sort)),
      { label: 'Duration', number: true, cell: ({ run }) => durationText(run) },
      { label: 'Started', cell: ({ run }) => when(run.info.start_time), ...order('attributes.start_time', sort) },
    ],
    rows,
    rowClass: ({ depth }) => (depth > 0 ? 'child' : null),
  });
}

const boxes = () => [...document.querySelectorAll('#runs tbody input[type=checkbox]')];

/** Puts the focus on the box of the next or previous run. */
export function moveTo(step) {
  const all = boxes();
  const row = document.activeElement?.closest?.('#runs tbody tr');
  const at = all.indexOf(row?.querySelector('input[type=checkbox]'));
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, at + step))];
  next?.focus();
  next?.closest('tr').scrollIntoView({ block: 'nearest' });
}

/** Goes to the run of the row with the focus; false when there is none. */
export function openHere() {
  const link = document.activeElement?.closest?.('#runs tbody tr')?.querySelector('th a[title]');
  link?.click();
  return Boolean(link);
}

/** Ticks or unticks the run of the row with the focus; false when there is none. */
export function tickHere() {
  const found = document.activeElement?.closest?.('#runs tbody tr')?.querySelector('input[type=checkbox]');
  found?.click();
  return Boolean(found);
}

function order(key, sort) {
  const [, sortedKey, direction] = /^(.*) (ASC|DESC)$/.exec(sort) || [];
  const sorted = sortedKey === key ? { ASC: 'ascending', DESC: 'descending' }[direction] : null;
  return { sorted, sort: changed({ sort: `${key} ${sorted === 'descending' ? 'ASC' : 'DESC'}`, token: '', page: '' }) };
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

function boxForAll(rows, { selected }, again) {
  const ids = rows.map(({ run }) => run.info.run_id);
  const count = ids.filter((id) => selected.has(id)).length;
  const flip = (event) => {
    ids.forEach((id) => (event.target.checked ? selected.add(id) : selected.delete(id)));
    again();
  };
  return h('input', { type: 'checkbox', id: 'select-all', checked: count === ids.length, indeterminate: count > 0 && count < ids.length,
    'aria-label': 'Tick all runs on this page', onchange: flip });
}

/** With the shift key, also all between the last ticked one and this. */
function box(run, state, ticked) {
  const id = run.info.run_id;
  const click = (event) => {
    const all = boxes();
    const at = all.indexOf(event.target);
    const from = event.shiftKey ? all.indexOf(document.getElementById(`select-${state.lastTicked}`)) : -1;
    const range = from < 0 ? [event.target] : all.slice(Math.min(at, from), Math.max(at, from) + 1);
    for (const one of range) {
      one.checked = event.target.checked;
      const which = one.id.slice('select-'.length);
      if (one.checked) state.selected.add(which);
      else state.selected.delete(which);
    }
    state.lastTicked = id;
    ticked();
  };
  return h('input', { type: 'checkbox', id: `select-${id}`, checked: state.selected.has(id), 'aria-label': `Select ${name(run)}`, onclick: click });
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
