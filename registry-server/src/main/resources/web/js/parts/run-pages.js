// Pages of a search: where one is, the next, and back by the tokens that were followed in this tab.
import { h } from '../lib/dom.js';
import { number } from '../lib/format.js';
import { change, changed } from '../lib/places.js';
import { remember } from '../lib/remembered.js';

const SIZES = [50, 100, 250];
const USUAL = 100;
const followed = new Map();

/** How many runs stand on a page. */
export function pageSize(query) {
  const asked = Number(query.size);
  return SIZES.includes(asked) ? asked : USUAL;
}

/** `trail` names the search whose pages these are; `next` is its next token, `total` how many runs it finds, once known. */
export function runPages({ query, trail, shown, next, total }) {
  const page = Math.max(1, Math.trunc(Number(query.page)) || 1);
  const size = pageSize(query);
  if (query.token) followed.set(`${trail} ${page}`, query.token);
  const back = page > 2 ? followed.get(`${trail} ${page - 1}`) : '';
  const first = (page - 1) * size + 1;
  const where = shown === 0 ? '' : `${number(first)} to ${number(first + shown - 1)}${total === undefined ? '' : ` of ${number(total)}`}`;
  const sizes = h('select', { id: 'page-size', onchange: (event) => {
    remember('page-size', event.target.value);
    change({ size: event.target.value, token: '', page: '' });
  } }, SIZES.map((value) => h('option', { value, selected: value === size }, value)));
  return h('nav', { class: 'toolbar pages', 'aria-label': 'Pages of runs' },
    h('span', { class: 'faint' }, where),
    query.token && h('a', { class: 'button quiet', href: changed({ token: '', page: '' }) }, '⇤ First'),
    query.token && back !== undefined && h('a', { class: 'button quiet', id: 'previous-page', href: changed({ token: back, page: page > 2 ? page - 1 : '' }) }, '← Previous'),
    next && h('a', { class: 'button', id: 'next-page', href: changed({ token: next, page: page + 1 }) }, 'Next →'),
    h('label', { class: 'field push' }, 'Runs on a page ', sizes));
}
