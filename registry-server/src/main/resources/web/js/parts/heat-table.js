// Columns by windows, each cell coloured and marked by its verdict. Cells lead to the column's history.
import { h } from '../lib/dom.js';
import { number, windowName } from '../lib/format.js';
import { MEASURES, finite } from '../lib/drift.js';
import { changed } from '../lib/places.js';
import { VERDICT } from './badges.js';
import { sideways } from './sideways.js';

export function heatTable({ columns, windows, measure, chosen }) {
  const shorten = sameYear(windows) ? (window) => windowName(window).slice(5) : windowName;
  const head = h('tr', {},
    h('th', { scope: 'col' }, 'Column'),
    windows.map((window) => h('th', { scope: 'col', class: 'number', title: `${windowName(window)} UTC` }, shorten(window))));
  const body = columns.map(({ column, verdicts, values }) =>
    h('tr', { class: column === chosen ? 'chosen' : null },
      h('th', { scope: 'row' }, h('a', { href: changed({ column }), id: `column-${column}` }, column === ':table' ? 'whole table' : column)),
      windows.map((window, index) => cell(verdicts[index], finite(values[index]), column, measure))));
  const scroll = sideways('Drift by column and window', h('table', { class: 'heat', id: 'heat' },
    h('caption', { class: 'visually-hidden' }, `${MEASURES[measure].label} by column and window, with verdicts`),
    h('thead', {}, head),
    h('tbody', {}, body)));
  requestAnimationFrame(() => { scroll.scrollLeft = scroll.scrollWidth; }); // the newest windows are on the right
  return [scroll, legend()];
}

function cell(verdict, value, column, measure) {
  if (verdict === null) return h('td', { class: 'number absent' }, '·');
  const [mark, word, kind] = VERDICT[verdict] || ['', verdict, 'none'];
  return h('td', { class: `number verdict ${kind}`, title: `${column}: ${word}, ${MEASURES[measure].label} ${number(value)}` },
    h('span', { 'aria-hidden': 'true', class: 'mark' }, mark), h('span', { class: 'visually-hidden' }, `${word} `),
    value === null ? '–' : rounded(value));
}

function sameYear(windows) {
  return new Set(windows.map((window) => windowName(window).slice(0, 4))).size === 1;
}

/** Three decimals tell all that a threshold of 0.1 or 0.2 asks for. */
function rounded(value) {
  return Number.isFinite(value) ? value.toFixed(3) : number(value);
}

function legend() {
  return h('p', { class: 'legend' }, Object.values(VERDICT).map(([mark, word, kind]) =>
    h('span', { class: `key ${kind}` }, h('span', { 'aria-hidden': 'true' }, mark), ` ${word}`)));
}
