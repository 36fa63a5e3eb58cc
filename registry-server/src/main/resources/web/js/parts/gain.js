// A difference to the champion: its size, and whether it is for the better or the worse, in words, mark and colour.
import { h } from '../lib/dom.js';
import { lessIsBetter, number, signed } from '../lib/format.js';

export function gainMark(difference, key) {
  if (difference === null) return null;
  if (difference === 0) return h('span', { class: 'gain' }, '= champion');
  const better = difference > 0 !== lessIsBetter(key);
  return h('span', { class: `gain ${better ? 'good' : 'bad'}`, title: `${better ? 'Better' : 'Worse'} than the champion by ${number(Math.abs(difference))}` },
    `${better ? '▲' : '▼'} ${signed(difference)}`);
}
