// What stands in a place that has nothing to show: still loading, empty, or failed. Each says what to do next.
import { h } from '../lib/dom.js';

export function loading(what = 'Loading') {
  return h('p', { class: 'state loading', role: 'status' }, h('span', { class: 'spinner', 'aria-hidden': 'true' }), `${what} …`);
}

/** `hint` says how something comes to be here; it may hold `code` elements. */
export function empty(title, ...hint) {
  return h('div', { class: 'state empty' }, h('p', { class: 'state-title' }, title), hint.length > 0 && h('p', {}, ...hint));
}

/** `retry` is called by the button; `ways` are links that lead on. */
export function failed(error, retry, ways = []) {
  const title = error.status === 404 ? 'Not found' : error.status === 0 ? 'No answer' : 'That did not work';
  return h('div', { class: 'state failed', role: 'alert' },
    h('p', { class: 'state-title' }, `⚠ ${title}`),
    h('p', {}, error.message),
    error.code && error.status ? h('p', { class: 'faint' }, `${error.status} ${error.code}`) : null,
    retry && h('p', { class: 'actions' }, h('button', { type: 'button', onclick: retry }, 'Try again'),
      ways.map(([text, href]) => h('a', { class: 'button quiet', href }, text))));
}

/** A place that fills itself when `promise` settles; it may be torn out before without harm. */
export function later(promise, render, what) {
  const place = h('div', { class: 'later', 'aria-busy': 'true' }, loading(what));
  promise.then(
    (value) => place.replaceChildren(...[render(value)].flat(Infinity).filter(Boolean)),
    (error) => error.name !== 'AbortError' && place.replaceChildren(failed(error)),
  ).finally(() => place.removeAttribute('aria-busy'));
  return place;
}
