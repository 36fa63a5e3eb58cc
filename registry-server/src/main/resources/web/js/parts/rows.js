// Some rows of a table, each value as it is: no rounding, no grouping.
import { h } from '../lib/dom.js';
import { number, plural } from '../lib/format.js';
import { change, changed } from '../lib/places.js';
import { empty } from './states.js';
import { table } from './table.js';

const NUMBERS = /^(TINYINT|SMALLINT|INT|BIGINT|FLOAT|DOUBLE|DECIMAL)/;
const MORE = 500;

export function rowsOf({ columns = [], rows = [], columns_left_out: left, more, cut = [] }, query) {
  const told = [
    rows.length === 0 ? null : `${more ? 'The first ' : ''}${plural(rows.length, 'row')}, newest files first`,
    left > 0 && `${plural(columns.length, 'column')} of ${number(columns.length + left)}`,
    cut.length > 0 && `long values of ${cut.join(', ')} are cut`,
  ].filter(Boolean);
  return [
    h('div', { class: 'toolbar' },
      h('label', { class: 'field grow' }, 'Columns ', h('input', {
        id: 'preview-columns', value: query.columns || '', placeholder: 'all, or some: a,b,c',
        onchange: (event) => change({ columns: event.target.value.replaceAll(' ', '') }),
      })),
      more && query.limit !== String(MORE) && h('a', { class: 'button quiet', href: changed({ limit: MORE }) }, `Up to ${MORE} rows`)),
    rows.length === 0 ? empty('No rows in this version') : [
      h('p', { class: 'faint' }, `${told.join('; ')}.`),
      table({
        caption: 'Rows',
        id: 'rows',
        columns: columns.map((column, index) => ({
          label: column.name, number: NUMBERS.test(column.type), class: 'sample', head: index === 0, cell: (row) => value(row[index]),
        })),
        rows,
      }),
    ],
  ];
}

function value(given) {
  if (given === null) return h('span', { class: 'faint' }, 'NULL');
  const text = typeof given === 'object' ? JSON.stringify(given) : String(given);
  return text.length > 60 ? h('span', { class: 'clipped', title: text }, text) : text;
}
