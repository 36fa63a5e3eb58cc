// A look into one artifact by its kind: image, HTML report, Markdown, JSON, CSV, text. Nothing of it is run: a report
// stands in a sandboxed frame, and the server sends it with a policy that forbids scripts and any request.
import { api } from '../lib/api.js';
import { csvRows } from '../lib/csv.js';
import { h } from '../lib/dom.js';
import { bytes } from '../lib/format.js';
import { parsed } from '../lib/runs.js';
import { markdown } from './markdown.js';
import { empty, later } from './states.js';
import { table } from './table.js';

const LARGEST_TEXT = 5_000_000;
const MOST_ROWS = 200;
const IMAGES = ['png', 'jpg', 'jpeg', 'gif', 'webp', 'svg'];
const BINARY = ['onnx', 'parquet', 'ubj', 'jar', 'zip', 'gz', 'pkl', 'skops', 'bin', 'crc'];

export function preview(runId, file, signal) {
  const name = file.path.split('/').pop();
  const url = api.artifactUrl(runId, file.path);
  const head = h('div', { class: 'heading' }, h('h3', { class: 'wrapped' }, file.path),
    h('span', { class: 'faint' }, bytes(file.file_size)),
    h('a', { class: 'push button quiet', href: url, download: name }, '⤓ Download'));
  return [head, body(runId, file, name, url, signal)];
}

function body(runId, file, name, url, signal) {
  const kind = name.includes('.') ? name.split('.').pop().toLowerCase() : '';
  if (IMAGES.includes(kind)) return h('img', { class: 'picture', src: url, alt: name });
  if (kind === 'html' || kind === 'htm') return h('iframe', { class: 'report', title: name, src: `${url}&view=true`, sandbox: '' });
  if (BINARY.includes(kind)) return empty('This file is not text', 'Download it to use it.');
  if (file.file_size > LARGEST_TEXT) return empty(`This file is too large to show (${bytes(file.file_size)})`, 'Download it to read it.');
  return later(api.artifactText(runId, file.path, signal), (text) => textBody(kind, name, text), 'Reading');
}

function textBody(kind, name, text) {
  if (text === '') return empty('This file is empty');
  if (kind === 'md') return h('div', { class: 'document' }, markdown(text));
  if (kind === 'json') return jsonBody(name, text);
  if (kind === 'csv' || kind === 'tsv') return csvBody(name, text, kind === 'tsv' ? '\t' : ',');
  if (text.includes('\u0000')) return empty('This file is not text', 'Download it to use it.');
  return h('pre', { class: 'text', tabindex: '0' }, text);
}

/** A list of flat objects reads better as a table; the text stays one click away. */
function jsonBody(name, text) {
  const value = parsed(text);
  const written = h('pre', { class: 'text', tabindex: '0' }, value === null ? text : JSON.stringify(value, null, 2));
  const flat = Array.isArray(value) && value.length > 0 && value.every((row) => row && typeof row === 'object' && !Array.isArray(row));
  if (!flat) return written;
  const keys = [...new Set(value.flatMap(Object.keys))];
  const shown = table({
    caption: name,
    columns: keys.map((key) => ({ label: key, number: value.every((row) => isNumber(row[key])), cell: (row) => plain(row[key]) })),
    rows: value.slice(0, MOST_ROWS),
  });
  return [shown, h('details', {}, h('summary', {}, 'As text'), written)];
}

function isNumber(value) {
  return value === null || value === undefined || typeof value === 'number';
}

function plain(value) {
  if (value === null || value === undefined) return '–';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function csvBody(name, text, separator) {
  const [header = [], ...rows] = csvRows(text, separator, MOST_ROWS + 1);
  const isNumeric = header.map((label, index) => rows.every((row) => row[index] === '' || row[index] === undefined || !Number.isNaN(Number(row[index]))));
  return [
    table({
      caption: name,
      columns: header.map((label, index) => ({ label, number: isNumeric[index], cell: (row) => row[index] ?? '' })),
      rows,
    }),
    rows.length === MOST_ROWS ? h('p', { class: 'faint' }, `The first ${MOST_ROWS} rows.`) : null,
  ];
}
