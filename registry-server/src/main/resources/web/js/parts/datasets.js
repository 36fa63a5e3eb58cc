// The tables a run read and wrote, each with its Delta version.
import { h } from '../lib/dom.js';
import { number } from '../lib/format.js';
import { to } from '../lib/places.js';
import { datasetVersion, parsed, valueOf } from '../lib/runs.js';
import { badge } from './badges.js';
import { empty } from './states.js';
import { table } from './table.js';

export function datasetTable(run) {
  const datasets = run.inputs?.dataset_inputs || [];
  const models = [
    ...(run.inputs?.model_inputs || []).map((model) => ['model read', model.model_id]),
    ...(run.outputs?.model_outputs || []).map((model) => ['model written', model.model_id]),
  ];
  if (datasets.length === 0 && models.length === 0) return empty('No datasets recorded', 'Tables that a job reads and writes stand here with their versions, and what MLflow clients log with log_input.');
  const rows = [...datasets].sort((left, right) => (context(left) < context(right) ? -1 : 1));
  return [
    rows.length > 0 && table({
      caption: 'Datasets',
      columns: [
        { label: 'Dataset', head: true, class: 'name', cell: ({ dataset }) => named(dataset) },
        { label: 'Use', cell: contextBadge },
        { label: 'Version', number: true, cell: ({ dataset }) => number(datasetVersion(dataset)) },
        { label: 'Digest', cell: ({ dataset }) => h('code', {}, dataset.digest) },
        { label: 'Columns', number: true, cell: ({ dataset }) => number(columnCount(dataset.schema)) },
        { label: 'Kind', cell: ({ dataset }) => h('span', { title: location(dataset.source) }, dataset.source_type) },
      ],
      rows,
    }),
    models.length > 0 && h('p', {}, models.map(([use, id]) => [badge(use), ' ', h('code', {}, id), ' '])),
  ];
}

/** Delta tables of the lake have a page. */
function named(dataset) {
  const version = datasetVersion(dataset);
  const known = dataset.source_type === 'delta_table' && version !== null && /^\w+\.\w+$/.test(dataset.name);
  return known ? h('a', { href: to.table(dataset.name, { version }) }, dataset.name) : dataset.name;
}

function context(input) {
  return valueOf(input.tags, 'mlflow.data.context') || '';
}

function contextBadge(input) {
  const text = context(input);
  if (text === 'output') return badge('written', 'good', '↦');
  return badge(text === 'input' ? 'read' : text || 'read', 'info', '↤');
}

/** Delta's schema has `fields`, MLflow's `mlflow_colspec`; anything else is not counted. */
function columnCount(schema) {
  const value = parsed(schema);
  const columns = Array.isArray(value) ? value : value?.fields || value?.mlflow_colspec;
  return Array.isArray(columns) ? columns.length : null;
}

function location(source) {
  const value = parsed(source);
  return value?.path || value?.uri || (typeof source === 'string' ? source : '');
}
