// Drift of one model's data: which columns moved in which windows, and one column's distances over time.
import { api } from '../lib/api.js';
import { breadcrumbs, h, section } from '../lib/dom.js';
import { MEASURES, sliceName, sliceNamed } from '../lib/drift.js';
import { plural } from '../lib/format.js';
import { change, changed, to } from '../lib/places.js';
import { driftChart, driftTable } from '../parts/drift-chart.js';
import { heatTable } from '../parts/heat-table.js';
import { empty } from '../parts/states.js';

const TYPES = { BASELINE: 'the training data', CONSECUTIVE: 'the window before' };
const ALL_COLUMNS = 10000;
const MOST_WINDOWS = 1000;

export async function driftPage({ model }, { query, signal }) {
  const measure = MEASURES[query.measure] ? query.measure : 'psi';
  const grid = await api.driftWindows(model, asked(query, measure), signal);
  const title = `Drift of ${model}`;
  const top = [
    breadcrumbs([['Drift', '#/drift'], [model]]),
    h('div', { class: 'heading page' }, h('h1', {}, title), h('a', { class: 'push', href: to.model(model) }, 'The model →')),
  ];
  if (grid.versions.length === 0) return { title, content: [...top, h('section', { class: 'card' }, nothing())] };
  if (grid.windows.length === 0) return { title, content: [...top, toolbar(grid), empty('No windows in this span')] };

  const { column, rows } = await history(model, grid, query.column, signal);
  const content = [
    ...top,
    toolbar(grid),
    section('Columns by window',
      h('p', { class: 'faint' }, `${plural(grid.total_columns, 'column')} in ${plural(grid.windows.length, 'window')}, the most drifted first; compared with ${TYPES[grid.drift_type] || grid.drift_type}. `,
        `Each number is the ${MEASURES[measure].title}.`),
      heatTable({ columns: grid.columns, windows: grid.windows, measure, chosen: column }),
      grid.total_columns > grid.columns.length && h('p', {}, h('a', { id: 'all-columns', href: changed({ columns: 'all' }) },
        `Show all ${plural(grid.total_columns, 'column')}`))),
    section(column === ':table' ? 'Whole table' : column, driftChart(column, rows), driftTable(column, rows)),
  ];
  return { title, content };
}

function asked(query, measure) {
  const { key, value } = sliceNamed(query.slice);
  return {
    version: query.version, drift_type: query.against, slice_key: key, slice_value: value, measure, from: query.from,
    max_columns: query.columns === 'all' ? ALL_COLUMNS : undefined,
  };
}

/** The rows of the column that the address names, or of the most drifted one. */
async function history(model, grid, named, signal) {
  const read = (column) => api.driftHistory(model, {
    column, version: grid.version, drift_type: grid.drift_type, slice: grid.slice,
    from: grid.windows[0], to: grid.windows.at(-1) + 1, points: MOST_WINDOWS,
  }, signal);
  const rows = named ? await read(named) : [];
  if (rows.length > 0) return { column: named, rows };
  const { column } = grid.columns[0];
  return { column, rows: await read(column) };
}

function nothing() {
  return empty('No drift measured for this model', 'Run the job ', h('code', {}, 'monitor'), ' on its predictions.');
}

function toolbar(grid) {
  return h('div', { class: 'toolbar' }, pickers(grid),
    grid.earlier !== undefined && h('a', { class: 'button quiet', href: changed({ from: grid.earlier }) }, '⇤ Earlier'),
    grid.later !== undefined && h('a', { class: 'button quiet', href: changed({ from: grid.later }) }, 'Later ⇥'));
}

function pickers(grid) {
  const versions = grid.versions.map((version) => [version, version]);
  const types = grid.drift_types.map((type) => [type, TYPES[type] || type]);
  const slices = grid.slices.map(sliceName).map((slice) => [slice, slice || 'all rows']);
  return [
    pick('measure', 'Number', Object.entries(MEASURES).map(([key, { label }]) => [key, label]), grid.measure),
    versions.length > 1 && pick('version', 'Model version', versions, grid.version),
    types.length > 1 && pick('against', 'Compared with', types, grid.drift_type),
    slices.length > 1 && pick('slice', 'Slice', slices, sliceName(grid.slice)),
  ];
}

function pick(name, label, options, chosen) {
  return h('label', { class: 'field' }, `${label} `,
    h('select', { id: `pick-${name}`, onchange: (event) => change({ [name]: event.target.value }) },
      options.map(([value, text]) => h('option', { value, selected: value === chosen }, text))));
}
