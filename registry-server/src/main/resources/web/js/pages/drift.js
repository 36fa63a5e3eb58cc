// Drift of one model's data: which columns moved in which windows, and one column's distances over time.
import { api } from '../lib/api.js';
import { breadcrumbs, h, section } from '../lib/dom.js';
import { MEASURES, byColumn, sliceName, spanOf, windowsOf } from '../lib/drift.js';
import { plural } from '../lib/format.js';
import { change, changed, to } from '../lib/places.js';
import { driftChart, driftTable } from '../parts/drift-chart.js';
import { heatTable } from '../parts/heat-table.js';
import { empty } from '../parts/states.js';

const TYPES = { BASELINE: 'the training data', CONSECUTIVE: 'the window before' };

export async function driftPage({ model }, { query, signal }) {
  const entry = (await api.driftModels(signal)).find((one) => one.model === model);
  const span = entry && spanOf(entry, query);
  const all = entry ? await api.drift(model, { from: span.from, to: span.to }, signal) : [];
  const top = [
    breadcrumbs([['Drift', '#/drift'], [model]]),
    h('div', { class: 'heading page' }, h('h1', {}, `Drift of ${model}`), h('a', { class: 'push', href: to.model(model) }, 'The model →')),
  ];
  if (!entry) return { title: `Drift of ${model}`, content: [...top, h('section', { class: 'card' }, nothing())] };
  if (all.length === 0) return { title: `Drift of ${model}`, content: [...top, toolbar(null, span), empty('No windows in this span')] };

  const chosen = choice(all, query);
  const columns = byColumn(chosen.rows);
  const windows = windowsOf(chosen.rows);
  const column = columns.some((entry) => entry.column === query.column) ? query.column : columns[0]?.column;
  const content = [
    ...top,
    toolbar(chosen, span),
    section('Columns by window',
      h('p', { class: 'faint' }, `${plural(columns.length, 'column')} in ${plural(windows.length, 'window')}, the most drifted first; compared with ${TYPES[chosen.type] || chosen.type}. `,
        `Each number is the ${MEASURES[chosen.measure].title}.`),
      heatTable({ columns, windows, measure: chosen.measure, chosen: column })),
    column && section(column === ':table' ? 'Whole table' : column, oneColumn(chosen.rows.filter((row) => row.column_name === column), column)),
  ];
  return { title: `Drift of ${model}`, content };
}

function oneColumn(rows, column) {
  return [driftChart(column, rows), driftTable(column, rows)];
}

function nothing() {
  return empty('No drift measured for this model', 'Run the job ', h('code', {}, 'monitor'), ' on its predictions.');
}

/** What the URL asks for, completed by the first choice that has rows. */
function choice(all, query) {
  const types = [...new Set(all.map((row) => row.drift_type))].sort();
  const type = types.includes(query.against) ? query.against : types[0];
  const versions = [...new Set(all.map((row) => String(row.model_version ?? '')))].sort((left, right) => Number(right) - Number(left));
  const version = versions.includes(query.version) ? query.version : versions[0];
  const ofVersion = all.filter((row) => row.drift_type === type && String(row.model_version ?? '') === version);
  const slices = [...new Set(ofVersion.map(sliceName))].sort();
  const slice = slices.includes(query.slice || '') ? query.slice || '' : slices[0];
  const measure = MEASURES[query.measure] ? query.measure : 'psi';
  return { types, type, versions, version, slices, slice, measure, rows: ofVersion.filter((row) => sliceName(row) === slice) };
}

function toolbar(chosen, span) {
  return h('div', { class: 'toolbar' }, chosen && pickers(chosen),
    span.earlier !== null && h('a', { class: 'button quiet', href: changed({ from: span.earlier }) }, '⇤ Earlier'),
    span.later !== null && h('a', { class: 'button quiet', href: changed({ from: span.later }) }, 'Later ⇥'));
}

function pickers(chosen) {
  return [
    pick('measure', 'Number', Object.entries(MEASURES).map(([key, { label }]) => [key, label]), chosen.measure),
    chosen.versions.length > 1 && pick('version', 'Model version', chosen.versions.map((version) => [version, version]), chosen.version),
    chosen.types.length > 1 && pick('against', 'Compared with', chosen.types.map((type) => [type, TYPES[type] || type]), chosen.type),
    chosen.slices.length > 1 && pick('slice', 'Slice', chosen.slices.map((slice) => [slice, slice || 'all rows']), chosen.slice),
  ];
}

function pick(name, label, options, chosen) {
  return h('label', { class: 'field' }, `${label} `,
    h('select', { id: `pick-${name}`, onchange: (event) => change({ [name]: event.target.value }) },
      options.map(([value, text]) => h('option', { value, selected: value === chosen }, text))));
}
