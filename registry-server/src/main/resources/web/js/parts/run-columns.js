// Which params, metrics and tags the table of runs shows. A column is written `m:name`, `p:name` or `t:name` in the URL.
import { h } from '../lib/dom.js';
import { change } from '../lib/places.js';
import { remember } from '../lib/remembered.js';
import { mainMetrics, metric, param, qualityMetrics, tag } from '../lib/runs.js';
import { named } from '../lib/search.js';

const KINDS = { m: ['Metrics', metric, 'metrics'], p: ['Params', param, 'params'], t: ['Tags', tag, 'tags'] };

/** The ids of the columns: those of the address, otherwise those that tell most. */
export function columnIds(runs, inAddress) {
  return inAddress === undefined ? standard(runs) : inAddress.split(',').filter(Boolean).map(decodeURIComponent);
}

export function columnsOf(ids) {
  return ids.filter((id) => KINDS[id[0]] && id[1] === ':').map(column);
}

function column(id) {
  const key = id.slice(2);
  const [, read, entity] = KINDS[id[0]];
  return { id, key, kind: id[0], read: (run) => read(run, key), order: named(entity, key) };
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

/** A button with a dialog of check boxes; `Show` writes the choice into the URL and keeps it for this experiment. */
export function columnChooser(experiment, known, columns) {
  const dialog = h('dialog', { class: 'chooser', 'aria-label': 'Columns' });
  const open = () => {
    dialog.replaceChildren(form(dialog, experiment, known, new Set(columns.map((entry) => entry.id))));
    dialog.showModal();
  };
  return [h('button', { type: 'button', id: 'columns', class: 'quiet', onclick: open }, `Columns (${columns.length})`), dialog];
}

function form(dialog, experiment, known, chosen) {
  const keys = { m: [...known.metrics], p: [...known.params.keys()], t: [...known.tags.keys()] };
  const choices = h('div', { class: 'choices' }, Object.entries(KINDS).map(([kind, [title]]) => group(kind, title, keys[kind], chosen)));
  const filter = h('input', { type: 'search', placeholder: 'part of a name' });
  filter.addEventListener('input', () => {
    for (const label of choices.querySelectorAll('label.choice')) {
      label.hidden = !label.textContent.toLowerCase().includes(filter.value.toLowerCase());
    }
  });
  const show = (ids) => {
    dialog.close();
    const text = ids && (ids.map(encodeURIComponent).join(',') || ',');
    remember(`columns.${experiment}`, text);
    change({ columns: text });
  };
  const done = (event) => {
    event.preventDefault();
    show([...chosen]);
  };
  return h('form', { onsubmit: done },
    h('h2', {}, 'Columns'),
    h('label', { class: 'field' }, 'Find ', filter),
    choices,
    another(choices, chosen),
    h('div', { class: 'toolbar' },
      h('button', { type: 'submit' }, 'Show'),
      h('button', { type: 'button', class: 'quiet', onclick: () => show(null) }, 'The usual ones'),
      h('button', { type: 'button', class: 'quiet', onclick: () => dialog.close() }, 'Cancel')));
}

/** Runs that were not seen here may have other keys; they can be named. */
function another(choices, chosen) {
  const kind = h('select', { 'aria-label': 'Kind of column' },
    Object.entries({ m: 'metric', p: 'param', t: 'tag' }).map(([value, text]) => h('option', { value }, text)));
  const key = h('input', { autocomplete: 'off', placeholder: 'exact name', 'aria-label': 'Name of another column' });
  const add = () => {
    const name = key.value.trim();
    if (!name) return;
    const id = `${kind.value}:${name}`;
    chosen.add(id);
    choices.append(choice(id, name, chosen));
    key.value = '';
  };
  return h('div', { class: 'toolbar' }, h('span', { class: 'field' }, 'Another ', kind, key),
    h('button', { type: 'button', class: 'quiet', onclick: add }, 'Add'));
}

function group(kind, title, keys, chosen) {
  const others = [...chosen].filter((id) => id.startsWith(`${kind}:`)).map((id) => id.slice(2));
  const all = [...new Set([...keys, ...others])].sort();
  if (all.length === 0) return null;
  return h('fieldset', {}, h('legend', {}, title), all.map((key) => choice(`${kind}:${key}`, key, chosen)));
}

function choice(id, key, chosen) {
  const box = h('input', {
    type: 'checkbox', checked: chosen.has(id),
    onchange: (event) => (event.target.checked ? chosen.add(id) : chosen.delete(id)),
  });
  return h('label', { class: 'choice' }, box, ' ', key);
}
