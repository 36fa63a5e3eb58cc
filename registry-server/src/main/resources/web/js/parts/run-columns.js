// Which params, metrics and tags the table of runs shows. A column is written `m:name`, `p:name` or `t:name` in the URL.
import { h } from '../lib/dom.js';
import { change } from '../lib/places.js';
import { mainMetrics, metric, param, qualityMetrics, tag } from '../lib/runs.js';

const KINDS = { m: ['Metrics', metric], p: ['Params', param], t: ['Tags', tag] };

/** The chosen columns, or those that tell most: rows out and the quality of models. */
export function columnsOf(runs, chosen) {
  const ids = chosen === undefined ? standard(runs) : chosen.split(',').filter(Boolean).map(decodeURIComponent);
  return ids.filter((id) => KINDS[id[0]] && id[1] === ':').map(column);
}

function column(id) {
  const key = id.slice(2);
  const [, read] = KINDS[id[0]];
  const quoted = /^[\w.-]+$/.test(key) ? key : `\`${key}\``;
  return { id, key, kind: id[0], read: (run) => read(run, key), order: `${{ m: 'metrics', p: 'params', t: 'tags' }[id[0]]}.${quoted}` };
}

function standard(runs) {
  const ids = qualityMetrics(runs, 2).map((key) => `m:${key}`);
  const some = (read, key) => runs.some((run) => read(run, key) !== undefined);
  if (some(tag, 'millrace.algorithm')) ids.unshift('t:millrace.algorithm');
  if (some(metric, 'rows_out')) ids.unshift('m:rows_out');
  return ids.length > 0 ? ids : firstMetrics(runs);
}

function firstMetrics(runs) {
  const keys = new Set(runs.flatMap((run) => mainMetrics(run).map((entry) => entry.key)));
  return [...keys].slice(0, 4).map((key) => `m:${key}`);
}

/** A button with a dialog of check boxes; the choice goes into the URL when the dialog is closed by `Show`. */
export function columnChooser(runs, columns) {
  const dialog = h('dialog', { class: 'chooser', 'aria-label': 'Columns' });
  const open = () => {
    dialog.replaceChildren(form(dialog, runs, new Set(columns.map((entry) => entry.id))));
    dialog.showModal();
  };
  return [h('button', { type: 'button', id: 'columns', class: 'quiet', onclick: open }, `Columns (${columns.length})`), dialog];
}

function form(dialog, runs, chosen) {
  const filter = h('input', { type: 'search', placeholder: 'part of a name' });
  const groups = Object.entries(KINDS).map(([kind, [title]]) => group(kind, title, keysOf(runs, kind), chosen));
  filter.addEventListener('input', () => {
    for (const label of dialog.querySelectorAll('label.choice')) {
      label.hidden = !label.textContent.toLowerCase().includes(filter.value.toLowerCase());
    }
  });
  const done = (event) => {
    event.preventDefault();
    dialog.close();
    change({ columns: [...chosen].map(encodeURIComponent).join(',') || ',' });
  };
  return h('form', { onsubmit: done },
    h('h2', {}, 'Columns'),
    h('label', { class: 'field' }, 'Find ', filter),
    h('div', { class: 'choices' }, groups),
    h('div', { class: 'toolbar' },
      h('button', { type: 'submit' }, 'Show'),
      h('button', { type: 'button', class: 'quiet', onclick: () => dialog.close() }, 'Cancel')));
}

function keysOf(runs, kind) {
  const lists = { m: 'metrics', p: 'params', t: 'tags' };
  const keys = new Set(runs.flatMap((run) => (run.data?.[lists[kind]] || []).map((entry) => entry.key)));
  return [...keys].sort();
}

function group(kind, title, keys, chosen) {
  if (keys.length === 0) return null;
  return h('fieldset', {}, h('legend', {}, title), keys.map((key) => {
    const id = `${kind}:${key}`;
    const box = h('input', {
      type: 'checkbox', checked: chosen.has(id),
      onchange: (event) => (event.target.checked ? chosen.add(id) : chosen.delete(id)),
    });
    return h('label', { class: 'choice' }, box, ' ', key);
  }));
}
