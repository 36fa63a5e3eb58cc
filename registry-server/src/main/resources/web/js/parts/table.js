// The one table: caption for screen readers, numbers to the right, columns that sort by link or in place.
import { breakable, h } from '../lib/dom.js';
import { sideways } from './sideways.js';

/**
 * Columns are `{label, cell: (row) => text or node, number?, unit?, head?, sort?}`; a column marked `head` names its row.
 * `sort` is an href, with `sorted` 'ascending' or 'descending' when the rows stand in that order.
 */
export function table({ caption, columns, rows, rowClass, id }) {
  const headings = columns.map((column) =>
    h('th', { scope: 'col', class: classOf(column, 'breakable'), 'aria-sort': column.sorted || null },
      column.sort ? sortLink(column) : text(column.label),
      column.unit ? h('span', { class: 'unit' }, ` ${column.unit}`) : null));
  const body = rows.map((row) => h('tr', { class: rowClass?.(row) || null }, columns.map((column) => cell(column, row))));
  return sideways(caption, h('table', { id },
    h('caption', { class: 'visually-hidden' }, caption),
    h('thead', {}, h('tr', {}, headings)),
    h('tbody', {}, body)));
}

function cell(column, row) {
  const className = classOf(column);
  const content = column.cell(row);
  return column.head
    ? h('th', { scope: 'row', class: className }, content)
    : h('td', { class: className }, content);
}

function classOf(column, always) {
  return [column.number && 'number', column.class, always].filter(Boolean).join(' ') || null;
}

function text(label) {
  return typeof label === 'string' ? breakable(label) : label;
}

function sortLink(column) {
  const arrow = column.sorted === 'ascending' ? ' ▲' : column.sorted === 'descending' ? ' ▼' : '';
  const next = column.sorted === 'descending' ? 'ascending' : 'descending';
  return h('a', { href: column.sort, class: 'sort', title: `Sort by ${column.label}, ${next}`, id: `sort-${column.label}` }, text(column.label),
    h('span', { 'aria-hidden': 'true' }, arrow));
}

/** Names and values, for params, tags and facts. Each entry is `[name, text or node]`. */
export function facts(caption, entries) {
  return h('dl', { class: 'facts', 'aria-label': caption },
    entries.filter(Boolean).map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value ?? '–'))));
}
